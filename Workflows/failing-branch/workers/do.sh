#!/bin/sh
# Readings, their averages, reports on those. One of the northern readings is broken, so its average fails.
set -eu
mkdir -p readings averages reports

# average PLACE: the average of a place's readings; fails on a line that is no number.
average() {
  awk -v place="$1" '
    !/^[0-9]+$/ { printf "readings/%s.txt:%d: not a number: %s\n", place, NR, $0 >"/dev/stderr"; bad = 1; exit 1 }
    { sum += $1 }
    END { if (!bad) printf "%.1f\n", sum / NR }' "readings/$1.txt"
}

# report PLACE: what is said about a place.
report() {
  printf '# %s\n\nThe average is %s.\n' "$1" "$(cat "averages/$1.txt")" >"reports/$1.md"
}

case $PLAIT_ACHIEVEMENT in
1.1)
  printf '%s\n' 12 15 1x 11 >readings/north.txt
  printf '%s\n' 18 22 20 >readings/south.txt
  ;;
2.1) average north >averages/north.txt ;;
2.2) average south >averages/south.txt ;;
3.1) report north ;;
3.2) report south ;;
4.1) cat reports/north.md reports/south.md >reports/both.md ;;
*)
  echo "nothing to do for $PLAIT_ACHIEVEMENT" >&2
  exit 1
  ;;
esac
