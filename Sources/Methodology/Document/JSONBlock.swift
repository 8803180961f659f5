import Planning

/// A JSON code block of a document that speaks of achievements: a whole plan, or one achievement.
struct JSONBlock: Sendable {
  /// What a block says of one achievement; nil and empty where it says nothing.
  struct Entry: Sendable {
    let id: AchievementID
    let title: String?
    let estimate: HourRange?
    /// What it names as dependencies; nil when it has no such field.
    let dependencies: [AchievementID]?
    /// What else it names as coming first, with the field's name.
    let hints: [(id: AchievementID, field: String)]
    let files: [PathMention]
    let deliverables: [PathMention]
  }

  /// The line of the block's fence.
  let line: Int
  let planName: String?
  /// Whether it is a plan with a list of achievements and not a single one.
  let isPlan: Bool
  let entries: [Entry]

  /// nil when the text is no JSON object that names achievements.
  init?(_ text: String, line: Int) {
    let bytes = Array(text.utf8)
    guard bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{"), let root = JSONView(bytes) else { return nil }
    self.line = line
    planName = root["plan_name"]?.string
    let lists =
      (root["achievements"]?.elements).map { [$0] }
      ?? root["levels"]?.elements?.compactMap { $0["achievements"]?.elements }
    isPlan = lists != nil
    entries = (lists?.flatMap { $0 } ?? [root]).compactMap { JSONBlock.entry($0) }
    guard !entries.isEmpty else { return nil }
  }

  private static func entry(_ item: JSONView) -> Entry? {
    guard let id = (item["achievement_id"] ?? item["id"])?.string.flatMap({ AchievementID(plain: $0) }) else {
      return nil
    }
    let stated = ["dependencies", "explicit_dependencies"].lazy.compactMap { item[$0]?.elements }.first
    var hints: [(id: AchievementID, field: String)] = []
    for field in ["implicit_dependencies", "blocked_by"] {
      for text in item[field]?.elements?.compactMap(\.string) ?? [] {
        hints += DependencyReading.read(text, line: 0).ids.map { ($0, field) }
      }
    }
    return Entry(
      id: id,
      title: (item["title"] ?? item["name"])?.string,
      estimate: item["estimated_hours"]?.scalar.flatMap { EstimateText.hours($0) ?? EstimateMention.first(in: $0) },
      dependencies: stated.map { $0.compactMap { $0.string.flatMap { AchievementID(plain: $0) } } },
      hints: hints.filter { $0.id != id },
      files: ["files", "files_modified"].flatMap { paths(item[$0]) },
      deliverables: paths(item["deliverables"])
    )
  }

  private static func paths(_ list: JSONView?) -> [PathMention] {
    (list?.elements ?? []).compactMap { $0.string.flatMap { PathReading.mention($0) } }
  }
}
