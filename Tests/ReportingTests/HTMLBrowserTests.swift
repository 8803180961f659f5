import Planning
import Recording
import TestSupport
import Testing

@testable import Reporting

/// The page in a real browser: clicked, typed into, replaced.
@Suite(.enabled(if: Browser.program != nil), .serialized) struct HTMLBrowserTests {
  private func chart(_ sample: Samples.Sample) -> RunChart {
    let report = RunReport(plan: sample.plan, snapshot: sample.snapshot, until: sample.snapshot.lastTime + 1)
    return RunChart(report, plan: sample.plan, snapshot: sample.snapshot)
  }

  private static let tools = """
    const $ = (selector) => document.querySelector(selector);
    const visible = () => [...document.querySelectorAll('#rows tbody tr')].filter((row) => !row.hidden);
    const ids = () => visible().map((row) => row.id.slice(2));
    const type = (text) => { $('#filter').value = text; $('#filter').dispatchEvent(new Event('input', { bubbles: true })); };
    const press = (key, target) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    const point = (x, y) => $('#lanes').dispatchEvent(
      new PointerEvent('pointermove', { clientX: x, clientY: y, bubbles: true }));

    """

  @Test func sortsFiltersAndChangesItsTheme() throws {
    let notes = try Browser.notes(
      of: HTMLReport.page(chart(Samples.runs[1])),
      probe: Self.tools + """
        note('plan', ids());
        note('enabled', [...document.querySelectorAll('.sort')].every((button) => !button.disabled));
        $('#sort-3').click();
        note('byTime', ids());
        note('sorted', $('#sort-3').closest('th').getAttribute('aria-sort'));
        $('#sort-3').click();
        note('byTimeDown', ids());
        note('sortedDown', $('#sort-3').closest('th').getAttribute('aria-sort'));
        $('#sort-3').click();
        note('planAgain', ids());
        note('unsorted', document.querySelectorAll('th[aria-sort=none]').length);
        $('#sort-0').click(); $('#sort-0').click();
        note('byIdDown', ids());
        type('part 2');
        note('typed', ids());
        note('count', $('#shown').textContent);
        type('');
        $('#only-failed').click();
        note('failed', ids());
        note('pressed', $('#only-failed').getAttribute('aria-pressed'));
        $('#only-blocked').click();
        note('failedOrBlocked', ids().length);
        $('#only-failed').click(); $('#only-blocked').click(); $('#only-path').click();
        note('path', ids());
        $('#only-path').click();
        note('all', ids().length);
        const ground = () => getComputedStyle(document.body).backgroundColor;
        note('light', ground());
        $('#theme').click();
        note('dark', ground());
        note('themePressed', $('#theme').getAttribute('aria-pressed'));
        note('node', getComputedStyle($('.graph .box.failed')).fill);
        $('#theme').click();
        note('lightAgain', ground());
        """
    )
    #expect(notes["error"] == nil, "\(String(describing: notes["error"]))")
    let plan = (1...24).map { "1.\($0)" }
    let report = chart(Samples.runs[1]).report
    let timed = report.achievements.filter { $0.seconds > 0 }.sorted { $0.seconds < $1.seconds }.map(\.id)
    let untimed = report.achievements.filter { $0.seconds == 0 }.map(\.id)
    #expect(notes["plan"]?.strings == plan && notes["planAgain"]?.strings == plan)
    #expect(notes["enabled"] == true)
    #expect(notes["byTime"]?.strings == timed + untimed)
    #expect(notes["sorted"] == "ascending" && notes["sortedDown"] == "descending" && notes["unsorted"] == 11)
    let down = notes["byTimeDown"]?.strings ?? []
    #expect(down.first == timed.last && Array(down.suffix(untimed.count)) == untimed)
    #expect(notes["byIdDown"]?.strings == plan.reversed())
    #expect(notes["typed"]?.strings == ["1.24", "1.23", "1.22", "1.21", "1.20", "1.12", "1.2"])
    #expect(notes["count"] == "7 of 24")
    #expect(Set(notes["failed"]?.strings ?? []) == ["1.11", "1.18"] && notes["pressed"] == "true")
    #expect(notes["failedOrBlocked"] == 5)
    #expect(Set(notes["path"]?.strings ?? []) == ["1.2", "1.8", "1.22"] && notes["all"] == 24)
    #expect(notes["light"] == "rgb(255, 255, 255)" && notes["dark"] == "rgb(13, 17, 23)")
    #expect(notes["themePressed"] == "true" && notes["lightAgain"] == "rgb(255, 255, 255)")
    #expect(notes["node"] == "rgb(64, 28, 28)")
  }

  @Test func theTimelineAnswersToPointerAndKeys() throws {
    let notes = try Browser.notes(
      of: HTMLReport.page(chart(Samples.runs[1])),
      probe: Self.tools + """
        const box = $('.chart').getBoundingClientRect();
        const wall = JSON.parse($('#bars').textContent).wall;
        const at = (time, slot) => point(box.left + time / wall * box.width, box.top + 24 + 26 * slot + 13);
        at(5, 0);
        note('hovered', $('#tip').innerText);
        note('shown', !$('#tip').hidden && $('.picked').getAttribute('visibility') === 'visible');
        at(29, 1);
        note('rework', $('#tip').innerText);
        at(33.9, 3);
        note('nothing', $('#tip').hidden);
        $('#lanes').focus();
        press('ArrowRight', $('#lanes'));
        note('first', $('#tip').innerText.split('\\n')[0]);
        press('ArrowRight', $('#lanes'));
        note('second', $('#tip').innerText.split('\\n')[0]);
        press('ArrowDown', $('#lanes'));
        note('below', $('#tip').innerText.split('\\n').filter(Boolean)[1]);
        press('ArrowUp', $('#lanes')); press('ArrowLeft', $('#lanes'));
        type('nothing like it');
        press('Enter', $('#lanes'));
        note('focused', document.activeElement.id);
        note('filterGone', $('#filter').value + $('#shown').textContent);
        note('marked', document.querySelectorAll('tr.found').length);
        const names = document.querySelectorAll('.names text').length;
        $('#zoom-in').click(); $('#zoom-in').click();
        note('wider', Math.round($('.chart').clientWidth / box.width));
        note('moreNames', document.querySelectorAll('.names text').length > names);
        $('#zoom-fit').click();
        note('fits', Math.round($('.chart').clientWidth / box.width));
        $('a[href="#a-1.18"]').click();
        note('linked', document.activeElement.id);
        """
    )
    #expect(notes["error"] == nil, "\(String(describing: notes["error"]))")
    let lines = notes["hovered"]?.string?.split(separator: "\n").map(String.init) ?? []
    #expect(lines.first == "1.2 Part 2 of the work")
    #expect(lines.contains("slot 1 · attempt 1 · critical path"))
    #expect(lines.last?.contains("work 4.0 s") == true)
    #expect(notes["shown"] == true && notes["nothing"] == true)
    #expect(notes["rework"]?.string?.contains("result not used") == true)
    #expect(notes["first"] == "1.1 Part 1 of the work" && notes["second"] == "1.2 Part 2 of the work")
    #expect(notes["below"]?.string?.hasPrefix("slot 2") == true)
    #expect(notes["focused"] == "a-1.1" && notes["filterGone"] == "24 of 24" && notes["marked"] == 1)
    #expect(notes["wider"] == 4 && notes["fits"] == 1 && notes["moreNames"] == true)
    #expect(notes["linked"] == "a-1.18")
  }

  @Test func aNewerReportKeepsWhatTheReaderChose() throws {
    let before = SimulatedRun(seed: 13, count: 24, slots: 4, endsBy: 60)
    let report = RunReport(plan: before.plan, snapshot: RunSnapshot(before.script.events))
    let page = HTMLReport.page(RunChart(report, plan: before.plan, snapshot: RunSnapshot(before.script.events)))
    let logs = ["1.11": "the log"]
    let next = SVGGraph.escaped(HTMLReport.main(chart(Samples.runs[1]), logs: logs))
    let notes = try Browser.notes(
      of: page.replacing("</body>", with: "<template id=\"next\">\(next)</template></body>"),
      probe: Self.tools + """
        const swap = () => document.dispatchEvent(new CustomEvent('plait:main', { detail: $('#next').content.textContent }));
        note('titleBefore', document.title);
        $('#sort-0').click(); $('#sort-0').click();
        type('work 1.1');
        $('#only-complete').click();
        $('#zoom-in').click();
        $('#filter').focus(); $('#filter').setSelectionRange(2, 4);
        const input = $('#filter');
        const before = visible().length;
        swap();
        note('more', visible().length > before);
        note('ids', ids());
        note('sorted', $('#sort-0').closest('th').getAttribute('aria-sort'));
        note('value', $('#filter').value);
        note('sameInput', $('#filter') === input && document.activeElement === input);
        note('selection', [input.selectionStart, input.selectionEnd]);
        note('pressed', $('#only-complete').getAttribute('aria-pressed'));
        note('zoomed', $('.chart').style.width);
        note('title', document.title);
        note('state', $('.badge').innerText);
        $('details[id]').open = false;
        $('#only-failed').focus();
        swap();
        note('closed', !$('details[id]').open);
        note('chip', document.activeElement.id);
        note('mains', document.querySelectorAll('main').length);
        type(''); $('#only-complete').click();
        note('works', visible().length);
        """
    )
    #expect(notes["error"] == nil, "\(String(describing: notes["error"]))")
    #expect(notes["more"] == true)
    #expect(notes["ids"]?.strings.first == "1.19" && notes["ids"]?.strings.last == "1.1")
    #expect(notes["sorted"] == "descending" && notes["value"] == "work 1.1" && notes["sameInput"] == true)
    #expect(notes["selection"] == [2, 4] && notes["pressed"] == "true" && notes["zoomed"] == "200%")
    #expect(notes["title"] == "✗ Simulated 13 · Plait" && notes["state"] == "✗ failed")
    #expect(notes["closed"] == true && notes["chip"] == "only-failed" && notes["mains"] == 1 && notes["works"] == 24)
  }

  @Test func nothingButItsOwnScriptRuns() throws {
    let intruder = "<p style=\"color: red\">x</p><script>document.body.dataset.intruder = 'ran';</script>"
    let notes = try Browser.notes(
      of: HTMLReport.page(chart(Samples.hostile)).replacing("</main>", with: "\(intruder)</main>"),
      probe: Self.tools + """
        note('intruder', document.body.dataset.intruder || 'kept out');
        note('style', getComputedStyle($('main > p')).color);
        note('rows', ids());
        note('title', $('#rows tbody td').firstChild.textContent.includes('<scr' + 'ipt>alert(1)</scr' + 'ipt>'));
        """
    )
    #expect(notes["error"] == nil, "\(String(describing: notes["error"]))")
    #expect(notes["intruder"] == "kept out" && notes["style"] == "rgb(31, 35, 40)")
    #expect(notes["rows"]?.strings == ["1.1", "1.2", "2.1", "2.2"] && notes["title"] == true)
  }

  @Test func aThousandAchievementsAreThereAtOnce() throws {
    let run = SimulatedRun(seed: 8, count: 1000, slots: 16)
    let notes = try Browser.notes(
      of: HTMLReport.page(chart(("", run.plan, RunSnapshot(run.script.events)))),
      probe: Self.tools + """
        document.body.offsetHeight;
        note('shown', performance.now());
        const timed = (action) => { const start = performance.now(); action(); document.body.offsetHeight; return performance.now() - start; };
        note('sort', timed(() => $('#sort-3').click()));
        note('filter', timed(() => type('part 77')));
        note('rows', visible().length);
        type('');
        const box = $('.chart').getBoundingClientRect();
        note('hover', timed(() => { for (let x = 0; x < 500; x++) point(box.left + x * 2, box.top + 24 + (x % 400)); }) / 500);
        note('elements', document.querySelectorAll('*').length);
        """
    )
    #expect(notes["error"] == nil, "\(String(describing: notes["error"]))")
    #expect(notes["rows"]?.number ?? 0 >= 19)
    // Loose, since other tests share the machine.
    #expect((notes["shown"]?.number ?? 1e9) < 8_000)
    for action in ["sort", "filter"] { #expect((notes[action]?.number ?? 1e9) < 2_000, "\(action)") }
    #expect((notes["hover"]?.number ?? 1e9) < 50)
  }
}
