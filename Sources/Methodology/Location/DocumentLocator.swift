package import SystemPackage

/// Finds the PLAN document that an argument of the command line means: a path to it, a folder that holds one, or `@NAME`.
///
/// Unlike for `PlanLocator` there need not be a `parallel.json`: a document is where one comes from.
package struct DocumentLocator: Sendable {
  private let root: FilePath

  /// `root` is the repository's top, or the current folder outside of one.
  package init(root: FilePath) {
    self.root = root
  }

  /// The document that `argument` means; throws `MethodologyError` when it means none, or several.
  package func locate(_ argument: String) throws -> FilePath {
    if argument.hasPrefix("@") { return try document(named: String(argument.dropFirst())) }
    let path = FilePath(argument)
    guard TextFile.exists(path) else { throw MethodologyError(.notFound, argument, "no such file or folder.") }
    guard try Stat(path).type == .directory else {
      guard path.lastComponent == PlanLocator.fileName else { return path }
      return try document(in: PlanFolder(ofPlanFile: path))
    }
    return try document(in: PlanFolder(path))
  }

  private func document(in folder: PlanFolder) throws -> FilePath {
    let name = folder.path.lexicallyNormalized().lastComponent?.string ?? ""
    if let document = try folder.document(ofPlan: name) { return document }
    throw MethodologyError(.notFound, folder.path.string, "has no PLAN document (PLAN_<NAME>.md).")
  }

  /// By the plan's name in the file's name: exactly, else without regard to case, else as a part of it.
  private func document(named name: String) throws -> FilePath {
    let documents = try PlanLocator.homes.flatMap { home -> [FilePath] in
      let folder = root.pushing(home)
      return TextFile.exists(folder) ? try DocumentSearch(below: folder).documents : []
    }
    let named = documents.compactMap { path -> (name: String, path: FilePath)? in
      guard case .plan(let name)? = FileName(path.lastComponent?.string ?? "") else { return nil }
      return (name, path)
    }
    let upper = name.uppercased()
    for isMatch in [{ $0 == name }, { $0 == upper }, { $0.contains(upper) }] as [(String) -> Bool] where !name.isEmpty {
      let found = named.filter { isMatch($0.name) }
      if found.count == 1 { return found[0].path }
      if found.count > 1 {
        let list = found.map(\.path.string).joined(separator: ", ")
        throw MethodologyError(.ambiguous, "@\(name)", "means \(found.count) documents: \(list). Give the path of one.")
      }
    }
    let list = named.prefix(12).map { "@\($0.name)" }.joined(separator: ", ")
    let offer = list.isEmpty ? "There is none in work-space/plans or Workflows of \(root)." : "There is: \(list)."
    throw MethodologyError(.notFound, "@\(name)", "no PLAN document has this name. \(offer)")
  }
}
