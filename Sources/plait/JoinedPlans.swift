import Engine
import Planning
import Recording
import Reporting

/// The plans of a command line: one, or several that are taken together.
struct JoinedPlans {
  let files: [LoadedPlan]

  /// Finds and reads the plans that `arguments` mean; without any, that of the current folder.
  init(_ arguments: [String]) async throws {
    var files: [LoadedPlan] = []
    for argument in arguments.isEmpty ? ["."] : arguments { files.append(try await LoadedPlan(argument)) }
    self.files = files
  }

  /// Reads the files that a run was given.
  init(_ sources: [PlanSource]) throws { files = try sources.map { try LoadedPlan(file: $0.path) } }

  /// What is recorded of the files.
  var bytes: [UInt8] { PlanBundle.bytes(of: files.map(\.bytes)) }

  /// The files when they are several; nil for one.
  var sources: [PlanSource]? {
    guard files.count > 1 else { return nil }
    return files.map { PlanSource(name: $0.reading.plan?.name ?? "", path: $0.absolutePath) }
  }

  /// What the user should know of each file; with only one, what its reader says.
  static func checked(_ files: [LoadedPlan]) -> [ValidatedFile] {
    zip(files, PlanJoining.check(files.map(\.reading))).map { ValidatedFile(path: $0.path, diagnostics: $1) }
  }

  /// The plan to be looked at: that of the one file, or all as one; throws the exit code when they don't go together.
  func checked() throws -> Plan { try files.count == 1 ? files[0].checked() : runnable() }

  /// The plan to be run: all that it waits for must be there. Errors are written out and warnings counted.
  func runnable() throws -> Plan {
    let joining = PlanJoining(files.map(\.reading))
    guard let plan = joining.plan else {
      let found = zip(files, joining.diagnostics).map { file, diagnostics in
        ValidatedFile(path: file.path, diagnostics: diagnostics.filter { $0.severity == .error })
      }
      Console.note(String(DiagnosticText.render(found).dropLast()))
      throw ExitStatus.invalidPlan.code
    }
    for (file, diagnostics) in zip(files, joining.diagnostics) { file.countWarnings(diagnostics) }
    return plan
  }
}
