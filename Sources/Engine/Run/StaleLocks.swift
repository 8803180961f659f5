internal import Git

extension RunArchive {
  /// The lock files on refs of a run: left by a process that was killed while it wrote one, and in everyone's way since.
  ///
  /// Git's locks don't say who holds them. They are stale if nobody drives the run and none of its workers lives; `sparing`
  /// names the achievements whose workers do, and may just now be committing.
  func staleLocks(of run: String, sparing: Set<String> = []) throws -> [String] {
    try ["refs/heads/plait/\(run)", "refs/plait/\(run)"].flatMap { folder in
      try RunFiles.allPaths(below: "\(repository.facts.commonDirectory)/\(folder)").filter { path in
        guard path.hasSuffix(".lock"), let name = path.split(separator: "/").last else { return false }
        return !sparing.contains(String(name.dropLast(".lock".count)))
      }
    }
  }
}
