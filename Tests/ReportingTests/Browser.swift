import Foundation
import TestSupport

@testable import Reporting

/// A Chromium without a window, if this machine has one.
struct Browser {
  /// Where it is; nil when it is nowhere.
  static var program: String? { Chromium.program }

  /// Opens a copy of `page` that ends with `probe`, a script that says what it finds by `note(name, value)`; gives the notes.
  ///
  /// The copy's policy allows the probe by its digest and nothing more, so that everything else is as the page has it.
  static func notes(of page: String, probe: String) throws -> [String: JSONValue] {
    let script = """
      const notes = {};
      const note = (name, value) => { notes[name] = value; };
      try {
      \(probe)
      } catch (error) { note('error', String(error)); }
      const found = document.createElement('pre');
      found.textContent = '[[[' + btoa(unescape(encodeURIComponent(JSON.stringify(notes)))) + ']]]';
      document.body.append(found);
      """
    let probed = page.replacing(
      "script-src ",
      with: "script-src 'sha256-\(SHA256.base64(script))' ",
      maxReplacements: 1
    )
    .replacing("</body>", with: "<script>\(script)</script></body>")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("plait-browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try probed.write(to: folder.appendingPathComponent("page.html"), atomically: true, encoding: .utf8)
    let line = ["sh", "-c", "exec \"$@\" 2>\"$0\"", "\(folder.path)/errors", program ?? "chromium"]
    let dump = try Program.run(
      line + Chromium.arguments(profile: "\(folder.path)/profile") + ["--dump-dom", "file://\(folder.path)/page.html"],
      in: folder.path
    )
    guard let found = dump.firstMatch(of: /\[\[\[([A-Za-z0-9+\/=]+)\]\]\]/),
      let data = Data(base64Encoded: String(found.1))
    else { return ["error": .string("no notes in: \(dump.suffix(300))")] }
    return JSONValue(parsing: String(decoding: data, as: UTF8.self)).members
  }
}
