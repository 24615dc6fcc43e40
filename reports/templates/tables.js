// Lets readers sort a table by a column (up, down, and as it was), choose its rows by words and by
// columns that its block names, and choose its columns. Heads stay in sight where the table fits
// its box. Without it tables stand whole and in their order.
(() => {
  "use strict";

  const MISSING = new Set(["", "–", "NR"]);
  const NUMBER = /^[<>≤≥=]?\s*([+-]?\d+(?:\.\d+)?)(?=[\s%(]|$)/;
  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
  const LEAST_SORTED = 4;
  const MOST_READ = 15;
  const MOST_COLUMNS = 8;

  function made(name, words, parts = {}) {
    const node = Object.assign(document.createElement(name), parts);
    node.append(...[words].flat());
    return node;
  }

  // A cell has the number that it stands for where its text is more than that.
  function numberOf(cell) {
    if (cell.dataset.sort) return Number(cell.dataset.sort);
    const text = cell.textContent.trim().replace(/−/g, "-").replace(/[\u2009\u00a0]/g, "");
    return Number(text.match(NUMBER)?.[1] ?? NaN);
  }

  function sorted(rows, column, direction) {
    if (direction === "none") return rows;
    const all = rows.map((row) => {
      const cell = row.cells[column];
      return { row, text: cell.textContent.trim(), number: numberOf(cell) };
    });
    const known = all.filter(({ text }) => !MISSING.has(text));
    const words = new Intl.Collator("en", { numeric: true }).compare;
    const isNumbers = known.filter(({ number }) => !isNaN(number)).length > known.length / 2;
    // A word among numbers stands above them all.
    const rank = ({ number }) => (!isNumbers ? 0 : isNaN(number) ? Infinity : number);
    const sign = direction === "ascending" ? 1 : -1;
    known.sort((a, b) =>
      sign * (rank(a) === rank(b) ? (isNumbers && !isNaN(a.number) ? 0 : words(a.text, b.text))
        : rank(a) - rank(b)));
    return [...known, ...all.filter(({ text }) => MISSING.has(text))].map(({ row }) => row);
  }

  function makeSortable(heads, body, rows) {
    heads.forEach((head, column) => {
      const button = made("button", [...head.childNodes], { type: "button" });
      head.append(button);
      head.ariaSort = "none";
      button.addEventListener("click", () => {
        const direction = NEXT[head.ariaSort];
        for (const other of heads) other.ariaSort = "none";
        head.ariaSort = direction;
        body.append(...sorted(rows, column, direction));
      });
    });
  }

  function choice(rows, column) {
    const counts = new Map();
    for (const row of rows) {
      const text = row.cells[column].textContent;
      counts.set(text, (counts.get(text) || 0) + 1);
    }
    const option = (value, words) => made("option", words, { value });
    return made("select", [option("", `Any (${rows.length})`),
      ...[...counts].map(([text, count]) => option(text, `${text} (${count})`))]);
  }

  function addRowChoices(form, names, rows, filters) {
    const shown = document.createElement("output");
    const choices = filters.map((name) => {
      const column = names.indexOf(name);
      const select = choice(rows, column);
      form.append(made("label", [name, select]));
      return { column, select };
    });
    const words = made("input", [], { type: "search", autocomplete: "off" });
    form.append(made("label", ["Words in the row", words]), shown);
    const choose = () => {
      const sought = words.value.trim().toLowerCase();
      for (const row of rows) {
        const fits = choices.every(
          ({ column, select }) => !select.value || row.cells[column].textContent === select.value,
        );
        row.hidden = !fits || !row.textContent.toLowerCase().includes(sought);
      }
      shown.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows`;
    };
    form.addEventListener("input", choose);
    choose();
  }

  // The first column says what a row is, and stays.
  function addColumnChoices(form, names, all, caption) {
    const summary = made("summary", "Columns");
    summary.setAttribute("aria-label", `Columns of ${caption}`);
    const boxes = names.slice(1).map((name, place) => {
      const box = made("input", [], { type: "checkbox", checked: true, autocomplete: "off" });
      box.addEventListener("change", () => {
        for (const row of all) row.cells[place + 1].hidden = !box.checked;
        fitSoon();
      });
      return made("label", [box, ` ${name}`]);
    });
    form.append(made("details", [summary, ...boxes], { className: "columns" }));
  }

  function prepare(table) {
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows];
    const names = heads.map((head) => head.textContent);
    const named = table.closest("[data-filters]")?.dataset.filters.split("|") ?? [];
    const name = table.caption?.textContent ?? table.ariaLabel ?? table.parentElement.ariaLabel;
    const form = made("form", [], { className: "filters" });
    form.setAttribute("aria-label", `What to show of: ${name}`);
    form.addEventListener("submit", (event) => event.preventDefault());
    if (named.length || rows.length > MOST_READ) addRowChoices(form, names, rows, named);
    if (names.length > MOST_COLUMNS) addColumnChoices(form, names, table.rows, name);
    if (form.children.length) table.parentElement.before(form);
    if (rows.length >= LEAST_SORTED) makeSortable(heads, table.tBodies[0], rows);
  }

  // What is folded is prepared when it is opened.
  const waiting = new Set();
  for (const table of document.querySelectorAll(".scroll.table > table")) {
    const isPlain = table.tBodies.length === 1 && table.tHead?.rows.length === 1;
    if (!isPlain || !table.tBodies[0].rows.length) continue;
    const width = table.tHead.rows[0].cells.length;
    if ([...table.tBodies[0].rows].every((row) => row.cells.length === width)) waiting.add(table);
  }
  function prepareOpen() {
    for (const table of waiting) {
      if (table.closest("details:not([open])")) continue;
      waiting.delete(table);
      prepare(table);
    }
  }

  // A box whose table comes later, or changes, keeps its scroll bar. All are measured at once: each
  // change between two measures lays the page out anew.
  const boxes = [...document.querySelectorAll(".scroll.table:has(> table > tbody > tr)")];
  function fit() {
    for (const box of boxes) box.classList.remove("fits");
    const fits = boxes.map((box) => box.scrollWidth <= box.clientWidth);
    boxes.forEach((box, place) => box.classList.toggle("fits", fits[place]));
  }

  let isWaiting = false;
  function fitSoon() {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      fit();
    });
  }
  addEventListener("resize", fitSoon);
  addEventListener("toggle", () => {
    prepareOpen();
    fitSoon();
  }, true);
  prepareOpen();
  fit();
})();
