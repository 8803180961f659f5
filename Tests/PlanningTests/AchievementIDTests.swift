import Foundation
import Planning
import Testing

struct AchievementIDTests {
  @Test func idsAreOrderedByTheirNumbers() {
    let ids = ["10.1", "1.10", "1.9", "2.1.1", "2.1", "1.1"].compactMap { AchievementID($0) }
    #expect(ids.sorted().map(\.text) == ["1.1", "1.9", "1.10", "2.1", "2.1.1", "10.1"])
    #expect(AchievementID("99999999999999999999.1")?.numbers == [Int.max, 1])
    #expect(AchievementID("1.11")?.fileSuffix == AchievementID("11.1")?.fileSuffix)
  }

  @Test func idsSurviveEncodingAndOtherTextDoesNotBecomeOne() throws {
    let id = try #require(AchievementID("1.10"))
    let data = try JSONEncoder().encode([id])
    #expect(String(decoding: data, as: UTF8.self) == "[\"1.10\"]")
    #expect(try JSONDecoder().decode([AchievementID].self, from: data) == [id])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([AchievementID].self, from: Data("[\"1\"]".utf8))
    }
  }

  @Test func anIdOfSeveralPlansSaysWhichOneItIsOf() throws {
    let id = try #require(AchievementID("MY-PLAN_2.x:1.10"))
    #expect(id.plan == "MY-PLAN_2.x" && id.plain.text == "1.10" && id.plain.plan == nil)
    #expect(id.numbers == [1, 10] && id.fileSuffix == "110" && id.pathComponent == "MY-PLAN_2.x+1.10")
    #expect(id.plain.of(plan: "MY-PLAN_2.x") == id && id.of(plan: "B").text == "B:1.10")
    #expect(id.text(besides: id.of(plan: "B")) == "MY-PLAN_2.x:1.10")
    #expect(id.text(besides: try #require(AchievementID("MY-PLAN_2.x:1.1"))) == "1.10")
    #expect(try JSONDecoder().decode([AchievementID].self, from: JSONEncoder().encode([id])) == [id])
    let ids = ["B:1.1", "A:10.1", "1.1", "A:9.1", "2.1"].compactMap { AchievementID($0) }
    #expect(ids.sorted().map(\.text) == ["1.1", "2.1", "A:9.1", "A:10.1", "B:1.1"])
    #expect(Set(ids.map(\.pathComponent)).count == ids.count)
  }

  @Test func onlyNamesThatFitIntoRefsAndFoldersNameAPlan() {
    for name in ["A", "9", "a.b-c_d", "PLAN_OLD-PARSER", "a.", "a-.b", String(repeating: "x", count: 100)] {
      #expect(AchievementID.canName(name), "\(name)")
      #expect(AchievementID("\(name):1.1") != nil, "\(name)")
    }
    let odd = [
      "", ".", ".a", "-a", "_a", "a..b", "a b", "a/b", "a+b", "a:b", "ä", "a\n", String(repeating: "x", count: 101),
    ]
    for name in odd {
      #expect(!AchievementID.canName(name), "\(name)")
      #expect(AchievementID("\(name):1.1") == nil, "\(name)")
    }
    #expect(AchievementID("A:") == nil && AchievementID("A:1") == nil && AchievementID("A:1.1:1.1") == nil)
    #expect(AchievementID(plain: "A:1.1") == nil && AchievementID(plain: "1.1") != nil)
  }
}
