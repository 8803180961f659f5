import ArgumentParser
import Engine
import Reporting
import Serving
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The server behind `plait serve`.
@main
struct PlaitServe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plait-serve",
    abstract: "The server behind 'plait serve', which starts it; see 'plait help serve'."
  )

  @Option(help: ArgumentHelp("The repository, or any folder in it.", valueName: "DIR"))
  var repo: String = "."

  @Option(help: ArgumentHelp("The port of 127.0.0.1 to listen on; default: a free one.", valueName: "N"))
  var port: UInt16 = 0

  @Flag(help: "The address as one JSON object (plait.serve/1) instead of a line of text.")
  var json = false

  private struct Announcement: Encodable {
    let schema = "plait.serve/1"
    let url: String
    let port: UInt16
  }

  func run() async throws {
    do {
      let stops = StopSignals()
      let archive = try await RunArchive(repositoryAt: repo)
      let listener = try Listener(port: port)
      var generator = SystemRandomNumberGenerator()
      let admission = Admission(port: listener.port, token: AccessToken(using: &generator))
      let site = Site(ArchiveSurroundings(archive: archive), admission: admission)
      let url = site.address
      let text = json ? try JSONText.render(Announcement(url: url, port: listener.port)) : url + "\n"
      _ = try FileDescriptor.standardOutput.writeAll(text.utf8)
      note(
        "Shows the runs of \(TerminalText.safe(archive.top)) to whoever has this address, on this machine only. Ctrl-C ends it."
      )
      try await Server(site: site, listener: listener).run(until: stops.first)
    } catch let error as ExitCode {
      throw error
    } catch {
      note("error: \(TerminalText.safe("\(error)"))")
      throw ExitCode(PlaitServe.unavailable)
    }
  }

  /// Something that is needed is not to be had here; the same number as that of `plait`.
  private static let unavailable: Int32 = 69

  private func note(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll((text + "\n").utf8)
  }
}
