/// Reads durations where they stand outside a plan file, in the same forms: `10s`, `45m`, `1h30m`, a number of seconds.
package enum DurationText {
  /// The duration in seconds; nil when `text` is none.
  package static func seconds(_ text: String) -> Double? {
    TimeText.seconds(Array(text.utf8)[...])
  }
}
