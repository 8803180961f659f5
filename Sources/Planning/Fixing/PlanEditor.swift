/// Changes single fields of a plan file; everything else stays byte for byte.
package enum PlanEditor {
  /// The file with `field` of the item `id` set to `json`, the text of a JSON value.
  ///
  /// nil when the file is no well-formed JSON or has no such item. A field that is missing is added behind the item's id.
  package static func setting(_ field: String, to json: String, of id: AchievementID, in bytes: [UInt8]) -> [UInt8]? {
    let scan = JSONSource.scan(bytes)
    guard let document = scan.document, scan.diagnostics.isEmpty, let place = items([id.text], in: document)[id.text]
    else { return nil }
    var edits = TextEdits()
    edits.set(field, to: json, of: place, in: document)
    return edits.apply(to: bytes)
  }

  /// The file with `field` of several items set, in one pass, and which of them it has; nothing for a file that is no
  /// well-formed JSON.
  static func setting(
    _ field: String,
    to values: [(id: AchievementID, json: String)],
    in bytes: [UInt8]
  ) -> (bytes: [UInt8], found: [AchievementID]) {
    let scan = JSONSource.scan(bytes)
    guard let document = scan.document, scan.diagnostics.isEmpty else { return (bytes, []) }
    let places = items(Set(values.map(\.id.text)), in: document)
    var edits = TextEdits()
    var found: [AchievementID] = []
    for (id, json) in values {
      guard let place = places[id.text] else { continue }
      edits.set(field, to: json, of: place, in: document)
      found.append(id)
    }
    return (edits.apply(to: bytes), found)
  }

  /// An item's node and that of its id.
  fileprivate typealias Place = (item: Int, id: Int)

  /// The items with these ids, by id: achievements, also in `levels`, or sub-executions.
  private static func items(_ ids: Set<String>, in document: JSONDocument) -> [String: Place] {
    var places: [String: Place] = [:]
    // A list of what is still to be looked at, not recursion; only what can hold items is entered.
    var open = [0]
    let lists: Set<String> = ["achievements", "levels", "sub_executions"]
    while let node = open.popLast() {
      for child in document.children(of: node) {
        let key = document.key(of: child)
        if ["achievement_id", "execution_id", "id"].contains(key), document.kind(of: child) == .string {
          let text = document.text(of: child)
          if ids.contains(text), places[text] == nil { places[text] = (node, child) }
        }
        if lists.contains(key) || document.kind(of: node) == .array { open.append(child) }
      }
    }
    return places
  }
}

extension TextEdits {
  /// Sets a field of an item, or adds it behind the item's id.
  fileprivate mutating func set(_ field: String, to json: String, of place: PlanEditor.Place, in document: JSONDocument)
  {
    if let value = document.children(of: place.item).first(where: { document.key(of: $0) == field }) {
      let node = document.nodes[value]
      replace(Int(node.start)..<Int(node.end), with: Array(json.utf8))
    } else {
      let quote = Int(document.nodes[place.id].keyStart) - 1
      let space = Array(document.bytes[..<quote].reversed().prefix { $0 <= 0x20 }.reversed())
      let end = Int(document.nodes[place.id].end)
      let member = (space.isEmpty ? [0x20] : space) + Array("\"\(field)\": \(json)".utf8)
      replace(end..<end, with: Array(",".utf8) + member)
    }
  }
}
