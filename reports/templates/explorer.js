// Chooses effects of one kind of analysis by the filters, draws the live chart, fills the tables
// from the chart's own data, and says whether its pool equals the warehouse's. What is chosen stands
// in the address. Needs vegaEmbed from the Vega bundle.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(`explorer-${id}`);
  const facts = JSON.parse(byId("facts").textContent);
  const form = byId("form");
  const box = byId("chart");
  const elements = [...form.elements].filter((control) => control.name);
  const named = (name) => elements.find((control) => control.name === name);
  // What the kind of analysis that is shown has no use for is disabled.
  const controls = () => elements.filter((control) => !control.disabled);
  const measure = named("measure");
  const brushMode = named("brush_mode");
  const RECTANGLE = "rectangle";
  // What two orders of summation may differ by.
  const TOLERANCE = 1e-9;
  const COMPARED = ["estimate", "ci_low", "ci_high", "tau2"];
  const MEMBER_COLUMNS = [
    ["result", ""],
    ["weight_text", "number"],
    ["trials", "number"],
    ["size", "number"],
    ["amstar", "number"],
    ["source_kind", ""],
    ["source_locator", ""],
  ];
  const SOURCE_HEADINGS = ["AMSTAR", "Read from", "Place in the source"];
  const kinds = Object.fromEntries(
    Object.entries(facts.kinds).map(([key, kind]) => [key, prepared(kind)]),
  );
  const state = { kind: null, layout: null, drawn: null, chosen: null, rectangle: null, isWaiting: false };

  // A kind of analysis with its filters as a list and all that is known of each effect in one place.
  function prepared(kind) {
    const filters = Object.entries(kind.filters);
    const effects = kind.effects.map((effect) => ({
      ...kind.clusters[effect.cluster_id],
      ...effect,
      ...Object.fromEntries(
        filters.map(([name, { codes }], place) => [name, codes[effect.codes[place]] ?? null]),
      ),
    }));
    return { ...kind, filters, effects };
  }

  function shown(value) {
    return fixed(value, state.kind.places);
  }

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
      number("estimate", estimate, shown(estimate)), " (",
      number("ci_low", low, shown(low)), " to ", number("ci_high", high, shown(high)), ")",
    );
    return headed(
      label, effect, element("td", "number", number("k", k, k)),
      spread("tau2", tau2, () => fixed(tau2, 3), k),
      spread("i2", i2, () => `${fixed(i2, 0)}%`, k),
      spread("q", q, () => `${fixed(q, 1)} (${df})`, k),
    );
  }

  function memberRow(member) {
    const columns = [...MEMBER_COLUMNS, ...state.kind.filters.map(([name]) => [name, ""])];
    const cells = columns.map(([name, look]) => element("td", look, member[name] ?? "NR"));
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

  // The effects of the chosen filters, one of each meta-analysis or trial, by the warehouse's rule.
  function choose() {
    const { kind } = state;
    const codes = Object.fromEntries(kind.filters.map(([name]) => [name, named(name).value]));
    const isOfSubgroup = kind.filters.some(
      ([name, { is_of_subgroups: parts }]) => parts && codes[name] !== cleared(named(name)),
    );
    const scope = named("pools").value || (isOfSubgroup ? "any" : "overall");
    const selection = named("selection").value;
    const rule = facts.rules[selection];
    const isTaken = (effect, name, place) => (
      codes[name] ? effect.codes[place] === codes[name] : !effect.asked.includes(place)
    );
    const passing = kind.effects.filter(
      (effect) => (scope === "any" || effect.scope !== "subgroup")
        && kind.filters.every(([name], place) => isTaken(effect, name, place)),
    );
    const firsts = new Map();
    for (const effect of passing) {
      if (!firsts.has(effect.cluster_id)) firsts.set(effect.cluster_id, effect);
    }
    const isParallel = (effect) => (
      scope === "overall" && effect.scope === "parallel" && !rule.takes_parallel
    );
    const within = [...firsts.values()].filter((effect) => !isParallel(effect));
    const entering = new Set(within.map((effect) => effect.cluster_id));
    const isSuperseded = (effect) => effect.superseded_by[rule.related].some((id) => entering.has(id));
    const admitted = within.filter((effect) => !isSuperseded(effect));
    const analysis = kind.analyses.find(
      (one) => (one.scope === scope || !kind.has_scopes) && one.selection === selection
        && kind.filters.every(([name]) => (one.codes[name] ?? "") === codes[name]),
    );
    return {
      analysis,
      scope,
      rule,
      passing,
      admitted,
      members: rule.takes === "first" ? firstOf(admitted, selection) : admitted,
      superseded: within.filter(isSuperseded),
      parallel: [...firsts.values()].filter(isParallel),
      pools: kind.pools.filter((pool) => pool.analysis_id === analysis?.analysis_id),
      sides: sidesOf(codes),
    };
  }

  // What has no place lacks what the rule goes by.
  function firstOf(admitted, selection) {
    const placed = admitted.filter((effect) => selection in effect.places);
    return placed.sort((a, b) => a.places[selection] - b.places[selection]).slice(0, 1);
  }

  // What lies above and below no effect, where all analyses of the chosen outcome say the same.
  function sidesOf(codes) {
    if (state.kind.no_effect === null) return null;
    const asked = state.kind.analyses.filter(
      (one) => !codes.outcome || one.codes.outcome === codes.outcome,
    );
    const said = new Set(asked.map((one) => JSON.stringify(one.sides)));
    return said.size === 1 ? asked[0].sides : null;
  }

  function chosenName({ analysis }) {
    if (analysis) return analysis.label;
    const set = state.kind.filters.filter(([name, { may_be_open: isOpen }]) => isOpen && named(name).value);
    return set.map(([name]) => textOf(named(name))).join(", ") || "Everything together";
  }

  function captionWords({ label, no_effect: none }, { sides }) {
    const name = `Pooled effect, ${label.charAt(0).toLowerCase()}${label.slice(1)}`;
    if (none === null) return name.replace("effect, ", "");
    return sides ? `${name}; above ${none === 0 ? "zero" : none} ${sides.told}` : name;
  }

  function statusWords(live, left, chosen) {
    const all = chosen.members.length;
    const name = chosenName(chosen);
    if (!live) return `${name}: none of ${all} ${state.kind.words.members} is left.`;
    const limits = `${shown(live.ci_low)} to ${shown(live.ci_high)}`;
    return `${name}: ${left} of ${all} ${all === 1 ? state.kind.words.member : state.kind.words.members} ${left === 1 ? "gives" : "give"} ${shown(live.estimate)} (${limits}).`;
  }

  function counted(number, one, several) {
    return `${number} ${number === 1 ? one : several}`;
  }

  // How the meta-analyses come from what passes the filters, and which stay out and why.
  function choiceWords({ scope, rule, passing, admitted, members, superseded, parallel }) {
    const { has_scopes: hasScopes, words: noun } = state.kind;
    const pools = scope === "any" ? "main pools and subgroups" : "main pools only";
    const reports = new Set(passing.map((effect) => effect.cluster_id)).size;
    const results = `${counted(passing.length, "reported result", "reported results")} of ${counted(reports, noun.member, noun.members)} can be pooled and ${passing.length === 1 ? "passes" : "pass"} the filters`;
    const enter = `${admitted.length} ${admitted.length === 1 ? "enters" : "enter"}, one of each ${noun.member}`;
    const words = [
      hasScopes
        ? `${results} (${pools}); ${enter}: its main pool, else the one of most trials.`
        : `${results}; ${enter}.`,
    ];
    if (rule.takes === "first") {
      words.push(members.length
        ? `Of these one is taken (${rule.label}).`
        : `None of these has what the choice goes by (${rule.label}).`);
    }
    const names = (rows) => rows.map((effect) => effect.citation_label).join(", ");
    if (superseded.length) {
      words.push(`A related ${state.kind.words.member}, such as an update, enters instead of ${names(superseded)}.`);
    }
    if (parallel.length) {
      words.push(`With pools by kind of control and none over all: ${names(parallel)}.`);
    }
    return words.join(" ");
  }

  function isCut(control) {
    return control === brushMode || control.name in state.kind.cuts;
  }

  // What cuts, as the labels say it; without it a printed pool would mean nothing.
  function cutWords() {
    const set = controls().filter(isCut).filter((control) => control.value && control !== brushMode);
    if (state.rectangle) set.push(brushMode);
    return set.map((control) => `${control.labels[0].textContent} ${textOf(control)}`).join("; ");
  }

  function equalityWords(live, left, { analysis, members, pools }) {
    const all = members.length;
    if (left < all) {
      return `${all - left} of ${all} ${state.kind.words.members} are left out (${cutWords()}): the live pool does not rest on all that pass the filters.`;
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
    byId("caption").textContent = captionWords(state.kind, chosen);
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
    const set = controls().filter((control) => control.value !== cleared(control))
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

  // Puts the filters and limits of a kind of analysis into the form; what it has no use for goes.
  function setKind(key) {
    const kind = kinds[key];
    state.kind = kind;
    const first = kind.analyses[0].codes;
    const filters = Object.fromEntries(kind.filters);
    for (const control of elements) {
      if (facts.filters.includes(control.name)) offer(control, filterOptions(filters[control.name]), first[control.name] ?? "");
      else if (control.name === "source") offer(control, sourceOptions(kind.cuts.source), "");
      else if (control.name in kind.cuts) limit(control, kind.cuts[control.name]);
    }
    enable(named("pools"), kind.has_scopes);
    for (const name of ["from", "to"]) {
      named(`estimate_${name}`).labels[0].textContent = `${kind.measure} ${name}`;
    }
    const { members, member } = kind.words;
    const capital = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
    for (const place of document.querySelectorAll(".explorer-members")) place.textContent = capital(members);
    for (const place of document.querySelectorAll(".explorer-measure")) place.textContent = kind.measure;
    const headings = [
      capital(member), `${kind.measure} (95% CI)`, "Weight", capital(kind.words.studies), kind.words.size, ...SOURCE_HEADINGS,
      ...kind.filters.map(([, { label }]) => label),
    ];
    byId("member-columns").replaceChildren(...headings.map((words) => {
      const head = element("th", "", words);
      head.scope = "col";
      return head;
    }));
  }

  function enable(control, isUsed) {
    control.disabled = !isUsed;
    control.closest(".control").hidden = !isUsed;
  }

  function filterOptions(filter) {
    if (!filter) return null;
    return [...(filter.may_be_open ? [["", filter.open_label]] : []), ...Object.entries(filter.codes)];
  }

  function sourceOptions(sources) {
    if (!sources) return null;
    const capital = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
    return [["", "Any"], ...sources.map((words) => [words, capital(words)])];
  }

  function offer(control, options, value) {
    enable(control, options !== null);
    const made = (options ?? [["", ""]]).map(
      ([key, words]) => new Option(words, key, key === value, key === value),
    );
    control.replaceChildren(...made);
  }

  function limit(control, limits) {
    enable(control, limits !== null);
    control.value = "";
    if (limits) [control.min, control.max, control.step] = limits;
  }

  // Clears the form: that of the first kind of analysis, or of another.
  function clear(key) {
    form.reset();
    state.rectangle = null;
    if (measure) measure.value = key;
    setKind(key);
  }

  // Sets the form as the address says; what the page does not offer is said and ignored.
  function read() {
    const ignored = [];
    const asked = new URLSearchParams(location.hash.slice(1));
    const key = asked.get("measure");
    clear(measure && Object.hasOwn(kinds, key) ? key : Object.keys(kinds)[0]);
    for (const [name, value] of asked) {
      const control = controls().find((one) => one.name === name);
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
    const { wide, narrow } = state.kind.layouts;
    return box.clientWidth < wide.width ? narrow : wide;
  }

  // Data for the chart, which marks the rows that it is given.
  function chartData() {
    const { members, pools, sides } = state.chosen;
    const told = Object.entries(sides ?? {}).map(([side, words]) => ({ side, words }));
    return structuredClone({ members, pools, sides: told });
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
    if (event.target === measure) {
      clear(measure.value);
      await draw();
      write();
      return;
    }
    const { view } = state.drawn;
    if (!isCut(event.target)) {
      state.chosen = choose();
      for (const [name, rows] of Object.entries(chartData())) view.data(name, rows);
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
    clear(measure?.value ?? Object.keys(kinds)[0]);
    redraw().then(write);
  });
  addEventListener("hashchange", () => {
    if (isState()) {
      read();
      redraw();
    }
  });
  if (isState()) read();
  else clear(Object.keys(kinds)[0]);
  byId("page").hidden = false;
  redraw().then(() => {
    new ResizeObserver(() => {
      if (fitting() !== state.layout) redraw();
    }).observe(box);
  });
})();
