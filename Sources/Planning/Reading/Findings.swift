/// Collects what is found in a file, without letting one kind of finding flood the rest.
struct Findings {
  /// So many of one code are kept; more are only counted, for nobody reads them.
  static let mostOfOneCode = 200

  private var diagnostics: [Diagnostic] = []
  private var counts: [String: (seen: Int, last: Diagnostic)] = [:]
  private(set) var hasErrors = false

  init(_ diagnostics: [Diagnostic] = []) {
    for diagnostic in diagnostics { add(diagnostic) }
  }

  mutating func add(_ diagnostic: Diagnostic) {
    if diagnostic.severity == .error { hasErrors = true }
    let seen = (counts[diagnostic.code]?.seen ?? 0) + 1
    counts[diagnostic.code] = (seen, diagnostic)
    if seen <= Findings.mostOfOneCode { diagnostics.append(diagnostic) }
  }

  /// All that is kept, by place; for each code that had more, one line that says how many.
  var sorted: [Diagnostic] {
    let more = counts.values.filter { $0.seen > Findings.mostOfOneCode }.map { count in
      let rest = count.seen - Findings.mostOfOneCode
      let words = "\(rest) more of `\(count.last.code)` are not listed; this is the last of them"
      return Diagnostic(count.last.severity, count.last.code, words, at: count.last.place)
    }
    return (diagnostics + more).enumerated()
      .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
      .map(\.element)
  }
}
