import Foundation
import Recording
import Testing

@testable import Engine

@Suite struct SupervisorFileTests {
  private func file(_ text: String) throws -> SupervisorFile? {
    let path = NSTemporaryDirectory() + "plait-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return SupervisorFile(path: path)
  }

  @Test(arguments: [
    ("exited 3", WorkerEnd.Status.exited(3)), ("signalled 9", .signalled(9)),
    ("stopped timeout", .stopped(reason: "it ran longer than its timeout of 45 s")),
    ("stopped asked", .stopped(reason: "the run was stopped")),
    ("failed 2 No such file or directory", .stopped(reason: "it could not be started: No such file or directory")),
  ]) func readsHowAWorkerEnded(words: String, status: WorkerEnd.Status) throws {
    let text = """
      plait-supervisor 1
      end \(words)
      wall 2.5
      cpu-user 1.25
      cpu-system 0.5
      max-rss 4096
      output-bytes 17
      output-cut 1
      strays 2
      """
    let end = try #require(try file(text)?.end(timeout: 45, idle: nil))
    #expect(end.status == status)
    #expect(end.usage == WorkerEnd.Usage(wall: 2.5, userCPU: 1.25, systemCPU: 0.5, peakMemory: 4_096))
    #expect(end.outputBytes == 17 && end.outputWasCut && end.strays == 2)
  }

  @Test func aStateIsNoResultAndAnotherFormatIsNothing() throws {
    #expect(try file("plait-supervisor 1\nsupervisor 5\n")?.end(timeout: nil, idle: nil) == nil)
    #expect(try file("plait-supervisor 2\nend exited 0\n") == nil)
    #expect(SupervisorFile(path: "/nonexistent") == nil)
  }

  @Test func aSupervisorLivesOnlyInThisBootAndWithThisStart() throws {
    let stat = try String(contentsOfFile: "/proc/self/stat", encoding: .utf8)
    let ticks = stat.split(separator: ")").last!.split(separator: " ")[19]
    let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    func living(_ ticks: some StringProtocol, _ boot: String) throws -> Int32? {
      try file("plait-supervisor 1\nsupervisor \(getpid())\nsupervisor-start \(ticks)\nboot \(boot)\n")?
        .livingSupervisor
    }
    #expect(try living(ticks, boot) == getpid())
    // The same process id, given to another process since.
    #expect(try living("1", boot) == nil)
    // The machine was restarted.
    #expect(try living(ticks, "00000000-0000-0000-0000-000000000000") == nil)
  }
}
