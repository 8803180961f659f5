package import SystemPackage

/// A change of files that is decided before it is made.
package enum FileOperation: Sendable, Equatable {
  /// A new file; nothing may be there.
  case create(FilePath, String)
  /// A file in place of the one that is there; the second text is what was there before.
  case replace(FilePath, String, was: String)
  /// Another name for a file; nothing may be there.
  case move(FilePath, to: FilePath)

  /// The path that it makes or changes.
  package var target: FilePath {
    switch self {
    case .create(let path, _), .replace(let path, _, _), .move(_, let path): path
    }
  }

  /// Makes the changes in order; when one fails, those before it are taken back and its `MethodologyError` is thrown.
  package static func perform(_ operations: [FileOperation]) throws {
    for (position, operation) in operations.enumerated() {
      do {
        try operation.perform()
      } catch {
        // What can't be taken back stays: there is no better moment to try than this one.
        for done in operations[..<position].reversed() { try? done.takeBack() }
        throw error
      }
    }
  }

  private func perform() throws {
    switch self {
    case .create(let path, let text): try TextFile.create(path, text)
    case .replace(let path, let text, let before):
      // Whoever changed it since it was read would lose that change.
      guard try TextFile.read(path) == Array(before.utf8) else {
        throw MethodologyError(.refused, path.string, "was changed by someone else meanwhile: try again.")
      }
      try TextFile.replace(path, text)
    case .move(let source, let target): try TextFile.move(source, to: target)
    }
  }

  private func takeBack() throws {
    switch self {
    case .create(let path, _): try TextFile.remove(path)
    case .replace(let path, _, let before): try TextFile.replace(path, before)
    case .move(let source, let target): try TextFile.move(target, to: source)
    }
  }
}
