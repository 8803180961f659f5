#!/bin/sh
# 3.1 writes a menu that first says where the plan stands.
set -eu

mkdir -p parallel/bin
cat >parallel/bin/menu <<'END'
#!/bin/sh
# menu PLAN [DONE...]: says what is done, what can run now and what waits; then takes choices from standard input.
set -eu
here=$(dirname "$0")
[ $# -ge 1 ] || { echo "usage: menu PLAN [DONE...]" >&2; exit 64; }
plan=$1
shift
sh "$here/validate" "$plan" >/dev/null

overview() {
  awk -f "$here/../lib/json.awk" "$plan" | awk -f "$here/../lib/plan.awk" | awk -F '\t' -v done="$*" '
    BEGIN { size = split(done, list, " "); for (i = 1; i <= size; i++) is_done[list[i]] = 1 }
    {
      open = ""
      size = split($4, need, " ")
      for (i = 1; i <= size; i++) if (!(need[i] in is_done)) open = open " " need[i]
      if ($1 in is_done) print "done   " $1 " " $2
      else if (open == "") print "ready  " $1 " " $2
      else print "waits  " $1 " " $2 " (for" open ")"
    }'
}

overview "$@"
while printf '\n1 overview  2 ready  3 validate  q quit\n> ' && read -r choice; do
  case $choice in
  1) overview "$@" ;;
  2) overview "$@" | awk '$1 == "ready"' ;;
  3) sh "$here/validate" "$plan" ;;
  q) exit 0 ;;
  *) printf 'There is no choice "%s".\n' "$choice" ;;
  esac
done
END
chmod +x parallel/bin/menu
