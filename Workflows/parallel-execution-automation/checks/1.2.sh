#!/bin/sh
# The schema has every field of the table and every field of the prompt's example, and its brackets close.
set -eu
schema=parallel/schema/parallel.schema.json
cut -f 2 parallel/schema/fields.tsv | while read -r field; do
  grep -q "^ *\"$field\": {" "$schema" || { echo "the schema has no $field"; exit 1; }
done
grep -o '^ *"[a-z_]*":' parallel/prompts/discovery.md | tr -d ' ":' | sort -u | while read -r field; do
  cut -f 2 parallel/schema/fields.tsv | grep -qx "$field" || { echo "the example's $field is not in the table"; exit 1; }
done
grep -q '"required": \["plan_name", "parallelization_level", "achievements"\]' "$schema"
grep -q '"required": \["achievement_id", "dependencies"\]' "$schema"
awk '
  { gsub(/"[^"]*"/, "0"); text = text $0 }
  END {
    if (text ~ /, *[}\],]/ || text ~ /[A-Za-z]/) { print "the schema is not JSON"; exit 1 }
    opened = gsub(/[{[]/, "", text)
    closed = gsub(/[}\]]/, "", text)
    if (opened != closed || opened < 10) { print "the brackets of the schema do not close"; exit 1 }
  }
' "$schema"
