#!/bin/sh
# 2.2 writes the generator for SUBPLAN files, and runs it on this plan.
set -eu

mkdir -p parallel/bin
cat >parallel/bin/subplans <<'END'
#!/bin/sh
# subplans PLAN FOLDER: writes the SUBPLAN files that are missing; what is there stays as it is. Prints what it did.
set -eu
lib=$(dirname "$0")/../lib
[ $# -eq 2 ] || { echo "usage: subplans PLAN FOLDER" >&2; exit 64; }
sh "$(dirname "$0")/validate" "$1" >/dev/null
mkdir -p "$2"
flat=$(awk -f "$lib/json.awk" "$1")
name=$(printf '%s\n' "$flat" | awk -F '\t' '$1 == "plan_name" { print $2 }')
printf '%s\n' "$flat" | awk -f "$lib/plan.awk" | awk -F '\t' -v folder="$2" -v plan="$name" '
  { id[NR] = $1; title[$1] = $2; hours[$1] = $3; needs[$1] = $4 }
  END {
    for (i = 1; i <= NR; i++) {
      me = id[i]
      suffix = me
      gsub(/\./, "", suffix)
      file = folder "/SUBPLAN_" plan "_" suffix ".md"
      if ((getline line <file) >= 0) { close(file); kept++; continue }
      written++
      printf "# SUBPLAN %s %s: %s\n\n", plan, me, title[me] >file
      printf "**Estimate**: %s hours\n\n## Depends on\n\n", hours[me] >file
      size = split(needs[me], need, " ")
      if (!size) print "- nothing: can start at once" >file
      for (j = 1; j <= size; j++) printf "- %s %s\n", need[j], title[need[j]] >file
      printf "\n## Done when\n\n- every check of %s passes\n", me >file
      close(file)
    }
    printf "%d written, %d kept\n", written, kept
  }'
END
chmod +x parallel/bin/subplans

sh parallel/bin/subplans "$PLAIT_PLAN_DIR/parallel.json" parallel/subplans
