/// The files of the plans of one run, as one text: what is recorded of them.
///
/// One file stands for itself, byte for byte. Several follow a first line with a length for each: `plait.plans/1 812 1033`.
package enum PlanBundle {
  private static let mark = Array("plait.plans/1".utf8)

  /// The text of `files`, which are plan files in the order of the command line.
  package static func bytes(of files: [[UInt8]]) -> [UInt8] {
    guard files.count != 1 else { return files[0] }
    let lengths = files.map { " \($0.count)" }.joined()
    return mark + Array(lengths.utf8) + [UInt8(ascii: "\n")] + files.joined()
  }

  /// The files that `bytes` was made of; a text that is not whole is one file, and no plan.
  package static func files(in bytes: [UInt8]) -> [[UInt8]] {
    guard bytes.starts(with: mark), let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return [bytes] }
    let lengths = String(decoding: bytes[mark.count..<end], as: UTF8.self).split(separator: " ").map { Int($0) ?? -1 }
    var files: [[UInt8]] = []
    var start = end + 1
    for length in lengths {
      guard length >= 0, length <= bytes.count - start else { return [bytes] }
      files.append(Array(bytes[start..<start + length]))
      start += length
    }
    return start == bytes.count ? files : [bytes]
  }

  /// The plan that a run of `bytes` runs: its file's, or that of all files together; nil when there is an error in them.
  package static func plan(in bytes: [UInt8]) -> Plan? {
    PlanJoining(files(in: bytes).map { PlanReader.read($0) }).plan
  }
}
