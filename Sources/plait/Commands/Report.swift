import ArgumentParser
import Engine
import Planning
import Recording
import Reporting

struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Says what a run saved: time ledger, critical path, slowest achievements, every stage's stamps."
  )

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown, html, trace, otlp, csv }

  @Argument(help: ArgumentHelp("The run; default: the newest.", valueName: "RUN"))
  var name: String?

  @OptionGroup var repository: RepositoryOption

  @Option(
    help: ArgumentHelp(
      "text, json (plait.report/1), markdown, html (one page), trace (opens in Perfetto), otlp (OpenTelemetry) or csv.",
      valueName: "FORMAT"
    )
  )
  var format: Format = .text

  @Flag(help: "Like --format json.")
  var json = false

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Write to this file instead of standard output.", valueName: "FILE")
  )
  var output: String?

  func run() async throws {
    try await reporting {
      let archive = try await repository.archive()
      let recorded = try await archive.load(name)
      let isDriven = archive.driver(of: recorded.run) != nil
      let report = RunReport(
        comparing: recorded.plan,
        with: recorded.snapshot,
        until: isDriven ? recorded.now : nil,
        isDriven: isDriven
      )
      let text = try render(report, of: recorded)
      if let output { try RunFiles.replace(output, with: Array(text.utf8)) } else { try Console.out(text) }
    }
  }

  private func render(_ report: RunReport, of recorded: RunArchive.Recorded) throws -> String {
    let chart = RunChart(report, plan: recorded.plan, snapshot: recorded.snapshot)
    return switch json ? .json : format {
    case .text: ReportText.render(report)
    case .json: try JSONText.render(report)
    case .markdown: ReportMarkdown.render(report)
    case .html: HTMLReport.page(chart, logs: RunLogs.ends(of: recorded.snapshot))
    case .trace: try ChromeTrace.render(chart)
    case .otlp: try OTLPTrace.render(chart)
    case .csv: ReportCSV.render(report)
    }
  }
}
