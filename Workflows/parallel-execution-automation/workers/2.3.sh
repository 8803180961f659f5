#!/bin/sh
# 2.3 writes the generator for EXECUTION_TASK files, and runs it on this plan.
set -eu

mkdir -p parallel/bin
cat >parallel/bin/executions <<'END'
#!/bin/sh
# executions PLAN SUBPLANS FOLDER: writes the first EXECUTION_TASK of every achievement that has a SUBPLAN and no task yet.
# Exit 1 when a SUBPLAN is missing: the others are written all the same, and the missing ones are named.
set -eu
lib=$(dirname "$0")/../lib
[ $# -eq 3 ] || { echo "usage: executions PLAN SUBPLANS FOLDER" >&2; exit 64; }
sh "$(dirname "$0")/validate" "$1" >/dev/null
mkdir -p "$3"
flat=$(awk -f "$lib/json.awk" "$1")
name=$(printf '%s\n' "$flat" | awk -F '\t' '$1 == "plan_name" { print $2 }')
printf '%s\n' "$flat" | awk -f "$lib/plan.awk" | awk -F '\t' -v subplans="$2" -v folder="$3" -v plan="$name" '
  {
    suffix = $1
    gsub(/\./, "", suffix)
    subplan = subplans "/SUBPLAN_" plan "_" suffix ".md"
    file = folder "/EXECUTION_TASK_" plan "_" suffix "_01.md"
    if ((getline line <subplan) < 0) { missing = missing " " $1; next }
    close(subplan)
    if ((getline line <file) >= 0) { close(file); kept++; next }
    written++
    printf "# EXECUTION_TASK %s %s, first attempt: %s\n\n", plan, $1, $2 >file
    printf "**Subplan**: SUBPLAN_%s_%s.md\n**Budget**: %s hours\n\n## Journal\n\n", plan, suffix, $3 >file
    close(file)
  }
  END {
    printf "%d written, %d kept\n", written, kept
    if (missing != "") { print "no SUBPLAN:" missing; exit 1 }
  }'
END
chmod +x parallel/bin/executions

sh parallel/bin/executions "$PLAIT_PLAN_DIR/parallel.json" parallel/subplans parallel/execution
