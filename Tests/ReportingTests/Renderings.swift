import Foundation
import Testing

@testable import Reporting

/// Writes sample renderings to the folder that PLAIT_RENDERINGS names, to be looked at; does nothing without it.
@Suite struct Renderings {
  @Test func writeSamples() throws {
    guard let folder = ProcessInfo.processInfo.environment["PLAIT_RENDERINGS"] else { return }
    for (name, text) in try Samples.all() {
      try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }
  }
}
