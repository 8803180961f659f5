#!/bin/sh
# Writes a note, and in it how many notes of each priority the worker has found in its base.
# Each takes PLAIT_SCALE seconds (0.05 unless set) per hour of estimate.
set -eu
mkdir -p notes
case $PLAIT_ACHIEVEMENT in
1.2) hours=3 ;;
1.3 | 2.1) hours=2 ;;
*) hours=1 ;;
esac
sleep "$(awk -v scale="${PLAIT_SCALE:-0.05}" -v hours="$hours" 'BEGIN { print scale * hours }')"

found=
for priority in 1 2; do
  found="$found $(find notes -name "$priority.*" | wc -l | tr -d ' ')"
done
printf '%s\nfound:%s\n' "$PLAIT_TITLE" "$found" >"notes/$PLAIT_ACHIEVEMENT.md"
echo "$PLAIT_TITLE: done"
