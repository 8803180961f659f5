import Foundation

/// The work of a plan in the form of parallel-orchestra: a Markdown file with the tasks in its front matter.
enum OrchestraPlan {
  static let file = "plan.md"

  /// Stands in for the agent that is asked to write a file: the last word of its arguments is the task's number.
  static let agent = """
    #!/bin/sh
    for argument; do
      case $argument in
      "do task "*) echo result > "task-${argument##* }.txt" ;;
      esac
    done

    """

  /// Commits the plan and the agent's description, and keeps the tool's own files out of the results.
  static func write(tasks: Int, to repository: SampleRepository) throws {
    let items = (1...tasks).map { task in
      """
        - id: t\(task)
          agent: writer
          read_only: false
          writes: ["task-\(task).txt"]
          prompt: "do task \(task)"
      """
    }
    let plan = """
      ---
      po_plan_version: "0.1"
      name: "bench"
      cwd: "."
      tasks:
      \(items.joined(separator: "\n"))
      ---

      """
    let agents = "\(repository.path)/.claude/agents"
    try FileManager.default.createDirectory(atPath: agents, withIntermediateDirectories: true)
    try "---\nname: writer\n---\n".write(toFile: "\(agents)/writer.md", atomically: false, encoding: .utf8)
    try plan.write(toFile: "\(repository.path)/\(file)", atomically: false, encoding: .utf8)
    let exclude = "\(repository.path)/.git/info/exclude"
    try "*.po-run-state*\n.po-*\n".write(toFile: exclude, atomically: false, encoding: .utf8)
    try repository.git("add", "-A")
    try repository.git("commit", "-q", "-m", "Plan")
  }
}
