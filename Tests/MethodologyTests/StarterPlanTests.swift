import Foundation
import Methodology
import Testing

@Suite struct StarterPlanTests {
  @Test(arguments: [
    ("new parser", "NEW-PARSER"), ("NEW-PARSER", "NEW-PARSER"), ("--a__b..2--", "A-B-2"), ("", "STARTER"),
    ("/", "STARTER"), ("ünï", "N"),
  ])
  func namesFollowTheMethodology(text: String, expected: String) {
    #expect(StarterPlan.planName(from: text) == expected)
  }

  @Test func thePlanIsACompleteJSONObject() throws {
    let files = StarterPlan.files(named: "My first")
    #expect(files.map(\.path) == ["parallel.json", "worker.sh", "README.md"])
    #expect(files.map(\.isExecutable) == [false, true, false])
    let object = try #require(JSONSerialization.jsonObject(with: Data(files[0].content.utf8)) as? [String: Any])
    #expect(object["plan_name"] as? String == "MY-FIRST")
    let achievements = try #require(object["achievements"] as? [[String: Any]])
    let ids = achievements.compactMap { $0["achievement_id"] as? String }
    #expect(ids == ["1.1", "1.2", "1.3", "1.4"])
    for item in achievements {
      let dependencies = try #require(item["dependencies"] as? [String])
      #expect(dependencies.allSatisfy(ids.contains))
      #expect(item["title"] is String && item["estimated_hours"] != nil)
    }
    #expect(files[2].content.hasPrefix("# MY-FIRST\n"))
  }

  @Test func theWorkerDoesEveryAchievementAndItsChecksPass() throws {
    let scratch = try Scratch()
    let files = StarterPlan.files(named: "x")
    for file in files { try scratch.write(file.path, file.content) }
    let plan = try #require(JSONSerialization.jsonObject(with: Data(files[0].content.utf8)) as? [String: Any])
    let shell = try #require((plan["worker"] as? [String: Any])?["shell"] as? String)
    let common = try #require(plan["verify"] as? [[String: Any]])
    for item in try #require(plan["achievements"] as? [[String: Any]]) {
      let id = try #require(item["achievement_id"] as? String)
      let variables = [
        "PATH": "/usr/bin:/bin", "PLAIT_PLAN_DIR": scratch.url.path, "PLAIT_ACHIEVEMENT": id,
        "PLAIT_TITLE": "Title \(id)",
      ]
      let steps = (item["verify"] as? [[String: Any]] ?? common).compactMap { $0["shell"] as? String }
      #expect(!steps.isEmpty)
      #expect(try run(steps[0], in: scratch.url, variables) != 0, "the check of \(id) is green without any work")
      #expect(try run(shell, in: scratch.url, variables) == 0)
      for step in steps { #expect(try run(step, in: scratch.url, variables) == 0) }
      for path in try #require(item["deliverables"] as? [String]) {
        #expect(FileManager.default.fileExists(atPath: scratch.url.appendingPathComponent(path).path))
      }
    }
    let unknown = [
      "PATH": "/usr/bin:/bin", "PLAIT_PLAN_DIR": scratch.url.path, "PLAIT_ACHIEVEMENT": "9.9", "PLAIT_TITLE": "",
    ]
    #expect(try run(shell, in: scratch.url, unknown) == 1)
  }

  private func run(_ line: String, in folder: URL, _ variables: [String: String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = folder
    process.environment = variables
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
