import Foundation
import Planning
import SystemPackage
import Testing

@testable import Methodology

@Suite struct PlanDocumentTests {
  private let document = SampleDocument.document

  @Test func everyDescribedAchievementIsFoundAndNoneInvented() {
    #expect(document.ids == ["1.1", "1.2", "2.1", "2.2"])
    let titles = ["Tokens Read", "Trees Built", "Command Line Made", "Manual Written"]
    #expect(document.achievements.map(\.title) == titles)
    #expect(document.achievements.map(\.priority) == [1, 1, 2, 2])
    #expect(document.findings.isEmpty)
  }

  @Test func theTopIsRead() {
    #expect(document.title == "New Parser")
    #expect(document.name == "NEW-PARSER")
    #expect(document.header.map(\.label) == ["Status", "Created", "Priority", "Estimated Effort"])
    #expect(document.header[1].value == "2025-11-01")
    #expect(document.goal == "A parser that people understand.")
    #expect(document.archiveLocation == "documentation/archive/new-parser/")
    #expect(document.sections.count == 11)
    #expect(document.index.map(\.id.text) == ["1.1", "1.2"])
  }

  @Test func estimatesAreReadWhereverTheyStand() throws {
    #expect(document["1.1"]?.estimate == HourRange(low: 2, high: 3))
    #expect(document["1.2"]?.estimate == HourRange(low: 3, high: 5))
    #expect(document["2.1"]?.estimate == HourRange(low: 1.5, high: 1.5))
    let day = try #require(document["2.2"])
    #expect(day.estimate == nil && day.estimateText == "about a day")
  }

