// Runs queries in a worker, so that the page stays usable and a query can be stopped.
// Stands behind the engine (reports/vendor/sqljs), which defines initSqlJs.
(() => {
  "use strict";

  const MAX_RESULT = 100000;
  const MAX_PRINTF_ARGUMENTS = 10;
  const TOKEN =
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_][\w$]*|\/\/|\s+|[\s\S]/g;
  const ENDS_SORTING = /^(?:[);]|limit|offset)$/;
  const FRAME = /^(?:rows|range|groups)$/;
  const HERE = "This page runs SQLite; the command umbrella sql runs DuckDB.";
  const HINTS = [
    [/\bunnest\b|\[|\{/i, "SQLite has no lists and structs; here they are JSON text (json_each)."],
  ];

  let database;
  let facts;
  let packed;

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
    if (token === "//") return "/";  // of whole numbers whole, as in DuckDB
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

  // Half to the even number, as DuckDB rounds a double; half away from zero, as it rounds others.
  function toEven(value) {
    const down = Math.floor(value);
    if (value - down !== 0.5) return Math.round(value);
    return down % 2 === 0 ? down : down + 1;
  }
  const away = (value) => Math.sign(value) * Math.round(Math.abs(value));

  // Values as other types. Text that says no such value is an error, or NULL where that is asked.
  function asNumber(value) {
    if (typeof value === "number") return value;
    const text = String(value).trim();
    return text === "" ? NaN : Number(text);
  }
  const TRUTHS = new Map([
    ["true", 1], ["t", 1], ["yes", 1], ["y", 1], ["1", 1],
    ["false", 0], ["f", 0], ["no", 0], ["n", 0], ["0", 0],
  ]);
  const DAY = /^\d{4}-\d{2}-\d{2}/;
  const CASTS = {
    whole: ["integer", (value) => (typeof value === "number" ? toEven : away)(asNumber(value))],
    whole_of_decimal: ["integer", (value) => away(asNumber(value))],
    real: ["double", asNumber],
    truth: ["boolean", (value) =>
      (typeof value === "number" ? Number(value !== 0) : TRUTHS.get(String(value).toLowerCase()))],
    day: ["date", (value) => DAY.exec(value)?.[0]],
    moment: ["timestamp", (value) =>
      (DAY.test(value) ? `${String(value).replace("T", " ")}${value.length > 10 ? "" : " 00:00:00"}` : undefined)],
  };
  function castTo(type, made, value, soft) {
    if (made !== undefined && !Number.isNaN(made)) return made;
    if (soft) return null;
    throw new Error(`Could not convert '${value}' to ${type}.`);
  }
  const CAST_FUNCTIONS = Object.fromEntries(Object.entries(CASTS).map(([name, [type, make]]) =>
    [`duck_${name}`, [[2], (value, soft) =>
      (value === null ? null : castTo(type, make(value), value, soft))]]));
  const decimal = (value, places, soft) =>
    (value === null ? null : round(castTo("decimal", asNumber(value), value, soft), places));

  function ilike(pattern, value) {
    if (pattern === null || value === null) return null;
    const signs = { "%": "[\\s\\S]*", _: "[\\s\\S]" };
    const parts = Array.from(String(pattern).toLowerCase(), (sign) =>
      signs[sign] ?? sign.replace(/[\\^$.*+?()[\]{}|\/-]/g, "\\$&"));
    return Number(new RegExp(`^${parts.join("")}$`, "u").test(String(value).toLowerCase()));
  }

  const textual = (compute) => (...values) => (values.includes(null) ? null : compute(...values));

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

  const quantile = (values, share) => {
    const sorted = known(values).sort((a, b) => a - b);
    if (!sorted.length) return null;
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.ceil(place);
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  };
  const variance = (rows) => {
    const values = known(rows.flat());
    if (values.length < 2) return null;
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  };
  const deviation = (rows) => {
    const found = variance(rows);
    return found === null ? null : Math.sqrt(found);
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
    regexp: [[2], ilike],
    duck_decimal: [[3], decimal],
    ...CAST_FUNCTIONS,
    contains: [[2], textual((text, part) => Number(String(text).includes(part)))],
    starts_with: [[2], textual((text, part) => Number(String(text).startsWith(part)))],
    ends_with: [[2], textual((text, part) => Number(String(text).endsWith(part)))],
    split_part: [[3], textual((text, sign, place) =>
      String(text).split(sign).at(place > 0 ? place - 1 : place) ?? "")],
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
    quantile_cont: [2, (rows) => quantile(rows.map((row) => row[0]), rows[0]?.[1] ?? 0)],
    stddev: [1, deviation],
    stddev_samp: [1, deviation],
    var_samp: [1, variance],
    variance: [1, variance],
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

  const name = (text) => `"${text.replaceAll('"', '""')}"`;
  const inSchema = (table) => `${name(table.schema)}.${name(table.name)}`;

  // The rows of the tables that a text may name, which are unpacked when first asked for.
  async function load(text) {
    const said = text.toLowerCase();
    const wanted = facts.tables.filter((table) =>
      Object.hasOwn(packed, table.key) && said.includes(table.name.toLowerCase()));
    for (const table of wanted) {
      const columns = JSON.parse(new TextDecoder().decode(await unpacked(packed[table.key])));
      database.run("pragma query_only = off");
      try {
        fill(table, columns);
      } finally {
        database.run("pragma query_only = on");
      }
      delete packed[table.key];
    }
  }

  function fill(table, columns) {
    const places = columns.map(() => "?").join(", ");
    const statement = database.prepare(`insert into ${inSchema(table)} values (${places})`);
    const values = columns.map(({ values, at }) => (i) => values[at ? at[i] : i]);
    database.run("begin");
    for (let i = 0; i < table.rows; i += 1) statement.run(values.map((value) => value(i)));
    database.run("commit");
    statement.free();
  }

  async function start(message) {
    facts = message.facts;
    packed = message.tables;
    const wasmBinary = await unpacked(message.engine);
    const SQL = await initSqlJs({ wasmBinary, useOldExtensionFunctions: false });
    database = new SQL.Database();
    for (const schema of new Set(facts.tables.map((table) => table.schema))) {
      if (schema !== "main") database.run(`attach '${new SQL.Database().filename}' as ${name(schema)}`);
    }
    for (const table of facts.tables) {
      const columns = table.columns.map((column) => `${name(column.name)} ${column.kind}`);
      database.run(`create table ${inSchema(table)} (${columns.join(", ")})`);
    }
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
    if (!/^(?:select|with|values|from|pivot|unpivot)$/i.test(first)) {
      throw new Error(`near "${first}": syntax error. The tables are read-only: only queries run.`);
    }
    const typed = tokens.slice(0, end < 0 ? undefined : end).join("");
    const query = toSqlite(inSqliteWords(typed, columnsOf));
    database.prepare(`select * from (\n${query}\n)`).free();
    return query;
  }

  function columnsOf(query) {
    const text = toSqlite(query);
    database.prepare(`select * from (\n${text}\n)`).free();
    const statement = database.prepare(text);
    const columns = statement.getColumnNames();
    statement.free();
    return columns;
  }

  // describe t, summarize t and show tables, from what is known of the tables.
  const DESCRIBED = /^\s*(describe|desc|summarize|show)\s+(?:table\s+)?(?:(\w+)\.)?("(?:[^"]|"")+"|\w+)\s*;?\s*$/i;
  function described(query) {
    const [, said, schema, typed] = DESCRIBED.exec(query) || [];
    if (!said) return null;
    const what = said.toLowerCase();
    const wanted = typed.replace(/^"|"$/g, "").replaceAll('""', '"').toLowerCase();
    if (what === "show" && wanted === "tables") {
      const names = facts.tables.map((table) => [table.name]).sort((a, b) => (a[0] < b[0] ? -1 : 1));
      return { columns: ["name"], rows: names };
    }
    const table = facts.tables.find((one) => one.name.toLowerCase() === wanted
      && (!schema || one.schema === schema.toLowerCase()));
    if (!table) throw new Error(`no such table: ${wanted}`);
    if (what !== "summarize") {
      const rows = table.columns.map((column) => [column.name, column.type.toUpperCase()]);
      return { columns: ["column_name", "column_type"], rows };
    }
    return { columns: SUMMARY, rows: table.columns.map((column) => summary(table, column)) };
  }

  const SUMMARY = [
    "column_name", "column_type", "min", "max", "n_unique", "avg", "std", "q25", "q50", "q75",
    "count", "null_percentage",
  ];
  function summary(table, column) {
    const found = database.exec(`select ${name(column.name)} from ${inSchema(table)}`);
    const all = found.length ? found[0].values.flat() : [];
    const values = known(all);
    const isNumber = column.type !== "boolean" && ["integer", "real"].includes(column.kind);
    const numbers = isNumber ? values : [];
    const mean = numbers.length ? numbers.reduce((a, b) => a + b, 0) / numbers.length : null;
    const missing = all.length ? round((100 * (all.length - values.length)) / all.length, 2) : null;
    return [
      column.name, column.type.toUpperCase(), least(values), largest(values), new Set(values).size,
      mean, deviation(numbers), ...[0.25, 0.5, 0.75].map((share) => quantile(numbers, share)),
      all.length, missing,
    ];
  }

  async function run({ query }) {
    const started = performance.now();
    await load(query);
    const told = described(query);
    if (told) return { ...told, milliseconds: performance.now() - started };
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
        + "are not in this page. The command umbrella sql and the downloads have it.";
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
