#!/bin/sh
# There is a prompt for each of the nine, and it names the right neighbours.
set -eu
folder=parallel/prompts/execution
[ "$(find "$folder" -name '*.md' | wc -l)" -eq 9 ] || { echo "not nine prompts"; exit 1; }
grep -qx '# Do 1.2: parallel.json Schema Implemented' "$folder/1.2.md"
grep -qx 'Builds on: nothing' "$folder/1.1.md"
grep -qx 'Builds on: 2.3' "$folder/3.2.md"
grep -qx 'Runs beside: 3.1 3.3' "$folder/3.2.md"
grep -qx 'Runs beside: nothing' "$folder/2.2.md"
if sh parallel/bin/prompts parallel/schema/parallel.schema.json "$folder" >/dev/null 2>&1; then
  echo "it takes a file that is no plan"
  exit 1
fi
