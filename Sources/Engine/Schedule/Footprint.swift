/// Path patterns that a piece of work may touch, and whether two such sets can meet.
///
/// `*` and `?` stay within one path segment, `**` spans any number of segments. A pattern without wildcards also covers
/// everything below it (`Sources/API` meets `Sources/API/a.swift`).
struct Footprint: Sendable, Equatable {
  private let patterns: [[[UInt8]]]

  init(_ patterns: [String]) {
    self.patterns = patterns.map { pattern in
      pattern.split(separator: "/").map { Array($0.utf8) }.filter { $0 != [UInt8(ascii: ".")] }
    }
  }

  var isEmpty: Bool { patterns.isEmpty }

  /// Whether some path matches both; true when in doubt.
  func overlaps(_ other: Footprint) -> Bool {
    patterns.contains { mine in other.patterns.contains { Footprint.meets(mine, $0) } }
  }

  /// Whether `path` is inside this footprint.
  func covers(_ path: String) -> Bool {
    overlaps(Footprint([path]))
  }

  private static let anyDepth = Array("**".utf8)

  /// Dynamic programme over segments: `reach[j]` says whether the first i segments of `a` can meet the first j of `b`.
  private static func meets(_ a: [[UInt8]], _ b: [[UInt8]]) -> Bool {
    var reach = [Bool](repeating: false, count: b.count + 1)
    reach[0] = true
    for j in b.indices where b[j] == anyDepth { reach[j + 1] = reach[j] }
    var best = reach[b.count]
    for segment in a {
      var next = [Bool](repeating: false, count: b.count + 1)
      next[0] = reach[0] && segment == anyDepth
      for j in b.indices {
        if segment == anyDepth || b[j] == anyDepth {
          next[j + 1] = reach[j] || reach[j + 1] || next[j]
        } else {
          next[j + 1] = reach[j] && segmentsMeet(segment, b[j])
        }
      }
      reach = next
      // All of `b` is used up: what follows in `a` lies below it.
      best = best || reach[b.count]
    }
    // Or all of `a` is used up, and `b` goes on below it.
    return best || reach.contains(true)
  }

  /// Whether some name matches both segments, each with `*` and `?`.
  private static func segmentsMeet(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    let (star, any) = (UInt8(ascii: "*"), UInt8(ascii: "?"))
    var reach = [Bool](repeating: false, count: b.count + 1)
    reach[0] = true
    for j in b.indices where b[j] == star { reach[j + 1] = reach[j] }
    for x in a {
      var next = [Bool](repeating: false, count: b.count + 1)
      next[0] = reach[0] && x == star
      for j in b.indices {
        let y = b[j]
        if x == star || y == star {
          next[j + 1] = reach[j] || reach[j + 1] || next[j]
        } else {
          next[j + 1] = reach[j] && (x == y || x == any || y == any)
        }
      }
      reach = next
    }
    return reach[b.count]
  }
}
