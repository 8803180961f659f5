#!/bin/sh
# Places on a map, four ways to make a round trip through them, directions for the trip that was picked.
# Each takes PLAIT_SCALE seconds (0.05 unless set) per hour of estimate.
set -eu
mkdir -p tour
cd tour

# nearest START: from START always on to the nearest place that was not visited.
nearest() {
  awk -v here="$1" '
    { x[$1] = $2; y[$1] = $3; n++ }
    END {
      for (step = 1; step <= n; step++) {
        print here
        seen[here] = 1
        best = -1
        for (p = 1; p <= n; p++) {
          if (seen[p]) continue
          d = (x[p] - x[here]) ^ 2 + (y[p] - y[here]) ^ 2
          if (best < 0 || d < near) { near = d; best = p }
        }
        here = best
      }
    }' places.txt
}

sleep "$(awk -v scale="${PLAIT_SCALE:-0.05}" -v id="$PLAIT_ACHIEVEMENT" 'BEGIN { print scale * (id == "2.1" ? 2 : 1) }')"
case $PLAIT_ACHIEVEMENT in
1.1)
  awk 'BEGIN { for (n = 1; n <= 24; n++) { s = (s * 73 + 41 * n + 19) % 997; print n, s % 100, int(s / 7) % 100 } }' >places.txt
  cut -d ' ' -f 1 places.txt >names.txt
  ;;
2.1)
  case $PLAIT_VARIANT in
  1) cut -d ' ' -f 1 places.txt >trip.txt ;;
  2) nearest 1 >trip.txt ;;
  3) nearest 12 >trip.txt ;;
  # Leaves one out: the check finds that, and the judge never sees it.
  *) sort -n -k 2 places.txt | cut -d ' ' -f 1 | tail -n +2 >trip.txt ;;
  esac
  ;;
3.1)
  { echo '# The trip'; echo; sed 's/^/1. Go to place /' trip.txt; } >directions.md
  ;;
*)
  echo "nothing to do for $PLAIT_ACHIEVEMENT" >&2
  exit 1
  ;;
esac
echo "$PLAIT_TITLE: done"
