/// The style sheet inside the picture: a light one, and what differs where the reader prefers dark.
enum SVGStyle {
  private static let shapes = [
    ".caption { font-size: 12px; }", ".id { font-size: 12px; font-weight: 700; }",
    ".hours { font-size: 11px; text-anchor: end; }", ".title { font-size: 11.5px; }", ".box { stroke-width: 1.2; }",
    ".edge { fill: none; stroke-width: 1.3; }", ".critical-edge { stroke-width: 2.4; }",
  ]

  /// Rules for the picture in a page whose style has the variables that `HTMLPalette` lists; nothing outside of the picture
  /// is touched.
  static var embedded: String {
    let colours = ground(
      paper: "none",
      ink: "var(--ink)",
      faint: "var(--faint)",
      line: "var(--edge)",
      critical: "var(--critical)"
    )
    let tones = GraphPicture.Tone.allCases.map { tone in
      ".\(tone.rawValue) { fill: var(--\(tone.rawValue)-fill); stroke: var(--\(tone.rawValue)-line); }"
    }
    let critical = ".critical { stroke: var(--critical); stroke-width: 2.4; }"
    return (shapes + colours + tones + [critical]).map { rule in
      let (selectors, body) = (rule.prefix { $0 != "{" }, rule.drop { $0 != "{" })
      return selectors.split(separator: ",").map { ".graph " + String($0.drop { $0 == " " }).trimmedEnd }.joined(
        separator: ", "
      ) + " " + body
    }.joined(separator: "\n")
  }

  static func text(states: Bool) -> String {
    let font = "font-family: -apple-system, 'Segoe UI', 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif"
    var rules = ["text { \(font); }", ".name { font-size: 19px; font-weight: 600; }"] + shapes
    rules += ground(paper: "#ffffff", ink: "#1f2328", faint: "#59636e", line: "#a9b2bd", critical: "#d9480f")
    rules += tones(states, \.light, plain: ("#f6f8fa", "#9aa4b0"), critical: "#d9480f")
    let dark =
      ground(paper: "#0d1117", ink: "#e6edf3", faint: "#9aa5b1", line: "#4d5764", critical: "#ff8a4c")
      + tones(states, \.dark, plain: ("#20262e", "#66717f"), critical: "#ff8a4c")
    let lines = rules + ["@media (prefers-color-scheme: dark) {"] + dark.map { "  \($0)" } + ["}"]
    return "<style>\n\(lines.joined(separator: "\n"))\n</style>"
  }

  private static func ground(paper: String, ink: String, faint: String, line: String, critical: String) -> [String] {
    [
      ".ground { fill: \(paper); }", "text { fill: \(ink); }", ".caption, .hours { fill: \(faint); }",
      ".edge { stroke: \(line); }", ".edge-head { fill: \(line); }", ".critical-edge { stroke: \(critical); }",
      ".critical-head { fill: \(critical); }",
    ]
  }

  private static func tones(
    _ states: Bool,
    _ colours: (GraphPicture.Tone) -> (fill: String, stroke: String),
    plain: (fill: String, stroke: String),
    critical: String
  ) -> [String] {
    var rules = [".box { fill: \(plain.fill); stroke: \(plain.stroke); }"]
    if states {
      rules += GraphPicture.Tone.allCases.map { tone in
        ".\(tone.rawValue) { fill: \(colours(tone).fill); stroke: \(colours(tone).stroke); }"
      }
    }
    return rules + [".critical { stroke: \(critical); stroke-width: 2.4; }"]
  }
}
