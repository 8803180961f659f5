/// Finds the paths that a line names in code spans, and in plain words where these are all that a line can hold.
enum PathReading {
  /// What a file's name may end in when no folder tells that it is a file; others are taken for code such as `self.value`.
  private static let extensions: Set<String> = [
    "bash", "c", "cc", "cfg", "conf", "cpp", "cs", "css", "csv", "env", "ex", "go", "h", "hpp", "html", "ini", "ipynb",
    "java",
    "jl", "js", "json", "jsx", "kt", "lock", "lua", "md", "php", "pl", "proto", "py", "r", "rb", "rs", "rst", "scala",
    "scss", "sh", "sql", "svg", "swift", "tf", "toml", "ts", "tsx", "txt", "vue", "xml", "yaml", "yml", "zig", "zsh",
  ]
  private static let prose: Set<String> = ["adoc", "csv", "md", "pdf", "png", "rst", "svg", "txt"]
  private static let joints: Set<String> = ["in", "at", "under", "to", "into", "inside"]

  /// The paths of a line; with `isList` also those that stand there without being marked as code.
  static func paths(in runs: [MarkdownDocument.Run], isList: Bool = false) -> [PathMention] {
    var found: [PathMention] = []
    var index = 0
    while index < runs.count {
      let run = runs[index]
      if run.style == .code {
        var mention = mention(run.text)
        // `name.py` in `folder/`: the folder is said behind the name.
        if let bare = mention, bare.isBare, index + 2 < runs.count, runs[index + 2].style == .code,
          joints.contains(runs[index + 1].text.words.last ?? ""), runs[index + 1].text.words.count <= 2,
          let folder = PathReading.mention(runs[index + 2].text), folder.isFolder
        {
          mention = PathMention(path: "\(folder.path)/\(bare.path)", isFolder: false, isBare: false)
          index += 2
        }
        if let mention { found.append(mention) }
      } else if isList {
        found += run.text.split { $0.isWhitespace || ",;()".contains($0) }.compactMap {
          PathReading.mention(String($0))
        }
      }
      index += 1
    }
    var seen: Set<PathMention> = []
    return found.filter { seen.insert($0).inserted }
  }

  /// The path that `text` spells; nil when it spells none.
  static func mention(_ text: String) -> PathMention? {
    var text = text.prefix { $0 != " " && $0 != "[" }
    if text.hasSuffix("/...") { text = text.dropLast(3) }
    if text.hasSuffix("/**") || text.hasSuffix("/*") {
      text = text.prefix(upTo: text.lastIndex(of: "/") ?? text.endIndex) + "/"
    }
    while text.hasPrefix("./") { text = text.dropFirst(2) }
    guard let first = text.first, first != "/", first != "-", first != "@", first != "~",
      text.allSatisfy({ $0.isLetter || $0.isNumber || "._-/*+".contains($0) }), !text.contains("..")
    else { return nil }
    if text.hasSuffix("/") {
      let path = text.dropLast()
      return path.isEmpty || path.hasSuffix("/") ? nil : PathMention(path: String(path), isFolder: true, isBare: false)
    }
    let name = text.split(separator: "/").last ?? text
    guard let ending = ending(of: name) else { return nil }
    if text.contains("/") { return PathMention(path: String(text), isFolder: false, isBare: false) }
    return extensions.contains(ending) ? PathMention(path: String(text), isFolder: false, isBare: true) : nil
  }

  /// Whether a change of this file is a change of code: nil when the path doesn't tell.
  static func isCode(_ path: String) -> Bool? {
    let name = path.split(separator: "/").last ?? ""
    return ending(of: name).map { !prose.contains($0) }
  }

  /// The lower-case word behind the last dot; nil when the name has no such ending.
  private static func ending(of name: Substring) -> String? {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
    let ending = name[name.index(after: dot)...].lowercased()
    let isWord = !ending.isEmpty && ending.count <= 8 && ending.allSatisfy { $0.isLetter || $0.isNumber }
    return isWord && ending.contains { $0.isLetter } ? ending : nil
  }
}

extension StringProtocol {
  /// The words in lower case, without marks.
  var words: [String] {
    lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "." && $0 != "'" }.map { String($0) }
  }
}
