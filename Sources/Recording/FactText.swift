internal import Foundation
internal import Planning

/// The stored form of a fact: JSON as `Codable` gives it.
///
/// The facts of every attempt are most of a run's events, and a general coder takes some 20 µs for each: their JSON is
/// written and read here. Anything else about a fact (a character to be escaped, another order of the keys, as a general
/// coder writes them) goes through the general coder, in both directions. What is written here, that one reads too.
enum FactText {
  /// The JSON of a fact.
  static func text(of fact: RunEvent.Fact) throws -> String {
    if let text = plainText(of: fact) { return text }
    return String(decoding: try JSONEncoder().encode(fact), as: UTF8.self)
  }

  /// The fact that `text` says; throws `DecodingError`.
  static func fact(in text: String) throws -> RunEvent.Fact {
    var text = text
    let known = text.withUTF8 { bytes in
      var cursor = FactCursor(bytes)
      return cursor.fact()
    }
    return try known ?? JSONDecoder().decode(RunEvent.Fact.self, from: Data(text.utf8))
  }

  /// nil for a fact that isn't of every attempt, or holds what has to be escaped.
  private static func plainText(of fact: RunEvent.Fact) -> String? {
    switch fact {
    case .ready(let id): quoted(id.text).map { #"{"ready":{"_0":\#($0)}}"# }
    case .attemptStarted(let id, let slot, let base):
      text("attemptStarted", id, #""slot":\#(slot),"base":"#, base)
    case .worktreeReady(let id, let path): text("worktreeReady", id, #""path":"#, path)
    case .workerStarted(let id, let pid): text("workerStarted", id, #""pid":\#(pid)"#)
    case .workerEnded(let id, let end): plainText(of: end).flatMap { text("workerEnded", id, #""_1":"# + $0) }
    case .resultCommitted(let id, let commit, let changed):
      text("resultCommitted", id, #""changed":\#(changed),"commit":"#, commit)
    case .verified(let id, let result):
      result.steps.isEmpty ? text("verified", id, #""_1":{"steps":[]}"#) : nil
    case .mergeIntended(let id, let commit, let onto):
      quoted(onto).flatMap { text("mergeIntended", id, #""onto":\#($0),"commit":"#, commit) }
    case .merged(let id, let commit): text("merged", id, #""commit":"#, commit)
    case .slotFreed(let id, let slot): text("slotFreed", id, #""slot":\#(slot)"#)
    default: nil
    }
  }

  private static func plainText(of end: WorkerEnd) -> String? {
    guard case .exited(let code) = end.status else { return nil }
    var text =
      #"{"status":{"exited":{"_0":\#(code)}},"outputBytes":\#(end.outputBytes),"outputWasCut":\#(end.outputWasCut)"#
      + #","strays":\#(end.strays)"#
    if let usage = end.usage {
      guard [usage.wall, usage.userCPU, usage.systemCPU].allSatisfy(\.isFinite) else { return nil }
      text +=
        #","usage":{"wall":\#(usage.wall),"userCPU":\#(usage.userCPU),"systemCPU":\#(usage.systemCPU)"#
        + #","peakMemory":\#(usage.peakMemory)}"#
    }
    return text + "}"
  }

  /// `fields` follow the attempt; `last` is the value of the last one.
  private static func text(_ name: String, _ id: AttemptID, _ fields: String, _ last: String? = nil) -> String? {
    guard let achievement = quoted(id.achievement.text) else { return nil }
    var value = ""
    if let last {
      guard let quoted = quoted(last) else { return nil }
      value = quoted
    }
    return #"{"\#(name)":{"_0":{"achievement":\#(achievement),"number":\#(id.number)},\#(fields)\#(value)}}"#
  }

  /// nil when something in it has to be escaped in JSON (RFC 8259, section 7).
  private static func quoted(_ text: String) -> String? {
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    return isPlain ? "\"\(text)\"" : nil
  }
}

/// Reads exactly what `FactText` writes itself; nil for everything else.
private struct FactCursor {
  private var rest: Slice<UnsafeBufferPointer<UInt8>>

  init(_ bytes: UnsafeBufferPointer<UInt8>) { rest = bytes[...] }

  mutating func fact() -> RunEvent.Fact? {
    guard skip("{\""), let name = word(), skip(":{\"_0\":") else { return nil }
    let fact: RunEvent.Fact?
    if name == "ready" {
      fact = id().map { .ready($0) }
    } else {
      fact = attempt().flatMap { self.fact(name, of: $0) }
    }
    return skip("}}") && rest.isEmpty ? fact : nil
  }

  private mutating func fact(_ name: String, of id: AttemptID) -> RunEvent.Fact? {
    switch name {
    case "attemptStarted":
      guard let slot = number("slot", Int.self), let base = text("base") else { return nil }
      return .attemptStarted(id, slot: slot, base: base)
    case "worktreeReady": return text("path").map { .worktreeReady(id, path: $0) }
    case "workerStarted": return number("pid", Int32.self).map { .workerStarted(id, pid: $0) }
    case "workerEnded": return end().map { .workerEnded(id, $0) }
    case "resultCommitted":
      guard let changed = number("changed", Int.self), let commit = text("commit") else { return nil }
      return .resultCommitted(id, commit: commit, changed: changed)
    case "verified": return skip(#","_1":{"steps":[]}"#) ? .verified(id, VerifyResult(steps: [])) : nil
    case "mergeIntended":
      guard let onto = text("onto"), let commit = text("commit") else { return nil }
      return .mergeIntended(id, commit: commit, onto: onto)
    case "merged": return text("commit").map { .merged(id, commit: $0) }
    case "slotFreed": return number("slot", Int.self).map { .slotFreed(id, slot: $0) }
    default: return nil
    }
  }

  private mutating func end() -> WorkerEnd? {
    guard skip(#","_1":{"status":{"exited":{"_0":"#), let code = Int32(digits()), skip("}}"),
      let bytes = number("outputBytes", Int64.self), skip(#","outputWasCut":"#)
    else { return nil }
    let wasCut = skip("true")
    guard wasCut || skip("false"), let strays = number("strays", Int.self) else { return nil }
    var usage: WorkerEnd.Usage?
    if skip(#","usage":{"wall":"#) {
      guard let wall = Double(digits()), let user = number("userCPU", Double.self),
        let system = number("systemCPU", Double.self), let peak = number("peakMemory", Int64.self), skip("}")
      else { return nil }
      usage = WorkerEnd.Usage(wall: wall, userCPU: user, systemCPU: system, peakMemory: peak)
    }
    guard skip("}") else { return nil }
    return WorkerEnd(status: .exited(code), outputBytes: bytes, outputWasCut: wasCut, strays: strays, usage: usage)
  }

  private mutating func attempt() -> AttemptID? {
    guard skip(#"{"achievement":"#), let id = id(), let number = number("number", Int.self), skip("}") else {
      return nil
    }
    return AttemptID(id, number)
  }

  private mutating func id() -> AchievementID? { skip("\"") ? word().flatMap { AchievementID($0) } : nil }

  private mutating func text(_ key: StaticString) -> String? { skip(key: key) && skip("\"") ? word() : nil }

  private mutating func number<Number: LosslessStringConvertible>(
    _ key: StaticString,
    _: Number.Type
  ) -> Number? {
    skip(key: key) ? Number(digits()) : nil
  }

  private mutating func skip(key: StaticString) -> Bool { skip(",\"") && skip(key) && skip("\":") }

  /// What comes up to the next quotation mark, which goes too; nil when something in it is escaped.
  private mutating func word() -> String? {
    guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
    let word = rest[..<end]
    rest = rest[(end + 1)...]
    return word.contains(UInt8(ascii: "\\")) ? nil : String(decoding: word, as: UTF8.self)
  }

  /// What can be part of a number.
  private mutating func digits() -> String {
    let digits = rest.prefix { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
        UInt8(ascii: "e"):
        true
      default: false
      }
    }
    rest = rest.dropFirst(digits.count)
    return String(decoding: digits, as: UTF8.self)
  }

  private mutating func skip(_ words: StaticString) -> Bool {
    guard rest.starts(with: UnsafeBufferPointer(start: words.utf8Start, count: words.utf8CodeUnitCount)) else {
      return false
    }
    rest = rest.dropFirst(words.utf8CodeUnitCount)
    return true
  }
}
