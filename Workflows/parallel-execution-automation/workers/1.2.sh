#!/bin/sh
# 1.2 writes the fields of a plan as a table, and makes a JSON Schema from it.
set -eu

mkdir -p parallel/schema
# Where it stands, its name, whether it must be there, its type, what it may be.
tr '|' '\t' >parallel/schema/fields.tsv <<'END'
plan|plan_name|required|string|
plan|parallelization_level|required|string|level_1 level_2 level_3
plan|achievements|required|array|
plan|created_date|optional|string|
plan|notes|optional|any|
achievement|achievement_id|required|string|
achievement|dependencies|required|array|
achievement|title|optional|string|
achievement|priority|optional|integer|
achievement|estimated_hours|optional|any|
achievement|status|optional|string|not_started subplan_created execution_created in_progress complete failed skipped
END

awk -F '\t' '
  function property(   line, words, count, i) {
    line = "\"" $2 "\": {"
    if ($2 == "achievements") return line " \"type\": \"array\", \"minItems\": 1, \"items\": { \"$ref\": \"#/$defs/achievement\" } }"
    if ($2 == "dependencies") return line " \"type\": \"array\", \"items\": { \"type\": \"string\" } }"
    if ($4 != "any") line = line " \"type\": \"" $4 "\""
    if ($2 == "achievement_id") line = line ", \"pattern\": \"^[0-9]+[.][0-9]+$\""
    count = split($5, words, " ")
    for (i = 1; i <= count; i++) line = line (i == 1 ? ", \"enum\": [" : ", ") "\"" words[i] "\""
    return line (count ? "]" : "") " }"
  }
  function object(kind, indent) {
    return indent "\"type\": \"object\",\n" \
      indent "\"required\": [" required[kind] "],\n" \
      indent "\"properties\": {\n" properties[kind] "\n" indent "}"
  }
  {
    indent = $1 == "plan" ? "    " : "        "
    properties[$1] = properties[$1] (properties[$1] == "" ? "" : ",\n") indent property()
    if ($3 == "required") required[$1] = required[$1] (required[$1] == "" ? "" : ", ") "\"" $2 "\""
  }
  END {
    print "{"
    print "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\","
    print "  \"title\": \"parallel.json\","
    print object("plan", "  ") ","
    print "  \"$defs\": {\n    \"achievement\": {"
    print object("achievement", "      ")
    print "    }\n  }\n}"
  }' parallel/schema/fields.tsv >parallel/schema/parallel.schema.json
