// Chooses effects by the filters of analyses, draws the live chart, fills the tables from the
// chart's own data, and says whether its pool equals the warehouse's. What is chosen stands in the
// address. Needs vegaEmbed from the Vega bundle.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(`explorer-${id}`);
  const facts = JSON.parse(byId("facts").textContent);
  const noun = facts.words;
  const form = byId("form");
  const box = byId("chart");
  const controls = [...form.elements].filter((control) => control.name);
  const named = (name) => controls.find((control) => control.name === name);
  const brushMode = named("brush_mode");
  const RECTANGLE = "rectangle";
  // What two orders of summation may differ by.
  const TOLERANCE = 1e-9;
  const COMPARED = ["estimate", "ci_low", "ci_high", "tau2"];
  const MEMBER_COLUMNS = [
    ["result", ""],
    ["weight_text", "number"],
    ["trials", "number"],
    ["participants", "number"],
    ["amstar", "number"],
    ["source_kind", ""],
    ["source_locator", ""],
    ...Object.keys(facts.filters).map((name) => [name, ""]),
  ];
  const FILTERS = Object.entries(facts.filters);
  const effects = facts.effects.map((effect) => ({
    ...facts.meta_analyses[effect.meta_analysis_id],
    ...effect,
    ...Object.fromEntries(
      FILTERS.map(([name, { codes }], place) => [name, codes[effect.codes[place]] ?? null]),
    ),
  }));
  const state = { layout: null, drawn: null, chosen: null, rectangle: null, isWaiting: false };

  function fixed(value, places) {
    const text = value.toFixed(places);
    return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "\u2212");
  }

  function element(name, className, ...parts) {
    const made = document.createElement(name);
    made.className = className;
    made.append(...parts);
    return made;
  }

  function headed(label, ...cells) {
    const head = element("th", "", label);
    head.scope = "row";
    return element("tr", "", head, ...cells);
  }

  // A number as people read it, with its full value for machines.
  function number(name, value, text) {
    const made = element("data", name, text);
    made.value = value;
    return made;
  }

  function spread(name, value, text, k) {
    return element("td", "number", k > 1 ? number(name, value, text()) : "–");
  }

  function poolRow(label, pool) {
    if (!pool) return headed(label, element("td", "", "nothing to pool"));
    const { estimate, ci_low: low, ci_high: high, k, tau2, i2, q, q_df: df } = pool;
    const effect = element(
      "td", "",
      number("estimate", estimate, fixed(estimate, 2)), " (",
      number("ci_low", low, fixed(low, 2)), " to ", number("ci_high", high, fixed(high, 2)), ")",
    );
    return headed(
      label, effect, element("td", "number", number("k", k, k)),
      spread("tau2", tau2, () => fixed(tau2, 3), k),
      spread("i2", i2, () => `${fixed(i2, 0)}%`, k),
      spread("q", q, () => `${fixed(q, 1)} (${df})`, k),
    );
  }

  function memberRow(member) {
    const cells = MEMBER_COLUMNS.map(([name, look]) => element("td", look, member[name] ?? "NR"));
    return headed(member.citation_label, ...cells);
  }

  function textOf(control) {
    return control.selectedOptions?.[0].textContent ?? control.value;
  }

  // The value that a control has when all filters are cleared.
  function cleared(control) {
    if (!control.options) return control.defaultValue;
    return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0]).value;
  }

  // The effects of the chosen filters, one of each meta-analysis, by the warehouse's rule.
  function choose() {
    const codes = Object.fromEntries(FILTERS.map(([name]) => [name, named(name).value]));
    const isOfSubgroup = FILTERS.some(
      ([name, { is_of_subgroups: parts }]) => parts && codes[name] !== cleared(named(name)),
    );
    const scope = named("pools").value || (isOfSubgroup ? "any" : "overall");
    const passing = effects.filter(
      (effect) => (scope === "any" || effect.scope !== "subgroup")
        && FILTERS.every(([name], place) => !codes[name] || effect.codes[place] === codes[name]),
    );
    const firsts = new Map();
    for (const effect of passing) {
      if (!firsts.has(effect.meta_analysis_id)) firsts.set(effect.meta_analysis_id, effect);
    }
    const isParallel = (effect) => scope === "overall" && effect.scope === "parallel";
    const within = [...firsts.values()].filter((effect) => !isParallel(effect));
    const entering = new Set(within.map((effect) => effect.meta_analysis_id));
    const isSuperseded = (effect) => effect.superseded_by.some((id) => entering.has(id));
    const analysis = facts.analyses.find(
      (one) => one.scope === scope && FILTERS.every(([name]) => (one.codes[name] ?? "") === codes[name]),
    );
    return {
      analysis,
      scope,
      passing,
      members: within.filter((effect) => !isSuperseded(effect)),
      superseded: within.filter(isSuperseded),
      parallel: [...firsts.values()].filter(isParallel),
      pools: facts.pools.filter((pool) => pool.analysis_id === analysis?.analysis_id),
    };
  }

  function chosenName({ analysis }) {
    if (analysis) return analysis.label;
    const set = FILTERS.filter(([name, { may_be_open: isOpen }]) => isOpen && named(name).value);
    return set.map(([name]) => textOf(named(name))).join(", ") || "Everything together";
  }

  function statusWords(live, left, chosen) {
    const all = chosen.members.length;
    const name = chosenName(chosen);
    if (!live) return `${name}: none of ${all} ${noun.members} is left.`;
    const limits = `${fixed(live.ci_low, 2)} to ${fixed(live.ci_high, 2)}`;
    return `${name}: ${left} of ${all} ${noun.members} give ${fixed(live.estimate, 2)} (${limits}).`;
  }

  function counted(number, one, several) {
    return `${number} ${number === 1 ? one : several}`;
  }

  // How the meta-analyses come from what passes the filters, and which stay out and why.
  function choiceWords({ scope, passing, members, superseded, parallel }) {
    const pools = scope === "any" ? "main pools and subgroups" : "main pools only";
    const reports = new Set(passing.map((effect) => effect.meta_analysis_id)).size;
    const words = [
      `${counted(passing.length, "reported effect", "reported effects")} of ${counted(reports, noun.member, noun.members)} can be pooled and pass the filters (${pools}); ${members.length} enter, one of each ${noun.member}: its main pool, else the one of most trials.`,
    ];
    const names = (rows) => rows.map((effect) => effect.citation_label).join(", ");
    if (superseded.length) {
      words.push(`A related ${noun.member}, such as an update, enters instead of ${names(superseded)}.`);
    }
    if (parallel.length) {
      words.push(`With pools by kind of control and none over all: ${names(parallel)}.`);
    }
    return words.join(" ");
  }

  // What cuts, as the labels say it; without it a printed pool would mean nothing.
  function cutWords() {
    const set = controls.filter(
      (control) => !(control.name in facts.filters) && !["pools", brushMode.name].includes(control.name) && control.value,
    );
    if (state.rectangle) set.push(brushMode);
    return set.map((control) => `${control.labels[0].textContent} ${textOf(control)}`).join("; ");
  }

  function equalityWords(live, left, { analysis, members, pools }) {
    const all = members.length;
    if (left < all) {
      return `${all - left} of ${all} ${noun.members} are left out (${cutWords()}): the live pool does not rest on all that pass the filters.`;
    }
    if (!analysis) {
      return "The warehouse has no analysis of exactly these filters to compare with; the live pool chooses by its rule.";
    }
    const seed = pools.find((pool) => pool.policy_id === "seed_paper");
    if (!seed && !live) return "The warehouse has nothing to pool here either.";
    if (!seed) return "The warehouse has no result by the conventional method.";
    if (!live) return "The warehouse has a result here and the live pool has none: one of them is wrong.";
    const gap = Math.max(...COMPARED.map((name) => Math.abs(live[name] - seed[name])));
    if (gap <= TOLERANCE) {
      return "Nothing is left out: the live pool equals the warehouse's result by the conventional method.";
    }
    if (!facts.is_same_method) {
      return `Nothing is left out, and the live pool differs by up to ${gap.toPrecision(2)}: the warehouse's policy for the conventional method is another one.`;
    }
    return `Nothing is left out, and yet the live pool differs from the warehouse by up to ${gap.toPrecision(2)}: one of them is wrong.`;
  }

  function show() {
    const { view } = state.drawn;
    const { chosen } = state;
    const kept = [...view.data(state.layout.kept)].sort((a, b) => a.row - b.row);
    const [live] = view.data(state.layout.live);
    state.rectangle = view.data("brush_store")[0]?.values ?? null;
    byId("status").textContent = statusWords(live, kept.length, chosen);
    byId("choice").textContent = choiceWords(chosen);
    byId("live").replaceChildren(poolRow("Live pool", live));
    byId("warehouse").replaceChildren(...chosen.pools.map((pool) => poolRow(pool.name, pool)));
    byId("equality").textContent = equalityWords(live, kept.length, chosen);
    byId("members").replaceChildren(...kept.map(memberRow));
  }

  // Several data sets change in one run of the chart.
  function showSoon() {
    if (state.isWaiting) return;
    state.isWaiting = true;
    state.drawn.view.runAfter(() => {
      state.isWaiting = false;
      show();
      write();
    });
  }

  // What differs from the cleared form, as the part of the address after #.
  function written() {
    const set = controls.filter((control) => control.value !== cleared(control))
      .map((control) => [control.name, control.value]);
    if (state.rectangle) {
      const [[left, right], [first, last]] = state.rectangle;
      const limits = [Math.min(left, right), Math.max(left, right), Math.min(first, last), Math.max(first, last)];
      set.push([RECTANGLE, limits.map((limit) => Number(limit.toPrecision(6))).join(" ")]);
    }
    return new URLSearchParams(set).toString();
  }

  function write() {
    const fragment = written();
    byId("address").hidden = true;
    if (fragment !== location.hash.slice(1)) {
      history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
    }
  }

  function isOffered(control, value) {
    if (control.options) return [...control.options].some((option) => option.value === value);
    return value.trim() !== "" && Number.isFinite(Number(value));
  }

  // Two estimates and two years, each the lower one first; null when it is not that.
  function rectangleOf(text) {
    const limits = text.split(" ").map((part) => (part === "" ? NaN : Number(part)));
    const [left, right, first, last] = limits;
    const isOne = limits.length === 4 && limits.every(Number.isFinite) && left < right && first < last;
    return isOne ? [[left, right], [first, last]] : null;
  }

  // Sets the form as the address says; what the page does not offer is said and ignored.
  function read() {
    const ignored = [];
    form.reset();
    state.rectangle = null;
    for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
      const control = named(name);
      const rectangle = name === RECTANGLE ? rectangleOf(value) : null;
      if (rectangle) state.rectangle = rectangle;
      else if (control && isOffered(control, value)) control.value = value;
      else ignored.push(`${name}=${value}`);
    }
    byId("address").hidden = ignored.length === 0;
    byId("address").textContent = `The address of this page asks for what it does not offer; ignored: ${ignored.join(", ")}.`;
  }

  // Links within a page lead to parts of it, whose names hold no sign of equality.
  function isState() {
    return location.hash.length < 2 || location.hash.includes("=");
  }

  function fitting() {
    const { wide, narrow } = facts.layouts;
    return box.clientWidth < wide.width ? narrow : wide;
  }

  // Data for the chart, which marks the rows that it is given.
  function chartData() {
    return { members: structuredClone(state.chosen.members), pools: structuredClone(state.chosen.pools) };
  }

  // Puts a rectangle into a chart that is not drawn yet.
  function putRectangle(chart, [estimates, years]) {
    const { signals } = chart.marks.find((mark) => mark.name === "scatter_group");
    const signal = (name) => signals.find((one) => one.name === name);
    const place = (axis, [from, to]) => `[scale("scatter_${axis}", ${from}), scale("scatter_${axis}", ${to})]`;
    for (const [axis, limits] of [["x", estimates], ["y", years]]) {
      delete signal(`brush_${axis}`).value;
      signal(`brush_${axis}`).init = place(axis, limits);
    }
    chart.data.find((set) => set.name === "brush_store").values = [
      { unit: "scatter", fields: signal("brush_tuple_fields").value, values: [estimates, years] },
    ];
  }

  // A chart takes its first values from the form's controls.
  async function draw() {
    state.drawn?.finalize();
    const layout = fitting();
    state.layout = layout;
    state.chosen = choose();
    const chart = structuredClone(layout.chart);
    const data = chartData();
    for (const set of chart.data) {
      if (set.name in data) set.values = data[set.name];
    }
    if (state.rectangle) putRectangle(chart, state.rectangle);
    const options = {
      mode: "vega",
      renderer: "svg",
      // The content policy forbids expressions made into functions, and styles from scripts.
      ast: true,
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
      actions: false,
    };
    state.drawn = await vegaEmbed(box, chart, options);
    state.drawn.view.addDataListener(layout.kept, showSoon);
    state.drawn.view.addDataListener(layout.live, showSoon);
    show();
  }

  // A cut may leave the same rows and yet change what is said.
  async function change(event) {
    const { view } = state.drawn;
    if (event.target.name in facts.filters || event.target.name === "pools") {
      state.chosen = choose();
      const { members, pools } = chartData();
      view.data("members", members).data("pools", pools);
    }
    await view.runAsync();
    show();
    write();
  }

  function fail(error) {
    byId("failure").textContent = `The chart cannot be drawn: ${error.message}`;
    byId("failure").hidden = false;
  }

  const redraw = () => draw().catch(fail);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => change(event).catch(fail));
  byId("clear").addEventListener("click", () => {
    form.reset();
    state.rectangle = null;
    redraw().then(write);
  });
  addEventListener("hashchange", () => {
    if (isState()) {
      read();
      redraw();
    }
  });
  if (isState()) read();
  byId("page").hidden = false;
  redraw().then(() => {
    new ResizeObserver(() => {
      if (fitting() !== state.layout) redraw();
    }).observe(box);
  });
})();
