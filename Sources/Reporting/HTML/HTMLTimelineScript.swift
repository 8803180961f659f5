/// The part of the page's script that shows what is under the pointer on the timeline, and leads along it by keys.
enum HTMLTimelineScript {
  static let text = #"""
    let chart = null;
    let picked = null;

    function readChart() {
      picked = null;
      const data = one('#bars');
      chart = data ? JSON.parse(data.textContent) : null;
      if (!chart) return;
      chart.lanes = Array.from({ length: chart.slots }, () => []);
      chart.all = chart.bars.map(([row, attempt, slot, from, to, flags, ...stages]) => {
        const bar = { row, attempt, slot, from, to, flags, stages };
        chart.lanes[slot].push(bar);
        return bar;
      });
    }

    function span(seconds) {
      if (seconds < 0.0995) return Math.round(seconds * 1000) + ' ms';
      if (seconds < 59.95) return seconds.toFixed(1) + ' s';
      const two = (number) => String(number).padStart(2, '0');
      const whole = Math.round(seconds);
      if (whole < 3600) return Math.floor(whole / 60) + ' m ' + two(whole % 60) + ' s';
      const minutes = Math.round(seconds / 60);
      return Math.floor(minutes / 60) + ' h ' + two(minutes % 60) + ' m';
    }

    /// The bar at a place of the picture; one too thin to be hit counts from three pixels away.
    function barAt(x, y) {
      const svg = one('.chart');
      const box = svg.getBoundingClientRect();
      const lane = chart.lanes[Math.floor((y - box.top - chart.axis) / chart.lane)] || [];
      const second = chart.wall / box.width;
      const time = (x - box.left) * second;
      let best = null;
      let distance = 3 * second;
      for (const bar of lane) {
        const away = Math.max(bar.from - time, time - bar.to, 0);
        if (away < distance || (away === 0 && best === null)) [best, distance] = [bar, away];
        if (bar.from > time + distance) break;
      }
      return best;
    }

    function pick(bar) {
      if (bar === picked || !chart) return;
      picked = bar;
      const frame = one('.chart .picked');
      const tip = one('#tip');
      frame.setAttribute('visibility', bar ? 'visible' : 'hidden');
      tip.hidden = !bar;
      if (!bar) return;
      frame.setAttribute('x', (bar.from / chart.wall) * 100 + '%');
      frame.setAttribute('width', ((bar.to - bar.from) / chart.wall) * 100 + '%');
      frame.setAttribute('y', chart.axis + bar.slot * chart.lane + 1);
      frame.setAttribute('height', chart.lane - 2);
      const cells = rows.find(({ row }) => Number(row.dataset.i) === bar.row)?.row.cells;
      const title = cells ? cells[0].firstChild.textContent.trim() + ' ' + cells[1].firstChild.textContent : '';
      const notes = ['slot ' + (bar.slot + 1), 'attempt ' + bar.attempt];
      if (bar.flags & 1) notes.push('critical path');
      if (bar.flags & 2) notes.push('result not used');
      const stages = [];
      for (let at = 0; at < bar.stages.length; at += 2) {
        stages.push(chart.stages[bar.stages[at]] + ' ' + span(bar.stages[at + 1]));
      }
      const times = span(bar.from) + ' – ' + span(bar.to) + ' (' + span(bar.to - bar.from) + ')';
      tip.replaceChildren(
        ...[title, notes.join(' · '), times, stages.join(', ')].map((text, index) => {
          const line = document.createElement(index === 0 ? 'strong' : 'p');
          line.textContent = text;
          return line;
        })
      );
      placeTip(bar);
    }

    function placeTip(bar) {
      const tip = one('#tip');
      const gantt = one('#gantt').getBoundingClientRect();
      const svg = one('.chart').getBoundingClientRect();
      const left = svg.left - gantt.left + (Math.max(0, bar.from) / chart.wall) * svg.width;
      tip.style.left = Math.max(0, Math.min(left, gantt.width - tip.offsetWidth)) + 'px';
      tip.style.top = chart.axis + (bar.slot + 1) * chart.lane + 4 + 'px';
    }

    function step(key) {
      if (!picked) return chart.all[0];
      const lane = chart.lanes[picked.slot];
      const at = lane.indexOf(picked);
      if (key === 'ArrowRight') return lane[at + 1] || picked;
      if (key === 'ArrowLeft') return lane[at - 1] || picked;
      const middle = (picked.from + picked.to) / 2;
      const way = key === 'ArrowDown' ? 1 : -1;
      for (let slot = picked.slot + way; slot >= 0 && slot < chart.slots; slot += way) {
        const other = chart.lanes[slot];
        if (other.length) return other.find((bar) => bar.to >= middle) || other[other.length - 1];
      }
      return picked;
    }

    function zoom(how) {
      const lanes = one('#lanes');
      const svg = one('.chart');
      if (!svg) return;
      const middle = (lanes.scrollLeft + lanes.clientWidth / 2) / svg.clientWidth;
      state.zoom = how === 'in' ? Math.min(64, state.zoom * 2) : how === 'out' ? Math.max(1, state.zoom / 2) : how === 'fit' ? 1 : state.zoom;
      svg.style.width = state.zoom * 100 + '%';
      lanes.scrollLeft = middle * svg.clientWidth - lanes.clientWidth / 2;
      writeNames();
    }

    /// Writes the ids into the bars that have room for them.
    function writeNames() {
      const names = one('.chart .names');
      if (!names || !chart || chart.lane < 20) return;
      const width = one('.chart').clientWidth;
      const work = chart.stages.indexOf('work');
      const ids = new Map(rows.map(({ row }) => [Number(row.dataset.i), row.cells[0].firstChild.textContent.trim()]));
      names.replaceChildren();
      for (const bar of chart.all) {
        const id = ids.get(bar.row);
        if (!id || bar.flags & 2) continue;
        let from = bar.from;
        let at = 0;
        while (at < bar.stages.length && bar.stages[at] !== work) { from += bar.stages[at + 1]; at += 2; }
        if (at >= bar.stages.length || (bar.stages[at + 1] / chart.wall) * width < id.length * 8 + 10) continue;
        const text = document.createElementNS('http://www.w3.org/2000/svg', 'text');
        text.setAttribute('x', (from / chart.wall) * 100 + '%');
        text.setAttribute('dx', 5);
        text.setAttribute('y', chart.axis + bar.slot * chart.lane + 17);
        text.textContent = id;
        names.append(text);
      }
    }
    """#
}
