import Planning
import Testing

/// Several plans made one.
struct JoiningTests {
  private func plan(_ name: String, _ items: [String], _ more: String = "") -> PlanReading {
    read(Sample.plan(items, more).replacing("\"SAMPLE\"", with: "\"\(name)\""))
  }

  private func ids(_ plan: Plan?) -> [String] { plan?.achievements.map(\.id.text) ?? [] }

  private func dependencies(_ plan: Plan, _ id: String) throws -> [String] {
    plan.dependencies(of: try #require(AchievementID(id))).map(\.text)
  }

  @Test func idsSayTheirPlanAndDependenciesCrossPlans() throws {
    let library = plan("LIB", [Sample.item("1.1"), Sample.item("1.2", ["1.1", "APP:1.1"])])
    let app = plan("APP", [Sample.item("1.1"), Sample.item("1.2", ["APP:1.1", "LIB:1.2"])])
    let joining = PlanJoining([library, app])
    let plan = try #require(joining.plan)
    #expect(ids(plan) == ["LIB:1.1", "LIB:1.2", "APP:1.1", "APP:1.2"])
    #expect(plan.name == "LIB + APP" && plan.members.map(\.name) == ["LIB", "APP"])
    #expect(try dependencies(plan, "LIB:1.2") == ["LIB:1.1", "APP:1.1"])
    #expect(try dependencies(plan, "APP:1.2") == ["APP:1.1", "LIB:1.2"])
    #expect(joining.diagnostics.allSatisfy { $0.isEmpty })
    #expect(PlanAnalysis.topologicalOrder(of: plan.graph).count == 4)
  }

  @Test func aPlanAloneStaysAsItIs() throws {
    let alone = plan(
      "LIB",
      [Sample.item("1.1"), Sample.item("1.2", ["LIB:1.1"], #""soft_dependencies": ["LIB:1.1"]"#)]
    )
    let joined = try #require(PlanJoining([alone]).plan)
    #expect(ids(joined) == ["1.1", "1.2"] && joined.members.isEmpty && joined.files.map(\.name) == ["LIB"])
    #expect(try dependencies(joined, "1.2") == ["1.1"])
    #expect(joined.achievements[1].details.softDependencies.map(\.text) == ["1.1"])
    #expect(alone.diagnostics.isEmpty)
  }

  @Test func partsWaitForWhatTheirAchievementWaitsFor() throws {
    let parts = #""sub_executions": [{"execution_id": "1.1.1"}, {"execution_id": "1.1.2", "dependencies": ["B:1.1"]}]"#
    let first = plan("A", [Sample.item("1.1", ["B:1.1", "B:1.2"], parts)])
    let plan = try #require(PlanJoining([first, plan("B", [Sample.item("1.1"), Sample.item("1.2")])]).plan)
    #expect(try dependencies(plan, "A:1.1.1") == ["B:1.1", "B:1.2"])
    #expect(try dependencies(plan, "A:1.1.2") == ["B:1.1", "B:1.2"])
    #expect(try Set(dependencies(plan, "A:1.1")) == ["A:1.1.1", "A:1.1.2", "B:1.1", "B:1.2"])
    #expect(plan.achievements[0].role == .part(of: try #require(AchievementID("A:1.1"))))
  }

  @Test func variantsAreOfTheirPlanAndWaitForWhatTheirAchievementWaitsFor() throws {
    let judged = #""worker": {"shell": "a", "env": {"A": "1"}}, "judge": {"shell": "pick"}"#
    let first = plan("A", [Sample.item("1.1", ["B:1.1"], #""variants": 2"#)], judged)
    let second = plan(
      "B",
      [Sample.item("1.1", [], #""variants": 2, "judge": {"shell": "own"}"#)],
      #""judge": {"shell": "never"}"#
    )
    let plan = try #require(PlanJoining([first, second]).plan)
    #expect(ids(plan) == ["A:1.1.1", "A:1.1.2", "A:1.1", "B:1.1.1", "B:1.1.2", "B:1.1"])
    #expect(try dependencies(plan, "A:1.1.2") == ["B:1.1"])
    let (a, b) = (try #require(AchievementID("A:1.1")), try #require(AchievementID("B:1.1")))
    #expect(plan.variants(of: a).map(\.id.text) == ["A:1.1.1", "A:1.1.2"])
    #expect(plan.variants(of: b).map(\.role) == [1, 2].map { .variant(of: b, number: $0, count: 2) })
    let judges = try [a, b].map { plan.worker(of: try #require(plan[$0])) }
    #expect(judges.map(\.command) == [.shell("pick"), .shell("own")])
    #expect(judges.map(\.environment) == [["A": "1"], [:]])
    #expect(plan.worker(of: plan.achievements[0]).command == .shell("a"))
    #expect(plan.worker(of: plan.achievements[3]).command == nil)
  }

  @Test func nothingWaitsForASingleVariantOfAnotherPlan() {
    let variants = plan("B", [Sample.item("1.1", [], #""variants": 2"#)], #""judge": {"shell": "pick"}"#)
    for soft in [false, true] {
      let item =
        soft ? Sample.item("1.1", [], #""soft_dependencies": ["B:1.1.2"]"#) : Sample.item("1.1", ["B:1.1.2"])
      let joining = PlanJoining([plan("A", [item]), variants])
      let found = joining.diagnostics[0].filter { $0.severity == .error }
      #expect(joining.plan == nil && found.map(\.code) == ["missing-dependency"])
      #expect(found.first?.message == "1.1 depends on B:1.1.2, a variant of B:1.1 that may not be picked")
      #expect(found.first?.hint == "Name B:1.1: it is whatever its judge picks.")
    }
    let own = plan(
      "B",
      [Sample.item("1.1", [], #""variants": 2"#), Sample.item("1.2", ["B:1.1.2"])],
      #""judge": {"shell": "pick"}"#
    )
    #expect(
      own.plan == nil && own.diagnostics.contains { $0.message.contains("a variant of 1.1 that may not be picked") }
    )
  }

  @Test func whatAFileSaysForAllStaysWithItsOwn() throws {
    let first = plan(
      "A",
      [Sample.item("1.1", [], #""soft_dependencies": ["B:1.1"], "resources": {"db": 1}"#)],
      #""worker": {"shell": "a"}, "gate": {"shell": "g"}, "resources": {"db": 2}, "overhead_budget": 0.2"#
    )
    let second = plan(
      "B",
      [Sample.item("1.1")],
      #""worker": {"shell": "b"}, "resources": {"db": 2, "ui": 1}, "overhead_budget": 0.1, "on_conflict": "retry""#
    )
    let plan = try #require(PlanJoining([first, second]).plan)
    let (a, b) = (plan.achievements[0], plan.achievements[1])
    #expect(plan.defaults(of: a.id).worker.command == .shell("a"))
    #expect(plan.defaults(of: b.id).worker.command == .shell("b"))
    #expect(plan.defaults(of: b.id).onConflict == .retry && plan.defaults(of: a.id).onConflict == nil)
    #expect(plan.file(of: b.id).name == "B" && plan.hasGate)
    #expect(plan.defaults.resources == ["db": 2, "ui": 1] && plan.defaults.overheadBudget == 0.1)
    #expect(a.details.softDependencies == [b.id] && a.details.resources == ["db": 1])
    #expect(plan.id(try #require(AchievementID("1.1")), of: plan.members[1]) == b.id)
  }

  @Test func aPlanThatIsNotGivenIsAnErrorToRunAndAWarningToCheck() throws {
    let alone = plan("A", [Sample.item("1.1", ["B:2.1"]), Sample.item("1.2", [], #""soft_dependencies": ["B:2.1"]"#)])
    #expect(alone.plan != nil && alone.warningCodes == ["cross-plan", "cross-plan"])
    let joining = PlanJoining([alone])
    #expect(joining.plan == nil)
    let found = try #require(joining.diagnostics[0].first { $0.severity == .error })
    #expect(found.message == "1.1 depends on B:2.1, which is of another plan")
    #expect(found.hint?.contains("Add the file of B to the command line") == true)
    #expect(found.place.line > 1 && joining.diagnostics[0].count { $0.severity == .error } == 1)
    #expect(PlanJoining.check([alone])[0] == alone.diagnostics)
    // With another plan that it does not wait for it is the same.
    #expect(PlanJoining([alone, plan("C", [Sample.item("1.1")])]).plan == nil)
    #expect(PlanJoining.check([alone, plan("C", [Sample.item("1.1")])])[0] == alone.diagnostics)
    // A soft dependency blocks nobody, and so no run either.
    #expect(PlanJoining([plan("A", [Sample.item("1.2", [], #""soft_dependencies": ["B:2.1"]"#)])]).plan != nil)
  }

  @Test func anAchievementThatTheOtherPlanDoesNotHave() throws {
    let readings = [plan("A", [Sample.item("1.1", ["B:2.1"])]), plan("B", [Sample.item("1.1")])]
    for found in [PlanJoining(readings).diagnostics, PlanJoining.check(readings)] {
      #expect(found[0].map(\.code) == ["missing-dependency"] && found[1].isEmpty)
      #expect(found[0].first?.message == "1.1 depends on B:2.1, which the plan B does not have")
    }
    #expect(read(Sample.plan([Sample.item("1.1", ["SAMPLE:2.1"])])).errorCodes == ["missing-dependency"])
  }

  @Test func aCycleAcrossPlansIsToldWhereItCrosses() throws {
    let first = plan("A", [Sample.item("1.1", ["B:1.2"]), Sample.item("1.2", ["1.1"])])
    let second = plan("B", [Sample.item("1.1", ["A:1.2"]), Sample.item("1.2", ["1.1"])])
    for found in [PlanJoining([first, second]).diagnostics, PlanJoining.check([first, second])] {
      let cycles = found.joined().filter { $0.code == "cycle" }
      #expect(cycles.map(\.message) == ["dependency cycle: A:1.1 -> B:1.2 -> B:1.1 -> A:1.2 -> A:1.1"])
      #expect(cycles.first?.place.line == 5)
    }
    #expect(PlanJoining([first, second]).plan == nil)
  }

  @Test func namesMustTellPlansApartAndFitIntoIds() {
    let same = PlanJoining([plan("A", [Sample.item("1.1")]), plan("a", [Sample.item("1.1")])])
    #expect(same.plan == nil && same.diagnostics.map { $0.map(\.code) } == [[], ["plan-name"]])
    #expect(same.diagnostics[1].first?.message == "\"a\" and \"A\" are one name for two of the plans")
    let odd = PlanJoining([plan("My plan", [Sample.item("1.1")]), plan("B", [Sample.item("1.1")])])
    #expect(odd.plan == nil && odd.diagnostics[0].first?.message.contains("\"My plan\" can't stand in ids") == true)
    // Alone it may be called what it likes.
    #expect(PlanJoining([plan("My plan", [Sample.item("1.1")])]).plan != nil)
    let found = read(Sample.plan([Sample.item("1.1", ["My plan:1.1"])])).first("bad-id")
    #expect(found?.hint?.contains("like NAME:2.1") == true)
  }

  @Test func poolsOfOneNameMustHaveOneSize() {
    let joining = PlanJoining([
      plan("A", [Sample.item("1.1")], #""resources": {"db": 2}"#),
      plan("B", [Sample.item("1.1")], #""resources": {"db": 3}"#),
    ])
    #expect(joining.plan == nil && joining.diagnostics[1].map(\.code) == ["resource"])
    #expect(joining.diagnostics[1].first?.message == "`resources` has 3 of db, and 2 in the plan A")
  }

  @Test func filesThatAreOnlyLookedAtTogetherNeedNotBelongTogether() {
    let readings = [
      plan("A", [Sample.item("1.1", ["B:1.1"])]), plan("B", [Sample.item("1.1")], #""resources": {"db": 2}"#),
      plan("C", [Sample.item("1.1")], #""resources": {"db": 3}"#), plan("My plan", [Sample.item("1.1")]),
    ]
    #expect(PlanJoining.check(readings).allSatisfy { $0.isEmpty })
    #expect(PlanJoining(readings).plan == nil)
    // Which of two is meant can't be said.
    let twice = PlanJoining.check(readings + [plan("B", [])])
    #expect(twice[0].map(\.code) == ["cross-plan"] && twice[1].isEmpty)
    let broken = PlanJoining.check([readings[0], plan("B", [Sample.item("1.1", ["9.9"])])])
    #expect(broken[0].map(\.code) == ["cross-plan"] && broken[1].map(\.code) == ["missing-dependency"])
    #expect(PlanJoining([readings[0], plan("B", [Sample.item("1.1", ["9.9"])])]).plan == nil)
  }

  @Test func aDependencyOnAnotherPlanCountsOnce() {
    let reading = plan("A", [Sample.item("1.1", ["B:1.1", "B:1.1"])])
    #expect(reading.warningCodes == ["cross-plan", "duplicate-dependency"])
    #expect(reading.plan?.foreign.map(\.id.text) == ["B:1.1"])
  }

  @Test func filesSurviveBeingRecordedTogether() throws {
    let texts = [Sample.plan([Sample.item("1.1")]), "", "{}\n"].map { Array($0.utf8) }
    for count in 1...3 {
      let files = Array(texts.prefix(count))
      #expect(PlanBundle.files(in: PlanBundle.bytes(of: files)) == files)
    }
    #expect(PlanBundle.bytes(of: [texts[0]]) == texts[0])
    #expect(ids(PlanBundle.plan(in: texts[0])) == ["1.1"])
    let second = Array(Sample.plan([Sample.item("1.1")]).replacing("SAMPLE", with: "B").utf8)
    let whole = PlanBundle.bytes(of: [texts[0], second])
    #expect(ids(PlanBundle.plan(in: whole)) == ["SAMPLE:1.1", "B:1.1"])
    // What was cut off or spoiled is no plan at all.
    for length in 0..<whole.count { #expect(PlanBundle.plan(in: Array(whole[..<length])) == nil, "\(length)") }
    for line in [
      "plait.plans/1 x 1\n", "plait.plans/1 -1 9\n", "plait.plans/1\nrest", "plait.plans/1 99999999999999999999\n",
    ] {
      #expect(PlanBundle.files(in: Array(line.utf8)) == [Array(line.utf8)], "\(line)")
    }
  }
}
