/// What a judge has said: the last line of its standard output that isn't blank.
struct Ruling: Sendable, Equatable {
  /// The number of the picked variant; nil when what it said can't be followed.
  let pick: Int?
  /// Why it can't be followed, one clause; empty when it can.
  let objection: String

  /// Reads `output`, of which `allowed` are the numbers that may be picked.
  init(output: String, allowed: [Int]) {
    let choices =
      "the last line of its standard output must be one of \(allowed.map(String.init).joined(separator: ", "))"
    let line = output.split(whereSeparator: \.isNewline).last { $0.contains { !$0.isWhitespace } }
    guard let line else {
      (pick, objection) = (nil, "its judge printed nothing: \(choices)")
      return
    }
    let word = line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
    guard let number = Int(String(word)), allowed.contains(number) else {
      (pick, objection) = (nil, "its judge ended with \"\(String(word).asCommitSubject)\": \(choices)")
      return
    }
    (pick, objection) = (number, "")
  }
}
