// Draws the live chart, fills the tables from the chart's own data, and says whether its pool
// equals the warehouse's. Needs vegaEmbed from the Vega bundle.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(`explorer-${id}`);
  const facts = JSON.parse(byId("facts").textContent);
  const form = byId("form");
  const box = byId("chart");
  const condition = byId("condition");
  const brushMode = byId("brush-mode");
  // What two orders of summation may differ by.
  const TOLERANCE = 1e-9;
  const COMPARED = ["estimate", "ci_low", "ci_high", "tau2"];
  const MEMBER_COLUMNS = [
    ["result", ""],
    ["weight_text", "number"],
    ["trials", "number"],
    ["participants", "number"],
    ["comparator_class", ""],
    ["guidance", ""],
    ["amstar", "number"],
    ["source_kind", ""],
    ["source_locator", ""],
  ];
  const state = { layout: null, drawn: null, isWaiting: false };

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

  function statusWords(live, left, all) {
    const name = condition.selectedOptions[0].textContent;
    if (!live) return `${name}: none of ${all} meta-analyses is left.`;
    const limits = `${fixed(live.ci_low, 2)} to ${fixed(live.ci_high, 2)}`;
    return `${name}: ${left} of ${all} meta-analyses give ${fixed(live.estimate, 2)} (${limits}).`;
  }

  // What is set, as the labels say it; without it a printed pool would mean nothing.
  function filterWords() {
    const set = [...form.elements].filter(
      (control) => control.labels?.length && control.value && control !== condition && control !== brushMode,
    ).map((control) => `${control.labels[0].textContent} ${control.selectedOptions?.[0].textContent ?? control.value}`);
    if (state.drawn.view.data("brush_store").length) {
      set.push(`${brushMode.labels[0].textContent} ${brushMode.selectedOptions[0].textContent}`);
    }
    return set.join("; ");
  }

  function equalityWords(live, seed, left, all) {
    if (left < all) {
      return `${all - left} of ${all} meta-analyses are left out (${filterWords()}): the live pool and the warehouse rest on different ones.`;
    }
    if (!seed) return "The warehouse has no result by the conventional method.";
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
    const kept = [...view.data(state.layout.kept)].sort((a, b) => a.row - b.row);
    const [live] = view.data(state.layout.live);
    const all = facts.members.filter((member) => member.analysis_id === condition.value).length;
    const pools = facts.pools.filter((pool) => pool.analysis_id === condition.value);
    byId("status").textContent = statusWords(live, kept.length, all);
    byId("live").replaceChildren(poolRow("Live pool", live));
    byId("warehouse").replaceChildren(...pools.map((pool) => poolRow(pool.name, pool)));
    const seed = pools.find((pool) => pool.policy_id === "seed_paper");
    byId("equality").textContent = equalityWords(live, seed, kept.length, all);
    byId("members").replaceChildren(...kept.map(memberRow));
  }

  // Several data sets change in one run of the chart.
  function showSoon() {
    if (state.isWaiting) return;
    state.isWaiting = true;
    state.drawn.view.runAfter(() => {
      state.isWaiting = false;
      show();
    });
  }

  function fitting() {
    const { wide, narrow } = facts.layouts;
    return box.clientWidth < wide.width ? narrow : wide;
  }

  // A chart takes its first values from the form's controls.
  async function draw() {
    state.drawn?.finalize();
    const layout = fitting();
    state.layout = layout;
    const chart = structuredClone(layout.chart);
    for (const set of chart.data) {
      if (set.name === "members" || set.name === "pools") set.values = structuredClone(facts[set.name]);
    }
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

  function fail(error) {
    byId("failure").textContent = `The chart cannot be drawn: ${error.message}`;
    byId("failure").hidden = false;
  }

  const redraw = () => draw().catch(fail);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The controls are cleared after this event.
  form.addEventListener("reset", () => setTimeout(redraw));
  byId("page").hidden = false;
  redraw().then(() => {
    new ResizeObserver(() => {
      if (fitting() !== state.layout) redraw();
    }).observe(box);
  });
})();
