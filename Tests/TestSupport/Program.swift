import Foundation

/// A program that failed in a test.
package struct ProgramFailure: Error, CustomStringConvertible {
  package let arguments: [String]
  package let status: Int32
  package let output: String

  package var description: String { "\(arguments.joined(separator: " ")) ended with \(status): \(output)" }
}

/// Runs programs to their end.
package enum Program {
  /// Runs a program of the search path in a folder; gives its standard output and throws `ProgramFailure` if it fails.
  ///
  /// Built on `posix_spawn`, since a test suite runs thousands of gits and `Process.waitUntilExit` takes 50 ms each.
  @discardableResult
  package static func run(_ arguments: [String], in folder: String) throws -> String {
    let (status, output) = try status(of: arguments, in: folder)
    guard status == 0 else { throw ProgramFailure(arguments: arguments, status: status, output: output) }
    return output
  }

  /// Runs a program; gives its exit code and what it wrote to standard output and standard error.
  package static func status(of arguments: [String], in folder: String) throws -> (code: Int32, output: String) {
    let line = ["sh", "-c", "cd \"$0\" && exec \"$@\" 2>&1", folder] + arguments
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ProgramFailure(arguments: arguments, status: errno, output: "no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var child: pid_t = 0
    let spawned = posix_spawnp(&child, "sh", &actions, nil, &words, environ)
    close(ends[1])
    guard spawned == 0 else { throw ProgramFailure(arguments: arguments, status: spawned, output: "not started") }
    let output = readAll(ends[0])
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return ((status >> 8) & 0xff, output)
  }

  private static func readAll(_ file: Int32) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(file, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }
}
