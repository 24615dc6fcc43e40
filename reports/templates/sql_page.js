// The page around the worker: box, buttons, result. WORKER_SOURCE, spreadsheets.js and sql_chart.js
// stand before.
(() => {
  "use strict";

  const SHOWN_ROWS = 1000;
  const SHORT = 28;
  const HISTORY = 20;
  const byId = (id) => document.getElementById(`sql-${id}`);
  const box = byId("query");
  const facts = JSON.parse(byId("facts").textContent);
  const state = { isRunning: false, result: null, history: [], chart: null, wantsChart: false };

  // The worker answers one message after the other; stopping it starts a new one.
  class Engine {
    start() {
      const address = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" }));
      this.worker = new Worker(address);
      this.worker.onmessage = ({ data }) => this.settle(data);
      this.worker.onerror = (event) => {
        event.preventDefault();
        const message = event.message || "The worker did not start.";
        this.settle({ failed: { message, help: "" } });
      };
      this.ready = this.ask({
        what: "start",
        engine: byId("engine").textContent.trim(),
        tables: Object.fromEntries(Array.from(
          document.querySelectorAll("script[data-rows]"),
          (block) => [block.dataset.rows, block.textContent.trim()],
        )),
        facts,
      }).finally(() => URL.revokeObjectURL(address));
      return this.ready;
    }

    ask(message) {
      return new Promise((resolve, reject) => {
        this.waiting = { resolve, reject };
        this.worker.postMessage(message);
      });
    }

    settle({ done, failed }) {
      if (failed) this.waiting.reject(failed);
      else this.waiting.resolve(done);
    }

    stop() {
      this.worker.terminate();
      this.waiting.reject({ message: "Stopped.", help: "" });
      return this.start();
    }
  }
  const engine = new Engine();

  const grouped = (count) =>
    count < 10000 ? String(count) : String(count).replace(/\B(?=(\d{3})+$)/g, "\u2009");
  const counted = (count, word) => `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;
  const seconds = (elapsed) => `${(elapsed / 1000).toFixed(elapsed < 1000 ? 3 : 1)} s`;
  const asText = (value) =>
    value instanceof Uint8Array
      ? Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")
      : String(value);

  function element(name, text = "", properties = {}) {
    return Object.assign(document.createElement(name), { textContent: text }, properties);
  }

  function say(text) {
    byId("status").textContent = text;
  }

  function showError(failure) {
    const words = [failure.message, failure.help].filter(Boolean);
    byId("error").replaceChildren(...words.map((text) => element("p", text)));
    byId("error").hidden = !words.length;
    box.setAttribute("aria-invalid", String(words.length > 0));
  }

  function setRunning(isRunning) {
    state.isRunning = isRunning;
    byId("form").setAttribute("aria-busy", String(isRunning));
    byId("stop").hidden = true;
  }

  function summary({ rows, milliseconds }) {
    const isCut = rows.length > SHOWN_ROWS;
    return `${counted(rows.length, "row")} in ${seconds(milliseconds)}.`
      + (isCut ? ` The first ${SHOWN_ROWS} are shown; CSV and copy have all.` : "");
  }

  function cell(value, isNumeric) {
    const text = value === null ? "NULL" : asText(value);
    const kinds = { number: isNumeric, missing: value === null, short: text.length <= SHORT };
    const className = Object.keys(kinds).filter((kind) => kinds[kind]).join(" ");
    return element("td", text, { className });
  }

  function showResult(result) {
    const { columns, rows } = result;
    const isNumeric = columns.map((_, i) =>
      rows.some((row) => row[i] !== null)
      && rows.every((row) => row[i] === null || typeof row[i] === "number"));
    const head = element("tr");
    head.append(...columns.map((name, i) =>
      element("th", name, { scope: "col", className: isNumeric[i] ? "number" : "" })));
    const body = rows.slice(0, SHOWN_ROWS).map((row) => {
      const line = element("tr");
      line.append(...row.map((value, i) => cell(value, isNumeric[i])));
      return line;
    });
    byId("head").replaceChildren(head);
    byId("body").replaceChildren(...body);
    state.chart = chartOf(result);
    byId("views").hidden = !state.chart;
    byId("result").hidden = false;
    showView();
  }

  // The result as a chart, where it is one and that was chosen, else as a table.
  function showView() {
    const isChart = Boolean(state.chart) && state.wantsChart;
    byId("as-chart").setAttribute("aria-pressed", String(isChart));
    byId("as-table").setAttribute("aria-pressed", String(!isChart));
    byId("table").hidden = isChart;
    byId("chart").hidden = !isChart;
    const room = byId("result").clientWidth;
    const parts = isChart
      ? [drawChart(state.chart, Math.max(room, 280)), element("p", leftOut(state.chart))] : [];
    byId("chart").replaceChildren(...parts);
  }

  function view(wantsChart) {
    state.wantsChart = wantsChart;
    showView();
  }

  function remember(query, words) {
    state.history = [{ query, words }, ...state.history.filter((item) => item.query !== query)];
    state.history.length = Math.min(state.history.length, HISTORY);
    byId("history-list").replaceChildren(...state.history.map((item) => {
      const entry = element("li");
      const button = element("button", item.query, { type: "button", className: "past" });
      button.addEventListener("click", () => put(item.query));
      entry.append(button, element("span", ` ${item.words}`));
      return entry;
    }));
    byId("history").hidden = false;
  }

  async function run() {
    if (state.isRunning) return;
    const query = box.value;
    const started = performance.now();
    setRunning(true);
    showError({});
    say("Running …");
    try {
      await engine.ready;
      byId("stop").hidden = false;
      state.result = await engine.ask({ what: "run", query });
      showResult(state.result);
      say(summary(state.result));
      remember(query, summary(state.result));
      const address = `#q=${encodeURIComponent(query)}`;
      byId("link").href = address;
      history.replaceState(null, "", address);
    } catch (failure) {
      byId("result").hidden = true;
      say(`No result after ${seconds(performance.now() - started)}.`);
      showError(failure);
    } finally {
      setRunning(false);
    }
  }

  function put(query) {
    box.value = query;
    box.rows = Math.min(24, Math.max(6, query.split("\n").length + 1));
    box.focus({ preventScroll: true });
    byId("form").scrollIntoView({ block: "start" });
  }

  function insert(name) {
    const before = box.value.slice(0, box.selectionStart);
    const gap = /[\w"]$/.test(before) ? " " : "";
    box.setRangeText(gap + name, box.selectionStart, box.selectionEnd, "end");
    box.focus();
  }

  const { asCell, csv } = spreadsheets(facts.cells);
  const plain = (value) => (value instanceof Uint8Array ? asText(value) : value);

  function download() {
    const { columns, rows } = state.result;
    const text = csv([columns, ...rows.map((row) => row.map(plain))]);
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    const anchor = element("a", "", { href: address, download: "result.csv" });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  // The event works where navigator.clipboard is missing.
  function copyText(text, done, otherwise) {
    const hand = (event) => {
      event.preventDefault();
      event.clipboardData.setData("text/plain", text);
    };
    document.addEventListener("copy", hand, { once: true });
    const isCopied = document.execCommand("copy");
    document.removeEventListener("copy", hand);
    say(isCopied ? done : `The browser does not let this page copy; ${otherwise}.`);
  }

  function copyLink() {
    copyText(location.href, "Copied the link.", "the address of this page is the link");
  }

  // Tab-separated, which spreadsheets take.
  function copy() {
    const { columns, rows } = state.result;
    const field = (value) => (value === null ? "" : asCell(plain(value)).replace(/[\t\r\n]+/g, " "));
    const lines = [columns, ...rows].map((row) => row.map(field).join("\t"));
    copyText(lines.join("\n"), `Copied ${counted(rows.length, "row")}.`, "use CSV");
  }

  function filter() {
    const words = byId("filter").value.trim().toLowerCase();
    let found = 0;
    for (const item of document.querySelectorAll("#sql-tables > details")) {
      item.hidden = !item.textContent.toLowerCase().includes(words);
      found += item.hidden ? 0 : 1;
    }
    byId("filter-status").textContent = words ? counted(found, "table") : "";
  }

  function runAddress() {
    if (!location.hash.startsWith("#q=")) return;
    try {
      put(decodeURIComponent(location.hash.slice(3)));
    } catch {
      showError({ message: "The address holds no readable query after #q=.", help: "" });
      return;
    }
    run();
  }

  function connect() {
    byId("form").addEventListener("submit", (event) => {
      event.preventDefault();
      run();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      run();
    });
    byId("stop").addEventListener("click", () => {
      box.focus();
      engine.stop().catch(showError);
    });
    byId("csv").addEventListener("click", download);
    byId("copy").addEventListener("click", copy);
    byId("copy-link").addEventListener("click", copyLink);
    byId("as-table").addEventListener("click", () => view(false));
    byId("as-chart").addEventListener("click", () => view(true));
    window.addEventListener("resize", showView);
    byId("filter").addEventListener("input", filter);
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button?.dataset.name) insert(button.dataset.name);
      if (!button?.dataset.query) return;
      put(button.dataset.query);
      run();
    });
    window.addEventListener("hashchange", runAddress);
    for (const button of document.querySelectorAll("button[disabled]")) button.disabled = false;
    for (const item of document.querySelectorAll(".needs-script")) item.hidden = false;
  }

  async function begin() {
    connect();
    say("Loading the tables …");
    try {
      const started = engine.start();
      runAddress();
      const { version } = await started;
      document.documentElement.dataset.sqlReady = performance.now().toFixed(0);
      byId("version").textContent = version;
      if (!state.isRunning && !state.result) say(`Ready after ${seconds(performance.now())}.`);
    } catch (failure) {
      say("Queries cannot run in this browser.");
      showError({ message: failure.message, help: "The command umbrella sql does the same." });
    }
  }

  begin();
})();
