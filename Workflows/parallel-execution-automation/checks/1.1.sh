#!/bin/sh
# The prompt asks all four questions, and its example is one whole plan.
set -eu
prompt=parallel/prompts/discovery.md
for question in Technical Testing Merge Dependency; do
  grep -q "^## $question independence$" "$prompt" || { echo "the prompt doesn't ask for $question independence"; exit 1; }
done
awk '
  /^```json$/ { inside = 1; blocks++; next }
  /^```$/ { inside = 0 }
  inside {
    ids += /"achievement_id": "[0-9]+\.[0-9]+"/
    lists += /"dependencies": \[/
    depth += gsub(/[{[]/, "&") - gsub(/[}\]]/, "&")
  }
  END { if (blocks != 1 || ids < 2 || ids != lists || depth != 0) { print "the example is not one whole plan"; exit 1 } }
' "$prompt"
