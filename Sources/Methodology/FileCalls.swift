import SystemPackage

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// The calls of the system that swift-system has no name for. Each says whether it worked; `Errno.current` says why not.

func link(_ source: FilePath, to target: FilePath) -> Bool {
  source.withPlatformString { source in target.withPlatformString { link(source, $0) == 0 } }
}

func rename(_ source: FilePath, to target: FilePath) -> Bool {
  source.withPlatformString { source in target.withPlatformString { rename(source, $0) == 0 } }
}

func unlink(_ path: FilePath) -> Bool { path.withPlatformString { unlink($0) == 0 } }

func makeDirectory(_ path: FilePath) -> Bool { path.withPlatformString { mkdir($0, 0o777) == 0 } }

/// Whether `name` matches the shell pattern `pattern` (`*`, `?`, `[a-z]`); `/` is a character like any other.
func matches(_ name: String, pattern: String) -> Bool { fnmatch(pattern, name, 0) == 0 }

extension Errno {
  /// Why the last call failed; to be read in the same expression as the call.
  static var current: Errno { Errno(rawValue: errno) }
}
