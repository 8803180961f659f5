import Foundation

/// The program that does nothing, and ends well.
enum NoOp {
  static let path =
    ["/bin/true", "/usr/bin/true"].first { FileManager.default.isExecutableFile(atPath: $0) } ?? "/bin/true"
}

/// A graph of `true`, in the formats of those who can run one.
struct GraphFiles {
  let folder: String
  let graph: TaskGraph

  /// Writes all formats into `folder`.
  init(_ graph: TaskGraph, in folder: String) throws {
    self.graph = graph
    self.folder = folder
    try write(ninja, to: "build.ninja")
    try write(makefile, to: "Makefile")
    try write(snakefile, to: "Snakefile")
    try write(String(repeating: "\(NoOp.path)\n", count: graph.count), to: "commands")
    try write(dependencyLines, to: "dependencies")
    try write(Self.hyperQueueProgram, to: "submit.py")
    let worker = "{\"command\": [\"\(NoOp.path)\"], \"stdin\": \"none\"}"
    try write(PlanFile.text(of: graph, worker: worker), to: "parallel.json")
  }

  private func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
  }

  /// `exec`, for ninja starts a shell and that one would stay beside what it starts.
  private var ninja: String {
    let builds = graph.dependencies.enumerated().map { "build t\($0): run \(Self.names($1))\n" }
    return "rule run\n  command = exec \(NoOp.path)\n" + builds.joined()
  }

  private var makefile: String {
    let all = Self.names(Array(0..<graph.count))
    let rules = graph.dependencies.enumerated().map { "t\($0): \(Self.names($1))\n\t@\(NoOp.path)\n" }
    return ".PHONY: all \(all)\nall: \(all)\n" + rules.joined()
  }

  private var snakefile: String {
    func files(_ nodes: [Int]) -> String { nodes.map { "'done/t\($0)'" }.joined(separator: ", ") }
    let rules = graph.dependencies.enumerated().map { node, row in
      let input = row.isEmpty ? "" : "    input: \(files(row))\n"
      return "rule t\(node):\n\(input)    output: touch('done/t\(node)')\n    shell: '\(NoOp.path)'\n"
    }
    // All of them, in order: Snakemake goes down a long chain by recursion, deeper than Python lets it.
    return "rule all:\n    input: \(files(Array(0..<graph.count)))\n" + rules.joined()
  }

  /// A line for each node with the positions of its dependencies.
  private var dependencyLines: String {
    graph.dependencies.map { $0.map(String.init).joined(separator: " ") + "\n" }.joined()
  }

  private static func names(_ nodes: [Int]) -> String { nodes.map { "t\($0)" }.joined(separator: " ") }

  /// Server, one worker with as many cores as the second argument says, and one job with all tasks, in one process tree.
  private static let hyperQueueProgram = """
    import sys
    from hyperqueue import Job
    from hyperqueue.cluster import LocalCluster, WorkerConfig

    with open(sys.argv[1]) as lines:
        rows = [[int(word) for word in line.split()] for line in lines]
    with LocalCluster() as cluster:
        cluster.start_worker(WorkerConfig(cores=int(sys.argv[2])))
        client = cluster.client()
        job, tasks = Job(), []
        for row in rows:
            before = [tasks[position] for position in row]
            tasks.append(job.program(["\(NoOp.path)"], deps=before, stdout=None, stderr=None))
        client.wait_for_jobs([client.submit(job)])

    """
}

/// Plans for Plait.
enum PlanFile {
  /// The plan of a graph: node `n` is achievement `1.n+1`. `worker` is the JSON of the field of that name.
  static func text(of graph: TaskGraph, worker: String? = nil, hours: [Double]? = nil) -> String {
    let items = graph.dependencies.enumerated().map { node, row in
      let dependencies = row.map { "\"1.\($0 + 1)\"" }.joined(separator: ", ")
      let estimate = hours.map { ", \"estimated_hours\": \($0[node])" } ?? ""
      return "    {\"achievement_id\": \"1.\(node + 1)\", \"dependencies\": [\(dependencies)]\(estimate)}"
    }
    let field = worker.map { "\n  \"worker\": \($0)," } ?? ""
    return """
      {
        "plan_name": "BENCH",
        "parallelization_level": "level_3",\(field)
        "achievements": [
      \(items.joined(separator: ",\n"))
        ]
      }

      """
  }
}
