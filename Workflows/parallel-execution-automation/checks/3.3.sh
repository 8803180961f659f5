#!/bin/sh
# The kept results are what a run says now, with no failure in them; and the tests do fail when a tool is broken.
set -eu
plan=$PLAIT_PLAN_DIR/parallel.json
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

sh parallel/tests/run "$plan" >"$scratch/now" || { cat "$scratch/now"; exit 1; }
cmp "$scratch/now" parallel/tests/results.txt
[ "$(grep -c '^ok ' parallel/tests/results.txt)" -eq 14 ] || { echo "not fourteen tests"; exit 1; }

cp -R parallel "$scratch/parallel"
printf '#!/bin/sh\nexit 0\n' >"$scratch/parallel/bin/validate"
if sh "$scratch/parallel/tests/run" "$plan" >"$scratch/broken"; then
  echo "the tests pass on a validator that accepts everything"
  exit 1
fi
grep -q '^FAIL  validate refuses a cycle' "$scratch/broken"
