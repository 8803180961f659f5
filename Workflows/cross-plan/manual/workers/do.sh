#!/bin/sh
# Writes one page of the manual, from what is in the worktree.
set -eu
mkdir -p manual

case $PLAIT_ACHIEVEMENT in
1.1) printf '# Terms\n\nA speed is a length by time.\n' >manual/terms.md ;;
2.1)
  { printf '# Speeds\n\n'; awk '{ printf "- 1 %s is %s m/s\n", $1, $2 }' library/speed.txt; } >manual/speeds.md
  ;;
*)
  echo "no such page: $PLAIT_ACHIEVEMENT" >&2
  exit 1
  ;;
esac
echo "$PLAIT_TITLE: done"
