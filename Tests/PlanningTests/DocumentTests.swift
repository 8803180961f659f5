import Foundation
import Planning
import Testing

/// The description of the format is Markdown with a plan in it, so it must be a plan itself.
struct DocumentTests {
  private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Docs")

  @Test func theFirstSampleOfTheDescriptionIsAPlan() throws {
    let reading = PlanReader.read(Array(try Data(contentsOf: folder.appending(path: "Plan-Format.md"))))
    #expect(reading.diagnostics.isEmpty)
    #expect(reading.plan?.achievements.map(\.id.text) == ["1.1", "2.1"])
  }

  @Test func theSchemaKnowsTheFieldsThatTheReaderKnows() throws {
    let schema = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: "parallel.schema.json")))
        as? [String: Any]
    )
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    func names(_ object: [String: Any]?) -> Set<String> {
      Set((object?["properties"] as? [String: Any])?.keys.map { $0 } ?? [])
    }
    let plan = names(schema)
    #expect(
      plan.isSuperset(of: [
        "plan_name", "worker", "verify", "gate", "setup", "resources", "overhead_budget", "on_conflict", "judge",
      ])
    )
    let sample = Sample.plan([Sample.item("1.1", [], fields(names(definitions["achievement"])))], fields(plan))
    #expect(read(sample).first("near-miss") == nil)
    // Each known name with one letter too many is a near miss of itself: so the reader knows it.
    for name in names(definitions["worker"]) where name.count > 4 {
      let slip = Sample.plan([Sample.item("1.1")], "\"worker\": {\"\(name)x\": null}")
      #expect(read(slip).first("near-miss")?.hint == "Did you mean `\(name)`?", "\(name)")
    }
  }

  private func fields(_ names: Set<String>) -> String {
    let required: Set = ["plan_name", "parallelization_level", "achievements", "achievement_id", "dependencies"]
    return names.subtracting(required).sorted().map { "\"\($0)\": null" }.joined(separator: ", ")
  }
}
