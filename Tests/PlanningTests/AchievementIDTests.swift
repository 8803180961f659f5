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
}
