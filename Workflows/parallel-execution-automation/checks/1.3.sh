#!/bin/sh
# The validator accepts this plan and the schema's syntax, and refuses what is wrong, each for its own reason.
set -eu
plan=$PLAIT_PLAN_DIR/parallel.json
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

said=$(sh parallel/bin/validate "$plan")
[ "$said" = "ok: 9 achievements, 8 dependencies, 7 levels" ] || { echo "of this plan it says: $said"; exit 1; }
awk -f parallel/lib/json.awk parallel/schema/parallel.schema.json | grep -q '^\$defs/achievement/required/1	dependencies$'

# refuses WORDS JSON: exit 1, and the words are in what it says.
refuses() {
  printf '%s' "$2" >"$scratch/plan.json"
  if sh parallel/bin/validate "$scratch/plan.json" >"$scratch/out" 2>&1; then
    echo "accepted, although $1"
    exit 1
  fi
  grep -q "$1" "$scratch/out" || { echo "wanted '$1', got:"; cat "$scratch/out"; exit 1; }
}
item() { printf '{"achievement_id": "%s", "dependencies": [%s]}' "$1" "$2"; }
plan() { printf '{"plan_name": "P", "parallelization_level": "level_2", "achievements": [%s]}' "$1"; }

refuses 'in a dependency cycle' "$(plan "$(item 1.1 '"1.2"'), $(item 1.2 '"1.1"')")"
refuses '1.1 depends on 1.9, which does not exist' "$(plan "$(item 1.1 '"1.9"')")"
refuses '1.1 is there twice' "$(plan "$(item 1.1 ''), $(item 1.1 '')")"
refuses 'not of the form' "$(plan "$(item one '')")"
refuses 'has no dependencies list' "$(plan '{"achievement_id": "1.1"}')"
refuses 'achievements is missing' "$(plan '')"
refuses 'unknown status' "$(plan '{"achievement_id": "1.1", "dependencies": [], "status": "done"}')"
refuses 'plan_name is missing' '{"parallelization_level": "level_2", "achievements": []}'
refuses "isn't closed" '{"plan_name": "P", "achievements": [1'
refuses 'something behind the document' '{} {}'
