#!/bin/sh
# There is a task for each of the nine, and each names a SUBPLAN that is there; without a SUBPLAN there is no task.
set -eu
plan=$PLAIT_PLAN_DIR/parallel.json
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

[ "$(find parallel/execution -name 'EXECUTION_TASK_PARALLEL-EXECUTION-AUTOMATION_*_01.md' | wc -l)" -eq 9 ] || { echo "not nine tasks"; exit 1; }
for task in parallel/execution/*.md; do
  subplan=$(sed -n 's/^\*\*Subplan\*\*: //p' "$task")
  [ -s "parallel/subplans/$subplan" ] || { echo "$task names $subplan, which is not there"; exit 1; }
done

cp -R parallel/subplans "$scratch/subplans"
rm "$scratch/subplans/SUBPLAN_PARALLEL-EXECUTION-AUTOMATION_22.md"
if said=$(sh parallel/bin/executions "$plan" "$scratch/subplans" "$scratch/execution"); then
  echo "it writes a task without a SUBPLAN"
  exit 1
fi
[ "$said" = "8 written, 0 kept
no SUBPLAN: 2.2" ] || { echo "it says: $said"; exit 1; }
