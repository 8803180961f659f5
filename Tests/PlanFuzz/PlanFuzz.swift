import Planning

// libFuzzer's own driver; it takes the arguments of the command line and calls back for every input.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The package manager gives every program's `main` the name of its product, which hides the `main` of libFuzzer.
@_cdecl("PlanFuzz_main")
func planFuzzMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments, testOneInput)
}

/// Feeds arbitrary bytes to the reader and the fixer and traps when what they promise does not hold.
///
/// Built with `-parse-as-library -sanitize=fuzzer`.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let reading = PlanReader.read(bytes)
  check(reading, of: bytes)
  if let fixed = PlanFixer.fix(bytes) {
    require(!fixed.changes.isEmpty, "a fix that changes nothing")
    let again = PlanReader.read(fixed.bytes)
    check(again, of: fixed.bytes)
    require(!again.diagnostics.contains { $0.code == "json" }, "a fix that breaks the JSON")
    require(PlanFixer.fix(fixed.bytes) == nil, "a fix that needs fixing")
  }
  return 0
}

/// Unlike `precondition` it says in optimised builds, too, what is wrong.
private func require(_ isTrue: Bool, _ rule: String) {
  guard !isTrue else { return }
  print("broken: \(rule)")
  preconditionFailure(rule)
}

private func check(_ reading: PlanReading, of bytes: [UInt8]) {
  let hasError = reading.diagnostics.contains { $0.severity == .error }
  require(hasError == (reading.plan == nil), "a plan exists exactly when there is no error")
  let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
  for diagnostic in reading.diagnostics {
    let place = diagnostic.place
    require((1...max(1, lines.count)).contains(place.line), "line out of range")
    require((1...lines[place.line - 1].count + 1).contains(place.column), "column out of range")
    let words = diagnostic.message + (diagnostic.hint ?? "")
    require(words.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "control character")
  }
  require(zip(reading.diagnostics, reading.diagnostics.dropFirst()).allSatisfy { $0.place <= $1.place }, "order")
  if let plan = reading.plan { check(plan) }
}

private func check(_ plan: Plan) {
  require(plan.graph.count == plan.achievements.count, "a node for each achievement")
  require(plan.indices.count == plan.achievements.count, "an id for each achievement")
  let analysis = PlanAnalysis(plan)
  require(analysis.order.count == plan.graph.count, "acyclic")
  require(analysis.totalHours.isFinite && analysis.criticalPathHours <= analysis.totalHours + 1e-6, "hours")
  require(Set(plan.achievements.map(\.id.fileSuffix)).count == plan.achievements.count, "suffixes")
  for achievement in plan.achievements {
    if let estimate = achievement.estimate {
      require(0 <= estimate.low && estimate.low <= estimate.high, "a range from low to high")
    }
  }
}
