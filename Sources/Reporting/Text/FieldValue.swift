/// A value beside a name in a format whose fields are open: text, a number or a flag.
enum FieldValue: Encodable, Equatable {
  case text(String)
  case number(Double)
  case integer(Int64)
  case flag(Bool)

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .integer(let integer): try container.encode(integer)
    case .flag(let flag): try container.encode(flag)
    }
  }
}
