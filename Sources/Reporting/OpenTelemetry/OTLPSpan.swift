/// One span in the JSON form of OTLP 1.x: identifiers as hexadecimal text, enums as numbers, 64-bit numbers as text.
struct OTLPSpan: Encodable {
  struct Attribute: Encodable {
    let key: String
    let value: Value

    struct Value: Encodable {
      var stringValue: String?
      var intValue: String?
      var doubleValue: Double?
      var boolValue: Bool?
    }

    init(_ key: String, _ value: FieldValue) {
      self.key = key
      self.value =
        switch value {
        case .text(let text): Value(stringValue: text)
        case .integer(let integer): Value(intValue: String(integer))
        case .number(let number): Value(doubleValue: number)
        case .flag(let flag): Value(boolValue: flag)
        }
    }
  }

  struct Link: Encodable {
    let traceId: String
    let spanId: String
  }

  struct Status: Encodable {
    /// 0: not said, 1: ok, 2: error.
    var code = 0
    var message: String?
  }

  enum Kind: Int, Encodable {
    case internalTask = 1
    case server = 2
  }

  let traceId: String
  let spanId: String
  let parentSpanId: String?
  let name: String
  let kind: Kind
  let startTimeUnixNano: String
  let endTimeUnixNano: String
  var attributes: [Attribute]
  var links: [Link]
  var status = Status()
}

/// The names and values of the CI/CD conventions (OpenTelemetry Semantic Conventions, `cicd.*`), as far as a run has them.
enum CICDResult: String {
  case success
  /// The work was not done well: a worker's exit code, a red check, a conflict.
  case failure
  /// Not the work's fault.
  case error
  case timeout
  case cancellation
  case skip

  /// Whether `error.type` belongs beside it.
  var isError: Bool { self == .failure || self == .error || self == .timeout }
}
