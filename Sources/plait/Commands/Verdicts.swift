import ArgumentParser
import Methodology
import Planning
import Reporting

/// Whom a verdict is about, and who gives it.
struct VerdictOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The plan.", valueName: "PLAN"))
  var plan: String

  @Argument(help: ArgumentHelp("The achievement.", valueName: "ID"))
  var id: AchievementID

  @Option(help: ArgumentHelp("Who decides; default: the user's name.", valueName: "NAME"))
  var by: String?

  @Flag(help: "Say which files would change; change none.")
  var dryRun = false

  @Flag(help: "One JSON object instead of text.")
  var json = false

  func give(_ verdict: Feedback.Verdict, _ verb: String) async throws {
    let loaded = try await LoadedRecord(plan)
    let id = loaded.own(id)
    let name = by ?? Console.variable("USER") ?? Console.variable("LOGNAME") ?? "unknown"
    let feedback = try Feedback(
      verdict,
      id,
      of: loaded.record,
      evidence: try await loaded.evidence(about: id),
      by: Signature(name: name, date: LocalTime.now)
    )
    for warning in feedback.warnings { Console.notice(warning) }
    if dryRun { Console.notice("nothing was changed") } else { try feedback.perform() }
    let report = FeedbackReport(feedback, verb: verb, plan: loaded.record.plan.name)
    let text = report.text.split(separator: "\n").map { TerminalText.safe($0) + "\n" }.joined()
    try Console.out(json ? JSONText.render(report) : text)
  }
}

struct Approve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Says that an achievement is done, in APPROVED_<NN>.md, with the evidence of the run that merged it."
  )

  @OptionGroup var options: VerdictOptions

  @Option(help: ArgumentHelp("What else is to be said.", valueName: "TEXT"))
  var note: String = ""

  func run() async throws {
    try await reporting { try await options.give(.approve(note: note), "approve") }
  }
}

struct Reject: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject",
    abstract: "Says what an achievement lacks, in FIX_<NN>.md, and opens it again.",
    discussion: "An approval, and the rejection before this one, are kept under another name and no longer count."
  )

  @OptionGroup var options: VerdictOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("What is wrong, where, and how to see it; may be given again.", valueName: "TEXT")
  )
  var finding: [String] = []

  func validate() throws {
    guard !finding.isEmpty else { throw ValidationError("Give a --finding: what is wrong, where, and how to see it.") }
  }

  func run() async throws {
    try await reporting { try await options.give(.reject(findings: finding), "reject") }
  }
}

struct Skip: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skip",
    abstract: "Says that an achievement won't be done, in SKIPPED_<NN>.md.",
    discussion: "What depends on it can't start, unless --waive marks it in parallel.json as not needed for that."
  )

  @OptionGroup var options: VerdictOptions

  @Option(help: ArgumentHelp("Why it won't be done.", valueName: "TEXT"))
  var reason: String = ""

  @Flag(help: "Let what depends on it start all the same.")
  var waive = false

  func run() async throws {
    try await reporting { try await options.give(.skip(reason: reason, isWaived: waive), "skip") }
  }
}
