// Lets readers choose the rows of a table by its columns and by words. Without it the table stands
// whole. A table is chosen from when its box names columns in data-filters, joined by |.
(() => {
  "use strict";

  function labelled(words, control) {
    const label = document.createElement("label");
    label.append(words, control);
    return label;
  }

  function option(value, words) {
    const made = document.createElement("option");
    made.value = value;
    made.textContent = words;
    return made;
  }

  function choice(rows, column) {
    const counts = new Map();
    for (const row of rows) {
      const text = row.cells[column].textContent;
      counts.set(text, (counts.get(text) || 0) + 1);
    }
    const select = document.createElement("select");
    select.append(option("", `Any (${rows.length})`));
    for (const [text, count] of counts) select.append(option(text, `${text} (${count})`));
    return select;
  }

  for (const box of document.querySelectorAll("[data-filters]")) {
    const table = box.querySelector("table");
    const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const rows = [...table.tBodies[0].rows];
    const form = document.createElement("form");
    const shown = document.createElement("output");
    const choices = box.dataset.filters.split("|").filter(Boolean).map((name) => {
      const column = names.indexOf(name);
      const select = choice(rows, column);
      form.append(labelled(name, select));
      return { column, select };
    });
    const words = document.createElement("input");
    words.type = "search";
    words.autocomplete = "off";
    form.className = "filters";
    form.append(labelled("Words in the row", words), shown);

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
    form.addEventListener("submit", (event) => event.preventDefault());
    choose();
    box.prepend(form);
  }
})();
