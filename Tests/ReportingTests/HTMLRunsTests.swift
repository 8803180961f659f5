import Foundation
import Recording
import TestSupport
import Testing

@testable import Reporting

/// The list of runs as a page.
@Suite struct HTMLRunsTests {
  private func runs(_ plans: (String, RunState, Int)...) -> HTMLRuns {
    let summaries = plans.enumerated().map { index, plan in
      RunSummary(
        run: "r\(index)\(plan.0.hasPrefix("<") ? plan.0 : "")",
        plan: plan.0,
        startedWall: 1_767_323_045 - Double(index) * 86_400,
        state: plan.1,
        counts: ["complete": plan.2, "waiting": 12 - plan.2],
        wallSeconds: Double(100 * index),
        savedSeconds: index == 0 ? nil : 5 - Double(index)
      )
    }
    return HTMLRuns(summaries, of: "/home/<me>/\u{1B}[31mrepo") { $0.contains("<") ? nil : "/t/runs/\($0)?\"" }
  }

  @Test func isWellFormedAndShowsTextAsText() throws {
    let hostile = runs(
      ("<script>alert(1)</script>\u{202E}", .complete, 1),
      ("", .error, 0),
      (Samples.hostileTitle, .running, 12)
    )
    for page in [HTMLRuns.page(hostile, live: "/t/events"), HTMLRuns.page(runs())] {
      #expect(try MarkupCheck(page).findings == [])
      #expect(page.components(separatedBy: "<script").count == 2)
      for scalar in page.unicodeScalars where scalar != "\n" {
        #expect(scalar.properties.generalCategory != .control && scalar != "\u{202E}")
      }
    }
    #expect(hostile.main.contains("&lt;script&gt;alert(1)") && hostile.main.contains("/home/&lt;me&gt;/"))
    #expect(hostile.main.contains("<a href=\"/t/runs/r1?&quot;\">without a name</a>"))
    #expect(!hostile.main.contains("href=\"/t/runs/r0"))
    #expect(hostile.main.contains("3 runs, 1 under way") && runs().main.contains("No runs yet"))
  }

  @Test(.enabled(if: Browser.program != nil)) func isSortedAndFiltered() throws {
    let page = HTMLRuns.page(
      runs(("ALPHA", .running, 9), ("BETA", .failed, 10), ("GAMMA", .complete, 12), ("DELTA", .complete, 11)),
      live: nil
    )
    let notes = try Browser.notes(
      of: page,
      probe: """
        const visible = () => [...document.querySelectorAll('#rows tbody tr')].filter((row) => !row.hidden).map((row) => row.id);
        const click = (id) => { document.getElementById(id).click(); return visible(); };
        note('asGiven', visible());
        note('byPlan', click('sort-0'));
        note('byMerged', click('sort-2'));
        note('byStart', click('sort-3'));
        note('bySaved', click('sort-5'));
        note('complete', click('only-complete'));
        const filter = document.getElementById('filter');
        filter.value = 'delta'; filter.dispatchEvent(new Event('input', { bubbles: true }));
        note('typed', visible());
        note('count', document.getElementById('shown').textContent);
        filter.value = 'r2'; filter.dispatchEvent(new Event('input', { bubbles: true }));
        note('byRun', visible());
        note('narrow', document.documentElement.scrollWidth <= window.innerWidth);
        """
    )
    #expect(notes["error"] == nil, "\(String(describing: notes["error"]))")
    #expect(notes["asGiven"]?.strings == ["r-r0", "r-r1", "r-r2", "r-r3"])
    #expect(notes["byPlan"]?.strings == ["r-r0", "r-r1", "r-r3", "r-r2"])
    #expect(notes["byMerged"]?.strings == ["r-r0", "r-r1", "r-r3", "r-r2"])
    #expect(notes["byStart"]?.strings == ["r-r3", "r-r2", "r-r1", "r-r0"])
    #expect(notes["bySaved"]?.strings == ["r-r3", "r-r2", "r-r1", "r-r0"])
    #expect(notes["complete"]?.strings == ["r-r3", "r-r2"] && notes["typed"]?.strings == ["r-r3"])
    #expect(notes["count"] == "1 of 4" && notes["byRun"]?.strings == ["r-r2"] && notes["narrow"] == true)
  }
}
