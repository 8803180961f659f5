/// The graph in the language of Mermaid, as code hosts draw it inside Markdown.
enum MermaidGraph {
  static func render(_ picture: GraphPicture) -> String {
    var lines = ["flowchart LR"]
    for (index, node) in picture.nodes.enumerated() {
      let title = TerminalText.safe(node.title, limit: 48)
      let hours = node.hours.isEmpty ? "" : " · \(node.hours)"
      let label = "<b>\(node.id)</b>\(hours)" + (title.isEmpty ? "" : "<br/>\(escaped(title))")
      lines.append("  n\(index)[\"\(label)\"]")
    }
    for edge in picture.edges { lines.append("  n\(edge.from) \(edge.isCritical ? "==>" : "-->") n\(edge.to)") }
    for tone in GraphPicture.Tone.allCases {
      let members = picture.nodes.indices.filter { picture.nodes[$0].tone == tone }
      guard !members.isEmpty else { continue }
      lines.append("  classDef \(tone.rawValue) fill:\(tone.light.fill),stroke:\(tone.light.stroke),color:#1f2328")
      lines.append("  class \(members.map { "n\($0)" }.joined(separator: ",")) \(tone.rawValue)")
    }
    let critical = picture.nodes.indices.filter { picture.nodes[$0].isCritical }
    if !critical.isEmpty {
      lines.append("  classDef critical stroke:#d9480f,stroke-width:3px")
      lines.append("  class \(critical.map { "n\($0)" }.joined(separator: ",")) critical")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Mermaid writes a character as `#name;` or `#number;`; everything that it or HTML could read as markup goes so.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\"", "#", "&", "<", ">", "`", "*", "_", "~", "\\", "$", ";", "[", "]", "{", "}", "(", ")", "|", "%", "@":
        result += "#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
