internal import Reporting

/// The head of an answer, and its body where it is known beforehand.
///
/// Each connection carries one answer: that keeps what is read and what is written in step without further rules.
package struct Response: Sendable {
  private let code: Int
  private let fields: [(name: String, value: String)]
  private let body: String?

  /// A sentence.
  package init(_ status: Status) {
    let allow = status == .badMethod ? [("Allow", "GET, HEAD")] : []
    self.init(
      code: status.code,
      type: "text/plain; charset=utf-8",
      policy: "default-src 'none'",
      more: allow,
      body: TerminalText.safe(status.sentence, limit: 500) + "\n"
    )
  }

  /// A page, with the policy that it also states itself.
  init(page: String, policy: String) {
    self.init(code: 200, type: "text/html; charset=utf-8", policy: policy, body: page)
  }

  /// The begin of a stream of server-sent events.
  static var stream: Response {
    Response(code: 200, type: "text/event-stream", policy: "default-src 'none'", body: nil)
  }

  private init(code: Int, type: String, policy: String, more: [(String, String)] = [], body: String?) {
    self.code = code
    self.body = body
    fields =
      [
        ("Content-Type", type), ("Content-Security-Policy", "\(policy); frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"), ("Connection", "close"),
      ] + (body.map { [("Content-Length", String($0.utf8.count))] } ?? []) + more
  }

  /// All of it as it is sent; `isHeadOnly` leaves the body out, but not its length.
  package func bytes(isHeadOnly: Bool = false) -> [UInt8] {
    let lines = ["HTTP/1.1 \(code) \(Status.reason(code))"] + fields.map { "\($0.name): \($0.value)" }
    let head = lines.map { $0 + "\r\n" }.joined() + "\r\n"
    return Array(head.utf8) + Array((isHeadOnly ? "" : body ?? "").utf8)
  }
}
