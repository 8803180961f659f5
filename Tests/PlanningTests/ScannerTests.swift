import Planning
import Testing

/// What JSON itself demands.
struct ScannerTests {
  private func problem(_ text: String) -> Diagnostic? {
    let reading = read(text)
    #expect(reading.plan == nil)
    return reading.errors.first { $0.code == "json" }
  }

  @Test func offencesHaveTheirPlace() throws {
    let cases: [(String, Int, Int, String)] = [
      ("", 1, 1, "empty"), (" \n\n", 3, 1, "empty"), ("{\n  \"a\": 1,\n}", 2, 9, "comma"),
      ("{\"a\" 1}", 1, 6, "expected `:`"), ("{\"a\": 1 \"b\": 2}", 1, 9, "expected `,`"),
      ("[1 2]", 1, 4, "expected `,`"), ("{a: 1}", 1, 2, "key in double quotes"), ("{\"a\": 01}", 1, 7, "leading zero"),
      ("{\"a\": 1.}", 1, 7, "not complete"), ("{\"a\": -}", 1, 7, "not complete"),
      ("{\"a\": 1e+}", 1, 7, "not complete"),
      ("{\"a\": +1}", 1, 7, "expected a value"), ("{\"a\": nul}", 1, 7, "expected a value"),
      ("{\"a\": True}", 1, 7, "expected a value"), ("{} {}", 1, 4, "follows the end"), ("{} x", 1, 4, "follows"),
      ("{\"a\": \"x\ty\"}", 1, 9, "control character"), ("{\"a\": \"x\ny\"}", 1, 9, "control character"),
      ("{\"a\": \"\\x\"}", 1, 8, "escape"), ("{\"a\": \"\\u12g4\"}", 1, 8, "hexadecimal"),
      ("{\"a\": \"\\ud800\"}", 1, 8, "surrogate"), ("{\"a\": \"\\udc00\"}", 1, 8, "surrogate"),
      ("{\"a\": \"\\ud800\\u0041\"}", 1, 8, "surrogate"), ("{\"a\": [1", 1, 9, "too early"),
      ("{\"a\": \"x", 1, 9, "inside a text"),
      ("{\"a\": \"x\\", 1, 10, "inside a text"), ("]", 1, 1, "expected a value"),
      ("{\"a\": 'x'}", 1, 7, "expected a value"),
      ("{ // note\n}", 1, 3, "key in double quotes"), ("{\"a\": [1,, 2]}", 1, 10, "expected a value"),
    ]
    for (text, line, column, words) in cases {
      let found = try #require(problem(text), "\(text)")
      #expect(found.message.contains(words), "\(text): \(found)")
      #expect(found.place == SourcePlace(line: line, column: column), "\(text): \(found)")
    }
  }

  @Test func bytesThatAreNotUTF8() {
    let sequences: [[UInt8]] = [
      [0xFF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x28, 0xA1], [0xE2, 0x82], [0x80],
    ]
    for sequence in sequences {
      let reading = PlanReader.read(Array("{\"plan_name\": \"".utf8) + sequence + Array("\"}".utf8))
      #expect(reading.errorCodes == ["json"], "\(sequence)")
      #expect(reading.errors.first?.message.contains("UTF-8") == true, "\(sequence): \(reading.errors)")
      #expect(reading.errors.first?.place == SourcePlace(line: 1, column: 16))
    }
    #expect(PlanReader.read([0xFF, 0xFE, 0x7B, 0x00]).errors.first?.message.contains("UTF-16") == true)
  }

  @Test func wellFormedTextIsKeptWhole() throws {
    let title = #"é–😀 \u00e9\ud83d\ude00 \"quoted\" \\ \/ \b\f\n\r\t"#
    let plan = try #require(read(Sample.plan([Sample.item("1.1", [], "\"title\": \"\(title)\"")])).plan)
    #expect(plan.achievements[0].title == "é–😀 é😀 \"quoted\" \\ / \u{8}\u{C}\n\r\t")
  }

