/// Finds the JSON text in a file (the whole of it, or a fenced block of a Markdown file) and scans it.
enum JSONSource {
  /// What scanning a file gave: a document unless the text is broken, and the offences.
  struct Scan {
    var document: JSONDocument?
    var diagnostics: [Diagnostic] = []
  }

  /// Offsets are kept in 32 bits; no plan comes near that.
  static let largest = 1 << 30

  /// Scans `bytes`; a byte order mark is skipped, and Markdown is searched for its first fenced plan.
  static func scan(_ bytes: [UInt8]) -> Scan {
    let top = SourcePlace(line: 1, column: 1)
    guard bytes.count <= largest else {
      return Scan(diagnostics: [Diagnostic(.error, "too-large", "the file is larger than 1 GB", at: top)])
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      let hint = "Save the file as UTF-8."
      return Scan(diagnostics: [Diagnostic(.error, "json", "the file is UTF-16, not UTF-8", at: top, hint: hint)])
    }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let blocks = MarkdownFence.blocks(in: bytes, from: start)
    guard !blocks.isEmpty else {
      return scan(bytes, range: start..<bytes.count, lines: SourceLines(firstLineAt: start))
    }
    return scanFirstPlan(of: blocks, in: bytes, start: start)
  }

  /// The first block that is a plan: an object with achievements, or one that is broken but names them.
  private static func scanFirstPlan(of blocks: [Range<Int>], in bytes: [UInt8], start: Int) -> Scan {
    var lines = SourceLines(firstLineAt: start)
    var position = start
    for block in blocks where bytes[block].first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
      for offset in position..<block.lowerBound where bytes[offset] == 0x0A { lines.append(lineAt: offset + 1) }
      position = block.lowerBound
      let scan = scan(bytes, range: block, lines: lines)
      if let document = scan.document, document.kind(of: 0) == .object {
        let keys = document.children(of: 0).map { document.key(of: $0) }
        if keys.contains("achievements") || keys.contains("levels") { return scan }
      } else if scan.document == nil, names(achievementsIn: bytes[block]) {
        return scan
      }
    }
    return Scan(diagnostics: [
      Diagnostic(
        .error,
        "json",
        "no fenced block of this Markdown file is a JSON object with `achievements`",
        at: lines.place(at: start),
        hint: "Put the plan into a block that starts with ```json."
      )
    ])
  }

  private static func names(achievementsIn block: ArraySlice<UInt8>) -> Bool {
    let word = Array("\"achievements\"".utf8)
    return block.indices.contains { block[$0] == word[0] && block[$0...].starts(with: word) }
  }

  private static func scan(_ bytes: [UInt8], range: Range<Int>, lines: SourceLines) -> Scan {
    bytes.withUnsafeBufferPointer { buffer in
      var scanner = JSONScanner(buffer, range: range, lines: lines)
      let problem = scanner.scan()
      let diagnostics = (scanner.duplicates.prefix(10 * Findings.mostOfOneCode) + (problem.map { [$0] } ?? [])).map {
        Diagnostic(.error, "json", $0.message, at: scanner.lines.place(at: $0.offset), hint: $0.hint)
      }
      guard problem == nil else { return Scan(diagnostics: diagnostics) }
      let document = JSONDocument(bytes: bytes, nodes: scanner.nodes, lines: scanner.lines)
      return Scan(document: document, diagnostics: diagnostics)
    }
  }
}

/// The fenced code blocks of a Markdown text (CommonMark: up to three spaces, three or more backticks or tildes).
enum MarkdownFence {
  /// The ranges between the fences, without the fences' own lines; none when the text starts like JSON itself.
  static func blocks(in bytes: [UInt8], from start: Int) -> [Range<Int>] {
    guard bytes[start...].first(where: { $0 > 0x20 }) != UInt8(ascii: "{") else { return [] }
    var blocks: [Range<Int>] = []
    var opened: (mark: UInt8, length: Int, content: Int)?
    var line = start
    while line < bytes.count {
      let end = bytes[line...].firstIndex(of: 0x0A) ?? bytes.count
      if let (mark, length, rest) = fence(bytes[line..<end]) {
        if let open = opened {
          if mark == open.mark, length >= open.length, rest.allSatisfy({ $0 <= 0x20 }) {
            blocks.append(open.content..<line)
            opened = nil
          }
        } else if mark != UInt8(ascii: "`") || !rest.contains(mark) {
          opened = (mark, length, min(end + 1, bytes.count))
        }
      }
      line = end + 1
    }
    if let open = opened { blocks.append(open.content..<bytes.count) }
    return blocks
  }

  private static func fence(_ line: ArraySlice<UInt8>) -> (mark: UInt8, length: Int, rest: ArraySlice<UInt8>)? {
    let indented = line.drop { $0 == 0x20 }
    guard indented.startIndex - line.startIndex <= 3, let mark = indented.first,
      mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")
    else { return nil }
    let rest = indented.drop { $0 == mark }
    let length = rest.startIndex - indented.startIndex
    return length >= 3 ? (mark, length, rest) : nil
  }
}
