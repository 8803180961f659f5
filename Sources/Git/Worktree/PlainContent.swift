internal import CLibgit2

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension OpenWorktree {
  /// Writes the index's files, all of them or those of some paths, to where there are none, if they are the same on disk as in
  /// git; false when libgit2's checkout has to do it, which knows attributes and odd file systems.
  func writeFreshFiles(_ paths: [[CChar]]? = nil, sharing content: SharedContent? = nil) throws -> Bool {
    guard try hasPlainContent() else { return false }
    do {
      try FreshFiles(of: index.pointer, only: paths, in: repository, root: area.path, sharing: content).write()
      return true
    } catch let error as GitError where error.code == .exists {
      // Two paths of the tree are one on this file system: libgit2 overwrites the one with the other, as git does.
      return false
    }
  }

  /// Whether what git has of a file is what belongs on the disk, under the same name and with the same mode.
  private func hasPlainContent() throws -> Bool {
    let configuration = try Configuration(of: repository)
    let convertsLines =
      configuration.isTrue("core.autocrlf") || configuration.string("core.eol")?.lowercased() == "crlf"
    guard !convertsLines, configuration.hasOrdinaryFiles else { return false }
    for text in Self.sharedAttributes(configuration, area) + (try attributes()) {
      if AttributeUse(of: text).changesContent { return false }
    }
    return true
  }

  /// The attributes that no commit has: of the system, of the user, of the repository (gitattributes(5), "FILES").
  private static func sharedAttributes(_ configuration: borrowing Configuration, _ area: WorktreeArea) -> [String] {
    let home = getenv("HOME").map { String(cString: $0) } ?? ""
    let settings = getenv("XDG_CONFIG_HOME").map { String(cString: $0) } ?? "\(home)/.config"
    var named = configuration.string("core.attributesfile") ?? "\(settings)/git/attributes"
    if named.hasPrefix("~/") { named = home + named.dropFirst() }
    return ["/etc/gitattributes", named, "\(area.commonDirectory)/info/attributes"].compactMap(FileSystem.read)
  }

  private func attributes() throws -> [String] {
    var texts: [String] = []
    for position in 0..<git_index_entrycount(index.pointer) {
      guard let entry = git_index_get_byindex(index.pointer, position), let path = entry.attributesPath else {
        continue
      }
      var id = entry.pointee.id
      let blob = try Handle<BlobKind>(path) { git_blob_lookup(&$0, repository, &id) }
      let bytes = UnsafeRawBufferPointer(
        start: git_blob_rawcontent(blob.pointer),
        count: Int(git_blob_rawsize(blob.pointer))
      )
      texts.append(String(decoding: bytes, as: UTF8.self))
    }
    return texts
  }
}

extension Configuration {
  /// Whether the file system keeps names, modes and links as git has them.
  var hasOrdinaryFiles: Bool {
    !isTrue("core.ignorecase") && !isTrue("core.precomposeunicode") && !isFalse("core.filemode")
      && !isFalse("core.symlinks")
  }
}
