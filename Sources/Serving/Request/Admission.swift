/// Who is let in: programs of this machine that were given the address, and pages that this server has made.
///
/// Any web page can make a browser send requests to this machine, under any host name that it has made resolve to it (DNS
/// rebinding). So the name that was asked for must be the machine's own, and what a page of another origin has asked for
/// is refused before anything else is looked at.
package struct Admission: Sendable {
  /// The port that is listened on.
  let port: UInt16
  let token: AccessToken

  /// Takes the port as it is, not as it was asked for.
  package init(port: UInt16, token: AccessToken) {
    self.port = port
    self.token = token
  }

  /// Why `request` isn't answered; nil when it may be.
  func refusal(of request: Request) -> Status? {
    let hosts = request.values(of: "host")
    guard hosts.count == 1, isOwn(hosts[0]) else { return .otherHost }
    guard request.values(of: "origin").allSatisfy({ $0 == "http://\(hosts[0])" }) else { return .otherOrigin }
    // Another port of this machine is the same site, but another origin.
    let sites = request.values(of: "sec-fetch-site")
    guard sites.allSatisfy({ $0 == "same-origin" || $0 == "none" }) else { return .otherOrigin }
    let first = request.path.dropFirst().prefix { $0 != "/" }
    guard token.matches(first) else { return .noToken }
    guard request.method == "GET" || request.method == "HEAD" else { return .badMethod }
    return nil
  }

  private func isOwn(_ host: String) -> Bool {
    ["127.0.0.1", "localhost"].contains { name in
      let text = "\(name):\(port)"
      // A browser leaves out the port that everybody knows.
      return host.lowercased() == text || (port == 80 && host.lowercased() == name)
    }
  }
}
