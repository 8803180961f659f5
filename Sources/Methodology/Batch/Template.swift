package import SystemPackage

/// A text with places to fill: `{{name}}`, and parts between `{{#name}}` and `{{/name}}` that are left out when `name` is empty.
///
/// The marks of a part stand on lines of their own. Every template is built in, and gives way to a file of the user's.
package struct Template: Sendable, Equatable {
  /// What can be made from templates.
  package enum Name: String, Sendable, CaseIterable {
    case subplan = "SUBPLAN"
    case executionTask = "EXECUTION_TASK"
    case approved = "APPROVED"
    case fix = "FIX"
    case skipped = "SKIPPED"
  }

  private enum Line: Sendable, Equatable {
    case begins(String)
    case ends(String)
    case text([Piece])
  }

  private enum Piece: Sendable, Equatable {
    case text(String)
    case place(String)
  }

  /// Where it comes from, for messages: a path, or the name of a built-in one.
  package let origin: String
  private let lines: [Line]

  /// The template called `name`: `templates/<NAME>.md` in the plan's folder, else `.plait/templates/<NAME>.md` in the
  /// repository's, else the built-in one. Throws `MethodologyError` when a file is there and can't be read.
  package init(_ name: Name, planFolder: FilePath, repository: FilePath?) throws {
    let file = "\(name.rawValue).md"
    let places = [planFolder.appending("templates")] + (repository.map { [$0.pushing(".plait/templates")] } ?? [])
    for path in places.map({ $0.appending(file) }) where TextFile.exists(path) {
      self.init(origin: path.string, text: String(decoding: try TextFile.read(path), as: UTF8.self))
      return
    }
    self.init(origin: "the template \(file)", text: Template.builtIn(name))
  }

  init(origin: String, text: String) {
    self.origin = origin
    lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(Template.line)
  }

  /// The text with its places filled; throws `MethodologyError` for a place that `values` doesn't know, or a part without end.
  package func filled(_ values: [String: String]) throws -> String {
    var result: [String] = []
    // The names of the open parts; text is kept while all of them have a value.
    var parts: [String] = []
    for (number, line) in lines.enumerated() {
      switch line {
      case .begins(let name):
        _ = try value(name, values, number)
        parts.append(name)
      case .ends(let name):
        guard parts.popLast() == name else { throw invalid("ends the part \(name), which isn't open", number) }
      case .text(let pieces):
        guard parts.allSatisfy({ values[$0]?.isEmpty == false }) else { continue }
        var text = ""
        for piece in pieces {
          switch piece {
          case .text(let own): text += own
          case .place(let name): text += try value(name, values, number)
          }
        }
        result.append(text)
      }
    }
    if let open = parts.last { throw invalid("has no {{/\(open)}}", lines.count - 1) }
    return Template.withoutGaps(result)
  }

  private func value(_ name: String, _ values: [String: String], _ number: Int) throws -> String {
    if let value = values[name] { return value }
    let known = values.keys.sorted().joined(separator: ", ")
    throw invalid("has no value for {{\(name)}}. It may use: \(known)", number)
  }

  private func invalid(_ what: String, _ number: Int) -> MethodologyError {
    MethodologyError(.invalid, origin, "\(what) (line \(number + 1)).")
  }

  private static func line(_ text: Substring) -> Line {
    let mark = text.trimmed
    if mark.hasPrefix("{{"), mark.hasSuffix("}}"), mark.count > 5 {
      let name = String(mark.dropFirst(3).dropLast(2))
      let kind = mark.dropFirst(2).first
      if !name.contains("}"), kind == "#" { return .begins(name) }
      if !name.contains("}"), kind == "/" { return .ends(name) }
    }
    var pieces: [Piece] = []
    var rest = text
    while let start = rest.firstRange(of: "{{"), let end = rest[start.upperBound...].firstRange(of: "}}") {
      pieces.append(.text(String(rest[..<start.lowerBound])))
      pieces.append(.place(String(rest[start.upperBound..<end.lowerBound].trimmed)))
      rest = rest[end.upperBound...]
    }
    return .text(pieces + [.text(String(rest))])
  }

  /// Joined lines, without blank lines one after the other where a part was left out, ending in one newline.
  private static func withoutGaps(_ lines: [String]) -> String {
    var result: [String] = []
    for line in lines.flatMap({ $0.split(separator: "\n", omittingEmptySubsequences: false) }) {
      if line.isEmpty, result.last?.isEmpty ?? true { continue }
      result.append(String(line))
    }
    while result.last?.isEmpty == true { result.removeLast() }
    return result.joined(separator: "\n") + "\n"
  }
}
