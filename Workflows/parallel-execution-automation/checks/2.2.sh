#!/bin/sh
# There is a SUBPLAN for each of the nine; a second run writes nothing and changes nothing; a missing one comes back.
set -eu
plan=$PLAIT_PLAN_DIR/parallel.json
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

[ "$(find parallel/subplans -name 'SUBPLAN_PARALLEL-EXECUTION-AUTOMATION_*.md' | wc -l)" -eq 9 ] || { echo "not nine SUBPLANs"; exit 1; }
grep -qx -- '- 1.2 parallel.json Schema Implemented' parallel/subplans/SUBPLAN_PARALLEL-EXECUTION-AUTOMATION_13.md
grep -qx -- '- nothing: can start at once' parallel/subplans/SUBPLAN_PARALLEL-EXECUTION-AUTOMATION_11.md

cp -R parallel/subplans "$scratch/subplans"
echo "by hand" >"$scratch/subplans/SUBPLAN_PARALLEL-EXECUTION-AUTOMATION_21.md"
rm "$scratch/subplans/SUBPLAN_PARALLEL-EXECUTION-AUTOMATION_33.md"
said=$(sh parallel/bin/subplans "$plan" "$scratch/subplans")
[ "$said" = "1 written, 8 kept" ] || { echo "a second run says: $said"; exit 1; }
grep -qx "by hand" "$scratch/subplans/SUBPLAN_PARALLEL-EXECUTION-AUTOMATION_21.md"
cmp parallel/subplans/SUBPLAN_PARALLEL-EXECUTION-AUTOMATION_33.md "$scratch/subplans/SUBPLAN_PARALLEL-EXECUTION-AUTOMATION_33.md"
