internal import Planning
internal import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A command resolved to the program that will be executed.
struct Command: Sendable, Equatable {
  let executable: String
  let arguments: [String]

  /// A line for `/bin/sh -c`.
  init(shell line: String) {
    executable = "/bin/sh"
    arguments = ["-c", line]
  }

  /// An argument list; the program is looked up in `path` (a `PATH`) when it has no slash, else from `directory`.
  ///
  /// Throws `.missing` with a sentence for people when there is no such program or it isn't executable.
  init(_ list: [String], path: String?, directory: String) throws {
    guard let name = list.first, !name.isEmpty else {
      throw EngineError(.missing, "worker", "the command is empty: give a program and its arguments")
    }
    arguments = Array(list.dropFirst())
    executable = try Command.resolve(name, path: path, directory: directory)
  }

  init(_ command: WorkerSpecification.Command, path: String?, directory: String) throws {
    switch command {
    case .shell(let line): self.init(shell: line)
    case .arguments(let list): try self.init(list, path: path, directory: directory)
    }
  }

  private static func resolve(_ name: String, path: String?, directory: String) throws -> String {
    if name.contains("/") {
      let full = FilePath(directory).pushing(FilePath(name)).string
      guard access(full, F_OK) == 0 else {
        let hint = name.hasPrefix("/") ? "" : ", a relative path counts from the worker's worktree"
        throw EngineError(.missing, name, "the program '\(name)' does not exist: \(full) was looked for\(hint)")
      }
      guard access(full, X_OK) == 0, !isDirectory(full) else {
        throw EngineError(.missing, name, "'\(name)' is not executable: run 'chmod +x \(full)'")
      }
      return full
    }
    for folder in (path ?? "/usr/bin:/bin").split(separator: ":", omittingEmptySubsequences: true) {
      let candidate = "\(folder)/\(name)"
      if access(candidate, X_OK) == 0, !isDirectory(candidate) { return candidate }
    }
    throw EngineError(.missing, name, "the program '\(name)' is not in PATH: install it, or give its whole path")
  }

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
