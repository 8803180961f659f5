import Recording

/// The report as a table for programs: RFC 4180, UTF-8, one row per achievement, seconds and ids as they are.
/// Titles and reasons are on one line and hold nothing that a terminal acts on.
package enum ReportCSV {
  static let columns = [
    "id", "title", "state", "attempts", "slot", "ready_to_handed_seconds", "prepare_seconds", "launch_seconds",
    "work_seconds", "collect_seconds", "verify_seconds", "merge_seconds", "rework_seconds", "handed", "freed",
    "changed_paths", "result_commit", "merge_commit", "blocked_by", "reason",
  ]

  /// Renders `report`: a header row and one row per achievement, each ended by CR LF. Times of stages, `handed` and
  /// `freed` are those of the last attempt; empty where there is none.
  package static func render(_ report: RunReport) -> String {
    ([columns] + report.achievements.map(row)).map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
  }

  private static func row(_ entry: RunReport.Entry) -> [String] {
    let last = entry.attempts.last
    func stage(_ name: String) -> String { number(last?.stages[name]) }
    return [
      entry.id, TerminalText.safe(entry.title), entry.state.rawValue, String(entry.attempts.count),
      entry.slot.map(String.init) ?? "",
      number(entry.waitedSeconds), stage("prepare"), stage("launch"), stage("work"), stage("collect"),
      stage("verify"), stage("merge"), number(entry.reworkSeconds), number(last?.stamps.handed),
      number(last?.stamps.freed), entry.changedPaths.map(String.init) ?? "", entry.resultCommit ?? "",
      entry.mergeCommit ?? "", entry.blockedBy ?? "", TerminalText.safe(entry.failure?.message ?? entry.reason ?? ""),
    ]
  }

  private static func number(_ value: Double?) -> String { value?.fixed(6) ?? "" }

  /// Quoted when it has to be; a text that a spreadsheet would run as a formula gets an apostrophe in front.
  static func field(_ text: String) -> String {
    let isNumber = Double(text) != nil
    let guarded = !isNumber && text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
    let needsQuotes = guarded.unicodeScalars.contains { $0 == "\"" || $0 == "," || $0 == "\n" || $0 == "\r" }
    return needsQuotes
      ? "\"" + guarded.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
      : guarded
  }
}
