import Foundation
import Planning
import Recording
import Testing

@testable import Reporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct GraphTests {
  private let plan = makePlan([
    ("1.1", "Start \"here\" \\N", 1, []), ("1.2", "<b>Beside</b> & #1; `x`", 5, []),
    ("2.1", "Join", nil, ["1.1", "1.2"]),
    ("3.1", "End", 1, ["2.1", "1.1"]),
  ])

  private func render(_ format: GraphFormat, _ snapshot: RunSnapshot? = nil) -> String {
    GraphRenderer.render(plan, analysis: PlanAnalysis(plan), as: format, snapshot: snapshot)
  }

  @Test func dotNamesNodesAndMarksThePath() {
    let text = render(.dot)
    #expect(text.contains("\"1.1\" [label=\"1.1  (1.0 h)\\nStart \\\"here\\\" \\\\N\""))
    #expect(text.contains("\"1.2\" -> \"2.1\" [color=\"#d9480f\", penwidth=2.2];"))
    #expect(text.contains("\"1.1\" -> \"3.1\";"))
    #expect(text.contains("label=\"2.1  (? h)"))
    #expect(text.hasPrefix("digraph \"Sample\" {") && text.hasSuffix("}\n"))
  }

  @Test func mermaidEscapesAndMarksThePath() {
    var script = EventScript(slots: 1)
    script.done("1.1", slot: 0, [0, 0, 0, 1, 1, 1, 1, 1])
    let text = render(.mermaid, script.snapshot)
    #expect(text.hasPrefix("flowchart LR\n"))
    #expect(text.contains("n1[\"<b>1.2</b> · 5.0 h<br/>#60;b#62;Beside#60;/b#62; #38; #35;1#59; #96;x#96;\"]"))
    #expect(text.contains("  n1 ==> n2\n"))
    #expect(text.contains("  n0 --> n3\n"))
    #expect(text.contains("  class n0 complete\n"))
    #expect(text.contains("  class n1,n2,n3 critical\n"))
    #expect(!render(.mermaid).contains("classDef complete"))
  }

  @Test func svgIsWellFormedWhateverTheTitles() throws {
    for sample in Samples.runs {
      let analysis = PlanAnalysis(sample.plan)
      for snapshot in [nil, sample.snapshot] {
        let text = GraphRenderer.render(sample.plan, analysis: analysis, as: .svg, snapshot: snapshot)
        let parser = XMLParser(data: Data(text.utf8))
        #expect(parser.parse(), "\(sample.name): \(String(describing: parser.parserError))")
        #expect(!text.contains("<script"))
        #expect(text.components(separatedBy: "<rect class=\"box").count > sample.plan.achievements.count)
        #expect(text.contains("prefers-color-scheme: dark"))
      }
    }
    let empty = makePlan([])
    let text = GraphRenderer.render(empty, analysis: PlanAnalysis(empty), as: .svg)
    #expect(XMLParser(data: Data(text.utf8)).parse())
  }

  @Test func colourTellsEveryStateApart() {
    let tones = AchievementState.allCases.map(GraphPicture.Tone.init)
    #expect(Set(tones).count == GraphPicture.Tone.allCases.count)
    #expect(Set(GraphPicture.Tone.allCases.map(\.light.fill)).count == GraphPicture.Tone.allCases.count)
    #expect(Set(GraphPicture.Tone.allCases.map(\.dark.stroke)).count == GraphPicture.Tone.allCases.count)
  }

  @Test(arguments: 0..<25)
  func boxesNeverOverlapAndEdgesLeadFromSideToSide(seed: Int) throws {
    let run = SimulatedRun(seed: UInt64(seed), count: 40, slots: 1, endsBy: 0)
    let analysis = PlanAnalysis(run.plan)
    let levels = analysis.levels.map { Int($0) }
    let edges = run.plan.achievements.indices.flatMap { index in
      run.plan.graph.dependencies(of: index).map { (from: Int($0), to: index) }
    }
    let layout = GraphLayout(levels: levels, edges: edges)
    let metrics = layout.metrics
    for (index, corner) in layout.corners.enumerated() {
      #expect(corner.y >= -1e-6 && corner.y + metrics.nodeHeight <= layout.height + 1e-6)
      #expect(corner.x + metrics.nodeWidth <= layout.width + 1e-6)
      for other in layout.corners[..<index] where other.x == corner.x {
        #expect(abs(other.y - corner.y) >= metrics.nodeHeight + metrics.rowGap - 1e-6)
      }
    }
    for (edge, route) in zip(edges, layout.routes) {
      let (from, to) = (layout.corners[edge.from], layout.corners[edge.to])
      let (first, last) = (try #require(route.first), try #require(route.last))
      #expect(first.x == from.x + metrics.nodeWidth && last.x == to.x)
      #expect(abs(first.y - from.y - metrics.nodeHeight / 2) < 1e-6)
      #expect(abs(last.y - to.y - metrics.nodeHeight / 2) < 1e-6)
      #expect(zip(route, route.dropFirst()).allSatisfy { $0.x < $1.x })
    }
  }

  @Test func aThousandNodesInOneColumnAreDrawnInReasonableTime() {
    let wide = makePlan((1...1000).map { ("1.\($0)", "T", 1, []) } + [("2.1", "Join", 1, (1...1000).map { "1.\($0)" })])
    let text = GraphRenderer.render(wide, analysis: PlanAnalysis(wide), as: .svg)
    #expect(text.components(separatedBy: "marker-end").count == 1001)
  }
}
