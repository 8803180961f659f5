import Foundation
import Planning

/// A repository of many small text files in folders three to five deep, the same for the same number of files.
struct SampleRepository {
  let path: String
  let program: Program

  private static let author = "Bench <bench@plait.invalid> 1700000000 +0000"

  /// Takes a repository that is there already.
  init(path: String, program: Program) {
    self.path = path
    self.program = program
  }

  /// Makes it with one commit on `main`, packed, and checked out.
  init(files: Int, at path: String, program: Program) throws {
    self.init(path: path, program: program)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try git("-c", "init.defaultBranch=main", "init", "-q")
    // Neither the machine's hooks nor its identity; and nothing that starts by itself in the middle of a measurement.
    for (key, value) in [
      ("user.name", "Bench"), ("user.email", "bench@plait.invalid"), ("core.hooksPath", "/dev/null"),
      ("commit.gpgsign", "false"), ("gc.auto", "0"), ("maintenance.auto", "false"), ("advice.detachedHead", "false"),
    ] { try git("config", key, value) }
    try importing(Self.history(files: files))
    try git("reset", "-q", "--hard", "main")
  }

  /// Where file `number` lies. Two dozen files share a folder, so with those that hold only folders there are about ten files
  /// for each, as in many repositories.
  static func path(of number: Int) -> String {
    let group = number / 24
    let below = ["", "/inner", "/inner/most"][group % 3]
    return "d\(group % 6)/d\(group / 6 % 6)/d\(group / 36)\(below)/f\(number).txt"
  }

  /// Runs git in it and gives what it prints, without the line's end.
  @discardableResult
  func git(_ arguments: String...) throws -> String {
    try program.run(["git"] + arguments, in: path).output.trimmingCharacters(in: .newlines)
  }

  /// A copy with its work tree. It is on disk when this returns, so that nobody's measurement pays for writing it.
  func copy(to folder: String) throws -> SampleRepository {
    try program.run(["cp", "-a", path, folder], in: "/")
    let copy = SampleRepository(path: folder, program: program)
    // Else the index says nothing of these files, and whoever first wants to know what was changed has to read them all.
    try copy.git("update-index", "-q", "--refresh")
    sync()
    return copy
  }

  /// Makes a commit on top of `base` that changes file `number`, without a checkout, and gives its id.
  func change(file number: Int, from base: String, branch: String) throws -> String {
    let text = "Changed for \(branch).\n"
    let stream = """
      commit refs/heads/\(branch)
      committer \(Self.author)
      data 7
      Change
      from \(base)
      M 100644 inline \(Self.path(of: number))
      data \(text.utf8.count)
      \(text)
      """
    try importing(stream)
    return try git("rev-parse", branch)
  }

  private func importing(_ stream: String) throws {
    let file = "\(path)/.git/bench-stream"
    try stream.write(toFile: file, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    try program.run(["git", "fast-import", "--quiet", "--force"], in: path, input: file)
  }

  private static func history(files: Int) -> String {
    var random = SplitMix64(seed: UInt64(files))
    var stream = "commit refs/heads/main\ncommitter \(author)\ndata 5\nBegin\n"
    for number in 0..<files {
      let text = self.text(of: Int.random(in: 300...3_000, using: &random), using: &random)
      stream += "M 100644 inline \(path(of: number))\ndata \(text.utf8.count)\n\(text)\n"
    }
    return stream
  }

  private static func text(of length: Int, using random: inout SplitMix64) -> String {
    var text = ""
    while text.utf8.count < length {
      text += String(random.next(), radix: 36) + (text.utf8.count % 7 == 0 ? "\n" : " ")
    }
    return String(text.prefix(length - 1)) + "\n"
  }
}
