internal import CProcess

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Runs one worker to its end and records that end, whatever becomes of the Plait that started it.
///
/// Exits 0 when the record is written, however the worker fared; 64 for a wrong command line; 74 when the record, or the
/// output, can't be kept.
@main
enum PlaitSupervisor {
  private static let writeAttempts = 60

  static func main() {
    keepOnlyStandardDescriptors()
    guard let arguments = Arguments(CommandLine.unsafeArgv, count: Int(CommandLine.argc)) else {
      leave(EX_USAGE, Arguments.usage)
    }
    let folder = open(arguments.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { leave(EX_IOERR, "plait-supervisor: \(arguments.directory): \(reason)") }
    guard let output = Output(path: arguments.output, limit: arguments.outputLimit) else {
      leave(EX_IOERR, "plait-supervisor: \(arguments.output ?? "-"): \(reason)")
    }
    let signals = Signals()
    _ = cprocess_become_subreaper()
    let worker = Worker(starting: arguments.program, words: arguments.command)
    // Off the worktree, and safe from whoever renames a folder above the records.
    fchdir(folder)
    close(folder)
    var watch = Watch(arguments, worker: worker, output: output, signals: signals)
    keep(watch.run(), in: arguments.directory)
  }

  /// What Plait had open must not stay open as long as a worker lives. A missing one of the first three is filled up, so that
  /// no file of the supervisor's own becomes the worker's standard input.
  private static func keepOnlyStandardDescriptors() {
    cprocess_close_from(3)
    var descriptor = open("/dev/null", O_RDWR)
    while descriptor >= 0, descriptor < 3 { descriptor = open("/dev/null", O_RDWR) }
    close(descriptor)
  }

  /// A full disk may be emptied: the result of hours isn't given up at once.
  private static func keep(_ result: RecordFile, in directory: String) -> Never {
    for attempt in 1...writeAttempts {
      if result.store(as: "worker.result", isDurable: true) { exit(EX_OK) }
      var folder = stat()
      // Nothing can be written into a folder that was deleted.
      if attempt == writeAttempts || stat(".", &folder) == 0 && folder.st_nlink == 0 { break }
      var pause = Clock.interval(Clock.second)
      nanosleep(&pause, nil)
    }
    leave(EX_IOERR, "plait-supervisor: \(directory)/worker.result: \(reason)")
  }

  private static var reason: String { String(cString: strerror(errno)) }

  private static func leave(_ code: Int32, _ message: String) -> Never {
    let line = message + "\n"
    _ = line.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    exit(code)
  }
}
