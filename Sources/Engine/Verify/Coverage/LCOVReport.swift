/// The tracefiles of `lcov`, `llvm-cov export -format=lcov` and many others.
enum LCOVReport {
  /// Counts the lines of all records; several of one file are taken together, and totals count only where no lines are listed.
  static func coverage(in bytes: ArraySlice<UInt8>) throws(LineCoverage.Unusable) -> LineCoverage {
    var reading = Reading()
    for line in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) { try reading.take(line) }
    guard reading.hasRecord else {
      throw LineCoverage.Unusable(
        reason: "is no coverage report: neither LCOV, nor JSON of llvm-cov, nor Cobertura XML"
      )
    }
    guard reading.file == nil else { throw LineCoverage.Unusable(reason: "is cut off: its last record has no end") }
    var coverage = LineCoverage(hits: reading.hits)
    coverage.covered += reading.totals.covered
    coverage.total += reading.totals.total
    return coverage
  }

  private struct Reading {
    var hasRecord = false
    var file: String?
    var hits: [String: [Int: Bool]] = [:]
    /// Of records without lines.
    var totals = LineCoverage(covered: 0, total: 0)
    private var own = LineCoverage(covered: 0, total: 0)
    private var lines: [Int: Bool] = [:]

    mutating func take(_ line: ArraySlice<UInt8>) throws(LineCoverage.Unusable) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
        if line.elementsEqual("end_of_record".utf8) { finish() }
        return
      }
      let value = line[(colon + 1)...]
      switch String(decoding: line[..<colon], as: UTF8.self) {
      case "SF":
        guard file == nil else { throw LineCoverage.Unusable(reason: "is garbled: a record begins within another") }
        file = String(decoding: value, as: UTF8.self)
        hasRecord = true
        lines = hits.removeValue(forKey: file ?? "") ?? [:]
        own = LineCoverage(covered: 0, total: 0)
      case "DA":
        let parts = value.split(separator: UInt8(ascii: ","))
        let number = parts.first.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
        let count = parts.dropFirst().first.flatMap { Double(String(decoding: $0, as: UTF8.self)) }
        guard file != nil, let number, let count else {
          throw LineCoverage.Unusable(reason: "is garbled at 'DA:\(String(decoding: value.prefix(40), as: UTF8.self))'")
        }
        lines[number] = (lines[number] ?? false) || count > 0
      case "LF": own.total = Int(String(decoding: value, as: UTF8.self)) ?? -1
      case "LH": own.covered = Int(String(decoding: value, as: UTF8.self)) ?? -1
      default: break
      }
      if own.total < 0 || own.covered < 0 { throw LineCoverage.Unusable(reason: "is garbled: a total is no number") }
    }

    private mutating func finish() {
      guard let file else { return }
      if lines.isEmpty {
        totals.covered += own.covered
        totals.total += own.total
      } else {
        hits[file] = lines
      }
      self.file = nil
    }
  }
}
