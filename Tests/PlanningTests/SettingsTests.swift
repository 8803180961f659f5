import Planning
import Testing

/// What Plait adds to the format.
struct SettingsTests {
  private func defaults(_ more: String) -> PlanDefaults? {
    read(Sample.plan([Sample.item("1.1")], more)).plan?.defaults
  }
  private func codes(_ more: String) -> [String] { read(Sample.plan([Sample.item("1.1")], more)).errorCodes }

  @Test func everySettingArrives() throws {
    let found = try #require(
      defaults(
        """
        "worker": {"command": ["agent", "-p", ""], "stdin": "prompt", "timeout": "45m", "idle_timeout": "1h30m", "retries": 2,
          "backoff": "10s", "env": {"K": "V"}, "pass_env": ["TOKEN"]},
        "verify": [{"shell": "make test", "timeout": "20m"}, {"file": "Docs/a.md"}, {"command": ["true"]}],
        "gate": {"shell": "make gate"}, "setup": {"shell": "npm ci", "copy": [".env"], "keep": ["node_modules"]},
        "resources": {"db": 2}, "overhead_budget": 0.2, "on_conflict": "fail"
        """
      )
    )
    #expect(
      found.worker
        == WorkerSpecification(
          command: .arguments(["agent", "-p", ""]),
          stdin: .prompt,
          timeout: 2700,
          idleTimeout: 5400,
          retries: 2,
          backoff: 10,
          environment: ["K": "V"],
          passEnvironment: ["TOKEN"]
        )
    )
    #expect(
      found.verify == [
        VerifyStep(.shell("make test"), timeout: 1200), VerifyStep(.file("Docs/a.md")), VerifyStep(.command(["true"])),
      ]
    )
    #expect(found.verify.map(\.summary) == ["make test", "file Docs/a.md", "true"])
    #expect(found.gate == VerifyStep(.shell("make gate")))
    #expect(found.setup == Setup(shell: "npm ci", copy: [".env"], keep: ["node_modules"]))
    #expect(found.resources == ["db": 2])
    #expect(found.overheadBudget == 0.2)
    #expect(found.onConflict == .fail)
  }

  @Test func coverageIsAReportAndAPercentage() throws {
    let found = try #require(
      defaults("\"verify\": [{\"coverage\": {\"report\": \"c/cov.xml\", \"min\": 92.5}, \"timeout\": 5}]")
    )
    #expect(found.verify == [VerifyStep(.coverage(report: "c/cov.xml", min: 92.5), timeout: 5)])
    #expect(found.verify.map(\.summary) == ["coverage of at least 92.5 % in c/cov.xml"])
    let wrong = [
      "{}": "bad-value", "{\"report\": \"a\"}": "bad-value", "{\"min\": 90}": "bad-value", "90": "bad-type",
      "{\"report\": \"a\", \"min\": \"90%\"}": "bad-type", "{\"report\": \"a\", \"min\": 101}": "bad-value",
      "{\"report\": \"/a\", \"min\": 90}": "bad-value", "{\"report\": \"../a\", \"min\": -1}": "bad-value",
    ]
    for (text, code) in wrong {
      #expect(Set(codes("\"verify\": [{\"coverage\": \(text)}]")) == [code], "\(text)")
    }
    #expect(codes("\"verify\": [{\"coverage\": {\"report\": \"a\", \"min\": 1}, \"shell\": \"x\"}]") == ["bad-value"])
    let small = read(Sample.plan([Sample.item("1.1")], "\"gate\": {\"coverage\": {\"report\": \"a\", \"min\": 0.9}}"))
    #expect(small.diagnostics.map(\.code).contains("small-percentage") && small.plan != nil)
  }

  @Test func durations() {
    let cases: [(String, Double)] = [
      ("\"10s\"", 10), ("90", 90), ("\"2h\"", 7200), ("\"1.5h\"", 5400), ("\"1h 2m 3s\"", 3723), ("\"45\"", 45),
      ("0.5", 0.5),
    ]
    for (text, seconds) in cases {
      #expect(defaults("\"worker\": {\"timeout\": \(text)}")?.worker.timeout == seconds, "\(text)")
    }
    for text in ["0", "-1", "\"x\"", "\"\"", "\"3 days\"", "1e99", "\"1s1h\""] {
      #expect(codes("\"worker\": {\"timeout\": \(text)}") == ["bad-value"], "\(text)")
    }
    #expect(codes("\"worker\": {\"timeout\": []}") == ["bad-type"])
    #expect(defaults("\"worker\": {\"backoff\": 0}")?.worker.backoff == 0)
  }

  @Test func settingsOfTheWrongKind() {
    let cases = [
      ("\"worker\": \"agent\"", "bad-type"), ("\"worker\": {\"command\": \"agent\"}", "bad-type"),
      ("\"worker\": {\"command\": []}", "bad-value"),
      ("\"worker\": {\"command\": [\"\"]}", "bad-value"),
      ("\"worker\": {\"command\": [\"a\", \"\\u0000\"]}", "bad-value"), ("\"worker\": {\"command\": [1]}", "bad-type"),
      ("\"worker\": {\"command\": [\"a\"], \"shell\": \"b\"}", "bad-value"),
      ("\"worker\": {\"shell\": \"\"}", "bad-value"), ("\"worker\": {\"shell\": 1}", "bad-type"),
      ("\"worker\": {\"command\": {}}", "bad-type"),
      ("\"worker\": {\"stdin\": \"file\"}", "bad-enum"), ("\"worker\": {\"retries\": -1}", "bad-value"),
      ("\"worker\": {\"retries\": \"2\"}", "bad-type"),
      ("\"worker\": {\"env\": []}", "bad-type"), ("\"worker\": {\"env\": {\"A\": 1}}", "bad-type"),
      ("\"worker\": {\"env\": {\"A=B\": \"x\"}}", "bad-value"),
      ("\"worker\": {\"env\": {\"\": \"x\"}}", "bad-value"), ("\"worker\": {\"pass_env\": [\"A=B\"]}", "bad-value"),
      ("\"worker\": {\"pass_env\": \"A\"}", "bad-type"),
      ("\"verify\": {}", "bad-type"), ("\"verify\": [\"make\"]", "bad-type"), ("\"verify\": [{}]", "bad-value"),
      ("\"verify\": [7]", "bad-type"),
      ("\"verify\": [{\"shell\": \"a\", \"file\": \"b\"}]", "bad-value"),
      ("\"verify\": [{\"file\": \"/a\"}]", "bad-value"), ("\"gate\": []", "bad-type"),
      ("\"setup\": []", "bad-type"), ("\"setup\": {\"copy\": [\"../x\"]}", "bad-value"),
      ("\"setup\": {\"shell\": \" \"}", "bad-value"),
      ("\"resources\": []", "bad-type"), ("\"resources\": {\"db\": 0}", "bad-value"),
      ("\"resources\": {\"db\": \"2\"}", "bad-type"),
      ("\"overhead_budget\": 1.5", "bad-value"), ("\"overhead_budget\": \"10%\"", "bad-type"),
      ("\"on_conflict\": \"resolve\"", "unsupported"),
      ("\"on_conflict\": \"ignore\"", "bad-enum"),
    ]
    for (setting, code) in cases { #expect(codes(setting) == [code], "\(setting)") }
  }

  @Test func aWorkerMayLeaveItsCommandToTheCommandLine() {
    #expect(codes("\"worker\": {\"timeout\": 5}").isEmpty)
    #expect(defaults("\"worker\": null") != nil)
  }

  @Test func needsAreHeldAgainstThePools() {
    func codes(_ needs: String) -> [String] {
      read(Sample.plan([Sample.item("1.1", [], "\"resources\": \(needs)")], "\"resources\": {\"db\": 2}")).errorCodes
    }
    #expect(codes("{\"db\": 2}").isEmpty)
    #expect(codes("{\"db\": 3}") == ["resource"])
    #expect(codes("{\"gpu\": 1}") == ["resource"])
    #expect(codes("{\"db\": 0}") == ["bad-value"])
    #expect(codes("{}").isEmpty)
  }

  @Test func anAchievementsOwnWorkerGoesOverThePlans() throws {
    let item = Sample.item(
      "1.1",
      [],
      "\"worker\": {\"shell\": \"own\", \"env\": {\"B\": \"2\"}, \"pass_env\": [\"T\"]}"
    )
    let plan = try #require(
      read(
        Sample.plan(
          [item],
          "\"worker\": {\"command\": [\"all\"], \"timeout\": 5, \"env\": {\"A\": \"1\"}, \"pass_env\": [\"T\", \"U\"]}"
        )
      ).plan
    )
    let worker = plan.defaults.worker.overridden(by: plan.achievements[0].details.worker)
    #expect(worker.command == .shell("own"))
    #expect(worker.timeout == 5)
    #expect(worker.environment == ["A": "1", "B": "2"])
    #expect(worker.passEnvironment == ["T", "U"])
  }
}
