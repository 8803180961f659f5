import ArgumentParser
import Methodology
import Planning
import Reporting

struct PromptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prompt",
    abstract: "Prints a prompt with what its kind needs: to plan, do, review, fix, resume or verify an achievement.",
    discussion: """
      'execution' is what a run's worker gets. 'discovery' is about the PLAN document and takes no ID, 'resume' may do without. \
      With --max-tokens the least needed is left out first, and the prompt says what; tokens are estimated at 4 bytes each.
      """
  )

  @Argument(help: ArgumentHelp("What to ask for.", valueName: "KIND"))
  var kind: PromptKind

  @Argument(help: ArgumentHelp("The plan.", valueName: "PLAN"))
  var plan: String

  @Argument(help: ArgumentHelp("The achievement.", valueName: "ID"))
  var id: AchievementID?

  @Option(help: ArgumentHelp("Fit this many tokens (estimated).", valueName: "N"))
  var maxTokens: Int?

  @Flag(help: "Copy it instead of printing it (pbcopy, wl-copy, xclip, xsel, or the terminal's own way).")
  var clipboard = false

  @Flag(help: "One JSON object (plait.prompt/1) instead of text.")
  var json = false

  func validate() throws {
    if let maxTokens, maxTokens < 1 { throw ValidationError("--max-tokens must be 1 at least.") }
  }

  func run() async throws {
    try await reporting {
      let loaded = try await LoadedRecord(plan)
      let fitted = try PromptMaker(loaded.record).prompt(kind, id.map(loaded.own)).fitted(maxTokens: maxTokens)
      if !fitted.fits {
        Console.notice("the prompt has about \(fitted.tokens) tokens: what is essential doesn't fit \(maxTokens ?? 0)")
      }
      if clipboard { Console.notice("copied about \(fitted.tokens) tokens with \(try Clipboard.copy(fitted.text))") }
      let report = PromptReport(fitted, kind: kind, achievement: id?.text, maxTokens: maxTokens)
      if json { try Console.out(JSONText.render(report)) } else if !clipboard { try Console.out(fitted.text) }
    }
  }
}

extension PromptKind: ExpressibleByArgument {}