  @Test func fieldsAreReadWithTheirLists() throws {
    let first = try #require(document["1.1"])
    #expect(first.summary.map(\.text) == ["Read tokens from `bytes`"])
    #expect(
      first.deliverables.map(\.text) == [
        "`tokens.swift` in `Sources/Parser/` (new)", "Tests in `Tests/ParserTests/TokenTests.swift`",
        "one for each kind",
        "A drawing",
      ]
    )
    #expect(first.deliverables.map(\.depth) == [0, 0, 1, 0])
    let paths = first.deliverables.flatMap(\.paths).map(\.path)
    #expect(paths == ["Sources/Parser/tokens.swift", "Tests/ParserTests/TokenTests.swift"])
    #expect(first.success.map(\.text) == ["All kinds are read"])
    #expect(first.testing.map(\.text) == ["Coverage above 90 %"])
    #expect(first.dependencies?.saysNone == true)
    #expect(first.blocks?.ids.map(\.text) == ["1.2"])
    #expect(first.source.hasPrefix("- **Goal**: Read") && first.source.hasSuffix("- **Blocks**: 1.2"))
    let third = try #require(document["2.1"])
    #expect(third.files.flatMap(\.paths).map(\.pattern) == ["Sources/cli/main.swift", "Sources/cli/flags/**"])
    #expect(third.dependencies?.priorities == [1])
    #expect(third.success.map(\.text) == ["It runs"])
  }

  @Test func aLabelInsideOfAListIsNoFieldOfTheAchievement() throws {
    let second = try #require(document["1.2"])
    #expect(second.dependencies?.ids.map(\.text) == ["1.1"])
    #expect(second.dependencies?.isClear == true)
    #expect(second.deliverables.count == 1)
  }

  @Test(
    arguments: [
      ("**Achievement 1.1**: Title", "Title", nil), ("**Achievement 1.1: Title**", "Title", nil),
      ("**Achievement 1.1: Title** ⏱️ 4-6 hours", "Title", "4-6 hours"), ("- Achievement 1.1: Title", "Title", nil),
      ("1. **Achievement 1.1**: Title", "Title", nil), ("- [x] Achievement 1.1: Title", "Title", nil),
      ("#### Achievement 1.1: Title", "Title", nil), ("### ✅ Achievement 1.1 - Title ✅ DONE", "Title", nil),
      ("**🎯 ACHIEVEMENT 1.1**: Title (4-6h)", "Title", "4-6h"), ("**Achievement 1.1**: A (b) `c`", "A (b) c", nil),
      ("**Achievement 1.1** – Title – 2 hours", "Title", "2 hours"), ("**Achievement 1.1**", "", nil),
      ("## Achievement 1.1: Title", "Title", nil), ("**Achievement 10.12**: Title", "Title", nil),
      ("**Achievement 1.1 (NEW)**: Title", "(NEW): Title", nil),
    ] as [(String, String, String?)]
  )
  func headingsOfAllForms(line: String, title: String, estimate: String?) {
    let found = SampleDocument.achievements(line + "\n").achievements
    #expect(found.count == 1)
    #expect(found.first?.title == title)
    #expect(found.first?.estimateText == estimate)
  }

  @Test(arguments: [
    "Achievement 1.1: in prose", "**Achievement 1.1 will document**:", "**Achievement 2.2/2.3**: both",
    "**Achievement 0.1-1.3**: a range", "By **Achievement 1.1**: before", "**Achievement 1**: no id",
    "    **Achievement 1.1**: in code", "**Achievements 1.1**: more", "`Achievement 1.1`: code",
    "**Achievement ١.١**: other digits",
  ])
  func whatIsNoHeading(line: String) {
    let document = SampleDocument.achievements(line + "\n")
    #expect(document.achievements.isEmpty)
    #expect(document.codes == ["no-achievements"])
  }

  @Test(
    arguments: [
      ("#### ✅ Achievement 1.1: 🎉 Party ⏱️ 2h", "Party", 2), ("**Achievement 1.1** 🚀 Rocket 🎯 (3 hours)", "Rocket", 3),
      ("### 🧨 Achievement 1.1: ✅ Done ✅ yesterday", "Done", nil), ("**Achievement 1.1**: ⏱️ 4h", "", 4),
    ] as [(String, String, Double?)]
  )
  func decorationIsNoPartOfATitle(line: String, title: String, hours: Double?) throws {
    let found = try #require(SampleDocument.achievements(line).achievements.first)
    #expect(found.title == title && found.estimate?.middle == hours)
  }

  @Test func listsInsideOfDescriptionsDescribeNothing() {
    let document = SampleDocument.achievements(
      """
      **Achievement 1.1**: First

      - Achievement 1.2: only named
        - **Achievement 1.3**: only named, in bold

      #### Details

      - **Effort**: 2 hours
      """
    )
    #expect(document.ids == ["1.1"])
    #expect(document["1.1"]?.estimate?.low == 2)
  }

  @Test func withoutASectionOfThatNameTheFullestOneCounts() {
    let document = SampleDocument.read(
      """
      ## Notes

      **Achievement 1.1**: Named in passing

      ## Work

      ### Achievement 1.1: First

      **Effort**: 1 hour

      ### Achievement 1.2: Second

      ## Status

      - Achievement 1.1: done
      - Achievement 1.2: done
      - Achievement 1.3: done
      """
    )
    #expect(document.achievements.map(\.title) == ["First", "Second"])
  }

  @Test func anIndexAloneIsBetterThanNothing() {
    let document = SampleDocument.read("## Achievement Index\n\n- Achievement 1.1: A (2h)\n- Achievement 1.2: B\n")
    #expect(document.ids == ["1.1", "1.2"])
    #expect(document["1.1"]?.estimate?.high == 2)
  }

  @Test func ofTwoDescriptionsTheFirstCounts() {
    let document = SampleDocument.achievements(
      "**Achievement 1.1**: A\n\ntext\n\n**Achievement 1.1**: B\n\ntext\n\n**Achievement 1.11**: C\n\n**Achievement 11.1**: D\n"
    )
    #expect(document.ids == ["1.1", "1.11", "11.1"])
    #expect(document["1.1"]?.title == "A")
    #expect(document.codes == ["duplicate-achievement", "suffix-collision"])
    #expect(document.findings[0].place.line == 9)
    #expect(document.findings[0].message.contains("first in line 5"))
  }

  @Test func lineEndsOfAllKindsGiveTheSame() {
    let carriage = SampleDocument.read(SampleDocument.text.replacingOccurrences(of: "\n", with: "\r\n"))
    #expect(carriage.ids == document.ids)
    #expect(carriage.achievements.map(\.source) == document.achievements.map(\.source))
    #expect(carriage["2.1"]?.line == document["2.1"]?.line)
  }

  @Test func longAndNestedTextsAreReadInNoTime() {
    let many = (1...3000).map { "**Achievement \($0).1**: Title \($0)\n\n- **Effort**: 1 hour\n" }.joined(
      separator: "\n"
    )
    #expect(SampleDocument.achievements(many).achievements.count == 3000)
    let nested =
      String(repeating: "> ", count: 5000) + "**Achievement 1.1**: T\n" + String(repeating: "- ", count: 2000)
    #expect(SampleDocument.read(nested).achievements.isEmpty)
    #expect(SampleDocument.read("").codes == ["no-achievements"])
  }

  @Test(
    arguments: [
      (text: "1.1, 1.2", ids: ["1.1", "1.2"], priorities: [Int](), isClear: true),
      ("Achievement 1.1 and 2.1", ["1.1", "2.1"], [], true),
      ("1.1-1.3", ["1.1", "1.2", "1.3"], [], true), ("Priority 1", [], [1], true),
      ("1.1 (the parser, see 9.9)", ["1.1"], [], true), ("Needs what 1.1 made", ["1.1"], [], false),
      ("the other plan", [], [], false), ("all of Priority 2, 1.1.", ["1.1"], [2], true),
      ("1.1 → 1.2", ["1.1", "1.2"], [], true),
    ] as [(text: String, ids: [String], priorities: [Int], isClear: Bool)]
  )
  func dependencyLines(text: String, ids: [String], priorities: [Int], isClear: Bool) {
    let line = DependencyReading.read(text, line: 1)
    #expect(line.ids.map(\.text) == ids)
    #expect(line.priorities == priorities)
    #expect(line.isClear == isClear)
    #expect(!line.saysNone)
  }

  @Test(arguments: ["None", "none (standalone)", "Nothing", "N/A"])
  func noDependencies(text: String) {
    let line = DependencyReading.read(text, line: 1)
    #expect(line.saysNone && line.isClear)
  }

  @Test(
    arguments: [
      ("4-6 hours", 4.0, 6.0), ("~20 minutes (done)", 1.0 / 3, 1.0 / 3), ("about 2h", 2, 2),
      ("+1 hour, then 3 h", 3, 3),
      ("2 to 3 hours", 2, 3), ("1.5–2 hrs", 1.5, 2), ("30 min - 1 hour", 0.5, 1),
    ] as [(String, Double, Double)]
  )
  func amountsOfTime(text: String, low: Double, high: Double) throws {
    let found = try #require(EstimateMention.first(in: text))
    #expect(abs(found.low - low) < 1e-9 && abs(found.high - high) < 1e-9)
  }

  @Test(arguments: ["", "soon", "2 days", "v1.2h", "3 houses", "5"]) func noAmountOfTime(text: String) {
    #expect(EstimateMention.first(in: text) == nil)
  }

  @Test(arguments: [
    ("Sources/API/main.swift", "Sources/API/main.swift"), ("Sources/API/", "Sources/API/**"), ("docs/...", "docs/**"),
    ("a/b.py [NEW]", "a/b.py"), ("./a/b.py", "a/b.py"), ("Sources/**", "Sources/**"), ("main.swift", "main.swift"),
  ])
  func paths(text: String, pattern: String) {
    #expect(PathReading.mention(text)?.pattern == pattern)
  }

  @Test(arguments: [
    "/etc/passwd", "../a.py", "a//", "--flag", "self.value", "and/or", "http://a.b/c.md", "1.2", "f()", "",
  ])
  func noPaths(text: String) {
    #expect(PathReading.mention(text) == nil)
  }
}

