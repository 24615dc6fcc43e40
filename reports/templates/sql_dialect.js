// DuckDB's everyday words in SQLite's: a pass over the tokens of one query, level by level of its
// parentheses. What has no counterpart is refused with a word of what to write.
// columnsOf(query) gives the column names of a query in SQLite's words.
const inSqliteWords = (() => {
  "use strict";

  const TOKEN = new RegExp([
    "'(?:[^']|'')*'", '"(?:[^"]|"")*"', "--[^\\n]*", "/\\*[\\s\\S]*?\\*/",
    "(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?", "[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*",
    "\\s+", "::", "//", "->>?", "\\|\\|", "[<>!=]=|<>", "[\\s\\S]",
  ].join("|"), "g");
  const IS_SPACE = /^(?:\s|--|\/\*)/;
  const SET = new Set(["union", "except", "intersect"]);
  const CLAUSES = new Set([
    "from", "where", "group", "having", "window", "qualify", "order", "limit", "offset",
  ]);
  const AGGREGATES = new Set([
    "count", "sum", "avg", "min", "max", "total", "string_agg", "group_concat", "any_value",
    "arg_max", "arg_min", "bool_and", "bool_or", "count_if", "median", "stddev", "stddev_samp",
    "var_samp", "variance", "quantile_cont", "json_group_array", "json_group_object",
  ]);
  const TYPES = {
    whole: /^(?:tinyint|smallint|integer|int|int2|int4|int8|bigint|hugeint|long|short|signed|utinyint|usmallint|uinteger|ubigint)$/,
    real: /^(?:double|float|real|float4|float8|numeric|decimal)$/,
    text: /^(?:varchar|text|string|char|bpchar)$/,
    truth: /^(?:boolean|bool|logical)$/,
    day: /^date$/,
    moment: /^(?:timestamp|datetime)$/,
  };
  const REFUSED = {
    pivot: "case expressions, one for each column",
    unpivot: "a union of selects, one for each column",
    unnest: "json_each(list): lists are JSON text here",
    asof: "a join with a condition and arg_max",
    positional: "a join by row_number()",
    sample: "order by random() limit n",
    columns: "the names of the columns",
    lateral: "a join or json_each",
  };

  const word = (item) => (item && item.text ? item.text.toLowerCase() : "");
  const make = (text, space = " ") => ({ text, space });
  const isGroup = (item) => Boolean(item && item.items);
  const isOperand = (item) => isGroup(item) || /^(?:['"\d.]|[\w\u0080-\uffff])/.test(item?.text ?? "");
  const isName = (item) => Boolean(item && item.text && /^(?:"|[A-Za-z_\u0080-\uffff])/.test(item.text));
  const KEYWORD = new RegExp("^(?:select|from|where|and|or|not|in|is|on|as|by|then|else|when|case|"
    + "between|like|ilike|having|limit|offset|distinct|all|using|qualify|order|group|union|except|"
    + "intersect|with|asc|desc|join|over|filter|exclude|replace)$");

  function write(items) {
    return items.map((item) =>
      (isGroup(item)
        ? `${item.space}${item.open}${write(item.items)}${item.end}${item.open === "(" ? ")" : ""}`
        : item.space + item.text)).join("");
  }

  // The tokens of a text; what stands in parentheses is a group of its own.
  function read(text) {
    const stack = [{ items: [] }];
    let space = "";
    for (const token of text.match(TOKEN) || []) {
      if (IS_SPACE.test(token)) {
        space += token.startsWith("--") ? " " : token;
        continue;
      }
      if (token === "(") {
        const group = { open: "(", items: [], space, end: "" };
        stack.at(-1).items.push(group);
        stack.push(group);
      } else if (token === ")") {
        if (stack.length === 1) throw new Error('syntax error near ")": it closes nothing.');
        stack.pop().end = space;
      } else {
        stack.at(-1).items.push(make(token, space));
      }
      space = "";
    }
    if (stack.length > 1) throw new Error("syntax error: a parenthesis is not closed.");
    return stack[0].items;
  }

  const copy = (group, items) => ({ open: "(", items, space: group?.space ?? " ", end: "" });
  const call = (name, ...lists) => {
    const items = lists.flatMap((list, i) => (i ? [make(",", ""), ...list] : list));
    return [make(name), { open: "(", items, space: "", end: "" }];
  };

  // Where the operand begins that ends before a place: a literal, a name, a call, case ... end.
  function startOfOperand(items, end) {
    let at = end - 1;
    if (word(items[at]) === "end") {
      for (let depth = 1; depth && at > 0;) {
        at -= 1;
        if (word(items[at]) === "end") depth += 1;
        if (word(items[at]) === "case") depth -= 1;
      }
      return at;
    }
    if (!isOperand(items[at])) throw new Error("syntax error: a value is missing before an operator.");
    // The group of count(x) filter (...) over (...), or of f(x).
    while (isGroup(items[at]) && at > 0) {
      if (["over", "filter"].includes(word(items[at - 1]))) at -= 2;
      else if (isName(items[at - 1]) && !KEYWORD.test(word(items[at - 1]))) at -= 1;
      else break;
    }
    while (at > 1 && word(items[at - 1]) === "." && isName(items[at - 2])) at -= 2;
    return at;
  }

  // A value as another type, as DuckDB makes it. `soft` gives NULL where it cannot be made.
  function converted(value, type, soft) {
    const name = word(type[0]);
    const rest = type.slice(1);
    const kind = Object.keys(TYPES).find((key) => TYPES[key].test(name));
    const isPlain = rest.every((item) => isGroup(item) || word(item) === "precision");
    if (!kind || !isPlain) {
      const said = write(type).trim();
      throw new Error(`This page has no type ${said}: lists, structs and times are text here.`);
    }
    const places = rest.find(isGroup)?.items.map(word).filter((text) => /^\d+$/.test(text));
    const literal = value.length === 1 && /^\d*\.\d*$/.test(word(value[0]));
    const strict = [make(soft ? "1" : "0")];
    if (kind === "whole") {
      const whole = call(literal ? "duck_whole_of_decimal" : "duck_whole", value, strict);
      return call("cast", [...whole, make("as"), make("integer")]);
    }
    if (name === "decimal" || name === "numeric") {
      return call("duck_decimal", value, [make(places?.[1] ?? (places ? "0" : "3"))], strict);
    }
    if (kind === "real") return call("duck_real", value, strict);
    if (kind === "truth") return call("duck_truth", value, strict);
    if (kind === "day") return call("duck_day", value, strict);
    if (kind === "moment") return call("duck_moment", value, strict);
    return call("cast", [...value, make("as"), make("text")]);
  }

  function typeFrom(items, start) {
    let end = start + 1;
    if (word(items[end]) === "precision") end += 1;
    if (isGroup(items[end]) && /^(?:decimal|numeric|varchar|char)$/.test(word(items[start]))) end += 1;
    while (word(items[end]) === "[") end = items.findIndex((item, i) => i > end && word(item) === "]") + 1;
    return items.slice(start, end);
  }

  function casts(items) {
    const out = [];
    for (let at = 0; at < items.length; at += 1) {
      const item = items[at];
      if (word(item) === "::") {
        const from = startOfOperand(out, out.length);
        const value = out.splice(from);
        const type = typeFrom(items, at + 1);
        if (!type.length) throw new Error("syntax error: a type is missing after ::");
        const { space } = value[0];
        out.push(...spaced([{ space: space || " " }], converted(value, type, false)));
        at += type.length;
      } else if (["date", "timestamp"].includes(word(item)) && word(items[at + 1]).startsWith("'")) {
        out.push(...spaced([item], converted([items[at + 1]], [item], false)));
        at += 1;
      } else if (["cast", "try_cast"].includes(word(item)) && isGroup(items[at + 1])) {
        const inner = items[at + 1].items;
        const as = inner.findLastIndex((one) => word(one) === "as");
        if (as < 1) throw new Error(`syntax error: write ${word(item)}(value as type).`);
        const made = converted(inner.slice(0, as), inner.slice(as + 1), word(item) === "try_cast");
        out.push(...spaced([item], made));
        at += 1;
      } else {
        out.push(item);
      }
    }
    return out;
  }

  // New items with the space that stood before those in whose place they are.
  function spaced(before, made) {
    made[0].space = before[0].space;
    return made;
  }

  // Items parted at the commas of their own level.
  function parted(items) {
    const parts = [[]];
    for (const item of items) {
      if (word(item) === ",") parts.push([]);
      else parts.at(-1).push(item);
    }
    return parts;
  }

  const isAggregate = (items) => items.some((item, i) => {
    if (isGroup(item)) {
      const name = word(items[i - 1]);
      const after = word(items[i + 1]) === "filter" ? word(items[i + 3]) : word(items[i + 1]);
      if (AGGREGATES.has(name) && after !== "over") return true;
      return isAggregate(item.items) && word(item.items[0]) !== "select";
    }
    return false;
  });

  // The clauses of one select by name, in their order.
  function clauses(items) {
    const found = [];
    for (const [i, item] of items.entries()) {
      const name = word(item);
      const isFrom = name === "from" && word(items[i - 1]) === "distinct" && word(items[i - 2]) !== "select";
      const starts = name === "select" || (CLAUSES.has(name) && !isFrom && word(items[i - 1]) !== ".");
      if (starts || !found.length) found.push({ name: starts ? name : "", items: [] });
      found.at(-1).items.push(item);
    }
    return found;
  }

  const clauseOf = (parts, name) => parts.find((part) => part.name === name);
  const without = (parts, ...names) => parts.filter((part) => !names.includes(part.name));
  const flat = (parts) => parts.flatMap((part) => part.items);
  const listOf = (select) => {
    const start = word(select.items[1]) === "distinct" ? (isGroup(select.items[3]) ? 4 : 2) : 1;
    return [select.items.slice(0, start), parted(select.items.slice(start))];
  };
  const isStar = (part) => word(part.at(-1)) === "*" && (part.length === 1 || word(part.at(-2)) === ".");
  const joined = (parts) => parts.flatMap((part, i) => (i ? [make(",", ""), ...part] : part));
  const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
  const unquoted = (item) =>
    (item.text.startsWith('"') ? item.text.slice(1, -1).replaceAll('""', '"') : item.text);

  function rewriteSelect(items, context) {
    let parts = clauses(items);
    // from t select x: the select first.
    if (parts[0].name === "from") {
      const select = clauseOf(parts, "select")
        ?? { name: "select", items: [make("select", parts[0].items[0].space), make("*")] };
      parts[0].items[0].space ||= " ";
      parts = [select, ...parts.filter((part) => part !== select)];
    }
    const select = clauseOf(parts, "select");
    if (!select) return items;
    const from = clauseOf(parts, "from")?.items ?? [];
    const [head, list] = listOf(select);
    select.items = [...head, ...joined(list.map((part) => expanded(part, from, context)))];
    const group = clauseOf(parts, "group");
    if (group && word(group.items[2]) === "all" && group.items.length === 3) groupByAll(parts, group);
    const order = clauseOf(parts, "order");
    if (order && word(order.items[2]) === "all") orderByAll(parts, order, context);
    if (clauseOf(parts, "qualify")) return qualified(parts, context);
    return flat(parts);
  }

  // * exclude (a, b) and * replace (f(a) as a), as the names of the columns.
  function expanded(part, from, context) {
    const star = part.findIndex((item) => word(item) === "*");
    const isOne = star >= 0 && ["exclude", "replace"].includes(word(part[star + 1]));
    if (!isOne) return part;
    const source = part.slice(0, star + 1);
    const names = context.columns([make("select", ""), make(write(source).trim()), ...from]);
    const left = new Set();
    const replaced = new Map();
    for (let at = star + 1; at < part.length; at += 2) {
      const given = isGroup(part[at + 1]) ? parted(part[at + 1].items) : [[part[at + 1]]];
      for (const one of given) {
        const name = unquoted(one.at(-1)).toLowerCase();
        if (!names.some((known) => known.toLowerCase() === name)) {
          throw new Error(`no such column: ${name}, which ${word(part[at])} names.`);
        }
        if (word(part[at]) === "exclude") left.add(name);
        else replaced.set(name, one.slice(0, -2));
      }
    }
    const before = source.slice(0, -1);
    const kept = names.filter((name) => !left.has(name.toLowerCase()));
    return joined(kept.map((name) => {
      const made = replaced.get(name.toLowerCase());
      if (made) return [copy(null, made), make("as"), make(quoted(name))];
      return [...before.map((item) => ({ ...item })), make(quoted(name), before.length ? "" : " "),
        make("as"), make(quoted(name))];
    }));
  }

  function groupByAll(parts, group) {
    const [, list] = listOf(clauseOf(parts, "select"));
    if (list.some(isStar)) throw new Error("group by all needs the names of the columns, not *.");
    const keys = list.map((part, i) => (isAggregate(part) ? 0 : i + 1)).filter(Boolean);
    group.items = keys.length ? [...group.items.slice(0, 2), make(keys.join(", "))] : [];
  }

  function orderByAll(parts, order, context) {
    const count = context.columns(flat(without(parts, "order", "limit", "offset", "qualify"))).length;
    const ending = write(order.items.slice(3));
    const keys = Array.from({ length: count }, (_, i) => `${i + 1}${ending}`).join(", ");
    order.items = [...order.items.slice(0, 2), ...read(` ${keys}`)];
  }

  // A filter on window functions: the query inside, its filter outside.
  function qualified(parts, context) {
    const condition = clauseOf(parts, "qualify").items.slice(1);
    const outside = parts.filter((part) => ["order", "limit", "offset"].includes(part.name));
    const inner = without(parts, "qualify", "order", "limit", "offset");
    const names = context.columns(flat(inner));
    const isWindow = /\bover\b/i.test(write(condition));
    const select = clauseOf(inner, "select");
    if (isWindow) {
      select.items = [...select.items, make(",", ""), copy(null, condition), make("as"), make("[qualify]")];
    }
    return [
      make("select", select.items[0].space), make(names.map(quoted).join(", ")), make("from"),
      copy(null, flat(inner)), make("where"),
      isWindow ? make("[qualify]") : copy(null, condition), ...flat(outside),
    ];
  }

  // One level: the selects between union, except and intersect, after with ... as (...).
  function level(items, context) {
    const done = items.map((item) =>
      (isGroup(item) ? { ...item, items: level(item.items, context) } : item));
    refuse(done);
    const plain = casts(done).map((item) =>
      (word(item) === "ilike" ? make("regexp", item.space) : item));
    const start = word(plain[0]) === "with" ? endOfWith(plain) : 0;
    const isQuery = ["select", "from"].includes(word(plain[start]));
    if (!isQuery) return plain;
    const inner = start ? context.after(plain.slice(0, start)) : context;
    const out = plain.slice(0, start);
    let select = [];
    const close = () => {
      if (select.length) out.push(...rewriteSelect(select, inner));
      select = [];
    };
    for (const item of plain.slice(start)) {
      const isSet = SET.has(word(item)) || (word(item) === "all" && SET.has(word(out.at(-1))) && !select.length);
      if (isSet) close();
      (isSet ? out : select).push(item);
    }
    close();
    return out;
  }

  function endOfWith(items) {
    let at = items.findIndex((item, i) => i && ["select", "from"].includes(word(item)));
    return at < 0 ? items.length : at;
  }

  function refuse(items) {
    for (const [i, item] of items.entries()) {
      const name = word(item);
      const isCalled = isGroup(items[i + 1]);
      const counts = Object.hasOwn(REFUSED, name) && word(items[i - 1]) !== "."
        && (["unnest", "columns"].includes(name) ? isCalled
          : name === "asof" || name === "positional" ? word(items[i + 1]) === "join"
            : name === "sample" ? word(items[i - 1]) === "using"
              : name === "lateral" ? isCalled : isCalled || i === 0);
      if (counts) throw new Error(`This page has no ${name}; write ${REFUSED[name]}.`);
      if (name === "escape" && items.slice(0, i).some((one) => word(one) === "ilike")) {
        throw new Error("This page has no ilike with escape; write lower(value) like.");
      }
    }
  }

  return (text, columnsOf) => {
    const contextOf = (before) => ({
      columns: (items) => columnsOf(write(before) + write(items)),
      after: (more) => contextOf([...before, ...more]),
    });
    return write(level(read(text), contextOf([])));
  };
})();
