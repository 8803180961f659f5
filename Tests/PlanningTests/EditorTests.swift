import Foundation
import Planning
import Testing

@Suite struct PlanEditorTests {
  private func set(_ text: String, _ id: String = "1.1", _ value: String = "true") -> String? {
    PlanEditor.setting("waived", to: value, of: AchievementID(id)!, in: Array(text.utf8)).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  @Test func aFieldIsAddedOrReplacedAndNothingElseChanges() {
    let text =
      "{\n  \"achievements\": [\n    {\n      \"achievement_id\": \"1.1\",\n      \"x\": [1, 2]\n    }\n  ]\n}\n"
    let added =
      "{\n  \"achievements\": [\n    {\n      \"achievement_id\": \"1.1\",\n      \"waived\": true,\n      \"x\": [1, 2]\n    }\n  ]\n}\n"
    #expect(set(text) == added)
    #expect(set(added, "1.1", "false") == added.replacingOccurrences(of: "true", with: "false"))
    #expect(
      set(#"{"levels": [{"achievements": [{"id": "1.1"}]}]}"#)
        == #"{"levels": [{"achievements": [{"id": "1.1", "waived": true}]}]}"#
    )
    let part = #"{"achievements": [{"sub_executions": [{"execution_id": "1.1.1"}], "achievement_id": "1.1"}]}"#
    #expect(set(part, "1.1.1")?.contains(#""execution_id": "1.1.1", "waived": true}"#) == true)
    #expect(set("# P\n\n```json\n\(text)```\n") == "# P\n\n```json\n\(added)```\n")
  }

  @Test func whatHasNoSuchItemIsLeftAlone() {
    #expect(set(#"{"achievements": []}"#) == nil)
    #expect(set("{") == nil)
    #expect(set(#"{"other": {"achievement_id": "1.1"}}"#) == nil)
  }
}

@Suite struct JSONViewTests {
  @Test func valuesAreLookedAtWhereTheyStand() throws {
    let text = "{\"a\": [1, \"x\", {\"b\": null, \"c\": true}], \"d\": \"e\\n\"}"
    let view = try #require(JSONView(Array(text.utf8)))
    let items = try #require(view["a"]?.elements)
    #expect(items.map(\.scalar) == ["1", "x", nil] && items[1].string == "x" && items[0].string == nil)
    #expect(items[2]["b"] == nil)
    #expect(items[2]["c"]?.scalar == "true" && view["d"]?.string == "e\n")
    #expect(view["z"] == nil && items[0]["a"] == nil && view.elements == nil && view.scalar == nil)
    #expect(view["d"]?.place == SourcePlace(line: 1, column: 46))
    #expect(JSONView(Array("{".utf8)) == nil && JSONView(Array("# No plan\n\n```\n{}\n```\n".utf8)) == nil)
  }

  @Test(arguments: [
    ("4-6 hours", "4–6 h", "4-6"), ("90 min", "1.5 h", "1.5"), ("2.25", "2.25 h", "2.25"), ("0.05 h", "0.05 h", "0.05"),
  ])
  func estimatesInWords(text: String, words: String, field: String) throws {
    let range = try #require(EstimateText.hours(text))
    #expect(EstimateText.words(range) == words && EstimateText.field(range) == field)
  }

  @Test(arguments: ["", "6-4 hours", "soon", "1e9 h"]) func whatIsNoEstimate(text: String) {
    #expect(EstimateText.hours(text) == nil)
  }
}
