/// Cobertura's XML, which most tools can write: coverage.py, gcovr, coverlet, cargo-tarpaulin.
enum CoberturaReport {
  /// Takes the totals of the root where it has them, else counts the lines of all classes, each once.
  static func coverage(in bytes: ArraySlice<UInt8>) throws(LineCoverage.Unusable) -> LineCoverage {
    var scanner = MarkupScanner(bytes)
    var totals: LineCoverage?
    var hits: [String: [Int: Bool]] = [:]
    var file = ""
    // Methods list lines that their class lists again.
    var methods = 0
    while let tag = try scanner.next() {
      if tag.depth == 0, !tag.isEnd {
        guard tag.name == "coverage" else {
          let name = String(tag.name.prefix(40))
          throw LineCoverage.Unusable(reason: "is XML, but no Cobertura report: it is all within <\(name)>")
        }
        totals = try rootTotals(tag)
      }
      switch (tag.name, tag.isEnd) {
      case ("methods", false): methods += tag.isEmpty ? 0 : 1
      case ("methods", true): methods -= 1
      case ("class", false): file = tag["filename"] ?? ""
      case ("line", false) where methods == 0 && totals == nil:
        guard let number = tag["number"].flatMap({ Int($0) }), let count = tag["hits"].flatMap({ Double($0) }) else {
          throw LineCoverage.Unusable(reason: "is garbled: a line of \(file) has no number or no hits")
        }
        hits[file, default: [:]][number] = (hits[file]?[number] ?? false) || count > 0
      default: break
      }
    }
    return totals ?? LineCoverage(hits: hits)
  }

  private static func rootTotals(_ tag: MarkupScanner.Tag) throws(LineCoverage.Unusable) -> LineCoverage? {
    guard let covered = tag["lines-covered"], let total = tag["lines-valid"] else { return nil }
    guard let covered = Int(covered), let total = Int(total) else {
      throw LineCoverage.Unusable(reason: "is garbled: its totals are no numbers")
    }
    return LineCoverage(covered: covered, total: total)
  }
}
