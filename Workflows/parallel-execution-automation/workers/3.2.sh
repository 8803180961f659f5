#!/bin/sh
# 3.2 writes an example plan, and an index of everything that the achievements before it made.
set -eu

mkdir -p parallel/docs
# The example is the one that the discovery prompt asks a model for: it can't go stale on its own.
awk '/^```json$/ { inside = 1; next } /^```$/ { inside = 0 } inside' parallel/prompts/discovery.md >parallel/docs/example.json

{
  printf '# Index\n\n`validate` says of [the example](example.json): %s\n' "$(sh parallel/bin/validate parallel/docs/example.json)"
  for folder in bin lib prompts schema subplans execution; do
    printf '\n## %s\n\n' "$folder"
    # The menu is made at the same time as this index: whether it is there already is a matter of luck.
    find "parallel/$folder" -type f ! -name menu | LC_ALL=C sort | while read -r file; do
      printf -- '- [%s](../%s): %d lines\n' "${file##*/}" "${file#parallel/}" "$(wc -l <"$file")"
    done
  done
} >parallel/docs/index.md
