/// The page's script: theme, sorting, filtering, the timeline under pointer and keys, and taking in a newer report.
///
/// Listeners sit on the document and not on rows or bars, so that a page of any size has the same few, and a replaced part
/// needs none anew. What the reader has chosen is kept in `state` and not in the page.
enum HTMLScript {
  static var text: String {
    "\n'use strict';\n(() => {\n" + [table, HTMLTimelineScript.text, page].joined(separator: "\n") + "\n})();\n"
  }

  private static let table = #"""
    const state = { sort: -1, descending: false, query: '', only: new Set(), zoom: 1 };
    const one = (selector, within = document) => within.querySelector(selector);
    const all = (selector, within = document) => [...within.querySelectorAll(selector)];
    const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
    let rows = [];

    function readRows() {
      rows = all('#rows tbody tr').map((row) => ({
        row,
        state: row.dataset.s,
        onPath: 'c' in row.dataset,
        text: (row.cells[0].textContent + ' ' + row.cells[1].textContent).toLowerCase(),
      }));
    }

    function sortRows() {
      const column = state.sort;
      for (const head of all('#rows thead th')) {
        const isSorted = Number(one('button', head).dataset.sort) === column;
        head.setAttribute('aria-sort', !isSorted ? 'none' : state.descending ? 'descending' : 'ascending');
      }
      const keyed = rows.map((entry) => {
        if (column < 0) return { entry, key: Number(entry.row.dataset.i) };
        const cell = entry.row.cells[column];
        const number = cell.dataset.v;
        if (number !== undefined) return { entry, key: number === '' ? null : Number(number) };
        return { entry, key: cell.textContent || null };
      });
      const sign = state.descending && column >= 0 ? -1 : 1;
      keyed.sort((a, b) => {
        // What has no value comes last either way.
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
        return sign * (typeof a.key === 'number' ? a.key - b.key : collator.compare(a.key, b.key));
      });
      const body = one('#rows tbody');
      const fragment = document.createDocumentFragment();
      for (const { entry } of keyed) fragment.append(entry.row);
      if (body) body.append(fragment);
    }

    function filterRows() {
      const words = state.query.toLowerCase().split(/\s+/).filter(Boolean);
      const states = [...state.only].filter((word) => word !== 'path');
      let shown = 0;
      for (const entry of rows) {
        const fits =
          words.every((word) => entry.text.includes(word)) &&
          (states.length === 0 || states.includes(entry.state)) &&
          (!state.only.has('path') || entry.onPath);
        if (entry.row.hidden === fits) entry.row.hidden = !fits;
        if (fits) shown += 1;
      }
      for (const chip of all('[data-only]')) chip.setAttribute('aria-pressed', state.only.has(chip.dataset.only));
      const count = one('#shown');
      const text = shown + ' of ' + rows.length;
      if (count && count.textContent !== text) count.textContent = text;
    }

    function goToRow(index) {
      const entry = rows.find(({ row }) => Number(row.dataset.i) === index);
      if (!entry) return;
      if (entry.row.hidden) {
        state.query = '';
        state.only.clear();
        one('#filter').value = '';
        filterRows();
      }
      for (const row of all('#rows tr.found')) row.classList.remove('found');
      entry.row.classList.add('found');
      entry.row.tabIndex = -1;
      entry.row.scrollIntoView({ block: 'center' });
      entry.row.focus({ preventScroll: true });
    }
    """#

  private static let page = #"""
    function wire() {
      for (const part of all('[data-script]')) part.hidden = false;
      for (const button of all('.sort')) button.disabled = false;
      for (const word of state.only) if (!one('[data-only="' + word + '"]')) state.only.delete(word);
      readRows();
      readChart();
      if (state.sort >= 0) sortRows();
      filterRows();
      zoom('as it is');
    }

    /// Puts a newer `main` in the place of the old one, with all that the reader has chosen.
    function replace(html) {
      const old = one('main');
      const next = document.importNode(one('main', new DOMParser().parseFromString(html, 'text/html')), true);
      const active = old.contains(document.activeElement) ? document.activeElement : null;
      const focus = active && { id: active.id, from: active.selectionStart, to: active.selectionEnd };
      const scrolls = all('[data-scroll]', old).map(({ id, scrollLeft, scrollTop }) => ({ id, scrollLeft, scrollTop }));
      const closed = all('details[id]:not([open])', old).map(({ id }) => id);
      const found = one('tr.found', old)?.id;
      const top = window.scrollY;
      for (const kept of all('[data-keep]', old)) one('#' + kept.id, next)?.replaceWith(kept);
      old.replaceWith(next);
      for (const id of closed) document.getElementById(id)?.removeAttribute('open');
      if (found) document.getElementById(found)?.classList.add('found');
      wire();
      for (const { id, scrollLeft, scrollTop } of scrolls) {
        const part = document.getElementById(id);
        if (part) Object.assign(part, { scrollLeft, scrollTop });
      }
      const target = focus?.id ? document.getElementById(focus.id) : null;
      target?.focus({ preventScroll: true });
      if (target && typeof focus.from === 'number') target.setSelectionRange(focus.from, focus.to);
      window.scrollTo(window.scrollX, top);
      document.title = next.dataset.title || document.title;
    }

