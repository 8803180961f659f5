/// What a careful user would write instead: every step of an achievement with git's own commands.
enum CarefulScript {
  /// Takes the repository, the number of tasks, how many at once, and a folder for worktrees. It starts itself for each
  /// task, as `script --task NUMBER REPOSITORY FOLDER`.
  static let text = """
    #!/bin/sh
    set -eu

    task() {
      branch="task/$1"
      tree="$3/task-$1"
      git -C "$2" worktree add -q --no-track -b "$branch" "$tree" main
      (
        cd "$tree"
        echo result > "task-$1.txt"
        git add -A
        git commit -q -m "Do task $1"
      )
      # The checkout of the repository is where results are merged, and it has one index: one at a time.
      flock "$3/merge.lock" git -C "$2" merge -q --no-ff -m "Merge task $1" "$branch"
      git -C "$2" worktree remove "$tree"
      # Git refuses this for a branch that isn't merged.
      git -C "$2" branch -q -d "$branch"
    }

    if [ "$1" = --task ]; then
      task "$2" "$3" "$4"
    else
      mkdir -p "$4"
      seq "$2" | xargs -P "$3" -I NUMBER sh "$0" --task NUMBER "$1" "$4"
    fi

    """
}