@Suite struct TextFileTests {
  @Test func whatCannotBeReadIsSaidInOneSentence() throws {
    let scratch = try Scratch()
    try scratch.makeFolder("PLAN_X.md")
    let folder = try #require(throws: MethodologyError.self) { try PlanDocument(scratch.path.appending("PLAN_X.md")) }
    #expect(folder.code == .notAPlan && folder.message == "is a folder; name the document in it.")
    try Data([0x61, 0x0A, 0xFF]).write(to: scratch.url.appendingPathComponent("broken.md"))
    let broken = try #require(throws: MethodologyError.self) { try PlanDocument(scratch.path.appending("broken.md")) }
    #expect(broken.message == "is not UTF-8 (line 2). Save it as UTF-8.")
    try Data([0xFF, 0xFE, 0x61, 0]).write(to: scratch.url.appendingPathComponent("wide.md"))
    let wide = try #require(throws: MethodologyError.self) { try TextFile.read(scratch.path.appending("wide.md")) }
    #expect(wide.message.contains("UTF-16"))
    let missing = try #require(throws: MethodologyError.self) { try TextFile.read(scratch.path.appending("no.md")) }
    #expect(missing.code == .notFound)
    let file = scratch.path.appending("marked.md")
    try Data([0xEF, 0xBB, 0xBF, 0x61]).write(to: scratch.url.appendingPathComponent("marked.md"))
    #expect(try TextFile.read(file) == [0x61])
    truncate(file.string, off_t(TextFile.largest + 1))
    let large = try #require(throws: MethodologyError.self) { try TextFile.read(file) }
    #expect(large.message.contains("larger than 16 MB"))
  }

  @Test func filesAreMadeWholeAndNeverOverwritten() throws {
    let scratch = try Scratch()
    let file = scratch.path.pushing("a/b/c.md")
    try TextFile.create(file, "one")
    let again = try #require(throws: MethodologyError.self) { try TextFile.create(file, "two") }
    #expect(again.code == .exists && again.message == "is there already and is left as it is.")
    #expect(try TextFile.read(file) == Array("one".utf8))
    try TextFile.replace(file, "three")
    #expect(try TextFile.read(file) == Array("three".utf8))
    let other = scratch.path.pushing("x/d.md")
    try TextFile.move(file, to: other)
    #expect(!TextFile.exists(file))
    #expect(throws: MethodologyError.self) { try TextFile.move(file, to: scratch.path.pushing("x/e.md")) }
    try TextFile.create(file, "four")
    let taken = try #require(throws: MethodologyError.self) { try TextFile.move(file, to: other) }
    #expect(taken.code == .exists)
    try TextFile.remove(other)
    let gone = try #require(throws: MethodologyError.self) { try TextFile.remove(other) }
    #expect(gone.code == .unwritable)
    // Nothing is left of the files that were written first.
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.url.appendingPathComponent("a/b").path)
    #expect(left == ["c.md"])
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let scratch = try Scratch()
    try scratch.write("file")
    let error = try #require(throws: MethodologyError.self) {
      try TextFile.create(scratch.path.pushing("file/a.md"), "")
    }
    #expect(error.code == .unwritable)
    #expect(error.description.contains("Check the folder and who may write there."))
  }
}
