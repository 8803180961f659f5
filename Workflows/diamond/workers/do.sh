#!/bin/sh
# Does one corner of the diamond, from what the corners before it left in the worktree.
set -eu
mkdir -p diamond
cd diamond

case $PLAIT_ACHIEVEMENT in
1.1) awk 'BEGIN { for (n = 1; n <= 100; n++) print n }' >numbers.txt ;;
2.1) awk '{ sum += $1 } END { print sum }' numbers.txt >sum.txt ;;
2.2) awk '{ sum += $1 * $1 } END { print sum }' numbers.txt >squares.txt ;;
3.1)
  for half in sum.txt squares.txt; do
    [ -s "$half" ] || { echo "the base does not hold $half" >&2; exit 1; }
  done
  awk -v count="$(grep -c . numbers.txt)" -v sum="$(cat sum.txt)" -v squares="$(cat squares.txt)" \
    'BEGIN { printf "%.2f\n", squares / count - (sum / count) ^ 2 }' >variance.txt
  ;;
*)
  echo "no such corner: $PLAIT_ACHIEVEMENT" >&2
  exit 1
  ;;
esac
echo "$PLAIT_TITLE: done"
