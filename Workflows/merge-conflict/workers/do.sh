#!/bin/sh
# Two of these change one line in two ways. 1.3 takes longer than 1.2, so that it is always the one that conflicts.
set -eu
mkdir -p conflict
greeting=conflict/greeting.txt

# rewrite LINE: makes LINE the second line of the greeting.
rewrite() {
  awk -v line="$1" 'NR == 2 { $0 = line } { print }' "$greeting" >"$greeting.new"
  mv "$greeting.new" "$greeting"
}

case $PLAIT_ACHIEVEMENT in
1.1) printf '%s\n' 'To whoever reads this:' 'Hello, world.' 'Yours, a worker' >"$greeting" ;;
1.2)
  sleep 0.2
  rewrite 'Good morning, world.'
  ;;
1.3)
  sleep 1
  rewrite 'Hi, world.'
  ;;
1.4) echo 'Goodbye, world.' >conflict/farewell.txt ;;
2.1) awk '{ print "| " $0 }' "$greeting" >conflict/framed.txt ;;
*)
  echo "nothing to do for $PLAIT_ACHIEVEMENT" >&2
  exit 1
  ;;
esac
