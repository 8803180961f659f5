#!/bin/sh
# 3.3 writes a test run over the tools of the achievements before it, runs it and keeps what it said.
set -eu

mkdir -p parallel/tests
cat >parallel/tests/run <<'END'
#!/bin/sh
# run PLAN: tests every tool on PLAN and on spoiled copies of it. Prints a line per test; exit 1 when one fails.
set -u
[ $# -eq 1 ] || { echo "usage: run PLAN" >&2; exit 64; }
plan=$1
bin=$(dirname "$0")/../bin
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# check NAME EXPECTED-EXIT COMMAND...
check() {
  name=$1
  expected=$2
  shift 2
  "$@" >"$scratch/out" 2>&1
  code=$?
  if [ "$code" -eq "$expected" ]; then
    echo "ok    $name"
  else
    echo "FAIL  $name: exit $code instead of $expected"
    failed=1
  fi
}

# spoil NAME SED-PROGRAM: validate must refuse a copy of the plan that is changed like this.
spoil() {
  sed "$2" "$plan" >"$scratch/spoiled.json"
  check "validate refuses $1" 1 sh "$bin/validate" "$scratch/spoiled.json"
}

count() { find "$1" -name "$2" | wc -l | tr -d ' '; }

total=$(grep -c '"achievement_id"' "$plan")

check "validate accepts the plan" 0 sh "$bin/validate" "$plan"
spoil "a cycle" 's/"dependencies": \[\]/"dependencies": ["3.3"]/'
spoil "an unknown dependency" 's/\["2.3"\]/["9.9"]/'
spoil "an id that is there twice" 's/"achievement_id": "1.2"/"achievement_id": "1.1"/'
spoil "an unknown level" 's/"level_[123]"/"level_9"/'
spoil "a file that is cut off" '$d'
check "prompts runs" 0 sh "$bin/prompts" "$plan" "$scratch/prompts"
check "prompts writes one file each" 0 test "$(count "$scratch/prompts" '*.md')" -eq "$total"
check "executions refuses without SUBPLANs" 1 sh "$bin/executions" "$plan" "$scratch/subplans" "$scratch/execution"
check "subplans runs" 0 sh "$bin/subplans" "$plan" "$scratch/subplans"
check "subplans writes one file each" 0 test "$(count "$scratch/subplans" 'SUBPLAN_*.md')" -eq "$total"
check "executions runs" 0 sh "$bin/executions" "$plan" "$scratch/subplans" "$scratch/execution"
check "executions writes one file each" 0 test "$(count "$scratch/execution" 'EXECUTION_TASK_*_01.md')" -eq "$total"
check "a second run writes nothing" 0 sh -c "sh '$bin/subplans' '$plan' '$scratch/subplans' | grep -qx '0 written, $total kept'"
exit $failed
END
chmod +x parallel/tests/run

sh parallel/tests/run "$PLAIT_PLAN_DIR/parallel.json" >parallel/tests/results.txt || {
  cat parallel/tests/results.txt
  exit 1
}
