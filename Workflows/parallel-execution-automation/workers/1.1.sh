#!/bin/sh
# 1.1 writes the prompt that asks a model which achievements of a plan can run side by side.
set -eu

mkdir -p parallel/prompts
cat >parallel/prompts/discovery.md <<'END'
# Which achievements can run at the same time?

You get a PLAN document. Find out which of its achievements need each other, and answer with one `parallel.json`.

Ask four questions about every pair of achievements that neither needs the other for:

## Technical independence

Do they change different files? Name the files of each; two that change the same file are not independent.

## Testing independence

Can the tests of each pass while the other is half done? Shared fixtures, ports and databases say no.

## Merge independence

Can both results be merged in either order with the same final tree?

## Dependency independence

Does one use what the other makes? Then it depends on it, also when the document doesn't say so.

## Answer

One JSON object of this form and nothing else. Write an empty list where there is no dependency; estimates are hours.

```json
{
  "plan_name": "EXAMPLE",
  "parallelization_level": "level_3",
  "achievements": [
    {
      "achievement_id": "1.1",
      "title": "Lay the ground",
      "estimated_hours": 2,
      "dependencies": [],
      "status": "not_started"
    },
    {
      "achievement_id": "2.1",
      "title": "Build on it",
      "estimated_hours": "3-4",
      "dependencies": ["1.1"],
      "status": "not_started"
    }
  ]
}
```
END
