import Planning
import TestSupport
import Testing

@Suite struct LearnedDurationsTests {
  @Test func tellsTheMiddleAndTheSpread() throws {
    let entry = try #require(LearnedDurations.Entry([30, 10, 20, -1, .nan, .infinity]))
    #expect(entry.median == 20 && entry.count == 3)
    #expect(abs(entry.low - 12) < 1e-9 && abs(entry.high - 28) < 1e-9)
    let two = try #require(LearnedDurations.Entry([7200, 3600]))
    #expect(two.hours == 1.5)
    let one = try #require(LearnedDurations.Entry([4]))
    #expect(one.low == 4 && one.median == 4 && one.high == 4)
    #expect(LearnedDurations.Entry([]) == nil)
    #expect(LearnedDurations(seconds: [id("1.1"): []]).isEmpty)
  }

  @Test func replacesEstimatesAndScalesTheOthers() {
    let plan = makePlan(
      ["1.1": [], "1.2": ["1.1"], "2.1": ["1.2"], "2.2": [], "3.1": []],
      hours: ["1.1": 2, "1.2": 4, "2.1": 8, "2.2": 0]
    )
    // Half an hour where two were estimated, and four where it was four: 0.25 and 1.
    let learned = LearnedDurations(seconds: [id("1.1"): [1800], id("1.2"): [14_400], id("9.9"): [1]])
    #expect(learned.factor(for: plan) == 0.625)
    let analysis = PlanAnalysis(plan, learned: learned)
    #expect(analysis.hours == [0.5, 4, 5, 0, 2.5])
    #expect(analysis.neutralHours == 2.5 && analysis.factor == 0.625)
    #expect(analysis.bLevels[0] == 9.5)
    let sources = plan.achievements.map { analysis.source(of: $0) }
    #expect(sources == [.learned, .learned, .estimate, .estimate, .neutral])
    #expect(learned.ratio(of: plan.achievements[0]) == 0.25 && learned.ratio(of: plan.achievements[4]) == nil)
  }

  @Test func leavesAPlanAloneThatNothingIsKnownOf() {
    let plan = makePlan(["1.1": [], "1.2": []], hours: ["1.1": 3])
    #expect(LearnedDurations.none.factor(for: plan) == nil)
    #expect(PlanAnalysis(plan).hours == [3, 3])
    // What was learned of others says nothing about this one's estimate.
    let other = PlanAnalysis(plan, learned: LearnedDurations(seconds: [id("1.2"): [36]]))
    #expect(other.hours == [3, 0.01] && other.factor == 1)
  }

  @Test func withoutEstimatesTheOthersAreLikeWhatWasLearned() {
    let plan = makePlan(["1.1": [], "1.2": [], "1.3": []])
    let learned = LearnedDurations(seconds: [id("1.1"): [3600], id("1.2"): [7200]])
    #expect(PlanAnalysis(plan, learned: learned).hours == [1, 2, 2])
  }

  @Test func writesActualHoursAndNothingElse() throws {
    let text = """
      {
        "plan_name": "P", "parallelization_level": "level_3",
        "achievements": [
          { "achievement_id": "1.1", "title": "A", "dependencies": [], "estimated_hours": 1 },
          { "achievement_id": "1.2", "title": "B", "actual_hours": "9", "dependencies": ["1.1"] },
          { "achievement_id": "1.3", "title": "C", "dependencies": [] }
        ]
      }
      """
    let bytes = Array(text.utf8)
    let plan = try #require(PlanReader.read(bytes).plan)
    let learned = LearnedDurations(seconds: [id("1.1"): [5400], id("1.2"): [2], id("1.4"): [1]])
    let edited = PlanEditor.settingActualHours(of: plan, to: learned, in: bytes)
    #expect(edited.written == [id("1.1"), id("1.2")])
    let after = try #require(PlanReader.read(edited.bytes).plan)
    #expect(after.achievements.map(\.actualHours) == [1.5, 0.000556, nil])
    let expected =
      text
      .replacing("\"achievement_id\": \"1.1\",", with: "\"achievement_id\": \"1.1\", \"actual_hours\": 1.5,")
      .replacing("\"9\"", with: "0.000556")
    #expect(String(decoding: edited.bytes, as: UTF8.self) == expected)
    #expect(PlanEditor.settingActualHours(of: plan, to: .none, in: bytes).bytes == bytes)
    let broken = PlanEditor.settingActualHours(of: plan, to: learned, in: Array("{".utf8))
    #expect(broken.bytes == Array("{".utf8) && broken.written.isEmpty)
  }
}