  @Test func escapedKeysAndIDsAreTheSameAsPlainOnes() throws {
    let text = Sample.plan([Sample.item("1.1")]).replacingOccurrence(of: "plan_name", with: #"pl\u0061n_name"#)
      .replacingOccurrence(of: "\"1.1\"", with: #""1\u002e1""#)
    let plan = try #require(read(text).plan)
    #expect(plan.achievements[0].id.text == "1.1")
    #expect(plan.name == "SAMPLE")
  }

  @Test func aKeyThatIsThereTwice() throws {
    let twice = try #require(problem("{\"a\": 1,\n \"b\": {\"c\": 1, \"d\": 2, \"\\u0063\": 3}}"))
    #expect(twice.place == SourcePlace(line: 2, column: 24))
    let many = (0..<60).map { "\"k\($0)\": 0" } + ["\"k7\": 1"]
    #expect(problem("{\(many.joined(separator: ","))}")?.message.contains("`k7`") == true)
    let decomposed = Sample.plan([Sample.item("1.1")], "\"\\u00e9\": 1, \"e\\u0301\": 2")
    #expect(read(decomposed).errors.isEmpty, "canonically equivalent keys are two keys")
  }

  @Test func depthIsBoundedAndCostsNoStack() {
    let deep = String(repeating: "[", count: 200_000)
    #expect(problem(deep)?.message.contains("nested deeper") == true)
    let objects = String(repeating: "{\"a\":", count: 100_000)
    #expect(problem(objects)?.message.contains("nested deeper") == true)
    let allowed = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    #expect(read(Sample.plan([Sample.item("1.1")], "\"x\": \(allowed)")).plan != nil)
  }

  @Test func everyPrefixOfAPlanIsAnError() {
    let text = Sample.plan(
      [Sample.item("1.1", [], "\"title\": \"ü\\u00e9\", \"estimated_hours\": \"2–3 h\""), Sample.item("1.2", ["1.1"])],
      "\"worker\": {\"command\": [\"a\"], \"env\": {\"K\": \"v\"}}"
    )
    let bytes = Array(text.utf8)
    #expect(PlanReader.read(bytes).plan != nil)
    for length in bytes.indices {
      let reading = PlanReader.read(Array(bytes[..<length]))
      #expect(reading.plan == nil && reading.errorCodes == ["json"], "\(length)")
      #expect(PlanFixer.fix(Array(bytes[..<length])) == nil)
    }
  }

  @Test func aByteOrderMarkIsNoPartOfTheFirstLine() {
    let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
    #expect(PlanReader.read(bytes + Array(Sample.plan([Sample.item("1.1")]).utf8)).plan != nil)
    let broken = PlanReader.read(bytes + Array("{x".utf8))
    #expect(broken.errors.first?.place == SourcePlace(line: 1, column: 2))
  }

  @Test func aPlanInMarkdownIsReadWithThePlacesOfTheFile() throws {
    let json = Sample.plan([Sample.item("1.1", ["1.9"])])
    let text = """
      # Plan
      ```sh
      { echo no; }
      ```
      ~~~json
      {"other": 1}
      ~~~
      ````json
      \(json)
      ````
      ```json
      {"achievements": 1}
      ```
      """
    let reading = read(text)
    let error = try #require(reading.errors.first)
    #expect(reading.errorCodes == ["missing-dependency"])
    let line = text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains("1.9") }
    #expect(error.place.line == line.map { $0 + 1 })
  }

  @Test func markdownWithoutAPlanOrWithABrokenOne() {
    #expect(read("# x\n```\nno\n```\n").errors.first?.message.contains("no fenced block") == true)
    let broken = read("# x\n```json\n{\"achievements\": [}\n```\n")
    #expect(broken.errors.first?.place.line == 3)
    #expect(read("# just text").errorCodes == ["json"])
    #expect(
      read("```json\n{\"plan_name\": \"X\", \"parallelization_level\": \"level_2\", \"achievements\": []}").plan != nil
    )
  }
}

extension String {
  /// Foundation-free replacement of the first occurrence.
  func replacingOccurrence(of old: String, with new: String) -> String {
    guard let range = self.firstRange(of: old) else { return self }
    return replacingCharacters(in: range, with: new)
  }

  private func replacingCharacters(in range: Range<String.Index>, with new: String) -> String {
    String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }
}
