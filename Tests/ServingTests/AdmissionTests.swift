import TestSupport
import Testing

@testable import Serving

@Suite struct AdmissionTests {
  private let admission: Admission = {
    var generator = SeededGenerator(seed: 1)
    return Admission(port: 8_080, token: AccessToken(using: &generator))
  }()

  private func refusal(
    _ method: String = "GET",
    path: String? = nil,
    host: [String] = ["127.0.0.1:8080"],
    _ fields: [String: [String]] = [:]
  ) -> Status? {
    let all = fields.merging(["host": host]) { $1 }
    return admission.refusal(of: Request(method: method, path: path ?? "/\(admission.token.text)/", fields: all))
  }

  @Test func letsInWhoKnowsTheAddress() {
    #expect(refusal() == nil && refusal("HEAD") == nil)
    #expect(refusal(host: ["localhost:8080"]) == nil && refusal(host: ["LOCALHOST:8080"]) == nil)
    #expect(refusal(path: "/\(admission.token.text)") == nil && refusal(path: "/\(admission.token.text)/runs/a") == nil)
    #expect(refusal(["sec-fetch-site": ["same-origin"], "origin": ["http://127.0.0.1:8080"]]) == nil)
    #expect(refusal(["sec-fetch-site": ["none"]]) == nil)
  }

  private func refusal(_ fields: [String: [String]]) -> Status? { refusal("GET", fields) }

  @Test(arguments: [
    [], [""], ["127.0.0.1"], ["127.0.0.1:80"], ["localhost"], ["evil.example"], ["evil.example:8080"],
    ["127.0.0.1.evil.example:8080"], ["127.0.0.1:8080", "evil.example"], ["127.0.0.1:8080", "127.0.0.1:8080"],
    ["0.0.0.0:8080"], ["[::1]:8080"], ["localhost.:8080"], ["user@localhost:8080"],
  ])
  func answersToItsOwnNameOnly(_ host: [String]) {
    #expect(refusal(host: host) == .otherHost)
  }

  @Test func answersNoPageOfAnotherOrigin() {
    for origin in [
      "http://evil.example", "null", "", "https://127.0.0.1:8080", "http://localhost:8080", "http://127.0.0.1",
    ] {
      #expect(refusal(["origin": [origin]]) == .otherOrigin, "\(origin)")
    }
    #expect(refusal(["origin": ["http://127.0.0.1:8080", "http://evil.example"]]) == .otherOrigin)
    for site in ["cross-site", "same-site", "", "other"] {
      #expect(refusal(["sec-fetch-site": [site]]) == .otherOrigin, "\(site)")
    }
  }

  @Test func answersNobodyWithoutTheToken() {
    let token = admission.token.text
    let wrong = [
      "", "/", "//", "/\(token.dropLast())", "/\(token)a/", "/\(token.lowercased())/", "/x/\(token)/", "//\(token)/",
      "/\(token.dropFirst())", "/?\(token)",
    ]
    for path in wrong { #expect(refusal(path: path) == .noToken, "\(path)") }
  }

  @Test func onlyReads() {
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "get", "TRACE"] { #expect(refusal(method) == .badMethod) }
    // Who doesn't know the address learns nothing of what it could do.
    #expect(refusal("POST", path: "/") == .noToken)
  }

  @Test func leavesOutThePortThatEverybodyKnows() {
    let common = Admission(port: 80, token: admission.token)
    let request = Request(method: "GET", path: "/\(admission.token.text)/", fields: ["host": ["localhost"]])
    #expect(common.refusal(of: request) == nil && admission.refusal(of: request) == .otherHost)
  }

  @Test func tokensAreLongAndUnlike() {
    var generator = SystemRandomNumberGenerator()
    let tokens = (0..<100).map { _ in AccessToken(using: &generator) }
    #expect(Set(tokens.map(\.text)).count == 100)
    for token in tokens {
      #expect(token.text.count == 32 && Route.isName(token.text))
      #expect(token.matches(token.text) && !token.matches("") && !token.matches(token.text + token.text))
    }
    #expect(!tokens[0].matches(tokens[1].text))
    let letters = Set(tokens.flatMap(\.text))
    #expect(letters.count == 64)
  }
}
