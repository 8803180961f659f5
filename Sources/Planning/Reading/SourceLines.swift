/// Where the lines of a file begin, to turn byte offsets into places.
struct SourceLines: Sendable {
  private var starts: [UInt32]

  /// Begins with the first line, which starts after a byte order mark when there is one.
  init(firstLineAt offset: Int) { starts = [UInt32(offset)] }

  /// Notes that a line starts at `offset`; offsets must grow.
  mutating func append(lineAt offset: Int) { starts.append(UInt32(truncatingIfNeeded: offset)) }

  /// The place of the byte at `offset`; the last known line holds everything after it.
  func place(at offset: Int) -> SourcePlace {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(starts[middle]) <= offset { low = middle } else { high = middle }
    }
    return SourcePlace(line: low + 1, column: max(0, offset - Int(starts[low])) + 1)
  }
}
