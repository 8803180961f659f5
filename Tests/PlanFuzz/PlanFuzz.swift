import Planning

/// Feeds arbitrary bytes to the reader and the fixer and traps when what they promise does not hold.
///
/// Built with `-parse-as-library -sanitize=fuzzer`: libFuzzer brings `main` and calls this for every input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let reading = PlanReader.read(bytes)
  check(reading, of: bytes)
  if let fixed = PlanFixer.fix(bytes) {
    precondition(!fixed.changes.isEmpty, "a fix that changes nothing")
    let again = PlanReader.read(fixed.bytes)
    check(again, of: fixed.bytes)
    precondition(!again.diagnostics.contains { $0.code == "json" }, "a fix that breaks the JSON")
    precondition(PlanFixer.fix(fixed.bytes) == nil, "a fix that needs fixing")
  }
  return 0
}

private func check(_ reading: PlanReading, of bytes: [UInt8]) {
  let hasError = reading.diagnostics.contains { $0.severity == .error }
  precondition(hasError == (reading.plan == nil), "a plan exists exactly when there is no error")
  let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
  for diagnostic in reading.diagnostics {
    let place = diagnostic.place
    precondition((1...max(1, lines.count)).contains(place.line), "line out of range")
    precondition((1...lines[place.line - 1].count + 1).contains(place.column), "column out of range")
    let words = diagnostic.message + (diagnostic.hint ?? "")
    precondition(words.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "control character")
  }
  precondition(zip(reading.diagnostics, reading.diagnostics.dropFirst()).allSatisfy { $0.place <= $1.place }, "order")
  if let plan = reading.plan { check(plan) }
}

private func check(_ plan: Plan) {
  precondition(plan.graph.count == plan.achievements.count, "a node for each achievement")
  precondition(plan.indices.count == plan.achievements.count, "an id for each achievement")
  let analysis = PlanAnalysis(plan)
  precondition(analysis.order.count == plan.graph.count, "acyclic")
  precondition(analysis.totalHours.isFinite && analysis.criticalPathHours <= analysis.totalHours + 1e-6, "hours")
  precondition(Set(plan.achievements.map(\.id.fileSuffix)).count == plan.achievements.count, "suffixes")
  for achievement in plan.achievements {
    if let estimate = achievement.estimate { precondition(0 <= estimate.low && estimate.low <= estimate.high) }
  }
}
