// The texts that files are made from unless a user has put others in their place.
extension Template {
  /// The built-in text of the template called `name`: what a user's own file may start from.
  package static func builtIn(_ name: Name) -> String {
    switch name {
    case .subplan: subplan
    case .executionTask: executionTask
    case .approved: approved
    case .fix: fix
    case .skipped: skipped
    }
  }

  private static let subplan = """
    # SUBPLAN: {{id}} {{title}}

    - **Plan**: {{plan}}
    - **Achievement**: {{id}}, priority {{priority}}, dependency level {{level}}
    {{#estimate}}
    - **Estimate**: {{estimate}}
    {{/estimate}}

    {{#objective}}
    ## Objective

    {{objective}}
    {{/objective}}

    {{#dependencies}}
    ## What it builds on

    {{dependencies}}
    {{/dependencies}}

    {{#deliverables}}
    ## Deliverables

    {{deliverables}}
    {{/deliverables}}

    {{#footprint}}
    ## Footprint

    Only these paths are to be changed; others may be at work elsewhere.

    {{footprint}}
    {{/footprint}}

    ## Approach

    {{approach}}

    {{#parts}}
    ## Parts

    These can be done side by side:

    {{parts}}
    {{/parts}}

    {{#success}}
    ## Done when

    {{success}}
    {{/success}}

    {{#testing}}
    ## Tests

    {{testing}}
    {{/testing}}

    {{#verify}}
    ## Checks

    Each is run on the result, which counts only when all of them pass:

    {{verify}}
    {{/verify}}

    {{#dependents}}
    ## What waits for it

    {{dependents}}
    {{/dependents}}

    """

  private static let executionTask = """
    # EXECUTION_TASK: {{id}} {{title}}, attempt {{attempt}}

    - **Plan**: {{plan}}
    - **Achievement**: {{id}}
    {{#part}}
    - **Part**: {{part}}
    {{/part}}
    - **Approach**: {{subplan}}
    {{#estimate}}
    - **Estimate**: {{estimate}}
    {{/estimate}}

    {{#findings}}
    ## What the last attempt lacked

    {{findings}}
    {{/findings}}

    {{#objective}}
    ## Objective

    {{objective}}
    {{/objective}}

    {{#dependencies}}
    ## What it builds on

    {{dependencies}}
    {{/dependencies}}

    {{#deliverables}}
    ## To deliver

    {{deliverables}}
    {{/deliverables}}

    {{#success}}
    ## Done when

    {{success}}
    {{/success}}

    {{#verify}}
    ## Checks to run

    {{verify}}
    {{/verify}}

    ## Journal

    One line for each step: what was tried, what came of it.

    | Time | Step | Result |
    |---|---|---|

    """

  private static let approved = """
    # APPROVED: {{id}} {{title}}

    - **Plan**: {{plan}}
    - **Approved**: {{date}} by {{by}}
    {{#commit}}
    - **Commit**: {{commit}}
    {{/commit}}

    {{#evidence}}
    ## Evidence

    {{evidence}}
    {{/evidence}}

    {{#note}}
    ## Note

    {{note}}
    {{/note}}

    """

  private static let fix = """
    # FIX: {{id}} {{title}}

    - **Plan**: {{plan}}
    - **Rejected**: {{date}} by {{by}}
    {{#attempt}}
    - **Attempt**: {{attempt}}
    {{/attempt}}
    {{#commit}}
    - **Commit**: {{commit}}
    {{/commit}}

    ## Findings

    {{findings}}

    {{#evidence}}
    ## Evidence

    {{evidence}}
    {{/evidence}}

    ## Next

    Put the findings right, describe how in FIX_{{suffix}}_RESOLUTION.md beside this file, and ask for another review.

    """

  private static let skipped = """
    # SKIPPED: {{id}} {{title}}

    - **Plan**: {{plan}}
    - **Skipped**: {{date}} by {{by}}
    - **Waived**: {{waived}}

    ## Reason

    {{reason}}

    {{#dependents}}
    ## What waits for it

    {{dependents}}
    {{/dependents}}

    """
}
