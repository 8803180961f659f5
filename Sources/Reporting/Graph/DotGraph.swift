/// The graph in the language of Graphviz.
enum DotGraph {
  static func render(_ picture: GraphPicture) -> String {
    var lines = [
      "digraph \(quoted(picture.name, limit: 200)) {",
      "  rankdir=LR;",
      "  bgcolor=\"transparent\";",
      "  label=\(quoted(picture.caption, limit: 200)); labelloc=t; fontname=\"Helvetica\";",
      "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, margin=\"0.15,0.08\"];",
      "  edge [color=\"#9aa4b0\", arrowsize=0.7];",
    ]
    for node in picture.nodes { lines.append("  \(quoted(node.id)) [\(attributes(node))];") }
    for edge in picture.edges {
      let style = edge.isCritical ? " [color=\"#d9480f\", penwidth=2.2]" : ""
      lines.append("  \(quoted(picture.nodes[edge.from].id)) -> \(quoted(picture.nodes[edge.to].id))\(style);")
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  private static func attributes(_ node: GraphPicture.Node) -> String {
    let title = Prose.wrapped(TerminalText.safe(node.title, limit: 60), width: 26)
    let head = node.hours.isEmpty ? node.id : "\(node.id)  (\(node.hours))"
    let label = ([head] + title).map(escaped).joined(separator: "\\n")
    let colours = (node.tone ?? .waiting).light
    let stroke = node.isCritical ? "#d9480f" : colours.stroke
    let width = node.isCritical ? ", penwidth=2.2" : ""
    return "label=\"\(label)\", fillcolor=\"\(colours.fill)\", color=\"\(stroke)\"\(width)"
  }

  private static func quoted(_ text: String, limit: Int = .max) -> String {
    "\"\(escaped(TerminalText.safe(text, limit: limit)))\""
  }

  /// A backslash begins an escape in a label, `\N` would even insert the node's name.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += $1 == "\"" || $1 == "\\" ? "\\\($1)" : String($1) }
  }
}
