internal import Git
package import Recording

/// What landing a run's result did.
package struct Landing: Sendable, Encodable {
  /// The kind and version of the JSON.
  package let schema = "plait.land/1"
  /// The run's id.
  package let run: String
  /// The branch that moved, without `refs/heads/`.
  package let branch: String
  /// The commit that it is at now.
  package let commit: String
  /// The commit that the branch was at before; the same as `commit` when it was there already.
  package let from: String
  /// The checkout whose files moved along; nil when the branch is checked out nowhere.
  package let updatedCheckout: String?

  /// What happened, to follow the branch's name.
  package var words: String {
    if from == commit { return "was at \(commit.prefix(10)) already" }
    let files = updatedCheckout.map { "; the files in \($0) are up to date" } ?? ""
    return "is at \(commit.prefix(10)) now, with the result of run \(run)\(files)"
  }
}

extension RunArchive {
  /// Fast-forwards `branch` (nil: the one that is checked out) to the result of the run.
  package func land(header: RunHeader, into branch: String?) async throws -> Landing {
    if header.options.withoutWorktrees == true {
      throw EngineError(
        .invalidRequest,
        header.run,
        "run \(header.run) had no worktrees: its workers have left everything in \(header.repository), there is nothing to land"
      )
    }
    guard let result = try await repository.tip(of: header.integrationRef) else {
      throw RecordingError(
        .noSuchRun,
        header.run,
        "the result of run \(header.run) is gone: \(header.integrationRef) does not exist ('plait clean' removes it"
          + " once a branch of yours contains it)"
      )
    }
    let current = try await repository.head().branch
    guard let target = branch ?? current else {
      throw EngineError(.invalidRequest, "HEAD", "no branch is checked out: name one with --into BRANCH")
    }
    let outcome = try await repository.land(branch: target, to: result)
    func landing(from: CommitID, checkout: String? = nil) -> Landing {
      Landing(
        run: header.run,
        branch: target,
        commit: result.description,
        from: from.description,
        updatedCheckout: checkout
      )
    }
    return switch outcome {
    case .alreadyThere: landing(from: result)
    case .moved(let from): landing(from: from)
    case .updatedCheckout(let path, let from): landing(from: from, checkout: path)
    }
  }
}
