internal import Planning
internal import Recording

/// The plan that the crash matrix runs: thirteen achievements whose result is the same whatever happens on the way.
///
/// - 1.1 to 1.4 are a diamond; each part reads what those before it have made.
/// - 2.1 and 2.2 conflict, and 2.2 always loses: it ends only when 2.1 is merged, and fails when it starts from that merge.
/// - 3.1 and 5.1 fail at their first attempt; 3.2 changes nothing; 4.1 fails for good; 2.3 and 4.2 are blocked.
/// - 6.1 has three variants, of which the first is never green; its judge picks the last.
enum CrashPlan {
  static let text = #"""
    {
      "plan_name": "CRASH-MATRIX", "parallelization_level": "level_3", "on_conflict": "fail",
      "worker": { "retries": 3, "backoff": 0.01, "shell": "echo $PLAIT_ACHIEVEMENT > made-$PLAIT_ACHIEVEMENT" },
      "achievements": [
        { "achievement_id": "1.1", "title": "Root", "dependencies": [] },
        { "achievement_id": "1.2", "title": "Left", "dependencies": ["1.1"],
          "worker": { "shell": "cat made-1.1 > made-1.2 && sleep 0.03 && echo left >> made-1.2" } },
        { "achievement_id": "1.3", "title": "Right", "dependencies": ["1.1"],
          "worker": { "shell": "cat made-1.1 > made-1.3 && echo right >> made-1.3 && git add -A && git commit -qm Right" } },
        { "achievement_id": "1.4", "title": "Join", "dependencies": ["1.2", "1.3"],
          "worker": { "shell": "cat made-1.2 made-1.3 > made-1.4" } },
        { "achievement_id": "2.1", "title": "Winner", "dependencies": [],
          "worker": { "shell": "i=0; until test -e \"$PLAIT_PLAN_DIR/started\" || test $i -ge 100; do i=$((i+1)); sleep 0.02; done; echo winner > shared" } },
        { "achievement_id": "2.2", "title": "Loser", "dependencies": [],
          "worker": { "retries": 1, "shell": "test ! -e shared || exit 1; touch \"$PLAIT_PLAN_DIR/started\"; i=0; until git cat-file -e \"refs/heads/plait/$PLAIT_RUN/integration:shared\" 2>/dev/null; do i=$((i+1)); test $i -lt 100 || exit 1; sleep 0.02; done; echo loser > shared" } },
        { "achievement_id": "2.3", "title": "After the loser", "dependencies": ["2.2"] },
        { "achievement_id": "3.1", "title": "Second try", "dependencies": ["1.1"],
          "worker": { "shell": "echo $PLAIT_ACHIEVEMENT > made-3.1; test $PLAIT_ATTEMPT -gt 1" } },
        { "achievement_id": "3.2", "title": "Nothing to do", "dependencies": ["3.1"],
          "worker": { "shell": "test -e made-3.1" } },
        { "achievement_id": "4.1", "title": "Failure", "dependencies": ["1.1"],
          "worker": { "retries": 1, "shell": "echo half > made-4.1; exit 3" } },
        { "achievement_id": "4.2", "title": "After the failure", "dependencies": ["4.1"] },
        { "achievement_id": "5.1", "title": "Everything", "dependencies": ["1.4", "2.1", "3.2"],
          "worker": { "shell": "cat made-1.4 shared made-3.1 > made-5.1; test $PLAIT_ATTEMPT -gt 1" } },
        { "achievement_id": "6.1", "title": "One of three", "dependencies": ["1.1"], "variants": 3,
          "verify": [{ "shell": "test $PLAIT_VARIANT -gt 1" }],
          "judge": { "shell": "echo ${PLAIT_CANDIDATES##* }", "retries": 1 },
          "worker": { "retries": 1, "shell": "echo $PLAIT_VARIANT > made-6.1" } }
      ]
    }
    """#

  /// The achievement whose branch stays after its conflict.
  static let loser = "2.2"
  static let slots = 3

  /// What is wrong with an undisturbed run of this plan: it must have met everything that the plan is there for.
  static func findings(_ evidence: CrashEvidence) -> [String] {
    let states = Dictionary(uniqueKeysWithValues: evidence.states.map { ($0.key.text, $0.value) })
    var findings: [String] = []
    if evidence.exitCode != 4 { findings.append("there was no conflict") }
    for (id, state) in states.sorted(by: { $0.key < $1.key }) {
      let wanted: AchievementState =
        switch id {
        case "2.2", "4.1", "6.1.1": .failed
        case "2.3", "4.2": .blocked
        default: .complete
        }
      if state != wanted { findings.append("\(id) is \(state.rawValue) and not \(wanted.rawValue)") }
    }
    return findings
  }

  static func plan() throws -> Plan {
    guard let plan = PlanReader.read(Array(text.utf8)).plan else {
      throw EngineError(.bug, "crash matrix", "the plan of the crash matrix is invalid")
    }
    return plan
  }
}
