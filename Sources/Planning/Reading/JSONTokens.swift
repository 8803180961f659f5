// Strings and numbers of the scanner, and what it says about bytes that it didn't expect.
extension JSONScanner {
  /// Scans the text that starts at the quote at `offset`, to behind its closing quote.
  mutating func scanString(isEscaped: inout Bool) -> Problem? {
    let start = offset
    offset += 1
    while offset < limit {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") {
        offset += 1
        return nil
      }
      if byte == UInt8(ascii: "\\") {
        isEscaped = true
        if let problem = scanEscape() { return problem }
      } else if byte >= 0x80 {
        guard let length = sequenceLength() else {
          return Problem(offset: offset, message: "the text is not UTF-8", hint: "Save the file as UTF-8.")
        }
        offset += length
      } else if byte < 0x20 {
        return Problem(
          offset: offset,
          message: "a control character (\(found())) inside a text",
          hint: byte == 0x0A ? "Is the closing quote missing? A line break inside a text is written `\\n`." : nil
        )
      } else {
        offset += 1
      }
    }
    let place = lines.place(at: start)
    return Problem(
      offset: limit,
      message: "the file ends inside a text",
      hint: "The text opened at line \(place.line), column \(place.column) has no closing quote."
    )
  }

  private mutating func scanEscape() -> Problem? {
    let start = offset
    guard offset + 1 < limit else { return Problem(offset: limit, message: "the file ends inside a text") }
    switch bytes[offset + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      offset += 2
      return nil
    case UInt8(ascii: "u"):
      guard let unit = codeUnit(at: offset) else {
        return Problem(offset: start, message: "`\\u` needs four hexadecimal digits")
      }
      offset += 6
      guard (0xD800...0xDFFF).contains(unit) else { return nil }
      guard unit < 0xDC00, let second = codeUnit(at: offset), (0xDC00...0xDFFF).contains(second) else {
        return Problem(offset: start, message: "half of a surrogate pair stands alone")
      }
      offset += 6
      return nil
    default:
      return Problem(
        offset: start,
        message: "JSON has no such escape",
        hint: "A backslash itself is written `\\\\`."
      )
    }
  }

  private func codeUnit(at position: Int) -> Int? {
    guard position + 6 <= limit, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
    else { return nil }
    var unit = 0
    for byte in bytes[position + 2..<position + 6] {
      guard let digit = JSONText.hexValue(byte) else { return nil }
      unit = unit << 4 | Int(digit)
    }
    return unit
  }

  /// The length of the well-formed UTF-8 sequence at `offset` (RFC 3629, table 3-7 of Unicode); nil when it is none.
  private func sequenceLength() -> Int? {
    let first = bytes[offset]
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard (0xC2...0xF4).contains(first), offset + length <= limit else { return nil }
    let second: ClosedRange<UInt8> =
      switch first {
      case 0xE0: 0xA0...0xBF
      case 0xED: 0x80...0x9F
      case 0xF0: 0x90...0xBF
      case 0xF4: 0x80...0x8F
      default: 0x80...0xBF
      }
    guard second.contains(bytes[offset + 1]) else { return nil }
    for position in offset + 2..<max(offset + 2, offset + length) where bytes[position] & 0xC0 != 0x80 { return nil }
    return length
  }

  /// Scans a number by JSON's grammar: no leading zeros, no bare point, no plus sign.
  mutating func scanNumber() -> Problem? {
    let start = offset
    if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    let whole = scanDigits()
    let hasLeadingZero = whole > 1 && bytes[offset - whole] == UInt8(ascii: "0")
    var isWellFormed = whole > 0 && !hasLeadingZero
    if offset < limit, bytes[offset] == UInt8(ascii: ".") {
      offset += 1
      isWellFormed = scanDigits() > 0 && isWellFormed
    }
    if offset < limit, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if offset < limit, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
      isWellFormed = scanDigits() > 0 && isWellFormed
    }
    guard isWellFormed else {
      return Problem(
        offset: start,
        message: hasLeadingZero ? "a number with a leading zero" : "a number that is not complete"
      )
    }
    return nil
  }

  private mutating func scanDigits() -> Int {
    let start = offset
    while offset < limit, bytes[offset] >= UInt8(ascii: "0"), bytes[offset] <= UInt8(ascii: "9") { offset += 1 }
    return offset - start
  }

  /// The byte at `offset` in words.
  func found() -> String {
    guard offset < limit else { return "the end" }
    let byte = bytes[offset]
    return (0x21..<0x7F).contains(byte) ? "`\(Unicode.Scalar(byte))`" : "byte 0x\(String(byte, radix: 16))"
  }

  /// What may have been meant by a byte that begins no JSON value.
  func hint(for byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "'"): "JSON puts text in double quotes."
    case UInt8(ascii: "/"), UInt8(ascii: "#"): "JSON has no comments; a `notes` field can hold them."
    case UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "N"): "JSON writes `true`, `false` and `null`."
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): "A value is missing before it."
    default: nil
    }
  }
}
