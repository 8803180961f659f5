#!/bin/sh
# 1.3 writes a validator for plans in sh and awk: a JSON reader, and the rules on top of it.
set -eu

mkdir -p parallel/lib parallel/bin
cat >parallel/lib/json.awk <<'END'
# Prints a JSON document as one line per value: its path, a tab, the value. Malformed: a message, and exit 2.
{ text = text $0 "\n" }

END {
  size = length(text)
  at = 1
  value("")
  space()
  if (at <= size) bad("something behind the document")
}

function bad(why) {
  printf "not JSON: %s at character %d\n", why, at >"/dev/stderr"
  exit 2
}

function space() { while (at <= size && index(" \t\r\n", substr(text, at, 1))) at++ }

function take(wanted) {
  space()
  if (substr(text, at, 1) != wanted) return 0
  at++
  return 1
}

function value(path,   first, word) {
  space()
  first = substr(text, at, 1)
  if (first == "{") object(path)
  else if (first == "[") array(path)
  else if (first == "\"") print path "\t" string()
  else if (match(substr(text, at, 40), /^(true|false|null|-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?)/)) {
    word = substr(text, at, RLENGTH)
    at += RLENGTH
    print path "\t" word
  } else bad("no value")
}

function object(path,   name) {
  at++
  if (take("}")) { print path "\t{}"; return }
  do {
    space()
    if (substr(text, at, 1) != "\"") bad("no name")
    name = string()
    if (!take(":")) bad("no colon behind " name)
    value(path == "" ? name : path "/" name)
  } while (take(","))
  if (!take("}")) bad("an object isn't closed")
}

function array(path,   count) {
  at++
  if (take("]")) { print path "\t[]"; return }
  count = 0
  do { value(path "/" count++) } while (take(","))
  if (!take("]")) bad("a list isn't closed")
}

function string(   out, mark) {
  at++
  out = ""
  while (at <= size) {
    mark = substr(text, at, 1)
    at++
    if (mark == "\"") return out
    if (mark == "\n") break
    if (mark == "\\") {
      mark = substr(text, at, 1)
      at++
      if (!index("\"\\/", mark)) mark = "\\" mark
    }
    out = out mark
  }
  bad("a text isn't closed")
}
END

cat >parallel/bin/validate <<'END'
#!/bin/sh
# validate FILE: checks a parallel.json. Exit 0: it is sound. Exit 1: it isn't, and every reason is printed.
set -eu
lib=$(dirname "$0")/../lib
[ $# -eq 1 ] || { echo "usage: validate FILE" >&2; exit 64; }
flat=$(awk -f "$lib/json.awk" "$1") || exit 1

printf '%s\n' "$flat" | awk -F '\t' '
  function wrong(message) { print message; faults++ }
  { value[$1] = $2 }
  $1 ~ /^achievements\/[0-9]+\// {
    split($1, part, "/")
    if (part[2] + 1 > count) count = part[2] + 1
    if (part[3] == "dependencies") {
      stated[part[2]] = 1
      if (part[4] != "") needs[part[2]] = needs[part[2]] " " $2
      else if ($2 != "[]") wrong("item " part[2] ": dependencies is not a list")
    }
  }
  END {
    if (value["plan_name"] == "") wrong("plan_name is missing")
    if (value["parallelization_level"] !~ /^level_[123]$/) wrong("parallelization_level is not level_1, level_2 or level_3")
    if (!count) wrong("achievements is missing or empty")
    for (i = 0; i < count; i++) {
      id = value["achievements/" i "/achievement_id"]
      if (id !~ /^[0-9]+\.[0-9]+$/) wrong("item " i ": achievement_id is not of the form 1.1")
      else if (id in place) wrong(id " is there twice")
      place[id] = i
      name[i] = id
      if (!stated[i]) wrong(id " has no dependencies list")
      status = value["achievements/" i "/status"]
      if (status != "" && status !~ /^(not_started|subplan_created|execution_created|in_progress|complete|failed|skipped)$/)
        wrong(id " has an unknown status " status)
    }
    for (i = 0; i < count; i++) {
      size = split(needs[i], need, " ")
      for (j = 1; j <= size; j++) {
        if (!(need[j] in place)) { wrong(name[i] " depends on " need[j] ", which does not exist"); continue }
        edges++
        open[i]++
        after[place[need[j]]] = after[place[need[j]]] " " i
      }
    }
    # Take away what depends on nothing, again and again: what never can be taken is in a cycle, or behind one.
    for (i = 0; i < count; i++) if (!open[i]) { queue[last++] = i; level[i] = 1 }
    for (head = 0; head < last; head++) {
      size = split(after[queue[head]], next_one, " ")
      for (j = 1; j <= size; j++) {
        i = next_one[j]
        if (level[i] <= level[queue[head]]) level[i] = level[queue[head]] + 1
        if (--open[i] == 0) queue[last++] = i
      }
      if (level[queue[head]] > levels) levels = level[queue[head]]
    }
    for (i = 0; i < count; i++) if (open[i] > 0) wrong(name[i] " is in a dependency cycle, or behind one")
    if (faults) exit 1
    printf "ok: %d achievements, %d dependencies, %d levels\n", count, edges, levels
  }'
END
chmod +x parallel/bin/validate
