internal import Planning
package import Recording

/// What workers wrote, for reports to quote.
package enum RunLogs {
  /// The ends of the last logs of what failed or was cancelled, by achievement; at most 16 KiB each.
  package static func ends(of snapshot: RunSnapshot) -> [String: String] {
    guard let header = snapshot.header else { return [:] }
    var ends: [String: String] = [:]
    for (id, record) in snapshot.records where record.state == .failed || record.state == .cancelled {
      guard let attempt = record.attempts.last else { continue }
      let path = header.directory(of: AttemptID(id, attempt.number)) + "/output.log"
      ends[id.text] = try? RunFiles.tail(of: path, bytes: 16_384)
    }
    return ends
  }
}
