import ArgumentParser
import Engine
import Methodology
import Planning
import Reporting
import SystemPackage

struct MenuCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "menu",
    abstract: "The other commands as a menu over one plan: where it stands, what blocks, what can be done next.",
    usage: "plait menu [<PLAN>] [-- <WORKER> [<ARG> ...]]",
    discussion: """
      Arrows or letters choose, Enter does it, q leaves. Every entry runs the command that it shows, with the whole terminal to \
      itself. On a terminal that can't place text (TERM=dumb) it is a list, answered by lines.
      """
  )

  @Argument(help: ArgumentHelp("The plan.", valueName: "PLAN"))
  var plan: String = "."

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The worker's command for what is run, without a shell.", valueName: "WORKER ARG")
  )
  var worker: [String] = []

  func run() async throws {
    try await reporting {
      let subject = MenuSubject(plan: plan, worker: worker)
      guard MenuScene.isPossible else {
        throw EngineError(
          .missing,
          "menu",
          "the menu needs a terminal for its input and its output: the commands it offers are in 'plait --help'"
        )
      }
      let machine = MenuMachine(try await subject.menu())
      if Console.variable("TERM") ?? "dumb" == "dumb" {
        var lines = MenuLines(subject: subject, machine: machine)
        try await lines.run()
      } else {
        var scene = MenuScene(subject: subject, machine: machine)
        try await scene.run()
      }
    }
  }
}

/// The plan that a menu is about, and the commands that its entries stand for.
struct MenuSubject {
  let plan: String
  let worker: [String]

  /// What can be done now, read anew.
  func menu() async throws -> Menu {
    let loaded = try await LoadedRecord(plan)
    return try Menu(loaded.record, run: try await loaded.newestRun())
  }

  /// The words after `plait` that do what was chosen.
  func command(for action: MenuAction, in menu: Menu) async throws -> [String] {
    let top = try await LoadedRecord(plan).repositoryTop ?? "."
    let repository = ["--repo", top]
    let rest = worker.isEmpty ? [] : ["--"] + worker
    let run = menu.entries.first { $0.action == .report }?.detail ?? ""
    switch action {
    case .runReady:
      let ids = menu.overview.ready.map(\.text).joined(separator: ",")
      return ["run", plan, "--only", ids] + repository + rest
    case .runAll: return ["run", plan] + repository + rest
    case .createSubplans: return ["subplans", plan]
    case .createExecutions: return ["executions", plan]
    case .approve(let id): return ["approve", plan, id.text]
    case .reject(let id, let finding): return ["reject", plan, id.text, "--finding=\(finding)"]
    case .skip(let id, let reason): return ["skip", plan, id.text, "--reason=\(reason)"]
    case .reviewPrompt(let id): return ["prompt", "review", plan, id.text]
    case .graph: return ["show", plan]
    case .report: return ["report", run] + repository
    case .resume: return ["resume", run] + repository
    case .land: return ["land", menu.entries.first { $0.action == .land }?.detail ?? ""] + repository
    case .archive: return ["archive", plan]
    case .review, .quit: return []
    }
  }

  /// Runs a command of this program with the terminal as it is; says how it ended.
  func perform(_ words: [String]) async throws -> String {
    let shown = words.map { $0.contains(" ") || $0.isEmpty ? "'\($0)'" : $0 }.joined(separator: " ")
    Console.note("$ plait \(TerminalText.safe(shown))\n")
    let child = try OwnProcess(words, streams: .terminal)
    var end: OwnProcess.End?
    while end == nil {
      end = child.end()
      if end == nil { try await Task.sleep(for: .milliseconds(20)) }
    }
    let name = "plait \(words.first ?? "")"
    switch end {
    case .exited(0): return "'\(name)' is done."
    case .exited(let code): return "'\(name)' ended with exit code \(code)."
    case .signalled(let number): return "'\(name)' was ended by signal \(number)."
    case nil: return ""
    }
  }

  /// The menu after `action`; nil when the plan itself went to the archive, so that nothing is left to choose from.
  func menu(after action: MenuAction) async throws -> Menu? {
    do {
      return try await menu()
    } catch let error as MethodologyError where action == .archive && error.code == .notFound {
      return nil
    }
  }
}
