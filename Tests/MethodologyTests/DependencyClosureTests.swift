import Planning
import Testing

@testable import Methodology

@Suite struct DependencyClosureTests {
  @Test func aLongDocumentIsDraftedInPassing() throws {
    let priorities = (1...80).map { priority in
      "### Priority \(priority)\n\n"
        + (1...9).map { "**Achievement \(priority).\($0)**: Thing\n\n- **Goal**: it\n\n" }.joined()
    }
    let text = priorities.joined()
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count > 3_000)
    let clock = ContinuousClock()
    let start = clock.now
    let draft = DraftPlan(SampleDocument.achievements(text))
    // Each of 711 is guessed after nine others. A search for each of these took minutes.
    #expect(draft.items.first { $0.id.text == "80.9" }?.softDependencies.count == 9)
    #expect(clock.now - start < .seconds(20))
  }

  @Test func whatFollowsFromTheRestIsKnownWithoutASearch() {
    let items = (1...200).compactMap { AchievementID("1.\($0)") }
    var closure = DependencyClosure(items)
    for (earlier, later) in zip(items, items.dropFirst()) { closure.add(later, on: earlier) }
    #expect(closure.reaches(items[199], items[0]) && !closure.reaches(items[0], items[199]))
    #expect(!closure.reaches(items[0], items[0]) && !closure.reaches(items[0], ids("9.9")[0]))
    closure.add(items[0], on: items[199])
    #expect(closure.reaches(items[0], items[0]) && closure.reaches(items[7], items[8]))
  }
}
