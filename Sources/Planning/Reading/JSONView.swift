/// A value of a JSON text, for documents that hold JSON and are no plans: a view of the scanned text, cheap to copy.
package struct JSONView: Sendable {
  private let document: JSONDocument
  private let node: Int

  /// Scans `bytes`: a JSON text, or Markdown whose first fenced object with achievements is meant; nil when there is none
  /// or it is broken.
  package init?(_ bytes: [UInt8]) {
    let scan = JSONSource.scan(bytes)
    guard let document = scan.document, scan.diagnostics.isEmpty else { return nil }
    self.init(document, 0)
  }

  private init(_ document: JSONDocument, _ node: Int) {
    self.document = document
    self.node = node
  }

  /// The member of an object with this key; nil when there is none, or when it is null.
  package subscript(_ key: String) -> JSONView? {
    guard document.kind(of: node) == .object else { return nil }
    for child in document.children(of: node) where document.key(of: child) == key {
      return document.kind(of: child) == .null ? nil : JSONView(document, child)
    }
    return nil
  }

  /// The values of an array, first to last; nil for anything else.
  package var elements: [JSONView]? {
    guard document.kind(of: node) == .array else { return nil }
    return document.children(of: node).map { JSONView(document, $0) }
  }

  /// The text; nil for anything else.
  package var string: String? {
    document.kind(of: node) == .string ? document.text(of: node) : nil
  }

  /// The value as it is written, which for a text is the text itself; nil for objects and arrays.
  package var scalar: String? {
    switch document.kind(of: node) {
    case .object, .array: nil
    case .string: document.text(of: node)
    default: String(decoding: document.source(of: node), as: UTF8.self)
    }
  }

  /// Where the value begins.
  package var place: SourcePlace { document.place(of: node) }
}

/// Reads and writes estimates where they stand outside a plan file, in the same forms: `4-6 hours`, `~20 min`, `2h`.
package enum EstimateText {
  /// The range in hours; nil when `text` is none, or when it is reversed.
  package static func hours(_ text: String) -> HourRange? {
    guard let range = TimeText.hours(Array(text.utf8)[...]), range.low <= range.high, range.high <= TimeText.mostHours
    else { return nil }
    return range
  }

  /// The range in words: `4–6 h`, `0.5 h`.
  package static func words(_ range: HourRange) -> String {
    let (low, high) = (plain(range.low), plain(range.high))
    return low == high ? "\(low) h" : "\(low)–\(high) h"
  }

  /// The range as a plan file has it: `4-6`, or one number.
  package static func field(_ range: HourRange) -> String {
    range.low == range.high ? plain(range.low) : "\(plain(range.low))-\(plain(range.high))"
  }

  /// Hours with at most two decimals, and none where none is needed.
  private static func plain(_ hours: Double) -> String {
    let hundredths = Int64((hours * 100).rounded())
    let (whole, rest) = (hundredths / 100, hundredths % 100)
    if rest == 0 { return "\(whole)" }
    return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
