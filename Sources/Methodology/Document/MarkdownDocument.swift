import CMarkdown

/// The lines of a Markdown text as its parser sees them: what is a heading, a list, code.
///
/// Flat and in the text's order, so that a reader walks over it once. HTML (comments among it) and block quotes are left out: they
/// are about the document and not the document.
struct MarkdownDocument {
  /// A line of a heading or a paragraph, or a whole code block.
  struct Line {
    enum Kind: Equatable {
      case heading(Int)
      case text
      /// A code block with the word after its fence; empty without one.
      case code(String)
    }

    let kind: Kind
    /// From 1.
    let number: Int
    /// How many list items it stands in.
    let depth: Int
    /// Whether it is the first line of a list item.
    let opensItem: Bool
    /// Whether it goes on with the paragraph of the line before.
    let isContinuation: Bool
    var runs: [Run]

    /// The whole text without any markup.
    var text: String { runs.map(\.text).joined() }

    var isCode: Bool { if case .code = kind { true } else { false } }
    var level: Int? { if case .heading(let level) = kind { level } else { nil } }
  }

  /// A part of a line in one style.
  struct Run: Equatable {
    enum Style { case plain, strong, code }
    let style: Style
    var text: String
  }

  let lines: [Line]

  /// Parses UTF-8; never fails, since every text is Markdown.
  init(_ bytes: [UInt8]) {
    var collector = LineCollector()
    let root = bytes.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) {
        cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT)
      }
    }
    defer { cmark_node_free(root) }
    guard let iterator = cmark_iter_new(root) else {
      lines = []
      return
    }
    defer { cmark_iter_free(iterator) }
    while true {
      let event = cmark_iter_next(iterator)
      guard event != CMARK_EVENT_DONE else { break }
      if let node = cmark_iter_get_node(iterator) { collector.take(node, isEntering: event == CMARK_EVENT_ENTER) }
    }
    lines = collector.lines
  }
}

/// Turns the parser's events into lines.
private struct LineCollector {
  private(set) var lines: [MarkdownDocument.Line] = []
  private var current: MarkdownDocument.Line?
  private var depth = 0
  private var quotes = 0
  private var strongs = 0
  /// Whether a list item has begun and has no line yet.
  private var isItemOpen = false

  mutating func take(_ node: OpaquePointer, isEntering: Bool) {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_ITEM:
      depth += isEntering ? 1 : -1
      isItemOpen = isEntering
    case CMARK_NODE_BLOCK_QUOTE: quotes += isEntering ? 1 : -1
    case CMARK_NODE_HEADING:
      if isEntering { begin(.heading(Int(cmark_node_get_heading_level(node))), at: node) } else { finish() }
    case CMARK_NODE_PARAGRAPH:
      if isEntering { begin(.text, at: node) } else { finish() }
    case CMARK_NODE_CODE_BLOCK:
      begin(.code(LineCollector.string(cmark_node_get_fence_info(node))), at: node)
      append(.code, LineCollector.string(cmark_node_get_literal(node)))
      finish()
    case CMARK_NODE_STRONG: strongs += isEntering ? 1 : -1
    case CMARK_NODE_TEXT: append(strongs > 0 ? .strong : .plain, LineCollector.string(cmark_node_get_literal(node)))
    case CMARK_NODE_CODE: append(.code, LineCollector.string(cmark_node_get_literal(node)))
    case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: breakLine()
    default: break
    }
  }

  private mutating func begin(_ kind: MarkdownDocument.Line.Kind, at node: OpaquePointer) {
    guard quotes == 0 else { return }
    let number = Int(cmark_node_get_start_line(node))
    current = MarkdownDocument.Line(
      kind: kind,
      number: number,
      depth: depth,
      opensItem: isItemOpen,
      isContinuation: false,
      runs: []
    )
    isItemOpen = false
  }

  private mutating func append(_ style: MarkdownDocument.Run.Style, _ text: String) {
    guard !text.isEmpty, let last = current?.runs.last else {
      if !text.isEmpty { current?.runs.append(MarkdownDocument.Run(style: style, text: text)) }
      return
    }
    // The parser cuts text at every character that could have been markup.
    if last.style == style, style != .code, let end = current?.runs.indices.last {
      current?.runs[end].text += text
    } else {
      current?.runs.append(MarkdownDocument.Run(style: style, text: text))
    }
  }

  private mutating func breakLine() {
    guard let line = current else { return }
    finish()
    current = MarkdownDocument.Line(
      kind: line.kind,
      number: line.number + 1,
      depth: line.depth,
      opensItem: false,
      isContinuation: true,
      runs: []
    )
  }

  private mutating func finish() {
    if let line = current, line.isCode || !line.runs.isEmpty { lines.append(line) }
    current = nil
  }

  private static func string(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }
}