    const prefersDark = window.matchMedia('(prefers-color-scheme: dark)');
    const store = (action) => { try { return action(localStorage); } catch { return null; } };
    function showTheme() {
      const chosen = document.documentElement.dataset.theme;
      one('#theme').setAttribute('aria-pressed', chosen ? chosen === 'dark' : prefersDark.matches);
    }
    function chooseTheme(name) {
      document.documentElement.dataset.theme = name;
      store((local) => local.setItem('plait-theme', name));
      showTheme();
    }

    document.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (button?.id === 'theme') chooseTheme(button.getAttribute('aria-pressed') === 'true' ? 'light' : 'dark');
      else if (button?.dataset.sort) {
        // A third time gives the plan's order back.
        const column = Number(button.dataset.sort);
        if (state.sort !== column) Object.assign(state, { sort: column, descending: false });
        else if (!state.descending) state.descending = true;
        else Object.assign(state, { sort: -1, descending: false });
        sortRows();
      } else if (button?.dataset.only) {
        const word = button.dataset.only;
        if (!state.only.delete(word)) state.only.add(word);
        filterRows();
      } else if (button?.dataset.zoom) zoom(button.dataset.zoom);
      else if (event.target.closest('#lanes') && chart) {
        const bar = barAt(event.clientX, event.clientY);
        if (bar) goToRow(bar.row);
      } else {
        const row = event.target.closest('a[href^="#a-"]') && document.getElementById(event.target.getAttribute('href').slice(1));
        if (row) { event.preventDefault(); goToRow(Number(row.dataset.i)); }
      }
    });
    document.addEventListener('input', (event) => {
      if (event.target.id !== 'filter') return;
      state.query = event.target.value;
      filterRows();
    });
    document.addEventListener('pointermove', (event) => {
      if (!chart) return;
      if (event.target.closest?.('#lanes')) pick(barAt(event.clientX, event.clientY));
      else if (picked && document.activeElement?.id !== 'lanes') pick(null);
    });
    document.addEventListener('keydown', (event) => {
      if (event.target.id !== 'lanes' || !chart || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') pick(null);
      else if (event.key === 'Enter' && picked) goToRow(picked.row);
      else if (event.key.startsWith('Arrow')) {
        const lanes = event.target;
        pick(step(event.key));
        if (picked) {
          const x = (picked.from / chart.wall) * one('.chart').clientWidth;
          if (x < lanes.scrollLeft || x > lanes.scrollLeft + lanes.clientWidth - 40) lanes.scrollLeft = x - 40;
          placeTip(picked);
        }
      } else return;
      event.preventDefault();
    });
    document.addEventListener('focusout', (event) => { if (event.target.id === 'lanes') pick(null); });
    document.addEventListener('plait:main', (event) => replace(event.detail));
    window.addEventListener('resize', () => { pick(null); writeNames(); });
    prefersDark.addEventListener('change', showTheme);

    const remembered = store((local) => local.getItem('plait-theme'));
    if (remembered === 'light' || remembered === 'dark') document.documentElement.dataset.theme = remembered;
    one('#theme').hidden = false;
    showTheme();
    wire();

    const stream = document.body.dataset.live;
    if (stream) {
      const say = (text) => { one('#live').textContent = text; };
      let source = null;
      let isOver = false;
      // A browser has few connections for one server, and each open stream holds one: a hidden page lets its own go.
      const follow = () => {
        if (document.hidden || isOver) {
          source?.close();
          source = null;
          return;
        }
        if (source) return;
        source = new EventSource(stream);
        source.addEventListener('open', () => say('live'));
        source.addEventListener('error', () => say('not connected'));
        source.addEventListener('main', (event) => replace(event.data));
        source.addEventListener('end', () => { isOver = true; follow(); say('ended'); });
      };
      document.addEventListener('visibilitychange', follow);
      follow();
    }
    """#
}
