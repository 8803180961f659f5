import Planning
import TestSupport
import Testing

@testable import Engine

@Suite struct WorkIdentityTests {
  private func identity(
    defaults: PlanDefaults = PlanDefaults(),
    details: AchievementDetails = .none,
    after dependencies: [String] = ["1.1", "1.2"],
    hours: Double? = nil
  ) -> WorkIdentity {
    let plan = makePlan(
      ["1.1": [], "1.2": [], "2.1": dependencies],
      hours: hours.map { ["2.1": $0] } ?? [:],
      defaults: defaults,
      details: ["2.1": details]
    )
    return WorkIdentity(plan.achievements[2], in: plan)
  }

  @Test func everyPartOfTheWorkCountsAndNothingElse() {
    let plain = identity()
    #expect(plain.fingerprint.count == 16)
    #expect(identity(after: ["1.2", "1.1"], hours: 3).fingerprint == plain.fingerprint)
    #expect(identity(hours: 3).difference(from: plain) == nil)
    var others: [WorkIdentity] = [identity(after: ["1.1"])]
    others.append(identity(defaults: PlanDefaults(worker: WorkerSpecification(command: .shell("a b")))))
    others.append(identity(defaults: PlanDefaults(worker: WorkerSpecification(command: .arguments(["a", "b"])))))
    others.append(identity(defaults: PlanDefaults(worker: WorkerSpecification(command: .arguments(["a b"])))))
    others.append(identity(defaults: PlanDefaults(worker: WorkerSpecification(stdin: .prompt))))
    others.append(identity(defaults: PlanDefaults(worker: WorkerSpecification(environment: ["A": "1"]))))
    others.append(identity(defaults: PlanDefaults(verify: [VerifyStep(.shell("t"))])))
    others.append(identity(defaults: PlanDefaults(verify: [VerifyStep(.command(["t"]), timeout: 4)])))
    others.append(identity(defaults: PlanDefaults(setup: Setup(shell: "s"))))
    others.append(identity(defaults: PlanDefaults(setup: Setup(copy: ["s"]))))
    others.append(identity(defaults: PlanDefaults(setup: Setup(keep: ["s"]))))
    others.append(identity(details: AchievementDetails(validationScript: "v.sh")))
    others.append(identity(details: AchievementDetails(deliverables: ["d"])))
    var told = AchievementDetails.none
    told.instructions = "do it"
    others.append(identity(details: told))
    for other in others { #expect(other.difference(from: plain) != nil) }
    #expect(Set(others.map(\.fingerprint) + [plain.fingerprint]).count == others.count + 1)
    #expect(identity(after: ["1.1"]).difference(from: plain) == "its dependencies changed")
  }

  @Test func isTheSameInEveryProcess() {
    #expect(WorkIdentity.digest([]) == "cbf29ce484222325")
    #expect(WorkIdentity.digest(["a", nil]) != WorkIdentity.digest([nil, "a"]))
  }

  @Test func inARunOfSeveralPlansTheWorkIsTheSame() throws {
    func text(_ name: String) -> [UInt8] {
      Array(
        """
        {"plan_name": "\(name)", "parallelization_level": "level_3", "worker": {"shell": "do \(name)"},
         "achievements": [{"achievement_id": "1.1", "title": "a", "dependencies": []},
          {"achievement_id": "1.2", "title": "b", "dependencies": ["1.1"], "sub_executions": [{"execution_id": "1.2.1"}]},
          {"achievement_id": "1.3", "title": "c", "dependencies": ["1.1"], "variants": 2, "judge": {"shell": "judge \(name)"}}]}
        """.utf8
      )
    }
    let joined = try #require(PlanBundle.plan(in: PlanBundle.bytes(of: [text("A"), text("B")])))
    for file in joined.files {
      for achievement in file.achievements {
        let inRun = try #require(joined[achievement.id.of(plan: file.name)])
        #expect(WorkIdentity(inRun, in: joined).fingerprint == WorkIdentity(achievement, in: file).fingerprint)
      }
    }
  }
}
