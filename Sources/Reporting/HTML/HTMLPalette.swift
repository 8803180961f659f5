/// The colours of the page, each for a light and for a dark ground.
///
/// Text has a contrast of at least 4.5 to 1 on every ground that it stands on, bars at least 3 to 1 on their lanes (WCAG 2.2,
/// 1.4.3 and 1.4.11). Nothing is said by colour alone: stages differ in height, states have a sign and a word.
enum HTMLPalette {
  struct Colour {
    let name: String
    let light: String
    let dark: String

    init(_ name: String, _ light: String, _ dark: String) {
      self.name = name
      self.light = light
      self.dark = dark
    }
  }

  /// What text and signs stand on.
  static let grounds = [
    Colour("paper", "#ffffff", "#0d1117"), Colour("panel", "#f6f8fa", "#161b22"), Colour("lane", "#eef1f4", "#1b2129"),
  ]

  /// What is read, on paper and panels.
  static let inks = [
    Colour("ink", "#1f2328", "#e6edf3"), Colour("faint", "#57606a", "#9aa5b1"), Colour("link", "#0550ae", "#79b8ff"),
    Colour("critical", "#c2410c", "#ff8a4c"), Colour("good", "#1a7f37", "#56d364"), Colour("bad", "#b42318", "#ff7b72"),
  ]

  /// Bars in a lane; names are those of the stages, and `rework`.
  static let bars = [
    Colour("prepare", "#57606a", "#9aa5b1"), Colour("launch", "#b45309", "#f0883e"),
    Colour("work", "#2563c9", "#6ea8ff"), Colour("collect", "#8250df", "#bc8cff"),
    Colour("verify", "#0f7a6c", "#3fc9b4"), Colour("merge", "#a2318f", "#f18ad9"),
    Colour("rework", "#b42318", "#ff7b72"),
  ]

  /// What stands on the bars.
  static let onBar = Colour("on-bar", "#ffffff", "#0d1117")

  private static let lines = [Colour("line", "#d0d7de", "#30363d"), Colour("edge", "#8c959f", "#6b7683")]

  static var all: [Colour] {
    grounds + inks + bars + [onBar] + lines
      + GraphPicture.Tone.allCases.flatMap { tone in
        [
          Colour("\(tone.rawValue)-fill", tone.light.fill, tone.dark.fill),
          Colour("\(tone.rawValue)-line", tone.light.stroke, tone.dark.stroke),
        ]
      }
  }

  /// The colours as variables: light, dark where the reader prefers that, and either where the reader has chosen it.
  static var rules: String {
    func block(_ selector: String, _ scheme: String, _ value: KeyPath<Colour, String>) -> String {
      let variables = all.map { "--\($0.name):\($0[keyPath: value])" }.joined(separator: ";")
      return "\(selector){color-scheme:\(scheme);\(variables)}"
    }
    return [
      block(":root", "light", \.light),
      "@media (prefers-color-scheme:dark){\(block(":root:not([data-theme=light])", "dark", \.dark))}",
      block(":root[data-theme=dark]", "dark", \.dark),
    ].joined(separator: "\n")
  }
}
