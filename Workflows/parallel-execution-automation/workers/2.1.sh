#!/bin/sh
# 2.1 writes the generator for execution prompts, and runs it on this plan.
set -eu

mkdir -p parallel/lib parallel/bin
cat >parallel/lib/plan.awk <<'END'
# Turns the lines of json.awk into a table: id, title, hours, dependencies (with spaces between), separated by tabs.
BEGIN { FS = "\t" }
$1 ~ /^achievements\/[0-9]+\// {
  split($1, part, "/")
  i = part[2] + 0
  if (i + 1 > count) count = i + 1
  if (part[3] != "dependencies") field[i, part[3]] = $2
  else if (part[4] != "") needs[i] = needs[i] (needs[i] == "" ? "" : " ") $2
}
END {
  for (i = 0; i < count; i++)
    printf "%s\t%s\t%s\t%s\n", field[i, "achievement_id"], field[i, "title"], field[i, "estimated_hours"], needs[i]
}
END

cat >parallel/bin/prompts <<'END'
#!/bin/sh
# prompts PLAN FOLDER: writes one execution prompt per achievement, grouped by what may run at the same time.
set -eu
lib=$(dirname "$0")/../lib
[ $# -eq 2 ] || { echo "usage: prompts PLAN FOLDER" >&2; exit 64; }
sh "$(dirname "$0")/validate" "$1" >/dev/null
mkdir -p "$2"
awk -f "$lib/json.awk" "$1" | awk -f "$lib/plan.awk" | awk -F '\t' -v folder="$2" '
  { id[NR] = $1; title[$1] = $2; hours[$1] = $3; needs[$1] = $4 }
  # Dependencies may stand behind what needs them, so this runs until no level changes any more.
  function levels(   changed, i, j, size, need) {
    do {
      changed = 0
      for (i = 1; i <= NR; i++) {
        size = split(needs[id[i]], need, " ")
        for (j = 1; j <= size; j++)
          if (level[id[i]] <= level[need[j]]) { level[id[i]] = level[need[j]] + 1; changed = 1 }
      }
    } while (changed)
  }
  END {
    levels()
    for (i = 1; i <= NR; i++) {
      me = id[i]
      beside = ""
      for (j = 1; j <= NR; j++) if (j != i && level[id[j]] + 0 == level[me] + 0) beside = beside " " id[j]
      file = folder "/" me ".md"
      printf "# Do %s: %s\n\nEstimate: %s hours\n", me, title[me], hours[me] >file
      printf "Builds on:%s\n", needs[me] == "" ? " nothing" : " " needs[me] >file
      printf "Runs beside:%s\n", beside == "" ? " nothing" : beside >file
      close(file)
    }
  }'
END
chmod +x parallel/bin/prompts

sh parallel/bin/prompts "$PLAIT_PLAN_DIR/parallel.json" parallel/prompts/execution
