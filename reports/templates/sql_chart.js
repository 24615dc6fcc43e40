// A result as a chart where it is one: an estimate with its limits, a number by year, a number by
// name. chartOf(result) says which, or gives null; drawChart(chart, width) draws it as SVG.
const { chartOf, drawChart, leftOut } = (() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const MOST = 60;
  const ROW = 22;
  const PAD = 12;
  const LABEL_SHARE = 0.38;
  const LETTER = 6.4;
  const TICKS = 5;
  const LINE_HEIGHT = 260;
  const TIME = /(?:^|_)(?:year|years|month|months)(?:_|$)/i;
  const LOW = /^(?:(.*)_)?low(?:er)?(?:_(.*))?$/i;

  const numeric = (rows, i) =>
    rows.some((row) => row[i] !== null) && rows.every((row) => row[i] === null || typeof row[i] === "number");
  const textual = (rows, i) => rows.every((row) => row[i] === null || typeof row[i] === "string")
    && new Set(rows.map((row) => row[i])).size > 1;

  function chartOf({ columns, rows }) {
    if (rows.length < 2) return null;
    const numbers = columns.map((_, i) => i).filter((i) => numeric(rows, i));
    const label = columns.findIndex((_, i) => textual(rows, i));
    return intervals(columns, rows, numbers, label) || line(columns, rows, numbers, label)
      || bars(columns, rows, numbers, label);
  }

  // Limits are two columns that differ by low and high; the estimate lies between them in each row.
  function intervals(columns, rows, numbers, label) {
    for (const low of numbers) {
      const [all, before, after] = LOW.exec(columns[low]) || [];
      if (!all) continue;
      const named = columns[low].toLowerCase().replace("lower", "upper").replace(/low(?!er)/, "high");
      const high = numbers.find((i) => columns[i].toLowerCase() === named);
      if (high === undefined || label < 0) continue;
      const whole = rows.filter((row) => row[low] !== null && row[high] !== null);
      const value = numbers.find((i) => i !== low && i !== high && whole.length
        && whole.every((row) => row[i] !== null && row[low] <= row[i] && row[i] <= row[high]));
      if (value === undefined) continue;
      const [about] = [before, after].filter(Boolean);
      return {
        kind: "intervals",
        name: `${columns[value]} with ${columns[low]} and ${columns[high]}, by ${columns[label]}`,
        points: whole.map((row) => (
          { label: row[label] ?? "", value: row[value], low: row[low], high: row[high] })),
        axis: about ? `${columns[value]} (${about})` : columns[value],
      };
    }
    return null;
  }

  function line(columns, rows, numbers, label) {
    const time = numbers.find((i) => TIME.test(columns[i])
      && rows.every((row) => row[i] === null || Number.isInteger(row[i])));
    const values = numbers.filter((i) => i !== time);
    if (time === undefined || values.length !== 1 || label >= 0) return null;
    const points = rows.filter((row) => row[time] !== null && row[values[0]] !== null)
      .map((row) => ({ label: String(row[time]), at: row[time], value: row[values[0]] }))
      .sort((a, b) => a.at - b.at);
    if (new Set(points.map((point) => point.at)).size < Math.max(points.length, 2)) return null;
    const name = `${columns[values[0]]} by ${columns[time]}`;
    return { kind: "line", name, points, axis: columns[time] };
  }

  function bars(columns, rows, numbers, label) {
    if (label < 0 || numbers.length !== 1) return null;
    const points = rows.filter((row) => row[numbers[0]] !== null)
      .map((row) => ({ label: row[label] ?? "", value: row[numbers[0]] }));
    const name = `${columns[numbers[0]]} by ${columns[label]}`;
    return points.length < 2 ? null : { kind: "bars", name, points, axis: columns[numbers[0]] };
  }

  const shown = (value) => String(Number(value.toPrecision(6)));

  // Round numbers that cover a range.
  function ticks(low, high) {
    const span = high - low || Math.abs(high) || 1;
    const rough = span / TICKS;
    const unit = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((times) => times * unit).find((one) => one >= rough);
    const found = [];
    for (let i = Math.floor(low / step); ; i += 1) {
      found.push(i * step);
      if (i * step >= high && found.length > 1) return found;
    }
  }

  function element(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function drawChart(chart, width) {
    const points = chart.points.slice(0, MOST);
    const height = chart.kind === "line" ? LINE_HEIGHT : points.length * ROW + 2 * PAD + ROW * 2;
    const left = chart.kind === "line" ? 70 : Math.round(width * LABEL_SHARE);
    const cut = chart.points.length > MOST ? `, the first ${MOST} of ${chart.points.length} rows` : "";
    const svg = element("svg", { role: "img", width, height, viewBox: `0 0 ${width} ${height}` });
    const ends = points.flatMap(({ value, low = value, high = value }) => [low, high]);
    const range = `${shown(Math.min(...ends))} to ${shown(Math.max(...ends))}`;
    svg.setAttribute("aria-label", `${chart.name}${cut}: ${points.length} values, ${range}`);
    if (chart.kind === "line") drawLine(svg, points, left, width, height, chart.axis);
    else drawRows(svg, chart.kind, points, left, width, height, chart.axis);
    return svg;
  }

  function drawRows(svg, kind, points, left, width, height, axis) {
    const ends = points.flatMap(({ value, low = value, high = value }) => [low, high]);
    if (kind === "bars") ends.push(0);
    const marks = ticks(Math.min(...ends), Math.max(...ends));
    const [first, last] = [marks[0], marks.at(-1)];
    const x = (value) => left + ((value - first) / (last - first)) * (width - left - PAD * 2);
    const bottom = PAD + points.length * ROW;
    for (const mark of marks) {
      svg.append(element("line", {
        class: mark === 0 ? "zero" : "grid", x1: x(mark), x2: x(mark), y1: PAD, y2: bottom,
      }));
      svg.append(element("text", { class: "tick", x: x(mark), y: bottom + 16, "text-anchor": "middle" }, shown(mark)));
    }
    svg.append(element("text", { x: (left + width) / 2, y: height - 4, "text-anchor": "middle" }, axis));
    points.forEach((point, i) => {
      const y = PAD + i * ROW + ROW / 2;
      svg.append(labelled(point, left, y));
      if (kind === "bars") {
        svg.append(element("rect", {
          class: "mark", x: Math.min(x(0), x(point.value)), y: y - 7, height: 14,
          width: Math.max(Math.abs(x(point.value) - x(0)), 1),
        }));
        return;
      }
      svg.append(element("line", { class: "interval", x1: x(point.low), x2: x(point.high), y1: y, y2: y }));
      svg.append(element("circle", { class: "mark", cx: x(point.value), cy: y, r: 4.5 }));
    });
  }

  function labelled(point, left, y) {
    const room = Math.max(Math.floor((left - PAD) / LETTER), 4);
    const words = point.label.length > room ? `${point.label.slice(0, room - 1)}…` : point.label;
    const made = element("text", { x: left - PAD, y: y + 4, "text-anchor": "end" }, words);
    const said = point.low === undefined
      ? shown(point.value) : `${shown(point.value)} (${shown(point.low)} to ${shown(point.high)})`;
    made.append(element("title", {}, `${point.label}: ${said}`));
    return made;
  }

  function drawLine(svg, points, left, width, height, axis) {
    const values = points.map((point) => point.value);
    const marks = ticks(Math.min(...values), Math.max(...values));
    const [low, high] = [marks[0], marks.at(-1)];
    const [start, end] = [points[0].at, points.at(-1).at];
    const bottom = height - 40;
    const x = (at) => left + ((at - start) / (end - start)) * (width - left - PAD * 3);
    const y = (value) => bottom - ((value - low) / (high - low)) * (bottom - PAD);
    for (const mark of marks) {
      svg.append(element("line", { class: "grid", x1: left, x2: width - PAD, y1: y(mark), y2: y(mark) }));
      svg.append(element("text", { class: "tick", x: left - 8, y: y(mark) + 4, "text-anchor": "end" }, shown(mark)));
    }
    for (const at of ticks(start, end).filter((one) => one >= start && one <= end && Number.isInteger(one))) {
      svg.append(element("text", { class: "tick", x: x(at), y: bottom + 16, "text-anchor": "middle" }, String(at)));
    }
    svg.append(element("text", { x: (left + width) / 2, y: height - 4, "text-anchor": "middle" }, axis));
    const path = points.map((point) => `${x(point.at)},${y(point.value)}`).join(" ");
    svg.append(element("polyline", { class: "series", points: path }));
    for (const point of points) {
      const dot = element("circle", { class: "mark", cx: x(point.at), cy: y(point.value), r: 3.5 });
      dot.append(element("title", {}, `${point.label}: ${shown(point.value)}`));
      svg.append(dot);
    }
  }

  // What a chart leaves out, in words; empty where it has every row.
  const leftOut = (chart) => (chart.points.length > MOST
    ? `The first ${MOST} of ${chart.points.length} rows are drawn; the table has all.` : "");

  return { chartOf, drawChart, leftOut };
})();
