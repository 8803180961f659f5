import Foundation
import Testing

@testable import Reporting

/// What holds for every rendering of every sample. With PLAIT_RENDERINGS set to a folder, writes them there to look at.
@Suite struct Renderings {
  @Test func noRenderingCarriesControlCharacters() throws {
    let folder = ProcessInfo.processInfo.environment["PLAIT_RENDERINGS"]
    for sample in Samples.runs {
      for (name, text) in try Samples.renderings(of: sample) {
        if let folder { try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8) }
        let isRaw = name.hasSuffix(".json") || name.hasSuffix(".csv")
        for scalar in text.unicodeScalars where scalar != "\n" {
          let isControl = scalar.properties.generalCategory == .control || scalar == "\u{202E}"
          #expect(!isControl || isRaw, "\(name) holds U+\(String(scalar.value, radix: 16))")
        }
      }
    }
  }

  @Test func noLineOfTerminalTextIsWiderThanTheTerminal() throws {
    for sample in Samples.runs {
      for (name, text) in try Samples.renderings(of: sample) where name.hasSuffix(".txt") {
        let width = name.hasSuffix("-20.txt") ? 20 : name.hasSuffix("-120.txt") ? 120 : 80
        for line in text.split(separator: "\n") {
          #expect(TerminalText.displayWidth(line) <= width, "\(name): \(line)")
        }
        #expect(!text.contains(" \n"), "\(name) has spaces at a line's end")
      }
    }
  }

  @Test func renderingTwiceGivesTheSame() throws {
    let first = try Samples.renderings(of: Samples.runs[1]).map(\.text)
    let second = try Samples.renderings(of: Samples.runs[1]).map(\.text)
    #expect(first == second)
  }
}
