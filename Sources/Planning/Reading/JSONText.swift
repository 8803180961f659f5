/// Turns bytes that the scanner has checked into text and numbers, and foreign text into text that is safe to print.
enum JSONText {
  /// Decodes the escapes of a JSON text; the scanner has checked that they are well formed.
  static func decoded(_ raw: ArraySlice<UInt8>) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(raw.count)
    var index = raw.startIndex
    while index < raw.endIndex {
      guard raw[index] == UInt8(ascii: "\\"), index + 1 < raw.endIndex else {
        bytes.append(raw[index])
        index += 1
        continue
      }
      if raw[index + 1] == UInt8(ascii: "u") {
        let (scalar, length) = scalar(at: index, in: raw)
        bytes.append(contentsOf: String(scalar).utf8)
        index += length
      } else {
        bytes.append(plainEscape(raw[index + 1]))
        index += 2
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func plainEscape(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: byte
    }
  }

  /// The scalar of the `\uXXXX` at `index`, with its second half when it is a surrogate, and the bytes it takes.
  private static func scalar(at index: Int, in raw: ArraySlice<UInt8>) -> (Unicode.Scalar, Int) {
    let first = codeUnit(at: index, in: raw)
    if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
    let second = codeUnit(at: index + 6, in: raw)
    let joined = 0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF)
    return (Unicode.Scalar(joined) ?? "\u{FFFD}", 12)
  }

  private static func codeUnit(at index: Int, in raw: ArraySlice<UInt8>) -> UInt32 {
    guard index + 6 <= raw.endIndex else { return 0 }
    return raw[index + 2..<index + 6].reduce(0) { $0 << 4 | UInt32(hexValue($1) ?? 0) }
  }

  /// The value of a hexadecimal digit.
  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Reads a decimal number; nil when it is none or not finite.
  ///
  /// Up to 15 digits without an exponent are exact integers over an exact power of ten, so their quotient is the
  /// nearest `Double`: that spares the standard library's slower general way for nearly all numbers of a plan.
  static func number(_ bytes: ArraySlice<UInt8>) -> Double? {
    var value: Int64 = 0
    var digits = 0
    var scale = 1.0
    var isFraction = false
    for (position, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9") where digits < 15:
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        digits += 1
        if isFraction { scale *= 10 }
      case UInt8(ascii: ".") where !isFraction: isFraction = true
      case UInt8(ascii: "-") where position == 0: continue
      default: return Double(String(decoding: bytes, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
      }
    }
    guard digits > 0 else { return nil }
    let magnitude = Double(value) / scale
    return bytes.first == UInt8(ascii: "-") ? -magnitude : magnitude
  }

  /// `text` made safe for a message: control, format and line-breaking characters written as `\u{1b}`, at most `limit`
  /// characters, the rest replaced by `…`.
  static func printable(_ text: some StringProtocol, limit: Int = 200) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < limit else { return result + "…" }
      count += 1
      if isPrintable(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result
  }

  /// Format characters can turn text around or hide it, so they count as unprintable beside the control characters.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value >= 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: return false
    default: return true
    }
  }
}
