import Foundation
import SystemPackage

/// A folder of a test's own that goes away with it.
final class Scratch {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("methodology-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  var path: FilePath { FilePath(url.path) }

  /// Writes a file, and the folders above it.
  func write(_ path: String, _ content: String = "") throws {
    let file = url.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(content.utf8).write(to: file)
  }

  func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(at: url.appendingPathComponent(path), withIntermediateDirectories: true)
  }

  func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: url.appendingPathComponent(path).path,
      withDestinationPath: target
    )
  }
}

/// Cases that live beside the repository, not in it: looked for in PLAIT_FIXTURES, else next to the package.
enum Fixtures {
  static let folder: URL? = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let beside = package.deletingLastPathComponent().appendingPathComponent("shared/fixtures")
    let folder = ProcessInfo.processInfo.environment["PLAIT_FIXTURES"].map { URL(fileURLWithPath: $0) } ?? beside
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  static func load<Case: Decodable>(_ name: String) throws -> [Case] {
    guard let folder else { return [] }
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: folder.appendingPathComponent(name)))
  }
}
