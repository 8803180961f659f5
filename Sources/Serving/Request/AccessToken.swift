/// What an address has to contain to be answered: a secret that only who started the program has been told.
package struct AccessToken: Sendable {
  /// 32 letters, digits, `-` and `_`: 192 random bits.
  package let text: String

  /// Makes a new one; `generator` must be fit for secrets, as the system's is.
  package init(using generator: inout some RandomNumberGenerator) {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    text = String((0..<32).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] })
  }

  /// Whether `other` is the same, in a time that doesn't tell how much of it is.
  package func matches(_ other: some StringProtocol) -> Bool {
    let (own, given) = (Array(text.utf8), Array(other.utf8))
    var difference = UInt64(bitPattern: Int64(own.count ^ given.count))
    for index in own.indices {
      difference |= UInt64(own[index] ^ (index < given.count ? given[index] : 0))
    }
    return difference == 0
  }
}
