package import SystemPackage

/// Every `parallel.json` below a folder.
///
/// Doesn't look into `.git`, build folders (`.build…`), `node_modules` and Plait's own worktrees (`….plait`), and follows no
/// link to a folder: so a loop of links can't hold it, and no plan is found twice.
package struct PlanSearch: Sendable {
  /// The plan files, sorted by path; each begins with the folder as it was given.
  package let plans: [FilePath]
  /// Folders that couldn't be read: what is below them is unknown.
  package let unreadable: [FilePath]

  /// Searches the folder at `top`; throws `MethodologyError` when that one itself can't be read.
  package init(below top: FilePath) throws {
    let walk = try FolderWalk(below: top) { $0 == PlanLocator.fileName.string }
    plans = walk.files
    unreadable = walk.unreadable
  }
}

/// The files below a folder whose names are wanted.
struct FolderWalk {
  let files: [FilePath]
  let unreadable: [FilePath]

  init(below top: FilePath, where isWanted: (String) -> Bool) throws {
    var files: [FilePath] = []
    var unreadable: [FilePath] = []
    // A list of what is still to read, not recursion: folders may be nested deeper than a stack is.
    var open = [top]
    while let folder = open.popLast() {
      do {
        for entry in try Directory(folder).entries {
          let path = folder.appending(entry.name)
          if entry.kind == .directory {
            if !FolderWalk.isLeftOut(entry.name.string) { open.append(path) }
          } else if isWanted(entry.name.string) {
            files.append(path)
          }
        }
      } catch {
        guard folder != top else {
          throw MethodologyError(.unreadable, top.string, "can't be searched for plans (\(error)).")
        }
        unreadable.append(folder)
      }
    }
    self.files = files.sorted { $0.string < $1.string }
    self.unreadable = unreadable.sorted { $0.string < $1.string }
  }

  private static func isLeftOut(_ name: String) -> Bool {
    name == ".git" || name == "node_modules" || name.hasPrefix(".build") || name.hasSuffix(".plait")
  }
}
