// Lets readers sort a table by a column: up, down, and as it was. Heads stay in sight where the
// table fits its box. Without it the table stands in its order.
(() => {
  "use strict";

  const MISSING = new Set(["", "–", "NR"]);
  const NUMBER = /^[<>≤≥=]?\s*([+-]?\d+(?:\.\d+)?)(?=[\s%(]|$)/;
  const LEAST_ROWS = 4;
  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };

  const textOf = (row, column) => row.cells[column].textContent.trim();

  function numberOf(text) {
    const found = text.replace(/−/g, "-").replace(/[\u2009\u00a0]/g, "").match(NUMBER);
    return found ? Number(found[1]) : NaN;
  }

  function compared(rows, column) {
    const known = rows.map((row) => textOf(row, column)).filter((text) => !MISSING.has(text));
    const words = new Intl.Collator("en", { numeric: true }).compare;
    const numbers = known.filter((text) => !Number.isNaN(numberOf(text)));
    if (numbers.length <= known.length / 2) return words;
    // A word among numbers stands above them all.
    const rank = (text) => (Number.isNaN(numberOf(text)) ? Infinity : numberOf(text));
    return (a, b) => (rank(a) === rank(b) ? words(a, b) : rank(a) - rank(b));
  }

  function sorted(rows, column, direction) {
    if (direction === "none") return rows;
    const compare = compared(rows, column);
    const sign = direction === "ascending" ? 1 : -1;
    const isMissing = (row) => MISSING.has(textOf(row, column));
    const known = rows.filter((row) => !isMissing(row));
    known.sort((a, b) => sign * compare(textOf(a, column), textOf(b, column)));
    return [...known, ...rows.filter(isMissing)];
  }

  function prepare(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
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

  for (const table of document.querySelectorAll(".scroll.table > table")) {
    const isPlain = table.tBodies.length === 1 && table.tHead && table.tHead.rows.length === 1;
    const width = isPlain ? table.tHead.rows[0].cells.length : 0;
    const rows = isPlain ? [...table.tBodies[0].rows] : [];
    const isEven = rows.every((row) => row.cells.length === width);
    if (rows.length >= LEAST_ROWS && isEven) prepare(table);
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
  const fitSoon = () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      fit();
    });
  };
  addEventListener("resize", fitSoon);
  addEventListener("toggle", fitSoon, true);
  fit();
})();
