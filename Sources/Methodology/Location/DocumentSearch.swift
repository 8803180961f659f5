package import SystemPackage

/// Every PLAN document (`PLAN_<NAME>.md`) below a folder, found like plans are by `PlanSearch`.
package struct DocumentSearch: Sendable {
  /// The documents, sorted by path; each begins with the folder as it was given.
  package let documents: [FilePath]
  /// Folders that couldn't be read: what is below them is unknown.
  package let unreadable: [FilePath]

  /// Searches the folder at `top`; throws `MethodologyError` when that one itself can't be read.
  package init(below top: FilePath) throws {
    let walk = try FolderWalk(below: top) { name in
      if case .plan? = FileName(name) { true } else { false }
    }
    documents = walk.files
    unreadable = walk.unreadable
  }
}
