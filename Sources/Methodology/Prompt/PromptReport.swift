/// What `plait prompt --json` and `plait discover --prompt --json` print.
package struct PromptReport: Sendable, Encodable {
  /// The kind and version of the JSON.
  package let schema = "plait.prompt/1"
  /// What it asks for.
  package let kind: String
  /// Left out for a prompt about the whole plan.
  package let achievement: String?
  /// The prompt, Markdown.
  package let text: String
  /// Its length, estimated as bytes ÷ 4.
  package let estimatedTokens: Int
  /// The budget; left out without one.
  package let maxTokens: Int?
  /// Whether it is within the budget.
  package let fits: Bool
  /// What was left out or shortened for that.
  package let cut: [String]

  /// Takes a prompt that was made to fit.
  package init(_ prompt: Prompt.Fitted, kind: PromptKind, achievement: String?, maxTokens: Int?) {
    self.kind = kind.rawValue
    self.achievement = achievement
    text = prompt.text
    estimatedTokens = prompt.tokens
    self.maxTokens = maxTokens
    fits = prompt.fits
    cut = prompt.cut
  }

  private enum CodingKeys: CodingKey { case schema, kind, achievement, text, estimatedTokens, maxTokens, fits, cut }
}
