import ArgumentParser
import Engine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Becomes `plait-serve`, which is a program of its own so that this one needs no server in it.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Shows the reports of all runs in a browser of this machine, live.",
    discussion: """
      Prints the address to open. It contains a secret: whoever knows it, on this machine, can read the runs; nobody else can. \
      Ctrl-C ends it.
      """
  )

  @OptionGroup var repository: RepositoryOption

  @Option(help: ArgumentHelp("The port of 127.0.0.1 to listen on; default: a free one.", valueName: "N"))
  var port: UInt16 = 0

  @Flag(help: "The address as one JSON object (plait.serve/1) instead of a line of text.")
  var json = false

  func run() async throws {
    try await reporting {
      // Looked for here, since what an error means for the exit code is decided in this program.
      let archive = try await repository.archive()
      let program = try Console.companion("plait-serve")
      let words = ["plait-serve", "--repo", archive.top, "--port", String(port)] + (json ? ["--json"] : [])
      var arguments = words.map { strdup($0) } + [nil]
      execv(program, &arguments)
      let reason = String(cString: strerror(errno))
      for argument in arguments { free(argument) }
      throw EngineError(.missing, program, "\(program) could not be started: \(reason)")
    }
  }
}
