import Foundation

/// A Chromium of this machine.
package enum Chromium {
  private static let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]

  /// Where it is on the search path; nil when it is nowhere.
  package static let program: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.lazy.flatMap { folder in names.map { "\(folder)/\($0)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Without a window, and with all that it keeps in `folder`.
  package static func arguments(profile folder: String) -> [String] {
    [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
      "--user-data-dir=\(folder)", "--window-size=1280,900",
    ]
  }
}
