import ArgumentParser
import Engine
import Git
import Planning
import Recording
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a whole plan in parallel, from its parallel.json to one branch with everything merged.",
    usage: "plait run <PLAN> ... [<options>] [-- <WORKER> [<ARG> ...]]",
    discussion: """
      Starts one worker for every achievement as soon as everything it depends on is merged and a slot is free. Each worker \
      has a git worktree of its own; what it leaves is committed, checked and merged to the branch plait/<run>/integration. \
      Your checkout is not touched: 'plait land' takes the result over.

      Several plans share the slots and the branch. Achievements are then called NAME:2.1, with the name of their plan, and \
      may depend on those of another plan by that name.

      What follows '--' is the worker's command, without a shell.

      Ctrl-C once: nothing new starts, running workers finish. Twice: workers are stopped, all is recorded. Three times: killed.
      """
  )

  @Argument(help: ArgumentHelp("The plan; several are run together.", valueName: "PLAN"))
  var plans: [String]

  @Option(
    help: ArgumentHelp("The repository to work on, or any folder in it.", valueName: "DIR")
  )
  var repo: String = "."

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("How many workers at once; default: number of cores.", valueName: "N")
  )
  var jobs: Int?

  @Option(help: ArgumentHelp("The commit that the run builds on; default: HEAD.", valueName: "REF"))
  var base: String?

  @Option(help: ArgumentHelp("Fast-forward this branch to the result when all is complete.", valueName: "BRANCH"))
  var into: String?

  @Option(
    help: ArgumentHelp(
      "Run only these achievements, separated by commas (1.1,2.3; of several plans NAME:1.1).",
      valueName: "IDS"
    )
  )
  var only: String?

  @Flag(help: "No achievement of a priority starts before all of the one before have ended.")
  var tiers = false

  @Flag(help: "The first failure stops new work.")
  var failFast = false

  @Option(help: ArgumentHelp("Further attempts after a failed one, where the plan doesn't say.", valueName: "N"))
  var retries: Int = 0

  @Option(help: ArgumentHelp("Longest time of a worker (45m, 1h30m), where the plan doesn't say.", valueName: "D"))
  var timeout: DurationArgument?

  @Option(help: ArgumentHelp("Highest share of overhead (10%); above it the exit code is 3.", valueName: "P"))
  var overheadBudget: ShareArgument?

  @Option(
    help: ArgumentHelp(
      "Above the budget: say it (warn), change what costs most (adapt), or end orderly (stop).",
      valueName: "warn|adapt|stop"
    )
  )
  var onOverBudget: OverBudgetPolicy = .warn

  @Option(
    help: ArgumentHelp(
      "Write APPROVED files with the results whose checks were green (auto), or leave that to 'plait approve' (manual); "
        + "default: auto in a plan folder with a PLAN document or an execution folder.",
      valueName: "auto|manual"
    )
  )
  var approve: ApprovalPolicy?

  @Option(help: ArgumentHelp("Where worktrees are made; default: <repository>.plait beside it.", valueName: "DIR"))
  var worktrees: String?

  @Flag(
    help: """
      Make worktrees as overlays (Linux) over one that holds the base: at once, however many files there are. Needs the right \
      to mount: as root, or started by 'unshare --map-root-user --mount'.
      """
  )
  var overlay = false

  @Flag(
    help: """
      A plain task runner: workers work in the repository's own folder, side by side; nothing is committed, merged or landed, \
      and no supervisor outlives this process.
      """
  )
  var noWorktree = false

  @Flag(help: "Print what would run, in which order; start nothing.")
  var dryRun = false

  @Flag(help: "Go on in the background, also after the terminal is closed; 'plait status --watch' shows it.")
  var detach = false

  @Option(
    help: ArgumentHelp(
      "Run it in N pairs, one after another and in parallel, and say what that saved; nothing is landed.",
      valueName: "N"
    )
  )
  var measureSaving: Int?

  @Option(help: .hidden)
  var runName: String?

  @Flag(help: "No colour and no live view.")
  var noColor = false

  @Option(
    help: ArgumentHelp(
      "Append every event as a line of JSON (plait.event/1); '-': to standard output, in place of the report.",
      valueName: "FILE|-"
    )
  )
  var events: String?

  @Flag(
    help: """
      Print the report as one JSON object (plait.report/1) at the end; with --dry-run, the forecast (plait.forecast/1); \
      with --measure-saving, the comparison (plait.compare/1).
      """
  )
  var json = false

  /// What follows `--`: the worker's command. No argument for the parser, which allows only one list of words.
  var worker: [String] = []

  /// Parses the words of this program; those of 'plait run' that follow `--` are its worker's.
  static func parseAsRoot(with words: [String]) throws -> any ParsableCommand {
    guard words.first == "run" else { return try Plait.parseAsRoot(words) }
    let own = words.prefix { $0 != "--" }
    let command = try Plait.parseAsRoot(Array(own))
    guard var run = command as? Run else { return command }
    run.worker = Array(words.dropFirst(own.count + 1))
    return run
  }

  func validate() throws {
    if worktrees?.isEmpty == true { throw ValidationError("--worktrees needs the path of a folder") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, not \(jobs)") }
    if let measureSaving {
      if measureSaving < 1 { throw ValidationError("--measure-saving must be at least 1, not \(measureSaving)") }
      if jobs == 1 { throw ValidationError("--measure-saving needs --jobs of at least 2: 1 is what it compares with") }
      // What goes to standard output is the comparison.
      let excluded = [
        ("--into", into != nil), ("--dry-run", dryRun), ("--detach", detach), ("--events -", events == "-"),
      ]
      for (name, isGiven) in excluded where isGiven {
        throw ValidationError("--measure-saving and \(name) can't be used together")
      }
    }
    if noWorktree {
      for (name, isGiven) in [
        ("--into", into != nil), ("--worktrees", worktrees != nil), ("--base", base != nil), ("--overlay", overlay),
      ]
      where isGiven {
        throw ValidationError("--no-worktree and \(name) can't be used together: nothing is checked out or merged")
      }
    }
    if retries < 0 { throw ValidationError("--retries must be at least 0, not \(retries)") }
  }

  func run() async throws {
    // Where it follows no '--', a worker's command looks like more plans. Not looked at before all options are known to be some.
    if let word = plans.dropFirst().first(where: { !LoadedPlan.isNamed(by: $0) }) {
      throw ValidationError("There is no plan '\(word)'.")
    }
    try await reporting {
      let loaded = try await JoinedPlans(plans)
      let plan = try loaded.runnable()
      let archive = try await RunArchive(repositoryAt: repo)
      let preparation = try await Preparation(request(plan, loaded), archive: archive)
      if let measureSaving { return try await measure(measureSaving, preparation) }
      for notice in preparation.notices { Console.notice(notice) }
      let expected = preparation.forecast()
      let forecast = RunForecast(preparation, expected)
      if dryRun {
        await notifyOfChanges(preparation)
        try Console.out(json ? JSONText.render(forecast) : forecast.text)
        return
      }
      if detach {
        await notifyOfChanges(preparation)
        try await Detachment(archive: archive).start()
      } else {
        for line in forecast.expectation { Console.notice(line) }
        try await drive(preparation, plan, expected)
      }
    }
  }

  private func request(_ plan: Plan, _ loaded: JoinedPlans) throws -> RunRequest {
    var options = ScheduleOptions(slots: jobs ?? Console.cores)
    options.tiers = tiers
    options.failFast = failFast
    options.retries = retries
    if let only {
      options.only = try Set(
        only.split(whereSeparator: { $0 == "," || $0 == " " }).map { text in
          guard let id = AchievementID(String(text)) else {
            throw EngineError(
              .invalidRequest,
              String(text),
              "--only takes ids like 1.1,2.3 (of several plans NAME:1.1); '\(text)' is none"
            )
          }
          return id
        }
      )
    }
    var request = RunRequest(
      plan: plan,
      planBytes: loaded.bytes,
      planPath: loaded.files[0].absolutePath,
      schedule: options,
      environment: Console.environment,
      plaitVersion: Plait.version
    )
    request.plans = loaded.sources
    request.base = base
    request.into = into
    request.timeout = timeout?.seconds
    request.overheadBudget = overheadBudget?.value
    request.onOverBudget = onOverBudget
    request.approve = approve
    request.worktreeRoot = worktrees.map(Console.absolute)
    request.runName = runName
    request.withoutWorktrees = noWorktree
    request.overlay = overlay
    request.workerArguments = worker.isEmpty ? nil : worker
    return request
  }

  /// Compares runs of the same base; each of them says itself what the user should know.
  private func measure(_ pairs: Int, _ preparation: Preparation) async throws {
    let slots = preparation.request.schedule.slots
    guard slots > 1 else {
      throw EngineError(
        .invalidRequest,
        "--measure-saving",
        "this machine has one core, so --jobs has to say how many workers at once to measure with"
      )
    }
    try await SavingMeasurement(
      archive: preparation.archive,
      base: preparation.base.description,
      pairs: pairs,
      slots: slots
    ).measure(json: json)
  }

  private func drive(_ preparation: Preparation, _ plan: Plan, _ expected: Forecast) async throws {
    let launcher = try SupervisedLauncher(supervisor: Console.supervisor())
    let session = RunSession(preparation, expected: expected, launcher: launcher)
    // In a large checkout that takes longer than all else before the first worker.
    async let notified: Void = notifyOfChanges(preparation)
    // A live view has no place for it.
    if Console.drawsOnStandardError(noColor: noColor) { await notified }
    try await DrivenRun(plan: plan, session: session, archive: preparation.archive, launcher: launcher, events: events)
      .drive(noColor: noColor, json: json)
    await notified
  }

  private func notifyOfChanges(_ preparation: Preparation) async {
    if let notice = await preparation.uncommittedNotice() { Console.notice(notice) }
  }
}

extension OverBudgetPolicy: ExpressibleByArgument {}
extension ApprovalPolicy: ExpressibleByArgument {}
