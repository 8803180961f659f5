/// How many lines of a program its tests have run.
struct LineCoverage: Equatable, Sendable {
  /// Lines that were run.
  var covered: Int
  /// Lines that can be run.
  var total: Int

  /// Why a report says nothing, a clause about it: `is empty`.
  struct Unusable: Error, Equatable {
    let reason: String
  }

  /// Reads a report; its content says which form it has.
  init(report bytes: [UInt8]) throws(Unusable) {
    let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let content = isMarked ? bytes[3...] : bytes[...]
    switch content.first(where: { $0 > 0x20 }) {
    case nil: throw Unusable(reason: "is empty")
    case UInt8(ascii: "{"): self = try LLVMReport.coverage(in: content)
    case UInt8(ascii: "<"): self = try CoberturaReport.coverage(in: content)
    default: self = try LCOVReport.coverage(in: content)
    }
    guard (0...total).contains(covered) else {
      throw Unusable(reason: "contradicts itself: \(covered) of \(total) lines covered")
    }
    guard total > 0 else { throw Unusable(reason: "counts no line at all: was anything measured?") }
  }

  init(covered: Int, total: Int) {
    self.covered = covered
    self.total = total
  }

  /// The lines of one file after another, each line once, however often a report has it.
  init(hits: [String: [Int: Bool]]) {
    self.init(
      covered: hits.values.reduce(0) { $0 + $1.values.count { $0 } },
      total: hits.values.reduce(0) { $0 + $1.count }
    )
  }

  /// Whether at least so many percent are covered, without rounding.
  func reaches(_ percent: Double) -> Bool { Double(covered) * 100 >= percent * Double(total) }

  /// `93.41 % (1024 of 1096 lines)`; cut and not rounded, so that no number looks like one that it doesn't reach.
  var words: String {
    let hundredths = total > 0 ? covered.multipliedFullWidth(by: 10_000).high == 0 ? covered * 10_000 / total : 0 : 0
    let digits = hundredths % 100
    return "\(hundredths / 100).\(digits < 10 ? "0" : "")\(digits) % (\(covered) of \(total) lines)"
  }
}
