import Foundation
import Planning

/// The collection of real plans that may lie beside the project; tests that need it are skipped without it.
enum Fixtures {
  static let folder: URL? = {
    let named = ProcessInfo.processInfo.environment["PLAIT_FIXTURES"].map { URL(fileURLWithPath: $0) }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let beside = root.deletingLastPathComponent().appending(path: "shared/fixtures")
    return [named, beside].compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  static func bytes(_ path: String) throws -> [UInt8] {
    guard let folder else { throw CocoaError(.fileNoSuchFile) }
    return Array(try Data(contentsOf: folder.appending(path: path)))
  }

  static func json<Value: Decodable>(_ path: String, as type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(try bytes(path)))
  }
}

/// Builds plan files for tests.
enum Sample {
  static func item(_ id: String, _ dependencies: [String] = [], _ more: String = "") -> String {
    let list = dependencies.map { "\"\($0)\"" }.joined(separator: ", ")
    return "{\"achievement_id\": \"\(id)\", \"dependencies\": [\(list)]\(more.isEmpty ? "" : ", " + more)}"
  }

  static func plan(_ items: [String], level: String = "level_3", _ more: String = "") -> String {
    """
    {
      "plan_name": "SAMPLE",
      "parallelization_level": "\(level)",
      "achievements": [
        \(items.joined(separator: ",\n    "))
      ]\(more.isEmpty ? "" : ",\n  " + more)
    }
    """
  }
}

func read(_ text: String) -> PlanReading { PlanReader.read(Array(text.utf8)) }

extension PlanReading {
  var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
  var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }
  var errorCodes: [String] { errors.map(\.code) }
  var warningCodes: [String] { warnings.map(\.code) }

  func first(_ code: String) -> Diagnostic? { diagnostics.first { $0.code == code } }
}
