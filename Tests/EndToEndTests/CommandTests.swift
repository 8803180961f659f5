import Foundation
import TestSupport
import Testing

/// The commands that look at plans and runs: what they print, and the exit codes.
@Suite(.limited) struct CommandTests {
  private func diamond() throws -> Scenario {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": [], "2.1": ["1.1"], "2.2": ["1.1"], "3.1": ["2.1", "2.2"]],
      worker: "echo \"out of $PLAIT_ACHIEVEMENT\"; echo x > $PLAIT_ACHIEVEMENT; test $PLAIT_ACHIEVEMENT != 2.2",
      own: ["1.1": ["estimated_hours": 2]]
    )
    return scenario
  }

  @Test func looksAtPlans() async throws {
    let scenario = try diamond()
    let plan = scenario.planPath
    let valid = try await scenario.plait("validate", plan)
    #expect(valid.code == 0 && valid.out.contains("1 file"))
    let validJSON = try await scenario.plait("validate", "--json", scenario.planFolder).json
    #expect(validJSON["schema"] == "plait.validate/1" && validJSON["is_valid"] == true)
    let all = try await scenario.plait("validate", "--all", in: scenario.root)
    #expect(all.code == 0 && all.out.contains("1 file"))
    let shown = try await scenario.plait("show", plan)
    #expect(shown.code == 0 && shown.out.contains("Critical path"))
    let shownJSON = try await scenario.plait("show", "--json", plan).json
    #expect(shownJSON["schema"] == "plait.show/1" && shownJSON["achievement_count"] == 4)
    for (format, start) in [("dot", "digraph"), ("mermaid", "flowchart"), ("svg", "<svg")] {
      let graph = try await scenario.plait("show", plan, "--graph", format)
      #expect(graph.code == 0 && graph.out.contains(start), "\(format)")
    }
    let forecast = try await scenario.run("--dry-run", "--jobs", "3")
    #expect(forecast.code == 0 && forecast.out.contains("4 of 4") && forecast.out.contains("Nothing was started."))
    #expect(
      try scenario.lines("for-each-ref", "refs/heads/plait").isEmpty && !scenario.exists("\(scenario.repo).plait")
    )
  }

  @Test func fixesDialects() async throws {
    let scenario = try Scenario()
    try scenario.write(
      scenario.planPath,
      #"{"plan_name":"P","parallelization_level":"level_2","achievements":[{"id":"1.1","name":"A","dependencies":[]}]}"#
    )
    let warned = try await scenario.plait("validate", scenario.planPath)
    #expect(warned.code == 0 && warned.out.contains("warning"))
    #expect(try await scenario.plait("validate", "--fix", scenario.planPath).code == 0)
    #expect(scenario.text(scenario.planPath).contains("achievement_id"))
    let fixed = try await scenario.plait("validate", "--json", scenario.planPath).json
    #expect(fixed["warnings"] == 0)
  }

  @Test func looksAtRuns() async throws {
    let scenario = try diamond()
    #expect(try await scenario.plait("runs").out.contains("No runs yet"))
    let none = try await scenario.plait("status")
    #expect(none.code == 66 && none.errors.count == 1)
    let ended = try await scenario.run("--jobs", "2")
    #expect(ended.code == 1)
    let status = try await scenario.plait("status", "--json").json
    #expect(status["schema"] == "plait.status/1" && status["state"] == "failed")
    #expect(status["counts"]["complete"] == 2 && status["counts"]["failed"] == 1 && status["counts"]["blocked"] == 1)
    let run = try #require(status["run"].string)
    #expect(try await scenario.plait("status").out.contains("2.2"))
    #expect(try await scenario.plait("status", String(run.prefix(18))).code == 0)
    let runs = try await scenario.plait("runs", "--json").json
    #expect(runs["schema"] == "plait.runs/1" && runs["runs"][0]["run"].string == run)
    #expect(try await scenario.plait("runs").out.contains(run))
    if access("/dev/full", W_OK) == 0 {
      let words = ["sh", "-c", "\"$0\" runs >/dev/full 2>full.err; echo $? >full.code", PlaitProgram.path]
      _ = try Program.run(words, in: scenario.repo)
      #expect(scenario.text(scenario.repo + "/full.code") == "74\n")
      #expect(scenario.text(scenario.repo + "/full.err").contains("the output can't be written: No space left"))
    }
    #expect(try await scenario.plait("logs", run, "2.1").out == "out of 2.1\n")
    #expect(try await scenario.plait("logs", "-f", "2.2").out == "out of 2.2\n")
    #expect(try await scenario.plait("explain", "2.2").out.contains("exit 1"))
    #expect(try await scenario.plait("explain", run, "3.1").out.contains("2.2"))
    let explained = try await scenario.plait("explain", "--json", "3.1").json
    #expect(explained["schema"] == "plait.explain/1" && explained["achievement"]["blocked_by"] == "2.2")
    for wrong in [["status", "nope"], ["logs", "9.9"], ["logs", "3.1"], ["explain", "9.9"], ["report", "nope"]] {
      let ended = try await scenario.start(wrong).end()
      #expect(ended.code == 66 && ended.errors.count == 1 && ended.out.isEmpty, "\(wrong) \(ended.err)")
    }
  }

  @Test func reportsInEveryFormat() async throws {
    let scenario = try diamond()
    _ = try await scenario.run("--jobs", "2")
    try await scenario.expectClosedLedger()
    #expect(try await scenario.plait("report").out.contains("Where the slots' time went"))
    #expect(try await scenario.plait("report", "--format", "markdown").out.contains("| "))
    let csv = try await scenario.plait("report", "--format", "csv").out.split(whereSeparator: \.isNewline)
    #expect(csv.count == 5 && csv[0].contains("id,"))
    let file = scenario.place("report.json")
    let written = try await scenario.plait("report", "--format", "json", "-o", file)
    #expect(written.code == 0 && written.out.isEmpty)
    #expect(JSONValue(parsing: scenario.text(file))["schema"] == "plait.report/1")
    let page = try await scenario.plait("report", "--format", "html").out
    #expect(page.hasPrefix("<!doctype html>") && page.contains("out of 2.2") && !page.contains("out of 1.1"))
    let trace = try await scenario.plait("report", "--format", "trace").json
    #expect(trace["traceEvents"].items.contains { $0["name"].string?.hasPrefix("2.1") == true })
    let spans = try await scenario.plait("report", "--format", "otlp").json
    #expect(!spans["resourceSpans"][0]["scopeSpans"][0]["spans"].items.isEmpty)
    #expect(try await scenario.plait("report", "--format", "pdf").code == 64)
  }

  @Test func followsALogWhileItGrows() async throws {
    let scenario = try Scenario()
    try scenario.plan(
      ["1.1": []],
      worker: "echo first; mkfifo \(scenario.place("go")); read word < \(scenario.place("go")); echo $word"
    )
    let run = try scenario.startRun()
    #expect(await eventually { scenario.exists(scenario.place("go")) })
    let log = try scenario.start(["logs", "-f", "1.1"])
    #expect(await eventually { log.out == "first\n" })
    // That a worker has started is written with what comes next, a tenth of a second later at most.
    var status = try await scenario.json("status", "--json")
    let isKnown = try await eventually {
      status = try await scenario.json("status", "--json")
      return status["achievements"][0]["state"] == "running"
    }
    #expect(isKnown && status["state"] == "running")
    let busy = try await scenario.plait("clean", status["run"].string ?? "")
    #expect(busy.code == 9 && busy.errors.count == 1)
    try scenario.write(scenario.place("go"), "second\n")
    #expect(await run.end().code == 0)
    #expect(await log.end().out == "first\nsecond\n")
  }

  @Test func landsOnBranchesOfEveryKind() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: "echo new > README.md; echo x > added")
    #expect(try await scenario.run().code == 0)
    let result = try scenario.git("rev-parse", scenario.integration())
    try scenario.git("branch", "other")
    let other = try await scenario.plait("land", "--into", "other", "--json")
    #expect(other.code == 0 && other.json["schema"] == "plait.land/1" && other.json["commit"].string == result)
    #expect(try scenario.git("rev-parse", "other") == result)
    // A dirty file in the way stops it before anything changes.
    try scenario.sandbox.write("README.md", "mine\n")
    let before = try scenario.checkout()
    let dirty = try await scenario.plait("land")
    #expect(dirty.code == 4 && dirty.errors.count == 1 && dirty.err.contains("README.md"), "\(dirty.err)")
    #expect(try scenario.checkout() == before)
    try scenario.git("checkout", "--quiet", "README.md")
    // A branch that has gone on elsewhere can't be fast-forwarded.
    try scenario.git("branch", "diverged")
    let tree = try scenario.git("commit-tree", "-p", "main", "-m", "aside", "main^{tree}")
    try scenario.git("update-ref", "refs/heads/diverged", tree)
    let diverged = try await scenario.plait("land", "--into", "diverged")
    #expect(diverged.code == 4 && diverged.errors.count == 1, "\(diverged.err)")
    #expect(try scenario.git("rev-parse", "diverged") == tree)
    #expect(try await scenario.plait("land", "--into", "missing").code == 66)
    let landed = try await scenario.plait("land")
    #expect(landed.code == 0 && landed.out.contains("up to date"), "\(landed.err)")
    #expect(scenario.text("\(scenario.repo)/README.md") == "new\n")
    #expect(try scenario.git("status", "--porcelain").isEmpty)
    #expect(try await scenario.plait("land").out.contains("already"))
    try scenario.expectTidy()
  }

  @Test func runsIntoABranch() async throws {
    let scenario = try Scenario()
    try scenario.plan(["1.1": []], worker: "echo x > added")
    try scenario.git("branch", "target")
    #expect(try await scenario.run("--into", "target").code == 0)
    #expect(try scenario.git("show", "target:added") == "x")
    #expect(!scenario.exists("\(scenario.repo)/added"))
    #expect(try await scenario.run("--base", "target", "--only", "1.1").code == 0)
    #expect(try await scenario.run("--base", "nowhere").code == 66)
  }

  @Test func cleansWhatItNames() async throws {
    let scenario = try diamond()
    _ = try await scenario.run()
    let forecast = try await scenario.plait("clean", "--dry-run", "--delete-results")
    #expect(forecast.code == 0 && forecast.out.contains("would remove"))
    #expect(try scenario.result("1.1") == "x")
    let kept = try await scenario.plait("clean")
    #expect(kept.code == 0 && kept.out.contains("kept refs/heads/plait/"))
    let json = try await scenario.plait("clean", "--delete-results", "--json")
    #expect(json.code == 0 && json.json["schema"] == "plait.clean/1")
    #expect(try scenario.lines("for-each-ref", "refs/heads/plait", "refs/plait").isEmpty)
    #expect(try await scenario.plait("runs", "--json").json["runs"].items.isEmpty)
    #expect(try await scenario.plait("clean").out == "Nothing to clean.\n")
    try scenario.expectTidy()
  }

  @Test func initMakesAPlanThatRuns() async throws {
    let scenario = try Scenario()
    #expect(try await scenario.plait("init", "work-space/plans/FIRST").code == 0)
    let again = try await scenario.plait("init", "work-space/plans/FIRST")
    #expect(again.code == 64 && again.errors.count == 1)
    #expect(try await scenario.plait("validate", "@FIRST").code == 0)
    let ended = try await scenario.plait("run", "@FIRST")
    #expect(ended.code == 0, "\(ended.err)")
    try scenario.expectTidy()
  }

  @Test func doctorSaysWhatWorks() async throws {
    let scenario = try Scenario()
    let fine = try await scenario.plait("doctor", "--json")
    #expect(fine.code == 0 && fine.json["schema"] == "plait.doctor/1")
    #expect(try await scenario.plait("doctor").out.contains("libgit2"))
    let broken = try await scenario.plait("doctor", in: scenario.root)
    #expect(broken.code == 69 && broken.out.contains("FAIL"))
  }

  @Test(arguments: [
    ["run"], ["run", "x", "--jobs", "0"], ["run", "x", "--retries", "-1"], ["run", "x", "--timeout", "soon"],
    ["run", "x", "--overhead-budget", "200%"], ["nonsense"], ["logs"], ["explain", "not-an-id"], ["status", "a", "b"],
  ])
  func wrongUseGives64(_ arguments: [String]) async throws {
    let scenario = try Scenario()
    let ended = try await scenario.start(arguments).end()
    #expect(ended.code == 64 && ended.out.isEmpty && ended.err.lowercased().contains("error"), "\(ended.err)")
  }

  @Test func answersForHelpAndVersion() async throws {
    let scenario = try Scenario()
    #expect(try await scenario.plait("--version").code == 0)
    for verb in [
      "validate", "show", "init", "run", "status", "runs", "logs", "explain", "report", "land", "clean", "doctor",
      "resume", "cancel", "simulate", "compare",
    ] {
      let help = try await scenario.plait(verb, "--help")
      #expect(help.code == 0 && help.out.contains("USAGE: plait \(verb)"))
    }
  }
}
