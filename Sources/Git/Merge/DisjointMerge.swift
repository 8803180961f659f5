internal import CLibgit2

extension Repository {
  /// The merged tree when the two sides changed different paths; nil when only the full merge can tell.
  ///
  /// Then nothing has to be merged: the result's changes are written over the tip's tree, and only the folders on
  /// the way to them are read. A rename by one side leaves two changed paths, so it can only matter to the other side
  /// if one of these is changed there too.
  func disjointMerge(_ ours: TreeDifference, _ theirs: TreeDifference, onto tip: CommitID) throws -> git_oid? {
    guard Self.areApart(ours, theirs) else { return nil }
    let tipTree = try tree(of: tip, in: repository)
    return try tipTree.overwritten(with: theirs.entries, in: repository)
  }

  /// The paths that one side made something else of (a link of a file, say) and that the other one removed or moved.
  ///
  /// For git that is a conflict. libgit2 takes it for a change of the file that was moved, and loses one of the two.
  static func typeClashes(_ ours: TreeDifference, _ theirs: TreeDifference) -> [String] {
    func paths(_ difference: TreeDifference, _ kind: PathChange.Kind) -> Set<String> {
      Set(difference.changes(limit: .max).filter { $0.kind == kind }.map(\.path))
    }
    let clashes = paths(ours, .typeChanged).intersection(paths(theirs, .deleted))
    return clashes.union(paths(theirs, .typeChanged).intersection(paths(ours, .deleted))).sorted()
  }

  /// Whether no path of one side equals, or lies inside, a path of either side (a file that became a folder).
  private static func areApart(_ ours: TreeDifference, _ theirs: TreeDifference) -> Bool {
    let paths = (ours.entries + theirs.entries).map(\.path).sorted(by: isOrdered)
    return zip(paths, paths.dropFirst()).allSatisfy { !contains($0, $1) }
  }

  /// Byte order with `/` below everything else: what lies inside a path then follows it directly.
  private static func isOrdered(_ one: [CChar], before other: [CChar]) -> Bool {
    var position = 0
    while one[position] == other[position], one[position] != 0 { position += 1 }
    return rank(one[position]) < rank(other[position])
  }

  private static func rank(_ character: CChar) -> Int {
    switch UInt8(bitPattern: character) {
    case 0: 0
    case UInt8(ascii: "/"): 1
    case let byte: Int(byte) + 1
    }
  }

  /// Whether the second path is the first one or lies inside it.
  private static func contains(_ outer: [CChar], _ inner: [CChar]) -> Bool {
    var position = 0
    while outer[position] != 0 {
      guard outer[position] == inner[position] else { return false }
      position += 1
    }
    return inner[position] == 0 || inner[position] == CChar(UInt8(ascii: "/"))
  }
}
