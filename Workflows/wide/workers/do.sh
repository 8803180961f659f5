#!/bin/sh
# Counts primes in twelve ranges at once: 1.1 cuts the ranges, 2.1 to 2.12 count one each, 3.1 adds up.
set -eu
LC_ALL=C
export LC_ALL
mkdir -p wide

# take HOURS: as long as an estimate of that many hours takes at this scale.
take() {
  sleep "$(awk -v hours="$1" -v scale="${PLAIT_SCALE:-0.1}" 'BEGIN { printf "%.3f", hours * scale }')"
}

case $PLAIT_ACHIEVEMENT in
1.1)
  take 1
  awk 'BEGIN { for (n = 1; n <= 1200; n += 100) print n, n + 99 }' >wide/ranges.txt
  ;;
2.*)
  take 2
  number=${PLAIT_ACHIEVEMENT#2.}
  awk -v number="$number" '
    function is_prime(n,   d) {
      if (n < 2) return 0
      for (d = 2; d * d <= n; d++) if (n % d == 0) return 0
      return 1
    }
    NR == number { for (n = $1; n <= $2; n++) if (is_prime(n)) print n }' wide/ranges.txt >"wide/primes-$number.txt"
  ;;
3.1)
  take 1
  cat wide/primes-*.txt | awk 'END { print NR }' >wide/total.txt
  ;;
*)
  echo "nothing to do for $PLAIT_ACHIEVEMENT" >&2
  exit 1
  ;;
esac
