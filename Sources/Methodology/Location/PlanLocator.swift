package import SystemPackage

/// Finds the `parallel.json` that a PLAN argument of the command line means.
///
/// PLAN is a path to the file, a path to a folder that holds one, or `@NAME`: the plan folder of that name below
/// `work-space/plans/` or `Workflows/` of `root`.
package struct PlanLocator: Sendable {
  /// The name of every plan file.
  package static let fileName: FilePath.Component = "parallel.json"

  /// Where `@NAME` looks, below the root.
  static let homes: [FilePath] = ["work-space/plans", "Workflows"]

  /// The folder that `@NAME` is looked up from.
  package let root: FilePath

  /// `root` is the repository's top, or the current folder outside of one.
  package init(root: FilePath) {
    self.root = root
  }

  /// The plan file that `argument` means, as a path of the same kind: relative stays relative.
  ///
  /// A name matches exactly, else without regard to case, else as a part of a folder's name; the first of these that
  /// finds anything decides, and must find one. Throws `MethodologyError`.
  package func locate(_ argument: String) throws -> FilePath {
    guard !argument.isEmpty else {
      throw MethodologyError(.notFound, "PLAN", "is empty. Name a parallel.json, a folder that holds one, or @NAME.")
    }
    guard argument.hasPrefix("@") else { return try file(at: FilePath(argument)) }
    return try file(named: String(argument.dropFirst()))
  }

  private func file(at path: FilePath) throws -> FilePath {
    switch try PlanLocator.kind(of: path) {
    case .file: return path
    case .link, nil:
      throw MethodologyError(.notFound, path.string, "no such file or folder. \(try offer())")
    case .directory: break
    }
    let file = path.appending(PlanLocator.fileName)
    switch try PlanLocator.kind(of: file) {
    case .file: return file
    case .directory: throw MethodologyError(.notAPlan, file.string, "is a folder; a plan is a file.")
    case .link, nil:
      throw MethodologyError(.notFound, path.string, "has no parallel.json. \(try offer(below: path))")
    }
  }

  /// What `path` leads to, links followed; nil when there is nothing.
  private static func kind(of path: FilePath) throws -> Directory.Kind? {
    do {
      return try Stat(path).type == .directory ? .directory : .file
    } catch .noSuchFileOrDirectory, .notDirectory {
      return nil
    } catch {
      throw MethodologyError(.unreadable, path.string, "can't be looked at (\(error)). Check who may read it.")
    }
  }

  private func file(named name: String) throws -> FilePath {
    guard !name.isEmpty else {
      throw MethodologyError(.notFound, "@", "names no plan. \(try offer())")
    }
    let plans = try named()
    let lower = name.lowercased()
    let rules: [(Named) -> Bool] = [
      { $0.name == name }, { $0.name.lowercased() == lower }, { $0.name.lowercased().contains(lower) },
    ]
    for rule in rules {
      let matches = plans.filter(rule)
      if matches.count == 1 { return matches[0].file }
      if matches.count > 1 { throw ambiguous(name, matches) }
    }
    throw MethodologyError(.notFound, "@\(name)", "no plan has this name. \(PlanLocator.offer(plans, below: root))")
  }

  private func ambiguous(_ name: String, _ matches: [Named]) -> MethodologyError {
    let list = matches.map(\.file.string).joined(separator: ", ")
    return MethodologyError(.ambiguous, "@\(name)", "means \(matches.count) plans: \(list). Give the path of one.")
  }
}

extension PlanLocator {
  private struct Named {
    let name: String
    let file: FilePath
  }

  /// Every plan that a name can mean, sorted by path.
  private func named() throws -> [Named] {
    try PlanLocator.homes.flatMap { home -> [FilePath] in
      let folder = root.pushing(home)
      guard try PlanLocator.kind(of: folder) == .directory else { return [] }
      return try PlanSearch(below: folder).plans
    }
    .map { file in Named(name: file.removingLastComponent().lastComponent?.string ?? "", file: file) }
  }

  /// The next step for someone whose argument meant nothing: what `@NAME` would find.
  private func offer() throws -> String { PlanLocator.offer(try named(), below: root) }

  private static func offer(_ plans: [Named], below root: FilePath) -> String {
    guard !plans.isEmpty else {
      return "There is none in work-space/plans or Workflows of \(root); 'plait init' makes one."
    }
    let shown = plans.prefix(12).map { "@\($0.name)" }.joined(separator: ", ")
    return "There is: \(shown)\(plans.count > 12 ? " and \(plans.count - 12) more" : "")."
  }

  /// The next step for someone who named a folder without a plan: what lies deeper in it.
  private func offer(below folder: FilePath) throws -> String {
    let deeper = try PlanSearch(below: folder).plans
    guard !deeper.isEmpty else { return "'plait init \(folder)' writes a first one." }
    let shown = deeper.prefix(5).map(\.string).joined(separator: ", ")
    return "Below it there is: \(shown)\(deeper.count > 5 ? " and \(deeper.count - 5) more" : "")."
  }
}
