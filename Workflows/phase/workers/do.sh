#!/bin/sh
# Measurements of four weeks, the average of each week, the average of these, and a report.
# Each takes PLAIT_SCALE seconds (0.05 unless set) per hour of estimate.
set -eu
mkdir -p phase
cd phase

hours=1
case $PLAIT_ACHIEVEMENT in 2.1.[1-4]) hours=2 ;; esac
sleep "$(awk -v scale="${PLAIT_SCALE:-0.05}" -v hours="$hours" 'BEGIN { print scale * hours }')"

case $PLAIT_ACHIEVEMENT in
1.1) awk 'BEGIN { for (day = 0; day < 28; day++) print int(day / 7) + 1, 10 + (day * 5) % 8 + 2 * int(day / 7) }' >measured.txt ;;
2.1.[1-4])
  week=${PLAIT_ACHIEVEMENT##*.}
  awk -v week="$week" '$1 == week { sum += $2; n++ } END { printf "%.4f\n", sum / n }' measured.txt >"week-$week.txt"
  ;;
2.1.5) cat week-*.txt | awk '{ sum += $1 } END { printf "%.6f\n", sum / NR }' >all.txt ;;
3.1) printf '# Four weeks\n\nThe average is %s.\n' "$(cat all.txt)" >report.md ;;
*)
  echo "nothing to do for $PLAIT_ACHIEVEMENT" >&2
  exit 1
  ;;
esac
echo "$PLAIT_TITLE: done"
