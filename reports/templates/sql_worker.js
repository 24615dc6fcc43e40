// Runs queries in a worker, so that the page stays usable and a query can be stopped.
// Stands behind the engine (reports/vendor/sqljs), which defines initSqlJs.
(() => {
  "use strict";

  const MAX_RESULT = 100000;
  const MAX_PRINTF_ARGUMENTS = 10;
  const TOKEN =
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_][\w$]*|\s+|[\s\S]/g;
  const ENDS_SORTING = /^(?:[);]|limit|offset)$/;
  const FRAME = /^(?:rows|range|groups)$/;
  const HERE = "This page runs SQLite; the command umbrella sql runs DuckDB.";
  const HINTS = [
    [/::/, "SQLite has no ::, write cast(value as type)."],
    [/\bilike\b/i, "SQLite has no ilike, write lower(value) like 'text'."],
    [/\b(?:describe|show|summarize)\b/i, "The list of tables on this page shows the columns."],
    [/\bby\s+all\b/i, 'SQLite has no "by all", name the columns.'],
    [/\bexclude\b|\breplace\s*\(/i, "SQLite's * takes no exclude or replace, name the columns."],
    [/\bqualify\b/i, "SQLite has no qualify, filter in an outer query."],
    [/\bunnest\b|\[|\{/i, "SQLite has no lists and structs; here they are JSON text (json_each)."],
    [/\/\//, "SQLite has no //, write cast(a / b as integer)."],
  ];

  let database;
  let facts;

  // A query of DuckDB with the meaning it has there: `/` divides exactly, NULL sorts last, a name
  // in double quotes is never a text, and `from t` alone asks for everything.
  function toSqlite(query) {
    const out = [];
    const sorting = [null];
    let before = "";
    const endTerm = () => {
      const term = sorting.at(-1);
      if (term && !term.saysNulls) out.push("\nnulls last ");
    };
    for (const token of query.match(TOKEN) || []) {
      if (/^(?:\s|--|\/\*)/.test(token)) {
        out.push(token);
        continue;
      }
      const word = token.toLowerCase();
      const term = sorting.at(-1);
      if (term && (ENDS_SORTING.test(word) || (FRAME.test(word) && !term.isEmpty))) {
        endTerm();
        sorting[sorting.length - 1] = null;
      } else if (term && word === ",") {
        endTerm();
        sorting[sorting.length - 1] = { isEmpty: true, saysNulls: false };
      } else if (term) {
        term.isEmpty = false;
        term.saysNulls ||= word === "nulls";
      } else if (word === "by" && before === "order") {
        sorting[sorting.length - 1] = { isEmpty: true, saysNulls: false };
      }
      if (word === "(") sorting.push(null);
      if (word === ")" && sorting.length > 1) sorting.pop();
      if (word === "from" && before === "") out.push("select * ");
      out.push(inSqlite(token));
      before = word;
    }
    endTerm();
    return out.join("");
  }

  function inSqlite(token) {
    if (token === "/") return "*1.0/";
    return /^"[^"\]]+"$/.test(token) ? `[${token.slice(1, -1)}]` : token;
  }

  // A number with fixed decimals as C prints it: a tie goes to the even digit.
  function fixed(value, digits) {
    if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
    const size = Math.abs(value);
    const exact = size.toFixed(Math.min(100, digits + 60));
    const cut = exact.indexOf(".") + 1 + digits;
    const down = exact.slice(0, cut).replace(/\.$/, "");
    const isTieToEven = /^50*$/.test(exact.slice(cut)) && "02468".includes(down.at(-1));
    return (value < 0 ? "-" : "") + (isTieToEven ? down : size.toFixed(digits));
  }

  // Significant digits, as C's %g: no trailing zeros, an exponent of two digits where it needs one.
  function general(value, digits) {
    if (!Number.isFinite(value) || value === 0) return String(value);
    const places = Math.max(digits, 1);
    const [mantissa, power] = value.toExponential(places - 1).split("e").map(Number);
    if (power >= -4 && power < places) return String(Number(value.toPrecision(places)));
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }

  function printf(format, ...values) {
    if (format === null || values.includes(null)) return null;
    const rest = [...values];
    return format.replace(/%(?:%|(?:\.(\d+))?([fgds])|[\s\S]?)/g, (all, digits, kind) => {
      if (all === "%%") return "%";
      if (!kind) throw new Error(`printf: this page knows %s, %d, %f, %g and %.2f, not ${all}`);
      if (!rest.length) throw new Error(`printf: no value is left for ${all}`);
      const value = rest.shift();
      if (kind === "g") return general(Number(value), Number(digits ?? 6));
      return kind === "f" ? fixed(Number(value), Number(digits ?? 6)) : String(value);
    });
  }

  // Half away from zero, computed as DuckDB does.
  function round(value, digits = 0) {
    if (value === null || digits === null) return null;
    const unit = 10 ** Math.abs(digits);
    const size = Math.abs(value);
    const rounded = digits < 0 ? Math.round(size / unit) * unit : Math.round(size * unit) / unit;
    return Number.isFinite(rounded) ? Math.sign(value) * rounded : value;
  }

  const known = (values) => values.filter((value) => value !== null);
  const best = (isBetter) => (values) =>
    known(values).reduce((a, b) => (a === null || isBetter(b, a) ? b : a), null);
  const largest = best((a, b) => a > b);
  const least = best((a, b) => a < b);
  const pick = (pairs, choose) => {
    const whole = pairs.filter((pair) => !pair.includes(null));
    const chosen = choose(whole.map((pair) => pair[1]));
    return whole.find((pair) => pair[1] === chosen)?.[0] ?? null;
  };
  const median = (rows) => {
    const values = known(rows.flat()).sort((a, b) => a - b);
    const middle = values.length / 2;
    if (!values.length) return null;
    return values.length % 2 ? values[middle - 0.5] : (values[middle - 1] + values[middle]) / 2;
  };

  const countIf = (rows) => {
    const values = known(rows.flat());
    return values.length ? values.filter(Boolean).length : null;
  };

  // Functions of DuckDB that SQLite lacks or computes otherwise: arguments, and the function.
  const SCALARS = {
    round: [[1, 2], round],
    printf: [Array.from({ length: MAX_PRINTF_ARGUMENTS }, (_, i) => i + 1), printf],
    greatest: [[2, 3, 4, 5], (...values) => largest(values)],
    least: [[2, 3, 4, 5], (...values) => least(values)],
  };
  // Of groups: number of arguments, and the function of all rows of the group.
  const AGGREGATES = {
    any_value: [1, (rows) => known(rows.flat())[0] ?? null],
    arg_max: [2, (rows) => pick(rows, largest)],
    arg_min: [2, (rows) => pick(rows, least)],
    bool_and: [1, (rows) => least(rows.flat())],
    bool_or: [1, (rows) => largest(rows.flat())],
    count_if: [1, countIf],
    median: [1, median],
  };

  function addFunction(target, name, length, compute) {
    const fixedLength = (...values) => compute(...values);
    target.create_function(name, Object.defineProperty(fixedLength, "length", { value: length }));
  }

  function addFunctions(target) {
    for (const [name, [lengths, compute]] of Object.entries(SCALARS)) {
      for (const length of lengths) addFunction(target, name, length, compute);
    }
    for (const [name, [length, finalize]] of Object.entries(AGGREGATES)) {
      const step = (rows, ...values) => {
        rows.push(values);
        return rows;
      };
      target.create_aggregate(name, {
        init: () => [],
        step: Object.defineProperty(step, "length", { value: length + 1 }),
        finalize,
      });
    }
  }

  // The functions that the warehouse stores, from the formulas it stores: SQLite computes them.
  function addFormulas(SQL) {
    const formulas = new SQL.Database();
    addFunctions(formulas);
    for (const { name, arguments: names, formula } of facts.functions) {
      if (formula === null) continue;
      const given = names.map((argument, i) => `?${i + 1} as [${argument}]`).join(", ");
      const query = `select ${toSqlite(formula)}` + (given && ` from (select ${given})`);
      for (const target of [formulas, database]) {
        addFunction(target, name, names.length, formulaOf(formulas, name, query));
      }
    }
  }

  function formulaOf(formulas, name, query) {
    let statement;
    return (...values) => {
      try {
        statement ??= formulas.prepare(query);
      } catch (error) {
        throw new Error(`${name}() needs DuckDB: ${error.message}`);
      }
      return statement.get(values)[0];
    };
  }

  async function unpacked(text) {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
    // Not the stream of a Blob, which WebKit cannot read in a page opened from a file.
    const unpacking = new DecompressionStream("gzip");
    const writer = unpacking.writable.getWriter();
    const [unpacked] = await Promise.all([
      new Response(unpacking.readable).arrayBuffer(), writer.write(bytes), writer.close(),
    ]);
    return new Uint8Array(unpacked);
  }

  async function start(message) {
    facts = message.facts;
    const schemas = Object.keys(message.databases);
    const [wasmBinary, ...files] = await Promise.all(
      [message.engine, ...Object.values(message.databases)].map(unpacked),
    );
    const SQL = await initSqlJs({ wasmBinary, useOldExtensionFunctions: false });
    const opened = files.map((file) => new SQL.Database(file));
    database = opened[schemas.indexOf("main")] || new SQL.Database();
    schemas.forEach((schema, i) => {
      if (schema !== "main") database.run(`attach '${opened[i].filename}' as [${schema}]`);
    });
    addFunctions(database);
    addFormulas(SQL);
    database.run("pragma case_sensitive_like = on");
    database.run("pragma query_only = on");
    return { version: database.exec("select sqlite_version()")[0].values[0][0] };
  }

  // The one query of a text, for SQLite. Nothing else runs, and since a pragma takes effect when it
  // is prepared, nothing else is prepared: in parentheses SQLite's own parser takes only a query.
  function onlyQuery(text) {
    const tokens = text.match(TOKEN) || [];
    const isWord = (token) => !/^(?:\s|--|\/\*|;)/.test(token);
    const first = tokens.find(isWord);
    if (!first) throw new Error("There is no query to run.");
    const end = tokens.indexOf(";", tokens.indexOf(first));
    if (end >= 0 && tokens.slice(end).some(isWord)) {
      throw new Error("One query at a time: there is more text after the first semicolon.");
    }
    if (!/^(?:select|with|values|from)$/i.test(first)) {
      throw new Error(`near "${first}": syntax error. The tables are read-only: only queries run.`);
    }
    const query = toSqlite(tokens.slice(0, end < 0 ? undefined : end).join(""));
    database.prepare(`select * from (\n${query}\n)`).free();
    return query;
  }

  function run({ query }) {
    const started = performance.now();
    const statement = database.iterateStatements(onlyQuery(query)).next().value;
    const columns = statement.getColumnNames();
    const rows = [];
    while (statement.step()) {
      rows.push(statement.get());
      if (rows.length > MAX_RESULT) {
        throw new Error(`The result has more than ${MAX_RESULT} rows. Add a where or a limit.`);
      }
    }
    return { columns, rows, milliseconds: performance.now() - started };
  }

  // What a person can do about an error of the engine; empty when its message says it all.
  function advice(message, query) {
    const [, kind, found] = /^no such (table|function): (?:\w+\.)?(\w+)$/.exec(message) || [];
    const name = found?.toLowerCase();
    if (Object.hasOwn(facts.left_out, name)) {
      return `${name} has ${facts.left_out[name]} rows, and tables of more than ${facts.max_rows} `
        + "are not in this page. The command umbrella sql and the DuckDB file have it.";
    }
    if (facts.functions.some((item) => item.name === name)) {
      return `${name} needs the engine of the warehouse; the command umbrella sql has it.`;
    }
    if (kind === "table") return "The list of tables on this page shows what there is.";
    const isForeign = /syntax error|unrecognized token|no such column: \d/.test(message);
    if (kind !== "function" && !isForeign) return "";
    const hints = HINTS.filter(([pattern]) => pattern.test(query)).map(([, words]) => words);
    return [...hints, HERE].join(" ");
  }

  const DO = { start, run };
  self.onmessage = async ({ data }) => {
    try {
      self.postMessage({ done: await DO[data.what](data) });
    } catch (error) {
      const words = String(error.message || error);
      const help = data.what === "run" ? advice(words, data.query) : "";
      self.postMessage({ failed: { message: words, help } });
    }
  };
})();
