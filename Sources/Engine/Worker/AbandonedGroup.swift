internal import Recording

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A worker's control group whose supervisor was killed, and so could not take it away.
struct AbandonedGroup {
  private let path: String

  /// Nil when the attempt in `directory` had none, or it is gone, or its supervisor still looks after it.
  init?(of directory: String) {
    guard let state = SupervisorFile(path: SupervisorFile.statePath(in: directory)), state.livingSupervisor == nil,
      let group = state.group, group.hasPrefix("/sys/fs/cgroup/"), RunFiles.exists(group)
    else {
      return nil
    }
    path = group
  }

  /// Those of all attempts of the run whose folder is `directory`.
  static func all(ofRun directory: String) throws -> [AbandonedGroup] {
    try RunFiles.allPaths(below: directory).filter { $0.hasSuffix("/worker.state") }.compactMap {
      AbandonedGroup(of: String($0.dropLast("/worker.state".count)))
    }
  }

  /// Kills what is in it and removes it. One that the system doesn't let go is empty, and harmless.
  func end() async {
    if let file = fopen(path + "/cgroup.kill", "w") {
      fputs("1", file)
      fclose(file)
    }
    for _ in 0..<100 where rmdir(path) != 0 && errno == EBUSY {
      // The killed are on their way; in a task of its own, so that also a cancelled one waits.
      await Task { try? await Task.sleep(for: .milliseconds(5)) }.value
    }
  }
}
