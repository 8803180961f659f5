/// Changes single fields of a plan file; everything else stays byte for byte.
package enum PlanEditor {
  /// The file with `field` of the item `id` set to `json`, the text of a JSON value.
  ///
  /// nil when the file is no well-formed JSON or has no such item. A field that is missing is added behind the item's id.
  package static func setting(_ field: String, to json: String, of id: AchievementID, in bytes: [UInt8]) -> [UInt8]? {
    let scan = JSONSource.scan(bytes)
    guard let document = scan.document, scan.diagnostics.isEmpty, let (item, idNode) = find(id, in: document) else {
      return nil
    }
    var edits = TextEdits()
    if let value = document.children(of: item).first(where: { document.key(of: $0) == field }) {
      edits.replace(Int(document.nodes[value].start)..<Int(document.nodes[value].end), with: Array(json.utf8))
    } else {
      let quote = Int(document.nodes[idNode].keyStart) - 1
      let space = Array(document.bytes[..<quote].reversed().prefix { $0 <= 0x20 }.reversed())
      let end = Int(document.nodes[idNode].end)
      let member = (space.isEmpty ? [0x20] : space) + Array("\"\(field)\": \(json)".utf8)
      edits.replace(end..<end, with: Array(",".utf8) + member)
    }
    return edits.apply(to: bytes)
  }

  /// The item with this id and the node of its id: an achievement, also in `levels`, or a sub-execution.
  private static func find(_ id: AchievementID, in document: JSONDocument) -> (item: Int, id: Int)? {
    // A list of what is still to be looked at, not recursion; only what can hold items is entered.
    var open = [0]
    let lists: Set<String> = ["achievements", "levels", "sub_executions"]
    while let node = open.popLast() {
      for child in document.children(of: node) {
        let key = document.key(of: child)
        if ["achievement_id", "execution_id", "id"].contains(key), document.kind(of: child) == .string,
          document.text(of: child) == id.text
        {
          return (node, child)
        }
        if lists.contains(key) || document.kind(of: node) == .array { open.append(child) }
      }
    }
    return nil
  }
}
