// CSV that no spreadsheet runs, by the rule of reports/spreadsheets.py, which a page gives to it.
const spreadsheets = (rule) => {
  "use strict";

  const FORMULA = new RegExp(rule.formula, "g");
  const BREAK = new RegExp(rule.break);
  const NUMBER = new RegExp(`^(?:${rule.number})$`);

  // A text that a spreadsheet would run has an apostrophe before it.
  function asCell(value) {
    const text = String(value);
    const isNumber = typeof value === "number" || NUMBER.test(text);
    return isNumber ? text : text.replace(FORMULA, "$1'$2").replace(BREAK, "'$1");
  }

  function field(value) {
    if (value === null || value === undefined) return "";
    const text = asCell(value);
    return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  // Comma-separated, as the other files of the site: a mark for spreadsheets, what is missing empty.
  const csv = (lines) => `\ufeff${lines.map((line) => `${line.map(field).join(",")}\n`).join("")}`;

  return { asCell, csv };
};
