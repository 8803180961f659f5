#!/bin/sh
# Makes one table of the library: a unit and how much it is, in metres and seconds.
set -eu
export LC_ALL=C
mkdir -p library

case $PLAIT_ACHIEVEMENT in
1.1) printf '%s\n' 'm 1' 'km 1000' >library/length.txt ;;
1.2) printf '%s\n' 's 1' 'h 3600' >library/time.txt ;;
2.1)
  grep -q 'length by time' manual/terms.md || { echo "the base does not say what a speed is" >&2; exit 1; }
  awk 'NR == FNR { length_of[$1] = $2; next }
    { for (unit in length_of) printf "%s/%s %.5f\n", unit, $1, length_of[unit] / $2 }' \
    library/length.txt library/time.txt | sort >library/speed.txt
  ;;
*)
  echo "no such table: $PLAIT_ACHIEVEMENT" >&2
  exit 1
  ;;
esac
echo "$PLAIT_TITLE: done"
