/// Places at which a crash may have cut off SQLite's write-ahead log.
///
/// The file is a header of 32 bytes and frames of 24 bytes and a page each; the page's size stands at byte 8 of the header,
/// big-endian. See "WAL-mode file format" in SQLite's documentation.
enum WriteAheadLog {
  private static let headerSize = 32
  private static let frameHeaderSize = 24

  /// Sizes to cut a log of `size` bytes to: nothing, the header, every page's end, and once the middle of a page.
  static func cuts(size: Int, header: [UInt8]) -> [Int] {
    guard size >= headerSize, header.count >= 12 else { return [0] }
    let page = header[8..<12].reduce(0) { $0 << 8 | Int($1) }
    guard page >= 512 else { return [0] }
    let frame = frameHeaderSize + page
    let frames = (size - headerSize) / frame
    let ends = (0...frames).map { headerSize + $0 * frame }
    return [0] + ends + (frames > 0 ? [headerSize + frames / 2 * frame + frame / 2] : [])
  }
}
