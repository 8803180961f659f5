#!/bin/sh
# Picks the shortest trip. Looks at every candidate by its commit; its last line is the number of the one it picks.
set -eu

# length COMMIT: how long the trip in a commit is, back to its start.
length() {
  { git show "$1:tour/places.txt"; echo; git show "$1:tour/trip.txt"; } | awk '
    NF == 3 { x[$1] = $2; y[$1] = $3 }
    NF == 1 { trip[++n] = $1 }
    END {
      for (i = 1; i <= n; i++) {
        from = trip[i]
        to = trip[i % n + 1]
        sum += sqrt((x[from] - x[to]) ^ 2 + (y[from] - y[to]) ^ 2)
      }
      printf "%.3f\n", sum
    }'
}

best=
for number in $PLAIT_CANDIDATES; do
  eval "commit=\$PLAIT_CANDIDATE_${number}_COMMIT"
  long=$(length "$commit")
  echo "variant $number: $long"
  if [ -z "$best" ] || awk -v a="$long" -v b="$shortest" 'BEGIN { exit !(a < b) }'; then
    best=$number
    shortest=$long
  fi
done
echo "$best"
