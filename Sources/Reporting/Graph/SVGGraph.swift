/// The graph as a picture that stands alone: no script, no font or style from elsewhere, light and dark.
enum SVGGraph {
  private static let margin = 32.0
  private static let header = 84.0

  static func render(_ picture: GraphPicture) -> String {
    let layout = layout(of: picture)
    let width = max(layout.width + 2 * margin, 720)
    let height = header + layout.height + 2 * margin
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size(width, height)) role=\"img\" aria-labelledby=\"title\">",
      "<title id=\"title\">\(escaped(TerminalText.safe(picture.name, limit: 200)))</title>",
      SVGStyle.text(states: picture.nodes.contains { $0.tone != nil }),
      "<defs>\(marker("arrow", "edge-head"))\(marker("critical-arrow", "critical-head"))</defs>",
      "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>",
    ]
    lines += heading(picture, width: width)
    lines.append("<g transform=\"translate(\(number(margin)) \(number(header + margin / 2)))\">")
    return (lines + drawing(picture, layout)).joined(separator: "\n") + "\n</g>\n</svg>\n"
  }

  /// More nodes than this are drawn small in a page, without their titles: nobody reads a thousand boxes.
  static let mostLarge = 150

  /// The picture as a part of a page that has the style for it: `SVGStyle.embedded`.
  static func embedded(_ picture: GraphPicture) -> String {
    let isSmall = picture.nodes.count > mostLarge
    let small = GraphLayout.Metrics(nodeWidth: 104, nodeHeight: 26, rowGap: 8, columnGap: 48)
    let layout = layout(of: picture, metrics: isSmall ? small : GraphLayout.Metrics())
    let (width, height) = (layout.width + 8, layout.height + 8)
    let lines = [
      "<svg class=\"graph\" \(size(width, height)) role=\"img\" aria-labelledby=\"graph-caption\">",
      "<defs>\(marker("arrow", "edge-head"))\(marker("critical-arrow", "critical-head"))</defs>",
      "<g transform=\"translate(4 4)\">",
    ]
    return (lines + drawing(picture, layout)).joined(separator: "\n") + "\n</g>\n</svg>\n"
  }

  private static func layout(of picture: GraphPicture, metrics: GraphLayout.Metrics = .init()) -> GraphLayout {
    GraphLayout(
      levels: picture.nodes.map(\.level),
      edges: picture.edges.map { (from: $0.from, to: $0.to) },
      metrics: metrics
    )
  }

  private static func size(_ width: Double, _ height: Double) -> String {
    "width=\"\(number(width))\" height=\"\(number(height))\" viewBox=\"0 0 \(number(width)) \(number(height))\""
  }

  private static func drawing(_ picture: GraphPicture, _ layout: GraphLayout) -> [String] {
    var lines: [String] = []
    // The critical path is drawn last, so that it lies on top where lines cross.
    for isCritical in [false, true] {
      for (index, edge) in picture.edges.enumerated() where edge.isCritical == isCritical {
        lines.append(path(layout.routes[index], isCritical: isCritical))
      }
    }
    for (node, corner) in zip(picture.nodes, layout.corners) {
      lines.append(box(node, at: corner, metrics: layout.metrics))
    }
    return lines
  }

  private static func marker(_ id: String, _ style: String) -> String {
    "<marker id=\"\(id)\" viewBox=\"0 0 8 8\" refX=\"7.4\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
      + "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"\(style)\" d=\"M0 0.6 8 4 0 7.4Z\"/></marker>"
  }

  private static func heading(_ picture: GraphPicture, width: Double) -> [String] {
    let columns = Int((width - 2 * margin) / 9.5)
    let name = escaped(TerminalText.safe(picture.name, limit: columns))
    var lines = [
      "<text class=\"name\" x=\"\(number(margin))\" y=\"36\">\(name)</text>",
      "<text class=\"caption\" x=\"\(number(margin))\" y=\"58\">\(escaped(picture.caption))</text>",
    ]
    var x = margin
    let tones = GraphPicture.Tone.allCases.filter { tone in picture.nodes.contains { $0.tone == tone } }
    let legend =
      (picture.nodes.contains(where: \.isCritical) ? [("critical", "critical path")] : [])
      + tones.map { ($0.rawValue, $0.rawValue == "active" ? "at work" : $0.rawValue) }
    for (style, word) in legend {
      lines.append("<rect class=\"box \(style)\" x=\"\(number(x))\" y=\"70\" width=\"14\" height=\"10\" rx=\"3\"/>")
      lines.append("<text class=\"caption\" x=\"\(number(x + 20))\" y=\"79\">\(word)</text>")
      x += 36 + Double(word.count) * 6.8
    }
    return lines
  }

  private static func path(_ points: [GraphLayout.Point], isCritical: Bool) -> String {
    guard let first = points.first else { return "" }
    var path = "M\(number(first.x)) \(number(first.y))"
    for (index, point) in points.enumerated().dropFirst() {
      let last = points[index - 1]
      // Every second stretch runs through a lane, level: a straight line. The others bend from column to column.
      if index % 2 == 0 {
        path += "H\(number(point.x))"
      } else {
        let bend = (point.x - last.x) / 2
        path +=
          "C\(number(last.x + bend)) \(number(last.y)) \(number(point.x - bend)) \(number(point.y)) "
          + "\(number(point.x)) \(number(point.y))"
      }
    }
    let (style, marker) = isCritical ? ("edge critical-edge", "critical-arrow") : ("edge", "arrow")
    return "<path class=\"\(style)\" d=\"\(path)\" marker-end=\"url(#\(marker))\"/>"
  }

  private static func box(_ node: GraphPicture.Node, at corner: GraphLayout.Point, metrics: GraphLayout.Metrics)
    -> String
  {
    let classes = ["box", node.tone?.rawValue, node.isCritical ? "critical" : nil].compactMap { $0 }
    let (width, height) = (number(metrics.nodeWidth), number(metrics.nodeHeight))
    if metrics.nodeHeight < 36 { return smallBox(node, at: corner, metrics: metrics, classes: classes) }
    let place = "x=\"\(number(corner.x))\" y=\"\(number(corner.y))\" width=\"\(width)\" height=\"\(height)\""
    var parts = [
      "<title>\(escaped(TerminalText.safe(node.id + " " + node.title, limit: 300)))</title>",
      "<rect class=\"\(classes.joined(separator: " "))\" \(place) rx=\"8\"/>",
      // A view of its own cuts off what a font makes wider than expected.
      "<svg \(place)>", "<text class=\"id\" x=\"12\" y=\"19\">\(node.id)</text>",
      "<text class=\"hours\" x=\"\(number(metrics.nodeWidth - 12))\" y=\"19\">\(node.hours)</text>",
    ]
    for (index, line) in titleLines(node.title, columns: 27).enumerated() {
      parts.append("<text class=\"title\" x=\"12\" y=\"\(36 + index * 15)\">\(escaped(line))</text>")
    }
    return "<g>" + parts.joined() + "</svg></g>"
  }

  private static func smallBox(
    _ node: GraphPicture.Node,
    at corner: GraphLayout.Point,
    metrics: GraphLayout.Metrics,
    classes: [String]
  ) -> String {
    let (width, height) = (number(metrics.nodeWidth), number(metrics.nodeHeight))
    let baseline = number(corner.y + 17)
    return [
      "<g><title>\(escaped(TerminalText.safe(node.id + " " + node.title, limit: 120)))</title>",
      "<rect class=\"\(classes.joined(separator: " "))\" x=\"\(number(corner.x))\" y=\"\(number(corner.y))\" "
        + "width=\"\(width)\" height=\"\(height)\" rx=\"5\"/>",
      "<text class=\"id\" x=\"\(number(corner.x + 8))\" y=\"\(baseline)\">\(node.id)</text>",
      node.hours.isEmpty
        ? ""
        : "<text class=\"hours\" x=\"\(number(corner.x + metrics.nodeWidth - 8))\" y=\"\(baseline)\">\(node.hours)</text>",
      "</g>",
    ].joined()
  }

  /// Two lines at most; the second ends with `…` when there would be more.
  private static func titleLines(_ title: String, columns: Int) -> [String] {
    let lines = Prose.wrapped(TerminalText.safe(title, limit: columns * 3), width: columns)
    guard lines.count > 2 else { return lines }
    return [lines[0], TerminalText.safe(lines[1...].joined(separator: " "), limit: columns)]
  }

  static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  private static func number(_ value: Double) -> String {
    let text = value.fixed(1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
