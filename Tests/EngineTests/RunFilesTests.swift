import SystemPackage
import Testing

@testable import Engine

@Suite struct RunFilesTests {
  @Test func aReadOnlyDiskIsNamedWithTheNextStep() {
    let error = RunFiles.failure("file", "plan/parallel.json", .readOnlyFileSystem)
    #expect(error.code == .storage && error.message.hasSuffix("; make its disk writable, or work on a copy elsewhere"))
    #expect(RunFiles.failure("file", "x", .isDirectory).code == .file)
  }
}
