internal import CLibgit2

extension Repository {
  /// Looks at the files of a base commit for what libgit2 can't do faithfully; gives notes on what works with limits.
  ///
  /// Reads the whole tree once: about 1 ms for 1,000 files.
  ///
  /// - Throws: `.unsupported` when files of it pass through a filter program (Git LFS is one), which libgit2 does not
  ///   run: workers would see and commit the wrong content.
  package func checkSupport(base: CommitID) throws -> [String] {
    let configuration = try Configuration(of: repository)
    let contents = try survey(base)
    var attributes = contents.attributes
    if let shared = FileSystem.read("\(facts.commonDirectory)/info/attributes") {
      attributes.append((path: "info/attributes", text: shared))
    }
    var notes: [String] = []
    for (path, text) in attributes {
      let found = AttributeUse(of: text)
      for filter in found.filters.sorted() {
        notes.append(try note(filter: filter, in: path, configuration))
      }
      if found.hasEncodings {
        notes.append("\(path) sets working-tree-encoding: workers see those files in UTF-8.")
      }
      for driver in found.mergeDrivers.sorted() where configuration.string("merge.\(driver).driver") != nil {
        notes.append("\(path) uses the merge driver \(driver): it is not run, such files are merged as text.")
      }
    }
    if contents.hasSubmodules {
      notes.append("The repository has submodules: their folders are empty in the worktrees of workers.")
    }
    return notes
  }

  private func note(filter: String, in path: String, _ configuration: borrowing Configuration) throws -> String {
    let isConfigured = ["smudge", "clean", "process"].contains { configuration.string("filter.\(filter).\($0)") != nil }
    if !isConfigured {
      return "\(path) names the filter \(filter), which is not configured: workers see the files as they are stored."
    }
    let remedy = "leave these files out, or unset filter.\(filter).* in the configuration to work on the stored content"
    throw GitError(
      .unsupported,
      path,
      "\(path) sends files through the filter \(filter), and libgit2 runs no filter programs: \(remedy)"
    )
  }

  /// The attribute files of a commit and whether it has submodules.
  private func survey(
    _ commit: CommitID
  ) throws -> (attributes: [(path: String, text: String)], hasSubmodules: Bool) {
    let tree = try tree(of: commit, in: repository)
    var files: [(path: String, id: git_oid)] = []
    var hasSubmodules = false
    try walk(tree) { folder, entry in
      if git_tree_entry_type(entry) == GIT_OBJECT_COMMIT { hasSubmodules = true }
      guard let name = git_tree_entry_name(entry), name[0] == CChar(UInt8(ascii: ".")) else { return }
      guard String(cString: name) == ".gitattributes", let id = git_tree_entry_id(entry)?.pointee else { return }
      files.append((String(cString: folder) + ".gitattributes", id))
    }
    return (try files.map { ($0.path, try text(of: $0.id)) }, hasSubmodules)
  }

  private func text(of id: git_oid) throws -> String {
    var id = id
    let blob = try Handle<BlobKind>("an attributes file") { git_blob_lookup(&$0, repository, &id) }
    guard let start = git_blob_rawcontent(blob.pointer) else { return "" }
    let bytes = UnsafeRawBufferPointer(start: start, count: Int(git_blob_rawsize(blob.pointer)))
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// What the lines of an attributes file ask for, as far as it matters here.
struct AttributeUse {
  private(set) var filters: Set<String> = []
  private(set) var mergeDrivers: Set<String> = []
  private(set) var hasEncodings = false
  /// Whether files may be other on disk than in git.
  private(set) var changesContent = false

  init(of text: String) {
    for line in text.split(whereSeparator: \.isNewline) where line.first != "#" {
      for word in line.split(whereSeparator: \.isWhitespace).dropFirst() {
        if word.hasPrefix("filter=") { filters.insert(String(word.dropFirst("filter=".count))) }
        if word.hasPrefix("merge=") { mergeDrivers.insert(String(word.dropFirst("merge=".count))) }
        if word.hasPrefix("working-tree-encoding=") { hasEncodings = true }
        // What `text` says alone holds on the way into git only, as long as no setting asks for CRLF.
        if ["eol=crlf", "ident"].contains(word) || word.hasPrefix("filter=") { changesContent = true }
      }
    }
    changesContent = changesContent || hasEncodings
  }
}
