import Foundation
import Planning
import Recording
import Testing

@testable import Reporting

@Suite struct HTMLReportTests {
  private func chart(_ sample: Samples.Sample) -> RunChart {
    let report = RunReport(plan: sample.plan, snapshot: sample.snapshot, until: sample.snapshot.lastTime + 1)
    return RunChart(report, plan: sample.plan, snapshot: sample.snapshot)
  }

  @Test func everyPageIsWellFormedAndNeedsNothingElse() throws {
    for sample in Samples.runs {
      let page = HTMLReport.page(chart(sample), logs: ["2.1": Samples.hostileTitle])
      let findings = try MarkupCheck(page).findings
      #expect(findings == [], "\(sample.name)")
      let addresses = page.matches(of: /(?:src|href|action|srcset)="([^"]*)"/).map { String($0.1) }
      #expect(addresses.allSatisfy { $0.hasPrefix("#") || $0 == "data:," }, "\(addresses)")
      #expect(!page.contains("@import") && !page.contains("url(http") && !page.contains(" style=\""))
      #expect(!page.contains("javascript:") && page.matches(of: /\son[a-z]+="/).isEmpty)
      for scalar in page.unicodeScalars where scalar != "\n" {
        #expect(scalar.properties.generalCategory != .control && scalar != "\u{202E}")
      }
    }
  }

  @Test func whatTitlesSayIsTextAndNothingElse() {
    let page = HTMLReport.page(chart(Samples.hostile), logs: ["2.1": "\(Samples.hostileTitle)</pre><img src=x>"])
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(!page.contains("<img") && !page.contains("alert(1)</script>"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
  }

  @Test func theFirstScreenAnswersTheFourQuestions() {
    let page = HTMLReport.main(chart(Samples.runs[1])).replacing("\u{A0}", with: " ")
    let overview = page.prefix(upTo: page.range(of: "id=\"timeline\"")?.lowerBound ?? page.endIndex)
    for part in [
      "Time saved</h2>", "25.5 s", "42.9 %, 1.75 × as fast", "over the budget of 10.0 %", "Critical path</h2>",
      "<a href=\"#a-1.2\">1.2</a> → <a href=\"#a-1.8\">1.8</a>", "No schedule takes less than", "Failed</h2>",
      "<a href=\"#a-1.11\">1.11</a>, <a href=\"#a-1.18\">1.18</a>", "and 3 blocked by them",
      "24 achievements: 19 complete, 2 failed, 3 blocked",
    ] { #expect(overview.contains(part), "\(part)") }
    let good = HTMLReport.main(chart(Samples.runs[0]))
    #expect(
      good.contains("<a href=\"#a-1.18\">1.18</a>, <a href=\"#a-1.22\">1.22</a>") && !good.contains("blocked by them")
    )
  }

  @Test func aRunThatGoesOnSaysWhatIsStillToCome() {
    let plan = makePlan([("1.1", "A", 1, []), ("1.2", "B", 1, ["1.1"])])
    var script = EventScript(slots: 1)
    script.ready(0, "1.1")
    let page = HTMLReport.page(chart(("", plan, script.snapshot)), live: "/run/r1/events?token=\"x\"")
    #expect(page.contains("2 achievements still to come."))
    #expect(page.contains("connect-src 'self'"))
    #expect(page.contains("<body data-live=\"/run/r1/events?token=&quot;x&quot;\">"))
    #expect(page.contains("No work was finished."))
    // Nothing has run: no lanes, and a ledger of nothing but waiting.
    #expect(!page.contains("id=\"gantt\""))
  }

  @Test func nothingToReportIsStillAPage() throws {
    let page = HTMLReport.page(chart(("", makePlan([]), RunSnapshot())))
    let findings = try MarkupCheck(page).findings
    #expect(findings == [])
    #expect(page.contains("The plan has no achievements.") && !page.contains("nan") && !page.contains("inf"))
    #expect(!page.contains("<table"))
  }

  @Test func failuresComeWithTheLastLinesOfTheirLogs() {
    let log = (1...100).map { "line \($0)" }.joined(separator: "\n") + "\n\u{1B}[31mred\u{1B}[0m & 50%\r100%\n"
    let page = HTMLReport.main(chart(Samples.runs[1]), logs: ["1.11": log, "1.1": "not asked for"])
    #expect(page.contains("line 100\nred &amp; 50%") == false)
    #expect(page.contains("line 100\n100%</pre>"))
    #expect(page.contains("line 62\n") && !page.contains("line 61\n"))
    #expect(!page.contains("not asked for"))
    #expect(page.components(separatedBy: "Last lines of its log").count == 2)
    #expect(page.contains("blocked</span> by <a href=\"#a-1.11\">1.11</a>"))
  }

  @Test func manyFailuresAreFolded() throws {
    let count = 140
    let plan = makePlan((1...count).map { ("1.\($0)", "T", 1, []) } + [("2.1", "U", 1, ["1.1"])])
    var script = EventScript(slots: count)
    for index in 1...count { script.failed("1.\(index)", slot: index - 1, [0, 0, 0, 1, 1, 1]) }
    script.at(1, .blocked(id("2.1"), by: id("1.1"), reason: ""))
    script.at(2, .runEnded(.failed))
    let page = HTMLReport.main(chart(("", plan, script.snapshot)), logs: ["1.1": "a", "1.9": "b"])
    let findings = try MarkupCheck(page).findings
    #expect(findings == [])
    #expect(page.contains("<summary>130 more</summary>") && page.contains("… 40 more, in the table."))
    #expect(page.contains("<details id=\"log-1.1\" open>") && page.contains("<details id=\"log-1.9\">"))
    // Many slots get lanes too low for names.
    #expect(page.contains("lane-14"))
  }

  @Test func theTimelineHasOnePathPerKindWhateverItsLength() throws {
    let run = SimulatedRun(seed: 3, count: 300, slots: 8)
    let page = HTMLReport.main(chart(("", run.plan, RunSnapshot(run.script.events))))
    let start = try #require(page.range(of: "<svg class=\"chart\""))
    let chart = page[start.lowerBound...].prefix { _ in true }
    let picture = chart.prefix(upTo: try #require(chart.range(of: "id=\"tip\"")).lowerBound)
    #expect(picture.components(separatedBy: "<path").count <= 9)
    #expect(picture.components(separatedBy: "<rect").count <= 6)
  }

  @Test func sha256AndBase64() {
    #expect(SHA256.hex("", length: 64) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(SHA256.hex("abc", length: 64) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    #expect(SHA256.hex(long, length: 16) == "248d6a61d20638b8")
    for count in 54...66 { #expect(SHA256.digest(String(repeating: "x", count: count)).count == 32) }
    #expect(SHA256.base64("abc") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
  }
}

/// The page's colours by the formulas of WCAG 2.2.
@Suite struct HTMLPaletteTests {
  private func luminance(_ colour: String) -> Double {
    let value = Int(colour.dropFirst(), radix: 16) ?? 0
    let parts = [16, 8, 0].map { shift -> Double in
      let part = Double(value >> shift & 255) / 255
      return part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  private func contrast(_ first: String, _ second: String) -> Double {
    let (one, other) = (luminance(first), luminance(second))
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
  }

  @Test func contrastIsWhatItSays() {
    #expect(abs(contrast("#000000", "#ffffff") - 21) < 1e-9)
    for theme in [\HTMLPalette.Colour.light, \.dark] {
      for ink in HTMLPalette.inks {
        for ground in HTMLPalette.grounds where ground.name != "lane" {
          #expect(contrast(ink[keyPath: theme], ground[keyPath: theme]) >= 4.5, "\(ink.name) on \(ground.name)")
        }
      }
      for bar in HTMLPalette.bars {
        for ground in HTMLPalette.grounds {
          #expect(contrast(bar[keyPath: theme], ground[keyPath: theme]) >= 3, "\(bar.name) on \(ground.name)")
        }
      }
      let work = HTMLPalette.bars.first { $0.name == "work" }?[keyPath: theme] ?? ""
      #expect(contrast(HTMLPalette.onBar[keyPath: theme], work) >= 4.5)
      let inks = HTMLPalette.inks.prefix(2).map { $0[keyPath: theme] }
      for tone in GraphPicture.Tone.allCases {
        let fill = theme == \.light ? tone.light.fill : tone.dark.fill
        for ink in inks { #expect(contrast(ink, fill) >= 4.5, "\(ink) on \(tone.rawValue)") }
      }
    }
  }

  @Test func everyVariableThatIsUsedIsThere() {
    let declared = Set(HTMLPalette.all.map(\.name))
    let used = HTMLStyle.text.matches(of: /var\(--([a-z-]+)\)/).map { String($0.1) }
    #expect(Set(used).isSubset(of: declared))
    #expect(declared.count == HTMLPalette.all.count)
  }
}

/// Whether elements are closed in order, ids are unique, and what refers to an id finds it.
struct MarkupCheck {
  private(set) var findings: [String] = []

  init(_ page: String) throws {
    // What is inside of scripts and styles is no markup.
    let bare = page.replacing(/(<script[^>]*>)[^<]*(?:<(?!\/script)[^<]*)*(<\/script>)/) { "\($0.1)\($0.2)" }
      .replacing(/(<style>)[^<]*(<\/style>)/) { "\($0.1)\($0.2)" }
    let empty: Set<String> = ["meta", "link", "input", "col"]
    var open: [String] = []
    var ids: Set<String> = []
    for tag in bare.matches(of: /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z0-9-]+(?:="[^"<>]*")?)*)\s*(\/?)>/) {
      let name = String(tag.2)
      if !tag.1.isEmpty {
        if open.popLast() != name { findings.append("</\(name)> closes another element") }
        continue
      }
      if tag.4.isEmpty && !empty.contains(name) { open.append(name) }
      for id in tag.3.matches(of: /\sid="([^"]*)"/) where !ids.insert(String(id.1)).inserted {
        findings.append("the id \(id.1) is there twice")
      }
    }
    if !open.isEmpty { findings.append("\(open) are not closed") }
    let tags = bare.matches(of: /<[a-zA-Z\/!]/).count
    let known = bare.matches(of: /<(?:\/?[a-z][a-z0-9]*(?:\s+[a-zA-Z0-9-]+(?:="[^"<>]*")?)*\s*\/?|!doctype html)>/)
      .count
    if tags != known { findings.append("\(tags - known) tags can't be read") }
    for reference in bare.matches(of: /(?:aria-labelledby|aria-describedby|for)="([^"]*)"/) {
      for id in reference.1.split(separator: " ") where !ids.contains(String(id)) {
        findings.append("nothing has the id \(id)")
      }
    }
  }
}
