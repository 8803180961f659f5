package import SystemPackage

extension PlanFolder {
  /// The PLAN document of the plan called `name`; nil when the folder has none.
  ///
  /// That is `PLAN_<name>.md`, else the only file of that form. Throws `MethodologyError` when there are several and none
  /// has the plan's name, or when what has the name is a folder.
  package func document(ofPlan name: String) throws -> FilePath? {
    let entries = try self.entries().filter { entry in
      if case .plan? = FileName(entry.name.string) { true } else { false }
    }
    let own = "PLAN_\(name).md"
    if let entry = entries.first(where: { $0.name.string == own }) {
      guard entry.kind != .directory else {
        throw MethodologyError(.notAPlan, path.appending(own).string, "is a folder; a PLAN document is a file.")
      }
      return path.appending(own)
    }
    let files = entries.filter { $0.kind != .directory }
    guard files.count < 2 else {
      let names = files.map(\.name.string).joined(separator: ", ")
      throw MethodologyError(
        .ambiguous,
        path.string,
        "has \(files.count) PLAN documents: \(names). Rename the one of this plan to \(own)."
      )
    }
    return files.first.map { path.appending($0.name) }
  }

  private func entries() throws -> [Directory.Entry] {
    do {
      return try Directory(path).entries
    } catch {
      throw MethodologyError(.unreadable, path.string, "can't be read (\(error)). Check who may read it.")
    }
  }
}
