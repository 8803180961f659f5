extension AsyncStream where Element: Sendable {
  /// The same elements, each shown to `look` before it is handed on.
  func passing(by look: @escaping @Sendable (Element) -> Void) -> AsyncStream<Element> {
    let (stream, continuation) = AsyncStream<Element>.makeStream()
    let reader = Task {
      for await element in self {
        look(element)
        continuation.yield(element)
      }
      continuation.finish()
    }
    continuation.onTermination = { if case .cancelled = $0 { reader.cancel() } }
    return stream
  }
}
