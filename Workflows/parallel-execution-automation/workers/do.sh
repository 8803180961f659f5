#!/bin/sh
# Does the achievement that PLAIT_ACHIEVEMENT names: takes as long as its estimate, scaled, then makes what it promises.
set -eu
LC_ALL=C
export LC_ALL

hours=$(awk -v id="$PLAIT_ACHIEVEMENT" '
  /"achievement_id"/ { ours = index($0, "\"" id "\"") > 0 }
  ours && /"estimated_hours"/ {
    gsub(/[^0-9-]/, "")
    split($0, range, "-")
    print (range[1] + range[2]) / 2
  }' "$PLAIT_PLAN_DIR/parallel.json")
seconds=$(awk -v hours="$hours" -v scale="${PLAIT_SCALE:-0.1}" 'BEGIN { printf "%.3f", hours * scale }')

printf '%s %s: %s h, so %s s\n' "$PLAIT_ACHIEVEMENT" "$PLAIT_TITLE" "$hours" "$seconds"
sleep "$seconds"
exec sh "$PLAIT_PLAN_DIR/workers/$PLAIT_ACHIEVEMENT.sh"
