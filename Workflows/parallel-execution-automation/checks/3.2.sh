#!/bin/sh
# Every link of the index leads to a file, every file is in the index, and the example is a sound plan.
set -eu
links=$(mktemp)
trap 'rm -f "$links"' EXIT

[ "$(sh parallel/bin/validate parallel/docs/example.json)" = "ok: 2 achievements, 1 dependencies, 2 levels" ]
sed -n 's/^- \[.*\](\.\.\/\(.*\)): [0-9]* lines$/\1/p' parallel/docs/index.md >"$links"
[ "$(wc -l <"$links")" -ge 30 ] || { echo "the index is too short"; exit 1; }
while read -r file; do
  [ -s "parallel/$file" ] || { echo "the index leads to $file, which is not there"; exit 1; }
done <"$links"
for folder in bin lib prompts schema subplans execution; do
  find "parallel/$folder" -type f ! -name menu | while read -r file; do
    grep -qxF "${file#parallel/}" "$links" || { echo "$file is not in the index"; exit 1; }
  done
done
