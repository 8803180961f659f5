import Foundation
import Planning
import Recording
import Testing

private let header = RunHeader(
  run: "r1",
  plaitVersion: "0",
  planName: "P",
  planPath: "/p/parallel.json",
  repository: "/r",
  base: "b0",
  integrationRef: "refs/heads/plait/r1/integration",
  jobs: 2,
  overheadBudget: 0.1,
  workerArguments: ["true"],
  directory: "/d",
  pid: 7
)

@Suite struct PlanSourceTests {
  private let plain = AchievementID("1.1")
  private let ofB = AchievementID("B:1.1")

  @Test func aRunOfOnePlanHasItsFileAndItsIds() throws {
    let bytes = try header.encoded()
    #expect(!String(decoding: bytes, as: UTF8.self).contains("\"plans\""))
    #expect(try RunHeader(decoding: bytes) == header)
    let id = try #require(plain)
    #expect(header.sources == [PlanSource(name: "P", path: "/p/parallel.json")])
    #expect(header.id(id, ofPlanAt: "/p/parallel.json") == id && header.id(id, ofPlanAt: "/q/parallel.json") == nil)
    #expect(header.planDirectory(of: id) == "/p" && header.runs(planAt: "/p/parallel.json"))
  }

  @Test func aRunOfSeveralPlansHasAFolderForEach() throws {
    let (id, ofB) = (try #require(plain), try #require(ofB))
    let several = RunHeader(
      run: "r1",
      plaitVersion: "0",
      planName: "A + B",
      planPath: "/a/parallel.json",
      repository: "/r",
      base: "b0",
      integrationRef: "refs/heads/plait/r1/integration",
      jobs: 2,
      overheadBudget: 0.1,
      workerArguments: nil,
      directory: "/d",
      pid: 7,
      plans: [PlanSource(name: "A", path: "/a/parallel.json"), PlanSource(name: "B", path: "/b/plan.json")]
    )
    #expect(try RunHeader(decoding: several.encoded()) == several)
    #expect(several.planDirectory(of: ofB) == "/b" && several.planDirectory(of: id.of(plan: "A")) == "/a")
    #expect(several.id(id, ofPlanAt: "/b/plan.json") == ofB && several.id(id, ofPlanAt: "/c") == nil)
    #expect(several.runs(planAt: "/b/plan.json") && !several.runs(planAt: "/c"))
    #expect(several.directory(of: AttemptID(ofB, 2)) == "/d/B+1.1/2")
  }
}
