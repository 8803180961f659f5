/// How a request is answered that gets no page: the number of HTTP, and one sentence that says what to do.
package enum Status: Sendable, Equatable {
  case badRequest
  case otherHost
  case otherOrigin
  case noToken
  case noPage
  /// No run of this name, or one that never started.
  case noRun(String)
  case badMethod
  case tooSlow
  case headTooLarge
  /// Something of Plait's own failed; in its words.
  case failed(String)
  case busy
  case badVersion

  var code: Int {
    switch self {
    case .badRequest: 400
    case .otherHost, .otherOrigin, .noToken: 403
    case .noPage, .noRun: 404
    case .badMethod: 405
    case .tooSlow: 408
    case .headTooLarge: 431
    case .failed: 500
    case .busy: 503
    case .badVersion: 505
    }
  }

  var sentence: String {
    switch self {
    case .badRequest: "This is no request that can be read."
    case .otherHost: "This server is 127.0.0.1 and localhost, and answers to no other name."
    case .otherOrigin: "Another page may not ask here: open the address that 'plait serve' printed yourself."
    case .noToken: "The address lacks the right token: open the whole one that 'plait serve' printed."
    case .noPage: "There is no such page here."
    case .noRun(let run): "No run is called '\(run)': 'plait runs' lists them."
    case .badMethod: "Pages here can only be read: GET and HEAD."
    case .tooSlow: "The request took too long to come."
    case .headTooLarge: "The request's head is larger than \(RequestReader.limit) bytes."
    case .failed(let reason): "That did not work: \(reason)"
    case .busy: "Too many connections are open: close some pages."
    case .badVersion: "This server speaks HTTP/1.1."
    }
  }

  /// The words that go with the code in the first line; nobody reads them.
  static func reason(_ code: Int) -> String {
    switch code {
    case 200: "OK"
    case 400: "Bad Request"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 503: "Service Unavailable"
    default: "HTTP Version Not Supported"
    }
  }
}
