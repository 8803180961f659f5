#!/bin/sh
# The menu says what stands where before it asks anything, answers choices, and ends at q and at the end of its input.
set -eu
plan=$PLAIT_PLAN_DIR/parallel.json
said=$(printf '2\nx\n3\nq\n1\n' | sh parallel/bin/menu "$plan" 1.1 1.2 1.3 2.1 2.2 2.3)

expect() { printf '%s\n' "$said" | grep -qF -- "$1" || { echo "the menu doesn't say: $1"; exit 1; }; }
[ "$(printf '%s\n' "$said" | head -n 1)" = "done   1.1 Parallel Discovery Prompt Created" ]
[ "$(printf '%s\n' "$said" | grep -c '^ready  3')" -eq 5 ] || { echo "not three ready, shown twice"; exit 1; }
expect 'There is no choice "x".'
expect 'ok: 9 achievements'

said=$(sh parallel/bin/menu "$plan" 1.1 </dev/null)
expect 'ready  1.2 parallel.json Schema Implemented'
expect 'waits  3.3 Testing and Validation (for 2.3)'
