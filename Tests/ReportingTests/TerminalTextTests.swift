import Testing

@testable import Reporting

@Suite struct TerminalTextTests {
  @Test func jsonIsFitForATerminalAndReadsBackTheSame() throws {
    let text = "\u{1B}[2J \u{9B}31m \u{202E} \u{E0041} ü 漢 👩‍🔧"
    let json = try JSONText.render(["a": text])
    let raw = json.unicodeScalars.filter {
      $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) || $0 == "\u{202E}"
    }
    #expect(raw.isEmpty)
    #expect(json.contains("\\u009b31m \\u202e \\udb40\\udc41 ü 漢 👩‍🔧"))
    #expect(try JSONText.parse([String: String].self, from: json) == ["a": text])
  }

  @Test(arguments: [
    ("plain text", "plain text"), ("a\u{1B}[31mb", "a\\e[31mb"), ("one\ntwo\r\nthree\r", "one\\ntwo\\r\\nthree\\r"),
    ("tab\there", "tab here"), ("bell\u{7}", "bell\\u{7}"), ("\u{9B}2J", "\\u{9B}2J"),
    ("a\u{202E}b\u{2066}c\u{200F}", "a\\u{202E}b\\u{2066}c\\u{200F}"), ("x\u{2028}y", "x\\u{2028}y"),
    ("\u{FEFF}bom", "\\u{FEFF}bom"), ("naïve Größe", "naïve Größe"), ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"), ("", ""),
  ])
  func showsWhatIsDangerous(text: String, expected: String) {
    #expect(TerminalText.safe(text) == expected)
  }

  @Test func noScalarOfATextReachesTheTerminalAsAControl() {
    for value in UInt32(0)..<0x3000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let shown = TerminalText.safe(String(Character(scalar)))
      for part in shown.unicodeScalars {
        #expect(part.value >= 0x20 && !(0x7F...0x9F).contains(part.value), "U+\(String(value, radix: 16))")
      }
    }
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("日本語", 6, "日本語"),
    ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("日本語", 1, "…"), ("a\u{1B}b", 3, "a…"),
  ])
  func cutsToAWidth(text: String, limit: Int, expected: String) {
    let shown = TerminalText.safe(text, limit: limit)
    #expect(shown == expected)
    #expect(TerminalText.displayWidth(shown) <= limit)
  }

  @Test(arguments: [
    ("abc", 3), ("日本", 4), ("한글", 4), ("e\u{301}", 1), ("👍🏽", 2), ("👩‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("❤️", 2), ("ｆｕｌｌ", 8),
    ("█▓░", 3), ("⠋", 1), ("\u{200D}", 0), ("ﾊﾝ", 2),
  ])
  func knowsHowWideCharactersAre(text: String, width: Int) {
    #expect(TerminalText.displayWidth(text) == width)
  }

  @Test func marksWithoutEndAreCut() {
    let shown = TerminalText.safe("a" + String(repeating: "\u{301}", count: 10_000), limit: 10)
    #expect(shown.unicodeScalars.count <= 12)
  }

  @Test(arguments: [
    ("\u{1B}[32mok\u{1B}[0m", "ok"), ("10%\r50%\r100%", "100%"), ("done\r", "done"),
    ("\u{1B}]0;title\u{7}text", "text"),
    ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"), ("\u{1B}(Bx", "x"), ("\u{9B}1mred", "red"),
    ("\u{1B}[", ""), ("   indented", "indented"), ("bad\u{8}", "bad\\u{8}"), ("\u{1B}", ""),
    ("\u{1B}Pdevice\u{9C}rest", "rest"),
  ])
  func showsALineOfOutputAsItLooked(line: String, expected: String) {
    #expect(TerminalText.logLine(line) == expected)
  }

  @Test func padsByWidth() {
    #expect(TerminalText.padded("日", to: 4) == "日  ")
    #expect(TerminalText.right("日", to: 4) == "  日")
    #expect(TerminalText.padded("long", to: 2) == "long")
  }

  @Test func wrapsAtSpacesAndCutsOnlyWhatCannotFit() {
    #expect(Prose.wrapped("one two three", width: 7) == ["one two", "three"])
    #expect(Prose.wrapped("unbreakable", width: 6, indent: "  ") == ["  unb…"])
    #expect(Prose.wrapped("", width: 6) == [])
  }
}

@Suite struct QuantityTests {
  @Test(arguments: [
    (0, "0 s"), (0.0004, "0 s"), (0.042, "42 ms"), (0.0994, "99 ms"), (0.0996, "0.1 s"), (4.2, "4.2 s"),
    (59.94, "59.9 s"), (59.96, "1 m 00 s"), (192, "3 m 12 s"), (3599.4, "59 m 59 s"), (3599.6, "1 h 00 m"),
    (7500, "2 h 05 m"), (172_799, "2 d 00 h"), (273_600, "3 d 04 h"), (-4.2, "-4.2 s"), (.infinity, "–"), (.nan, "–"),
  ])
  func durationsForPeople(seconds: Double, expected: String) {
    #expect(TimeText.text(seconds) == expected)
  }

  @Test(arguments: [(7, "0:07"), (7.99, "0:07"), (724, "12:04"), (3729, "1:02:09"), (-3, "0:00"), (.nan, "–")])
  func stopwatch(seconds: Double, expected: String) {
    #expect(TimeText.clock(seconds) == expected)
  }

  @Test func numbers() {
    #expect(0.6691.percent == "66.9 %")
    #expect(71.0.hours == "71.0 h")
    #expect((-0.04).fixed(1) == "0.0")
    #expect((-1.25).fixed(1) == "-1.3")
    #expect(2.5.fixed(0) == "3")
    #expect(1.005e16.fixed(2) == "1.005e+16")
    #expect(Double.infinity.fixed(1) == "–")
    #expect(0.05.fixed(3) == "0.050")
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_868_799, "2000-02-29T23:59:59Z"),
    (1_767_323_045, "2026-01-02T03:04:05Z"), (4_107_542_400, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
    (1_735_689_599.9, "2024-12-31T23:59:59Z"),
  ])
  func moments(seconds: Double, expected: String) {
    #expect(WallClock.stamp(seconds) == expected)
  }

  @Test func momentsElsewhere() {
    #expect(WallClock.time(0, utcOffset: 5400) == "01:30:00")
    #expect(WallClock.dateAndTime(0, utcOffset: -3600) == "1969-12-31 23:00:00")
    #expect(WallClock.stamp(.infinity) == "1970-01-01T00:00:00Z")
  }
}
