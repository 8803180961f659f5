import Foundation
import Methodology
import SystemPackage
import Testing

@Suite struct PlanLocatorTests {
  let scratch: Scratch
  let locator: PlanLocator

  init() throws {
    scratch = try Scratch()
    locator = PlanLocator(root: scratch.path)
    for folder in [
      "work-space/plans/NEW-PARSER", "work-space/plans/new-parser-tests", "work-space/plans/archive/OLD-PARSER",
      "Workflows/diamond", "Workflows/Wide",
    ] { try scratch.write("\(folder)/parallel.json", "{}") }
  }

  private func path(_ relative: String) -> FilePath { scratch.path.pushing(FilePath(relative)) }

  private func failure(_ argument: String) throws -> MethodologyError {
    try #require(throws: MethodologyError.self) { try locator.locate(argument) }
  }

  @Test func takesAFileAsItIs() throws {
    try scratch.write("elsewhere/mine.json", "{}")
    #expect(try locator.locate(path("elsewhere/mine.json").string) == path("elsewhere/mine.json"))
  }

  @Test func takesAFolderThatHoldsAPlan() throws {
    #expect(try locator.locate(path("Workflows/diamond").string) == path("Workflows/diamond/parallel.json"))
    try scratch.link("short", to: path("Workflows/diamond").string)
    #expect(try locator.locate(path("short").string) == path("short/parallel.json"))
  }

  @Test(arguments: [
    ("@NEW-PARSER", "work-space/plans/NEW-PARSER"), ("@wide", "Workflows/Wide"), ("@iamo", "Workflows/diamond"),
    ("@old", "work-space/plans/archive/OLD-PARSER"), ("@new-parser", "work-space/plans/NEW-PARSER"),
    ("@TESTS", "work-space/plans/new-parser-tests"),
  ])
  func findsAName(argument: String, folder: String) throws {
    #expect(try locator.locate(argument) == path(folder).appending("parallel.json"))
  }

  @Test func anExactNameBeatsOneThatDiffersInCase() throws {
    // Two folders that differ in case alone: not every file system has such.
    try scratch.write("work-space/plans/sub/diamond-x/parallel.json", "{}")
    #expect(try locator.locate("@diamond") == path("Workflows/diamond/parallel.json"))
  }

  @Test func anAmbiguousNameListsItsPlans() throws {
    let error = try failure("@PARSER")
    #expect(error.code == .ambiguous)
    #expect(error.subject == "@PARSER")
    #expect(error.message.contains("means 3 plans"))
    #expect(error.message.contains(path("work-space/plans/archive/OLD-PARSER/parallel.json").string))
  }

  @Test func theSameNameInBothPlacesIsAmbiguous() throws {
    try scratch.write("work-space/plans/diamond/parallel.json", "{}")
    #expect(try failure("@diamond").code == .ambiguous)
  }

  @Test func anUnknownNameListsWhatThereIs() throws {
    let error = try failure("@nothing")
    #expect(error.code == .notFound)
    #expect(error.message.contains("There is: @NEW-PARSER, @OLD-PARSER, @new-parser-tests, @Wide, @diamond."))
    #expect(try failure("@").message.contains("@diamond"))
  }

  @Test func longOffersAreCounted() throws {
    for number in 1...20 { try scratch.write("Workflows/more-\(number)/parallel.json", "{}") }
    #expect(try failure("@nothing").message.contains(" and 13 more."))
  }

  @Test func whereThereIsNoPlanTheErrorSaysHowToMakeOne() throws {
    let empty = try Scratch()
    let error = try #require(throws: MethodologyError.self) { try PlanLocator(root: empty.path).locate("@any") }
    #expect(error.message.contains("'plait init'"))
  }

  @Test func missingPathsAndFoldersWithoutPlanAreToldApart() throws {
    let missing = try failure(path("nowhere").string)
    #expect(missing.code == .notFound)
    #expect(missing.message.hasPrefix("no such file or folder. There is: @NEW-PARSER"))
    #expect(try failure(path("Workflows/diamond/parallel.json/deeper").string).code == .notFound)

    let above = try failure(path("Workflows").string)
    #expect(above.message.hasPrefix("has no parallel.json. Below it there is: "))
    #expect(above.message.contains("Workflows/diamond/parallel.json"))

    try scratch.makeFolder("empty")
    #expect(try failure(path("empty").string).message.contains("plait init"))
    #expect(try failure("").code == .notFound)

    try scratch.link("dangling", to: "nowhere")
    #expect(try failure(path("dangling").string).code == .notFound)
  }

  @Test func aFolderCalledLikeAPlanIsNotOne() throws {
    try scratch.makeFolder("odd/parallel.json")
    #expect(try failure(path("odd").string).code == .notAPlan)
  }

  @Test func aPathThatLoopsIsAnError() throws {
    try scratch.link("loop", to: "loop")
    #expect(try failure(path("loop").string).code == .unreadable)
  }
}

@Suite struct PlanSearchTests {
  @Test func findsEveryPlanOnceAndLeavesOutWhatIsNotTheUsers() throws {
    let scratch = try Scratch()
    let wanted = ["a/parallel.json", "a/b/parallel.json", "parallel.json", "z/.hidden/parallel.json"]
    let unwanted = [
      ".git/parallel.json", "a/.git/x/parallel.json", ".build/parallel.json", ".build-tsan/parallel.json",
      "node_modules/m/parallel.json", "repo.plait/1/parallel.json", "a/parallel.json.bak", "a/my-parallel.json",
    ]
    for file in wanted + unwanted { try scratch.write(file, "{}") }
    try scratch.link("a/loop", to: "..")
    try scratch.link("b", to: "a")
    let found = try PlanSearch(below: scratch.path)
    let expected = wanted.map { scratch.path.pushing(FilePath($0)) }.sorted { $0.string < $1.string }
    #expect(found.plans == expected)
    #expect(found.unreadable.isEmpty)
  }

  @Test func aLinkToAPlanFileCounts() throws {
    let scratch = try Scratch()
    try scratch.write("real.json", "{}")
    try scratch.link("parallel.json", to: "real.json")
    #expect(try PlanSearch(below: scratch.path).plans == [scratch.path.appending("parallel.json")])
  }

  @Test func foldersNestedVeryDeepAreSearched() throws {
    let scratch = try Scratch()
    let deep = Array(repeating: "d", count: 200).joined(separator: "/")
    try scratch.write("\(deep)/parallel.json", "{}")
    #expect(try PlanSearch(below: scratch.path).plans.count == 1)
  }

  @Test func aTopThatIsNotAFolderIsAnError() throws {
    let scratch = try Scratch()
    let error = try #require(throws: MethodologyError.self) {
      try PlanSearch(below: scratch.path.appending("nothing"))
    }
    #expect(error.code == .unreadable)
  }

  // Root may read everything, so there is nothing to see as root.
  @Test(.enabled(if: getuid() != 0)) func whatCannotBeReadIsNamed() throws {
    let scratch = try Scratch()
    try scratch.write("closed/parallel.json", "{}")
    try scratch.write("open/parallel.json", "{}")
    let closed = scratch.url.appendingPathComponent("closed").path
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: closed)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: closed) }
    let found = try PlanSearch(below: scratch.path)
    #expect(found.plans == [scratch.path.pushing("open/parallel.json")])
    #expect(found.unreadable == [FilePath(closed)])
  }
}
