internal import CLibgit2

/// Read access to git's settings. Names are in lower case, as libgit2 lists them.
struct Configuration: ~Copyable {
  private let handle: Handle<ConfigKind>

  /// The settings of one file alone, without the user's and the system's.
  init(file: String) throws {
    handle = try Handle(file) { git_config_open_ondisk(&$0, file) }
  }

  /// All settings that hold for a repository, as they are at this moment.
  init(of repository: OpaquePointer) throws {
    handle = try Handle("the configuration") { git_repository_config_snapshot(&$0, repository) }
  }

  /// The last value of a setting; nil when it is not set.
  func string(_ name: String) -> String? {
    var text = git_buf()
    defer { git_buf_dispose(&text) }
    guard git_config_get_string_buf(&text, handle.pointer, name) == 0, let value = text.ptr else { return nil }
    return String(cString: value)
  }

  /// Whether a setting is there and true in git's sense (`true`, `yes`, `on`, 1, or no value).
  func isTrue(_ name: String) -> Bool {
    var value: Int32 = 0
    return git_config_get_bool(&value, handle.pointer, name) == 0 && value != 0
  }

  /// Whether a setting is there and false in git's sense.
  func isFalse(_ name: String) -> Bool {
    var value: Int32 = 0
    return git_config_get_bool(&value, handle.pointer, name) == 0 && value == 0
  }

  /// Whether any setting whose name matches the regular expression is true.
  func holdsTrue(_ pattern: String) -> Bool {
    names(matching: pattern).contains { isTrue($0) }
  }

  /// The names of the settings that match a regular expression.
  func names(matching pattern: String) -> [String] {
    let entries = try? Handle<ConfigEntriesKind>("the configuration") {
      git_config_iterator_glob_new(&$0, handle.pointer, pattern)
    }
    guard let entries else { return [] }
    var names: [String] = []
    var entry: UnsafeMutablePointer<git_config_entry>?
    while git_config_next(&entry, entries.pointer) == 0, let entry {
      names.append(String(cString: entry.pointee.name))
    }
    return names
  }
}
