// Chooses effects of one kind of analysis by the filters, leaves out what a reader cuts off, pools the
// rest, draws the chart, fills the tables, and says whether the pool equals the warehouse's. What is
// chosen stands in the address. Needs numbers, spreadsheets, pooling and explorerChart.
(() => {
  "use strict";

  const { fixed, pValue, pNumber } = numbers;
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
  const OUT = "out";
  // What the warehouse's arithmetic and the page's may differ by, relative to values above 1.
  const TOLERANCE = 1e-8;
  const COMPARED = ["estimate", "ci_low", "ci_high", "p_value", "pi_low", "pi_high", "tau2"];
  const METHODS = ["tau2_method", "ci_method", "pi_method"];
  const REPORTED_LEVEL = 0.95;
  const PNG_SCALE = 3;
  const SHOWN = {
    identity: (value) => value,
    exp: Math.exp,
    tanh: Math.tanh,
    expit: (value) => 100 / (1 + Math.exp(-value)),
  };
  const atLeast = (field) => (row, limit) => row[field] !== null && row[field] >= Number(limit);
  const atMost = (field) => (row, limit) => row[field] !== null && row[field] <= Number(limit);
  // Whether a row passes a cut, by the name of its control.
  const CUTS = {
    source: (row, words) => row.source_kind === words,
    min_amstar: atLeast("amstar_score"),
    min_trials: atLeast("n_trials"),
    year_from: atLeast("year"),
    year_to: atMost("year"),
    estimate_from: atLeast("estimate"),
    estimate_to: atMost("estimate"),
  };
  const MEMBER_COLUMNS = [
    ["result", ""],
    ["weight_text", "number"],
    ["without", ""],
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
  const orders = [...named("order").options]
    .map((option) => [option.value, option.textContent])
    .filter(([name]) => !facts.filters.includes(name));
  // excluded: keys of rows left out by hand, the latest last.
  const state = { kind: null, layout: null, chosen: null, rectangle: null, excluded: [], shown: null };

  // Rows of a table that is given as a list for each column.
  function rowsOf(columns) {
    const names = Object.keys(columns);
    return (columns[names[0]] ?? []).map((_, place) => (
      Object.fromEntries(names.map((name) => [name, columns[name][place]]))
    ));
  }

  // A short name of an identifier for the address (FNV-1a).
  function shortKey(text) {
    let hash = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
    return (hash >>> 0).toString(36);
  }

  // A kind of analysis with its filters as a list and all that is known of each effect in one place.
  function prepared(kind) {
    const filters = Object.entries(kind.filters);
    const effects = rowsOf(kind.effects).map((effect) => ({
      ...kind.clusters[effect.cluster_id],
      ...effect,
      key: shortKey(effect.effect_id),
      ...Object.fromEntries(
        filters.map(([name, { codes }], place) => [name, codes[effect.codes[place]] ?? null]),
      ),
    }));
    return { ...kind, filters, effects, pools: rowsOf(kind.pools) };
  }

  function shown(value) {
    return fixed(value, state.kind.places);
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

  // Whether there is a P value, of the test against no effect.
  const hasTest = (p) => p !== null && state.kind.no_effect !== null;

  function poolRow(label, pool) {
    if (!pool) return headed(label, element("td", "", "nothing to pool"));
    const { estimate, ci_low: low, ci_high: high, p_value: p, k, tau2, i2, q, q_df: df } = pool;
    const range = pool.pi_low === null ? "–" : `${shown(pool.pi_low)} to ${shown(pool.pi_high)}`;
    const effect = element(
      "td", "",
      number("estimate", estimate, shown(estimate)), " (",
      number("ci_low", low, shown(low)), " to ", number("ci_high", high, shown(high)), ")",
    );
    return headed(
      label, effect, element("td", "number", hasTest(p) ? number("p_value", p, pNumber(p)) : "–"),
      element("td", "", range), element("td", "number", number("k", k, k)),
      spread("tau2", tau2, () => fixed(tau2, 3), k),
      spread("i2", i2, () => `${fixed(i2, 0)}%`, k),
      spread("q", q, () => `${fixed(q, 1)} (${df})`, k),
    );
  }

  // The name is the label of the box that pools the row or leaves it out.
  function memberRow(member) {
    const columns = [...MEMBER_COLUMNS, ...state.kind.filters.map(([name]) => [name, ""])];
    const cells = columns.map(([name, look]) => element("td", look, member[name] ?? "NR"));
    const tick = element("input", "");
    tick.type = "checkbox";
    tick.checked = member.isIn;
    tick.dataset.key = member.key;
    return headed(element("label", "", tick, " ", member.citation_label), ...cells);
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

  function interval(low, high) {
    return `${shown(low)} to ${shown(high)}`;
  }

  function statusWords(live, left, chosen) {
    const all = chosen.members.length;
    const name = chosenName(chosen);
    if (!live) return `${name}: none of ${all} ${state.kind.words.members} is left.`;
    const { member, members } = state.kind.words;
    const range = live.pi_low === null ? "" : ` A new ${member} is expected between ${shown(live.pi_low)} and ${shown(live.pi_high)}.`;
    return `${name}: ${left} of ${all} ${all === 1 ? member : members} ${left === 1 ? "gives" : "give"} ${shown(live.estimate)} (${interval(live.ci_low, live.ci_high)}).${range}`;
  }

  // How the pool is made: on paper the controls are gone.
  function methodWords() {
    const set = METHODS.map(named);
    return `${set.map((control) => `${control.labels[0].textContent}: ${textOf(control)}`).join(". ")}.`;
  }

  // Do small ones report other effects? Of few, the test says little.
  function smallWords(rows) {
    const found = pooling.egger(rows.map((row) => row.yi), rows.map((row) => row.vi));
    if (!found || found.p_value === null) return "";
    const few = found.k < 10 ? ` Of fewer than 10 ${state.kind.words.members} it says little.` : "";
    return `Small-study effects, Egger's test: slope on the standard error ${fixed(found.bias, 2)} (standard error ${fixed(found.bias_se, 2)}), ${pValue(found.p_value)}; where the standard error is nought the line is at ${shown(SHOWN[state.kind.shown_as](found.limit_estimate))}.${few}`;
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
    const words = set.map((control) => `${control.labels[0].textContent} ${textOf(control)}`);
    const byHand = state.chosen.members.filter(isExcluded).length;
    return [...words, ...(byHand ? [`by hand ${byHand}`] : [])].join("; ");
  }

  function equalityWords(live, left, { analysis, members, pools }) {
    const all = members.length;
    if (left < all) {
      return `${all - left} of ${all} ${state.kind.words.members} are left out (${cutWords()}): the live pool does not rest on all that pass the filters.`;
    }
    if (!analysis) {
      return "The warehouse has no analysis of exactly these filters to compare with; the live pool chooses by its rule.";
    }
    const [policy, { name, is_independent: isIndependent }] = likePolicy();
    if (!policy) {
      return "Nothing is left out. The warehouse does not pool by just these settings; its own results stand beside.";
    }
    const wanted = pools.find((pool) => pool.policy_id === policy);
    if (!wanted && !live) return "The warehouse has nothing to pool here either.";
    if (!wanted) return `The warehouse has no result by the settings of “${name}”.`;
    if (!live) return "The warehouse has a result here and the live pool has none: one of them is wrong.";
    const gap = largestGap(live, wanted);
    if (gap <= TOLERANCE) {
      return `Nothing is left out: the live pool equals the warehouse's result (${name}).`;
    }
    if (!isIndependent) {
      return `Nothing is left out, and the live pool differs by up to ${gap.toPrecision(2)}: the warehouse allows for ${state.kind.words.studies} that ${state.kind.words.members} share, the live pool does not.`;
    }
    return `Nothing is left out, and yet the live pool differs from the warehouse by up to ${gap.toPrecision(2)}: one of them is wrong.`;
  }

  // The policy that has the settings chosen, with its identifier.
  function likePolicy() {
    const set = settings();
    return Object.entries(facts.policies).find(
      ([, policy]) => METHODS.every((name) => policy.settings[name] === set[name]),
    ) ?? [null, {}];
  }

  function largestGap(live, wanted) {
    const gaps = COMPARED.filter((name) => wanted[name] !== null).map(
      (name) => Math.abs(live[name] - wanted[name]) / Math.max(1, Math.abs(wanted[name])),
    );
    return Math.max(...gaps);
  }

  function settings() {
    const set = Object.fromEntries(METHODS.map((name) => [name, named(name).value]));
    return { ...set, ci_level: facts.level };
  }

  const isExcluded = (row) => state.excluded.includes(row.key);

  function passesCuts(row) {
    return controls().filter(({ name, value }) => name in CUTS && value !== "").every(
      ({ name, value }) => CUTS[name](row, value),
    );
  }

  function passesRectangle(row) {
    if (!state.rectangle) return true;
    const [[left, right], [first, last]] = state.rectangle;
    const isCovered = row.year !== null && row.estimate >= Math.min(left, right)
      && row.estimate <= Math.max(left, right) && row.year >= Math.min(first, last)
      && row.year <= Math.max(first, last);
    return isCovered === (brushMode.value === "keep");
  }

  // A result on the scale of the analyses, as it is shown; a single row keeps the limits it reports.
  function asShown(pool, rows) {
    if (!pool) return null;
    const show = SHOWN[state.kind.shown_as];
    const made = { ...pool, mean: pool.estimate };
    for (const name of ["estimate", "ci_low", "ci_high", "pi_low", "pi_high"]) {
      made[name] = pool[name] === null ? null : show(pool[name]);
    }
    if (rows.length === 1 && facts.level === REPORTED_LEVEL) {
      made.ci_low = rows[0].ci_low;
      made.ci_high = rows[0].ci_high;
    }
    return made;
  }

  // What sorts a row by a column; what is not known comes last.
  function compare(name, one, other) {
    const [a, b] = [one[name] ?? null, other[name] ?? null];
    if (a === null || b === null) return (a === null) - (b === null);
    if (typeof a === "string") return a.localeCompare(b);
    return name === "vi" ? a - b : b - a;
  }

  function ordered(rows) {
    const by = named("order").value;
    const field = by === "estimate" ? "yi" : by;
    const ties = (one, other) => (one.effect_id < other.effect_id ? -1 : 1);
    return [...rows].sort((one, other) => compare(field, one, other) || ties(one, other));
  }

  // The rows that are left, the pool of those that are in, and what each row gives to it.
  function pooled() {
    const uncut = state.chosen.members.filter(passesCuts);
    const left = uncut.filter(passesRectangle);
    const rowsIn = left.filter((row) => !isExcluded(row));
    const lists = [rowsIn.map((row) => row.yi), rowsIn.map((row) => row.vi)];
    const raw = pooling.pool(...lists, settings());
    const live = asShown(raw, rowsIn);
    const others = byId("left").open && rowsIn.length > 1 ? pooling.leaveOneOut(...lists, settings()) : null;
    const largest = Math.max(...(raw?.weights ?? [1]));
    const rows = left.map((row) => {
      const place = rowsIn.indexOf(row);
      const isIn = place >= 0;
      const weight = isIn ? raw.weights[place] : null;
      const kept = others && isIn ? asShown(others[place], rowsIn.filter((one) => one !== row)) : null;
      const made = {
        ...row,
        isIn,
        weight: isIn ? weight / largest : null,
        weight_text: isIn ? `${fixed(100 * weight, 1)}%` : "out",
        share: weight,
        without: kept ? `${shown(kept.estimate)} (${interval(kept.ci_low, kept.ci_high)})` : "–",
      };
      return { ...made, told: told(made) };
    });
    const dropped = uncut.filter((row) => !left.includes(row)).map((row) => {
      const made = { ...row, isIn: false, weight_text: "out" };
      return { ...made, told: told(made) };
    });
    return { live, rows: ordered(rows), rowsIn, dropped };
  }

  // All that is known of a row, for its tooltip.
  function told(row) {
    const { words, measure: short, filters } = state.kind;
    const known = [
      [`${short} (95% CI)`, row.result], ["Weight", row.weight_text], [words.studies, row.trials],
      [words.size, row.size], ["AMSTAR", row.amstar], ["Read from", row.source_kind],
      ["Place in the source", row.source_locator], ...filters.map(([name, { label }]) => [label, row[name]]),
    ];
    return [row.citation_label, ...known.map(([name, value]) => `${name}: ${value ?? "NR"}`)].join("\n");
  }

  function poolsOfChart(live) {
    const result = (pool) => `${shown(pool.estimate)} (${interval(pool.ci_low, pool.ci_high)})`;
    const made = live ? [{ ...live, label: `Live pool, k=${live.k}`, colour: "ink" }] : [];
    const beside = state.chosen.pools.map((pool) => ({
      ...pool, label: `${besideName(pool)}, k=${pool.k}`, colour: facts.policies[pool.policy_id].colour,
    }));
    return [...made, ...beside].map((pool) => ({ ...pool, result: result(pool) }));
  }

  function besideName({ policy_id: policy }) {
    const { name } = facts.policies[policy];
    return `Warehouse: ${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  }

  function show() {
    const { chosen } = state;
    const made = pooled();
    const { live, rows, rowsIn } = made;
    state.shown = made;
    byId("caption").textContent = captionWords(state.kind, chosen);
    byId("status").textContent = statusWords(live, rowsIn.length, chosen);
    byId("method").textContent = methodWords();
    byId("small").textContent = smallWords(rowsIn);
    byId("choice").textContent = choiceWords(chosen);
    byId("live").replaceChildren(poolRow("Live pool", live));
    byId("warehouse").replaceChildren(...chosen.pools.map((pool) => poolRow(besideName(pool), pool)));
    byId("equality").textContent = equalityWords(live, rowsIn.length, chosen);
    fillMembers(rows);
    byId("undo").disabled = state.excluded.length === 0;
    explorerChart.draw(box, {
      layout: state.layout, kind: state.kind, colours: facts.colours, font: facts.font, size: facts.size,
      rows, dropped: made.dropped, pools: poolsOfChart(live), sides: chosen.sides, pool: live,
      shown: SHOWN[state.kind.shown_as], z: pooling.quantile(facts.level),
      rectangle: state.rectangle, upper: named("upper").value,
    }, { onToggle: toggle, onRectangle: setRectangle });
  }

  // The box that a reader has just used keeps the focus.
  function fillMembers(rows) {
    const key = byId("members").contains(document.activeElement) ? document.activeElement.dataset.key : null;
    byId("members").replaceChildren(...rows.map(memberRow));
    if (key) byId("members").querySelector(`[data-key="${key}"]`)?.focus();
  }

  function toggle(key) {
    state.excluded = state.excluded.includes(key)
      ? state.excluded.filter((one) => one !== key) : [...state.excluded, key];
    update();
  }

  function setRectangle(rectangle) {
    state.rectangle = rectangle;
    update();
  }

  function update() {
    show();
    write();
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
    if (state.excluded.length) set.push([OUT, state.excluded.join(" ")]);
    return new URLSearchParams(set).toString();
  }

  function write() {
    const fragment = written();
    byId("address").hidden = true;
    byId("copied").textContent = "";
    if (fragment !== location.hash.slice(1)) {
      history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
    }
  }

  // Sets a control; one that does not take the value as it is written keeps its own.
  function take(control, value) {
    const before = control.value;
    control.value = value;
    const isTaken = control.options ? control.selectedIndex >= 0 : value !== "" && control.value === value;
    if (!isTaken) control.value = before;
    return isTaken;
  }

  // Two estimates, which may be infinite, and two years, each the lower one first; else null.
  function rectangleOf(text) {
    const limits = text.split(" ").map((part) => (part === "" ? NaN : Number(part)));
    const [left, right, first, last] = limits;
    const isOne = limits.length === 4 && left < right && first < last && Number.isFinite(last - first);
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
    offer(named("order"), [...orders, ...kind.filters.map(([name, { label }]) => [name, label])], "estimate");
    enable(named("pools"), kind.has_scopes);
    for (const name of ["from", "to"]) {
      named(`estimate_${name}`).labels[0].textContent = `${kind.measure} ${name}`;
    }
    const { members, member } = kind.words;
    const capital = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
    for (const place of document.querySelectorAll(".explorer-members")) place.textContent = capital(members);
    for (const place of document.querySelectorAll(".explorer-measure")) place.textContent = kind.measure;
    const headings = [
      capital(member), `${kind.measure} (95% CI)`, "Weight", "Without it", capital(kind.words.studies), kind.words.size, ...SOURCE_HEADINGS,
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
    state.excluded = [];
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
      if (name === OUT) ignored.push(...takeOut(value).map((one) => `${OUT}=${one}`));
      else if (rectangle) state.rectangle = rectangle;
      else if (!control || !take(control, value)) ignored.push(`${name}=${value}`);
    }
    byId("address").hidden = ignored.length === 0;
    byId("address").textContent = `The address of this page asks for what it does not offer; ignored: ${ignored.join(", ")}.`;
  }

  // Leaves out the rows whose short keys are given; returns those that no row of the kind has.
  function takeOut(text) {
    const known = new Set(state.kind.effects.map((effect) => effect.key));
    const asked = [...new Set(text.split(" "))];
    state.excluded = asked.filter((key) => known.has(key));
    return asked.filter((key) => !known.has(key));
  }

  // Links within a page lead to parts of it, whose names hold no sign of equality.
  function isState() {
    return location.hash.length < 2 || location.hash.includes("=");
  }

  function fitting() {
    const { wide, narrow } = state.kind.layouts;
    return box.clientWidth < wide.left + wide.plot + wide.right + 6 ? narrow : wide;
  }

  function draw() {
    state.layout = fitting();
    state.chosen = choose();
    show();
  }

  function change(event) {
    if (event.target === measure) clear(measure.value);
    draw();
    write();
  }

  function setPolicy(policy) {
    for (const name of METHODS) named(name).value = facts.policies[policy].settings[name];
    update();
  }

  function save(name, href) {
    const link = element("a", "");
    link.href = href;
    link.download = name;
    link.click();
  }

  // The chart as a file of its own, in light colours.
  const chartText = () => new XMLSerializer().serializeToString(box.querySelector("svg"));
  const dataAddress = (kind, text) => `data:${kind};charset=utf-8,${encodeURIComponent(text)}`;

  function savePng() {
    const drawn = box.querySelector("svg");
    const [width, height] = ["width", "height"].map((name) => Number(drawn.getAttribute(name)));
    const picture = new Image();
    picture.onload = () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [PNG_SCALE * width, PNG_SCALE * height];
      const context = canvas.getContext("2d");
      context.scale(PNG_SCALE, PNG_SCALE);
      context.drawImage(picture, 0, 0, width, height);
      save("pooled-anew.png", canvas.toDataURL("image/png"));
    };
    picture.src = dataAddress("image/svg+xml", chartText());
  }

  // All rows of the choice, in or out, and the result with its settings and address.
  function csvText() {
    const { live, rows } = state.shown;
    const byKey = new Map(rows.map((row) => [row.key, row]));
    const settled = { ...settings(), address: location.href };
    const names = [
      "row", "name", "year", "estimate", "ci_low", "ci_high", "yi", "vi", "is_in", "weight",
      "p_value", "pi_low", "pi_high", "k", "tau2", "q", "i2", ...Object.keys(settled),
    ];
    const members = ordered(state.chosen.members).map((row) => ({
      ...row, row: "pooled or left out", name: row.citation_label,
      is_in: byKey.get(row.key)?.isIn ?? false, weight: byKey.get(row.key)?.share,
    }));
    const result = live ? [{ ...live, ...settled, row: "result", name: chosenName(state.chosen) }] : [];
    const lines = [...members, ...result].map((row) => names.map((name) => row[name]));
    return spreadsheets(facts.cells).csv([names, ...lines]);
  }

  async function copyLink() {
    write();
    try {
      await navigator.clipboard.writeText(location.href);
      byId("copied").textContent = "Copied.";
    } catch {
      byId("copied").textContent = `The browser does not let this page copy; the address is ${location.href}`;
    }
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", change);
  byId("clear").addEventListener("click", () => {
    clear(measure?.value ?? Object.keys(kinds)[0]);
    draw();
    write();
  });
  for (const button of document.querySelectorAll("[data-policy]")) {
    button.addEventListener("click", () => setPolicy(button.dataset.policy));
  }
  byId("undo").addEventListener("click", () => {
    state.excluded.pop();
    update();
  });
  byId("members").addEventListener("change", (event) => toggle(event.target.dataset.key));
  byId("left").addEventListener("toggle", show);
  byId("copy").addEventListener("click", copyLink);
  byId("svg").addEventListener("click", () => save("pooled-anew.svg", dataAddress("image/svg+xml", chartText())));
  byId("png").addEventListener("click", savePng);
  byId("csv").addEventListener("click", () => save("pooled-anew.csv", dataAddress("text/csv", csvText())));
  addEventListener("hashchange", () => {
    if (isState()) {
      read();
      draw();
    }
  });
  if (isState()) read();
  else clear(Object.keys(kinds)[0]);
  byId("page").hidden = false;
  draw();
  new ResizeObserver(() => {
    if (fitting() !== state.layout) draw();
  }).observe(box);
})();
