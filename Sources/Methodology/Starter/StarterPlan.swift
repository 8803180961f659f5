/// What `plait init` writes: a small plan that runs as it is, and says in its own words what to change.
///
/// JSON has no comments, so the remarks stand in `notes` fields, which Plait keeps and ignores, and in a README beside it.
package enum StarterPlan {
  /// One file to write.
  package struct File: Sendable, Equatable {
    /// Relative to the plan's folder.
    package let path: String
    /// The whole text.
    package let content: String
    /// Whether it is a program.
    package let isExecutable: Bool
  }

  /// The files of a starter plan called `name`, the plan file first.
  ///
  /// `name` becomes upper case letters, digits and hyphens, as the methodology wants it; when nothing is left, `STARTER`.
  package static func files(named name: String) -> [File] {
    let name = planName(from: name)
    return [
      File(path: "parallel.json", content: planFile(name), isExecutable: false),
      File(path: "worker.sh", content: worker, isExecutable: true),
      File(path: "README.md", content: readme(name), isExecutable: false),
    ]
  }

  /// `text` in the form of a plan's name: upper case letters, digits and single hyphens between them.
  package static func planName(from text: String) -> String {
    let words = text.uppercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.isEmpty ? "STARTER" : words.joined(separator: "-")
  }
}

extension StarterPlan {
  private static func planFile(_ name: String) -> String {
    """
    {
      "plan_name": "\(name)",
      "parallelization_level": "level_2",
      "notes": [
        "Every achievement below is run by one worker, in a git worktree of its own, as soon as its dependencies are merged.",
        "worker: how an achievement is done. Put your own command here, as a list (it never meets a shell): [\\"claude\\", \\"-p\\"].",
        "verify: what must pass before a result is taken. Here: the achievement's own test, written by the worker."
      ],
      "worker": {
        "shell": "sh \\"$PLAIT_PLAN_DIR/worker.sh\\"",
        "stdin": "prompt",
        "timeout": "5m",
        "retries": 1
      },
      "verify": [
        { "shell": "test -s \\"starter/$PLAIT_ACHIEVEMENT.md\\"", "timeout": "1m" }
      ],
      "achievements": [
        {
          "achievement_id": "1.1",
          "title": "Agree on the outline",
          "estimated_hours": 1,
          "dependencies": [],
          "notes": "Depends on nothing: it starts at once.",
          "files": ["starter/1.1.md"],
          "deliverables": ["starter/1.1.md"]
        },
        {
          "achievement_id": "1.2",
          "title": "Write the first half",
          "estimated_hours": "2-3",
          "dependencies": ["1.1"],
          "notes": "1.2 and 1.3 depend on the same thing and not on each other: they run side by side.",
          "files": ["starter/1.2.md"],
          "deliverables": ["starter/1.2.md"]
        },
        {
          "achievement_id": "1.3",
          "title": "Write the second half",
          "estimated_hours": "2-3",
          "dependencies": ["1.1"],
          "notes": "files is the footprint: two achievements whose footprints overlap never run at the same time.",
          "files": ["starter/1.3.md"],
          "deliverables": ["starter/1.3.md"]
        },
        {
          "achievement_id": "1.4",
          "title": "Put the halves together",
          "estimated_hours": 1,
          "dependencies": ["1.2", "1.3"],
          "notes": "Starts from a commit that holds both halves, and checks that it does.",
          "files": ["starter/1.4.md"],
          "deliverables": ["starter/1.4.md"],
          "verify": [
            { "shell": "grep -q 'first half' starter/1.4.md && grep -q 'second half' starter/1.4.md" }
          ]
        }
      ]
    }

    """
  }

  private static let worker = """
    #!/bin/sh
    # A worker does one achievement. It runs in a git worktree of its own; what it leaves there becomes the result.
    # The prompt comes on standard input. Exit 0: done. Anything else: failed.
    set -eu

    mkdir -p starter
    out="starter/$PLAIT_ACHIEVEMENT.md"

    printf '# %s %s\\n\\n' "$PLAIT_ACHIEVEMENT" "$PLAIT_TITLE" >"$out"
    case $PLAIT_ACHIEVEMENT in
    1.1) printf 'Two halves, then the whole.\\n' >>"$out" ;;
    1.2) printf 'The first half follows: %s\\n' "$(tail -n 1 starter/1.1.md)" >>"$out" ;;
    1.3) printf 'The second half follows: %s\\n' "$(tail -n 1 starter/1.1.md)" >>"$out" ;;
    1.4) tail -n 1 starter/1.2.md starter/1.3.md >>"$out" ;;
    *)
      printf 'nobody has told this worker how to do %s\\n' "$PLAIT_ACHIEVEMENT" >&2
      exit 1
      ;;
    esac

    """

  private static func readme(_ name: String) -> String {
    """
    # \(name)

    A plan that runs as it is: one achievement, two side by side after it, and a last one that needs both.

        plait validate .          # is the plan sound?
        plait show .              # order, critical path, what parallelism can save
        plait run . --jobs 2      # do it; your checkout stays as it is
        plait report              # what it took, and what it saved
        plait land                # take the result into your branch

    Then make it yours:

    - `parallel.json` holds the achievements. `dependencies` say what must be merged before one starts; `files` say what it
      may touch, so that two that touch the same are kept apart; `deliverables` must exist in its result.
    - `worker.sh` does the work. Replace it by your own command in `worker`, or give one achievement a `worker` of its own.
      A worker gets its prompt on standard input and finds `PLAIT_ACHIEVEMENT`, `PLAIT_TITLE`, `PLAIT_ATTEMPT` and more in its
      environment; `PLAIT_PLAN_DIR` is this folder.
    - `verify` decides. A result whose checks are red is not merged, whatever its worker says.

    """
  }
}
