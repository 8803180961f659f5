import Foundation

/// What has been found out so far. It is written section by section, so that a run that is stopped leaves what it has.
struct Page {
  private let file: FileHandle?

  /// Begins a page on standard output, and in the file `output` from its start.
  init(output: String?) throws {
    file = try output.map { path in
      guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
      else { throw NotMeasured(reason: "\(path) can't be written") }
      return file
    }
  }

  /// Adds paragraphs.
  func add(_ text: String) throws {
    let bytes = Data((text.trimmingCharacters(in: .newlines) + "\n\n").utf8)
    try FileHandle.standardOutput.write(contentsOf: bytes)
    try file?.write(contentsOf: bytes)
  }
}

/// A Markdown table.
struct Table {
  let header: [String]
  private(set) var rows: [[String]] = []

  init(_ header: [String]) { self.header = header }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The first column is text, the others are numbers.
  var markdown: String {
    let rule = header.indices.map { $0 == 0 ? "---" : "---:" }
    return ([header, rule] + rows).map { "| " + $0.map(Self.escaped).joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }

  private static func escaped(_ cell: String) -> String {
    cell.replacingOccurrences(of: "|", with: "\\|").replacingOccurrences(of: "\n", with: " ")
  }
}

extension Table {
  /// One row for each standing. `ratio` is to the first that was measured, the one that everything else is held against.
  init(_ first: String, _ standings: [Standing], unit: Quantity) {
    let reference = standings.first { !$0.samples.isEmpty }
    let ratio = reference.map { "÷ \($0.name)" } ?? "ratio"
    self.init([first, "median", "min–max", ratio, "n"])
    for standing in standings {
      guard let median = standing.samples.median, let low = standing.samples.minimum,
        let high = standing.samples.maximum
      else {
        add([standing.name, "not measured: \(standing.failure ?? "nothing ran")", "", "", "0"])
        continue
      }
      let compared = reference.flatMap { standing.samples.ratio(to: $0.samples) }
      let note = standing.failure.map { " (then failed: \($0))" } ?? ""
      add([
        standing.name + note, unit.text(median), "\(unit.text(low))–\(unit.text(high))",
        compared.map { Self.number($0, digits: 2) } ?? "", "\(standing.samples.count)",
      ])
    }
  }

  static func number(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }
}

/// How numbers are written.
enum Quantity {
  case seconds
  case milliseconds
  case ratio

  func text(_ value: Double) -> String {
    switch self {
    case .seconds: Table.number(value, digits: 3) + " s"
    case .milliseconds: Table.number(value * 1e3, digits: value < 0.1 ? 2 : 0) + " ms"
    case .ratio: Table.number(value, digits: 4)
    }
  }
}

/// What is said while it goes on: to standard error, so that standard output is the page and nothing else.
enum Notice {
  static func say(_ text: String) {
    FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
  }
}
