/// What there is to be asked for, below the token.
enum Route: Equatable {
  case index
  case indexEvents
  case run(String)
  case runEvents(String)

  /// The route of `path`, which begins with a token; nil when there is nothing.
  init?(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2).map(String.init)
    switch parts.count {
    case 0: self = .index
    case 1 where parts[0].isEmpty: self = .index
    case 1 where parts[0] == "events": self = .indexEvents
    case 2 where parts[0] == "runs" && Route.isName(parts[1]): self = .run(parts[1])
    case 3 where parts[0] == "runs" && Route.isName(parts[1]) && parts[2] == "events": self = .runEvents(parts[1])
    default: return nil
    }
  }

  /// The path below the token, with a slash before it.
  var path: String {
    switch self {
    case .index: "/"
    case .indexEvents: "/events"
    case .run(let run): "/runs/\(run)"
    case .runEvents(let run): "/runs/\(run)/events"
    }
  }

  /// Whether a run of this name can be part of an address as it is: all that Plait names can.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text != "." && text != ".."
      && text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || Set("-._~".utf8).contains(byte)
      }
  }
}
