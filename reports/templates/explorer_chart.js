// Draws the live chart: estimates by year, or by standard error, above the forest of what is left.
// It gets all that it draws and keeps nothing.
const explorerChart = (() => {
  "use strict";

  const UPPER = 130;
  const TITLE = 22;
  const AXIS = 30;
  const HEADS = 50;
  const FUNNEL_STEPS = 24;
  // Px that a pointer moves before a click becomes a rectangle.
  const SLACK = 4;

  function svg(name, attributes, ...parts) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...parts.flat().filter((part) => part !== null));
    return made;
  }

  // Px of a value on the axis; at its end what lies beyond.
  function axisOf({ domain: [low, high], is_log: isLog }, width) {
    const at = isLog ? Math.log : (value) => value;
    const clip = (value) => Math.min(Math.max(value, low), high);
    const valueAt = (px) => {
      const along = at(low) + (Math.min(Math.max(px, 0), width) / width) * (at(high) - at(low));
      return isLog ? Math.exp(along) : along;
    };
    return {
      px: (value) => (width * (at(clip(value)) - at(low))) / (at(high) - at(low)),
      // From one px to another, without a limit where they reach the end of the axis.
      range: (one, other) => {
        const [left, right] = one < other ? [one, other] : [other, one];
        return [left <= 0 ? -Infinity : valueAt(left), right >= width ? Infinity : valueAt(right)];
      },
      isBelow: (value) => value < low,
      isAbove: (value) => value > high,
      holds: (value) => value >= low && value <= high,
    };
  }

  function words(x, y, text, look = {}) {
    const { align = "left", ...others } = look;
    const anchor = { left: "start", right: "end", middle: "middle" }[align];
    return svg("text", { x, y, "text-anchor": anchor, "dominant-baseline": "central", ...others }, String(text));
  }

  function line(x1, y1, x2, y2, stroke, width) {
    return svg("line", { x1, y1, x2, y2, fill: "none", stroke, "stroke-width": width });
  }

  function xAxis(spec, axis, y) {
    const { colours, kind } = spec;
    return kind.ticks.map(([value, text]) => svg(
      "g", {},
      line(axis.px(value), y, axis.px(value), y + 4, colours.grid, 0.75),
      words(axis.px(value), y + 14, text, { align: "middle", fill: colours.muted }),
    )).concat(line(0, y, spec.layout.plot, y, colours.grid, 0.75));
  }

  function nullLine({ colours, kind }, axis, from, to) {
    if (kind.no_effect === null) return null;
    const at = axis.px(kind.no_effect);
    return line(at, from, at, to, colours.grid, 0.75);
  }

  function yearTicks([first, last]) {
    const step = Math.max(1, Math.ceil((last - first) / 5));
    const ticks = [];
    for (let year = Math.ceil(first / step) * step; year <= last; year += step) ticks.push([year, year]);
    return ticks;
  }

  // The vertical axis of the upper chart: years upwards, or standard errors downwards.
  function heights({ upper, kind: { years: [first, last] }, rows, dropped }) {
    if (upper === "year") {
      const [low, high] = [first - 1, last + 1];
      return {
        of: (row) => row.year,
        px: (year) => UPPER * (1 - (year - low) / (high - low)),
        value: (px) => low + (1 - Math.min(Math.max(px, 0), UPPER) / UPPER) * (high - low),
        ticks: yearTicks([first, last]),
      };
    }
    const largest = 1.05 * Math.max(...[...rows, ...dropped].map((row) => Math.sqrt(row.vi)), 1e-9);
    const step = 10 ** Math.floor(Math.log10(largest));
    const ticks = [];
    for (let se = 0; se <= largest; se += largest / step > 4 ? 2 * step : step) ticks.push([se, Number(se.toPrecision(3))]);
    return { of: (row) => Math.sqrt(row.vi), px: (se) => (UPPER * se) / largest, ticks, largest };
  }

  // Where nineteen of twenty estimates would lie without other differences than chance.
  function funnel({ pool, shown, colours, z }, axis, height) {
    if (!pool || !height.largest) return null;
    const side = (sign) => Array.from({ length: FUNNEL_STEPS + 1 }, (_, i) => {
      const se = (height.largest * i) / FUNNEL_STEPS;
      return `${axis.px(shown(pool.mean + sign * z * se)).toFixed(2)},${height.px(se).toFixed(2)}`;
    });
    return svg("polyline", {
      points: [...side(-1).reverse(), ...side(1)].join(" "),
      fill: "none", stroke: colours.muted, "stroke-width": 0.75, "stroke-dasharray": "4 3",
    });
  }

  // A dot for each estimate, an arrowhead for one beyond the axis; a click on one that the rectangle
  // drops would change nothing that is seen.
  function points({ rows, dropped, colours, layout }, axis, height) {
    const known = [...dropped, ...rows].filter(
      (row) => height.of(row) !== null && height.of(row) !== undefined,
    );
    return known.map((row) => {
      const y = height.px(height.of(row));
      const isBeyond = !axis.holds(row.estimate);
      const shape = isBeyond
        ? { d: headAt(axis, row.estimate, y, layout.plot) }
        : { cx: axis.px(row.estimate), cy: y, r: 4 };
      return svg(
        isBeyond ? "path" : "circle",
        {
          class: "point", ...shape, "data-key": dropped.includes(row) ? null : row.key,
          fill: row.isIn ? colours.square : colours.paper, stroke: colours.square,
        },
        svg("title", {}, isBeyond ? `${row.told}\nBeyond the axis` : row.told),
      );
    });
  }

  function shade({ rectangle, upper, colours }, axis, height) {
    if (!rectangle || upper !== "year") return null;
    const [[left, right], [first, last]] = rectangle;
    const top = height.px(Math.max(first, last));
    return svg("rect", {
      x: axis.px(Math.min(left, right)), y: top, "pointer-events": "none",
      width: Math.abs(axis.px(right) - axis.px(left)),
      height: Math.max(0, height.px(Math.min(first, last)) - top),
      fill: colours.ink, "fill-opacity": 0.1, stroke: colours.ink,
    });
  }

  function scatter(spec, axis) {
    const { layout, colours, upper } = spec;
    const height = heights(spec);
    const title = upper === "year" ? "Estimate by year: draw a rectangle" : "Estimate by standard error";
    return svg(
      "g", { class: "upper", transform: `translate(0 ${TITLE})` },
      words(0, -12, title, { fill: colours.muted }),
      svg("rect", {
        class: "upper-plot", x: 0, y: 0, width: layout.plot, height: UPPER,
        fill: colours.paper, stroke: colours.grid, "stroke-width": 0.75,
      }),
      nullLine(spec, axis, 0, UPPER),
      upper === "year" ? null : funnel(spec, axis, height),
      points(spec, axis, height),
      shade(spec, axis, height),
      height.ticks.map(([value, text]) => words(-6, height.px(value), text, { align: "right", fill: colours.muted })),
      xAxis(spec, axis, UPPER),
    );
  }

  // The outline of an arrowhead that points out of the axis, towards a value beyond it.
  function headAt(axis, value, y, width) {
    const [from, to] = axis.isBelow(value) ? [6, 0] : [width - 6, width];
    return `M${from} ${y - 3.5}L${to} ${y}L${from} ${y + 3.5}Z`;
  }

  // Arrowheads where an interval goes on beyond the axis.
  function arrows(low, high, axis, y, width, fill) {
    const beyond = [[low, axis.isBelow], [high, axis.isAbove]].filter(([value, isOut]) => isOut(value));
    return beyond.map(([value]) => svg("path", { d: headAt(axis, value, y, width), fill }));
  }

  function texts(spec, y, values, look) {
    return spec.layout.columns.filter(({ field }) => field in values).map(({ field, at, align }) => (
      words(at, y + spec.layout.text_shift, values[field], { align, ...look })
    ));
  }

  function memberRow(spec, axis, row, place) {
    const { layout, colours } = spec;
    const middle = (place + 0.5) * layout.row;
    const y = middle + layout.mark_shift;
    const side = row.isIn ? Math.sqrt(Math.max(5, 120 * row.weight)) : 6;
    const at = axis.holds(row.estimate) ? axis.px(row.estimate) : null;
    const look = { fill: row.isIn ? colours.ink : colours.muted };
    return svg(
      "g", { class: "member", "data-key": row.key },
      svg("title", {}, row.told),
      svg("rect", {
        x: -layout.left, y: place * layout.row, height: layout.row,
        width: layout.left + layout.plot + layout.right, fill: place % 2 ? colours.paper : colours.stripe,
      }),
      nullLine(spec, axis, place * layout.row, (place + 1) * layout.row),
      svg("line", {
        class: "interval", x1: axis.px(row.ci_low), x2: axis.px(row.ci_high), y1: y, y2: y,
        fill: "none", stroke: colours.square, "stroke-width": 1.25, "stroke-dasharray": row.isIn ? null : "3 2",
      }),
      arrows(row.ci_low, row.ci_high, axis, y, layout.plot, colours.square),
      at === null ? null : svg("rect", {
        class: "estimate", x: at - side / 2, y: y - side / 2, width: side, height: side,
        fill: row.isIn ? colours.square : colours.paper, stroke: colours.square,
      }),
      texts(spec, middle, row, look),
    );
  }

  function poolRow(spec, axis, pool, place) {
    const { layout, colours } = spec;
    const middle = (place + 0.5) * layout.row;
    const y = middle + layout.mark_shift;
    const [low, at, high] = [pool.ci_low, pool.estimate, pool.ci_high].map(axis.px);
    const fill = colours[pool.colour];
    const hasPrediction = pool.pi_low !== null && pool.pi_low !== undefined;
    return svg(
      "g", { class: "pool" },
      svg("title", {}, `${pool.label}: ${pool.result}`),
      nullLine(spec, axis, place * layout.row, (place + 1) * layout.row),
      hasPrediction ? svg("line", {
        class: "prediction", x1: axis.px(pool.pi_low), x2: axis.px(pool.pi_high), y1: y, y2: y,
        fill: "none", stroke: colours.prediction, "stroke-width": 2,
      }) : null,
      axis.holds(pool.estimate) ? svg("path", {
        d: `M${low} ${y}L${at} ${y - 5}L${high} ${y}L${at} ${y + 5}Z`, fill, stroke: colours.ink,
      }) : null,
      arrows(pool.ci_low, pool.ci_high, axis, y, layout.plot, colours.ink),
      texts(spec, middle, { short_label: pool.label, result: pool.result }, { fill: colours.ink, "font-weight": "bold" }),
    );
  }

  function sideWords({ sides, kind, layout, colours }, axis) {
    if (!sides || kind.no_effect === null) return [];
    const at = axis.px(kind.no_effect);
    const y = -26 - layout.text_shift;
    return [
      words(at - 8, y, sides.below, { align: "right", fill: colours.muted }),
      words(at + 8, y, sides.above, { fill: colours.muted }),
    ];
  }

  function forest(spec, axis, top) {
    const { layout, colours, rows, pools } = spec;
    const end = rows.length * layout.row;
    const bottom = end + pools.length * layout.row;
    return svg(
      "g", { class: "forest", transform: `translate(0 ${top})` },
      sideWords(spec, axis),
      layout.columns.map(({ heading, at, align }) => words(at, -9, heading, { align, fill: colours.muted })),
      rows.map((row, place) => memberRow(spec, axis, row, place)),
      line(-layout.left, end, layout.plot + layout.right, end, colours.ink, 0.75),
      pools.map((pool, i) => poolRow(spec, axis, pool, rows.length + i)),
      xAxis(spec, axis, bottom),
    );
  }

  // A drawn rectangle, as estimates and years; a click without a move is none.
  function letDraw(plot, spec, axis, listener) {
    const height = heights(spec);
    const within = (event) => {
      const box = plot.getBoundingClientRect();
      const scale = spec.layout.plot / box.width;
      return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    };
    plot.parentNode.addEventListener("pointerdown", (down) => {
      const [x, y] = within(down);
      let drawn = null;
      const move = (event) => {
        const [toX, toY] = within(event);
        if (!drawn && Math.hypot(toX - x, toY - y) < SLACK) return;
        const limits = axis.range(x, toX);
        const years = [height.value(y), height.value(toY)].sort((a, b) => a - b);
        const made = shade({ ...spec, rectangle: [limits, years] }, axis, height);
        if (drawn) drawn.shape.replaceWith(made);
        else plot.after(made);
        drawn = { shape: made, rectangle: [limits, years] };
      };
      const end = () => {
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", end);
        removeEventListener("pointercancel", end);
        if (drawn) listener.onRectangle(drawn.rectangle);
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", end);
      addEventListener("pointercancel", end);
    });
    plot.parentNode.addEventListener("dblclick", () => listener.onRectangle(null));
  }

  // The chart as one SVG in light colours; the style sheet of the site gives it the dark ones.
  function draw(box, spec, listener) {
    const { layout, colours, font, size } = spec;
    const axis = axisOf(spec.kind, layout.plot);
    const top = TITLE + UPPER + AXIS + HEADS;
    const width = layout.left + layout.plot + layout.right + 6;
    const height = top + (spec.rows.length + spec.pools.length) * layout.row + AXIS;
    const upper = scatter(spec, axis);
    const made = svg(
      "svg",
      {
        xmlns: "http://www.w3.org/2000/svg", width, height,
        viewBox: `${-layout.left - 3} 0 ${width} ${height}`, "font-family": font, "font-size": size,
      },
      svg("rect", { x: -layout.left - 3, y: 0, width, height, fill: colours.paper }),
      upper, forest(spec, axis, top),
    );
    box.replaceChildren(made);
    if (spec.upper === "year") letDraw(upper.querySelector(".upper-plot"), spec, axis, listener);
    made.addEventListener("click", (event) => {
      const key = event.target.closest("[data-key]")?.getAttribute("data-key");
      if (key) listener.onToggle(key);
    });
    return made;
  }

  return { draw };
})();
