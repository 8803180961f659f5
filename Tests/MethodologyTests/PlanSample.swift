import Foundation
import Planning
import SystemPackage
import Testing

@testable import Methodology

/// A plan folder in a scratch folder, with a PLAN document and what else a test puts there.
struct PlanSample {
  static let json = """
    {
      "plan_name": "NEW-PARSER",
      "parallelization_level": "level_3",
      "verify": [{"shell": "make test"}],
      "achievements": [
        {"achievement_id": "1.1", "title": "Tokens Read", "estimated_hours": "2-3", "dependencies": [],
         "files": ["Sources/Parser/**"], "deliverables": ["Sources/Parser/tokens.swift"]},
        {"achievement_id": "1.2", "title": "Trees Built", "dependencies": ["1.1"], "status": "not_started",
         "sub_executions": [
           {"execution_id": "1.2.1", "title": "Nodes", "estimated_hours": 1, "dependencies": []},
           {"execution_id": "1.2.2", "title": "Edges", "estimated_hours": 2, "dependencies": []}]},
        {"achievement_id": "2.1", "title": "Command Line Made", "dependencies": ["1.1"], "verify": []},
        {"achievement_id": "2.2", "title": "Manual Written", "dependencies": ["1.2", "2.1"]}
      ]
    }
    """

  let scratch: Scratch
  let plan: Plan

  init(json: String = PlanSample.json, document: String? = SampleDocument.text) throws {
    scratch = try Scratch()
    plan = try #require(PlanReader.read(Array(json.utf8)).plan)
    try scratch.write("plan/parallel.json", json)
    if let document { try scratch.write("plan/PLAN_\(plan.name).md", document) }
  }

  var folder: PlanFolder { PlanFolder(scratch.path.appending("plan")) }

  func record() throws -> PlanRecord { try PlanRecord(plan, folder: folder, repository: scratch.path) }

  func write(_ path: String, _ text: String = "") throws { try scratch.write("plan/\(path)", text) }

  func read(_ path: String) throws -> String {
    String(decoding: try TextFile.read(folder.path.pushing(FilePath(path))), as: UTF8.self)
  }

  func exists(_ path: String) -> Bool { TextFile.exists(folder.path.pushing(FilePath(path))) }

  func approve(_ suffixes: String...) throws {
    for suffix in suffixes { try write("execution/feedbacks/APPROVED_\(suffix).md") }
  }
}

func ids(_ texts: String...) -> [AchievementID] { texts.compactMap { AchievementID($0) } }
