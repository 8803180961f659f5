import Planning
import Testing

@testable import Methodology

/// What a document says and its reader could pass over.
@Suite struct DocumentLossTests {
  @Test func severalLinesOfDependenciesAreAllTaken() {
    let document = SampleDocument.achievements(
      """
      **Achievement 1.1**: A

      - **Dependencies**: None
      - **Dependencies**: none

      **Achievement 1.2**: B

      - **Dependencies**: 1.1
      - **Prerequisites**: a compiler

      **Achievement 1.3**: C

      - **Dependencies**: 1.1
      - **Effort**: 1 hour
      - **Depends on**: 1.2
      """
    )
    #expect(document["1.1"]?.dependencies?.saysNone == true)
    #expect(document["1.2"]?.dependencies?.ids.map(\.text) == ["1.1"] && document["1.2"]?.dependencies?.isClear == true)
    #expect(document["1.3"]?.dependencies?.ids.map(\.text) == ["1.1", "1.2"])
    #expect(document["1.3"]?.dependencies?.isClear == true)
    #expect(document.codes == ["repeated-field"] && document.findings[0].message.contains("of 1.3 "))
    #expect(document.findings[0].severity == .warning)
  }

  @Test func whatOnlyAListNamesIsNotLostSilently() {
    let document = SampleDocument.achievements(
      "### Achievement 1.1: A\n\nAfter it:\n\n- Achievement 1.2: B\n- Achievement 1.3: C\n\n### Achievement 1.3: C\n\ntext\n"
    )
    #expect(document.ids == ["1.1", "1.3"])
    #expect(document.codes == ["unmarked-achievement"] && document.findings[0].message.hasPrefix("1.2 is only named"))
  }
}
