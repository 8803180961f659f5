import Foundation
import Methodology
import Planning
import Testing

/// PLAN documents that tests read: one with everything, and ways to spoil it.
enum SampleDocument {
  static let text = """
    # PLAN: New Parser

    **Status**: 🎯 Active
    **Created**: 2025-11-01
    **Priority**: HIGH
    **Estimated Effort**: 12-18 hours (was less)

    ## 📋 Context for LLM Execution

    Read the grammar first. As said for Achievement 1.1: nothing is old.

    ## 📋 Achievement Index

    **Priority 1: Ground** (5-8 hours)

    **Achievement 1.1**: Tokens Read (2-3h)
    **Achievement 1.2**: Trees Built (3-5h)

    **Total Estimated Time**: 11-17 hours

    **Progress**: 0/4 achievements complete (0%)

    ## 🎯 Goal

    A parser that people understand.

    ## 📝 Problem Statement

    ```
    **Achievement 9.9**: Not an achievement
    ## Pre-Completion Review
    ```

    > **Achievement 8.8**: Quoted

    <!-- **Achievement 7.7**: Commented -->

    **Achievement 1.2**: Is mentioned here, too

    ## ✅ Success Criteria

    It parses.

    ## 📦 Scope Definition

    In and out.

    ## 🎯 Desirable Achievements

    ### Priority 1: Ground (the base)

    **Achievement 1.1: Tokens Read** ⏱️ 2-3 hours

    - **Goal**: Read tokens from `bytes`
    - **Deliverables**:
      1. `tokens.swift` in `Sources/Parser/` (new)
      2. Tests in `Tests/ParserTests/TokenTests.swift`
         - one for each kind
      3. A drawing
    - **Success Criteria**:
      - All kinds are read
    - **Testing Requirements**:
      - Coverage above 90 %
    - **Dependencies**: None
    - **Blocks**: 1.2

    **Achievement 1.2**: Trees Built ✅

    **Purpose**: Build trees of tokens

    **What**:

    1. **Nodes**: as values

       ```swift
       // Achievement 6.6: in code
       ```

       **Dependencies**: not of this achievement

    **Deliverables**:

    - `Sources/Parser/tree.swift`

    **Effort**: 3-5 hours (was 1 hour)

    **Depends on**: Achievement 1.1

    ---

    ### Priority 2: Use

    - **Achievement 2.1**: Command Line Made

      - Effort: 90 minutes
      - Files: `Sources/cli/main.swift`, Sources/cli/flags/
      - Test: coverage of 95 %
      - Depends on: Priority 1
      - Success: It runs

    - **Achievement 2.2**: Manual Written

      - Effort: about a day
      - Deliverables: `Docs/manual.md`

    ## 📊 Subplan Tracking

    ### Achievement 1.1: Tokens Read

    Not started.

    ## 🔄 Current Status & Handoff

    Next: Achievement 1.1

    ## 🔗 Related Plans

    None.

    ## 📝 Archive Location

    **Archive Location**: `documentation/archive/new-parser/`

    """

  static let document = read(text)

  static func read(_ text: String, as name: String = "PLAN_NEW-PARSER.md") -> PlanDocument {
    PlanDocument(Array(text.utf8), fileName: name)
  }

  /// A document of nothing but achievements, given as their lines.
  static func achievements(_ text: String) -> PlanDocument { read("# PLAN: X\n\n## Desirable Achievements\n\n" + text) }
}

extension PlanDocument {
  subscript(_ text: String) -> DescribedAchievement? { AchievementID(text).flatMap { self[$0] } }
  var ids: [String] { achievements.map(\.id.text) }
  var codes: [String] { findings.map(\.code) }
}
