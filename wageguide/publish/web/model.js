// The data of the page: rows with their figures, names, search and order. Touches no document.
"use strict";
window.Model = (function () {
  const data = window.WAGES;
  const figures = data.figures;
  const middle = figures.findIndex((f) => f.id === data.middle);

  // A row of a table as an object; a confidential row has no counts and no figures.
  function read(table, raw, place) {
    const keys = table.by.length;
    const codes = raw.slice(0, keys);
    const open = raw.length > keys;
    return {
      table, codes, place, key: codes.join("|"), id: codes.join("|") || "*", confidential: !open,
      counts: open ? raw[keys] : [],
      figures: open ? raw[keys + 1].map(figure) : figures.map(() => ({ value: null, grade: "c" }))
    };
  }

  function figure(raw) {
    if (typeof raw === "number") return { value: null, grade: data.gradeCodes[raw] };
    const [at, grade, below, above] = raw;
    const found = { value: at * data.unit, grade: data.gradeCodes[grade] };
    if (below !== undefined) {
      found.low = (at - below) * data.unit;
      found.high = (at + above) * data.unit;
    }
    return found;
  }

  const tables = data.tables.map((table) => ({
    ...table, lines: table.rows.map((raw, place) => read(table, raw, place))
  }));

  function codeName(key, code, lang) {
    if (!code) return window.WORDS[lang].all;
    const names = data.codes[key].rows[code];
    if (!names) return code;
    return lang === "en" ? names[1] || names[0] : names[0];
  }

  function rowName(row, lang) {
    return row.table.by.map((key, n) => codeName(key, row.codes[n], lang)).join(" × ");
  }

  // What a typed text is compared with: names, code, pinyin and its initials, without spaces.
  const searched = new Map();
  function texts(key, code) {
    const id = key + code;
    if (!searched.has(id)) {
      const names = data.codes[key].rows[code] || ["", "", ""];
      const initials = names[2].replace(/[^A-Z]/g, "");
      searched.set(id, [plain(names[0]), plain(names[1]), plain(code), plain(names[2]), plain(initials)]);
    }
    return searched.get(id);
  }

  function plain(text) {
    return text.normalize("NFKC").toLowerCase().replace(/[\s\-_·、，,.]/g, "");
  }

  function fits(row, typed) {
    return typed.every((word) => row.table.by.some((key, n) => {
      if (!row.codes[n]) return false;
      const [zh, en, code, pinyin, initials] = texts(key, row.codes[n]);
      return zh.includes(word) || en.includes(word) || code.startsWith(word) ||
        pinyin.includes(word) || initials.startsWith(word);
    }));
  }

  // Rows of a table that fit what is asked: {search, filter, shown, sort}.
  function find(table, asked, lang) {
    const typed = asked.search.split(/\s+/).map(plain).filter(Boolean);
    const rows = table.lines.filter((row) =>
      (!asked.filter || row.codes[row.codes.length - 1] === asked.filter) &&
      (!asked.shown || row.figures.some((f) => f.value !== null)) &&
      (!typed.length || fits(row, typed)));
    const price = (row) => row.figures[middle].value;
    const orders = {
      code: (a, b) => a.place - b.place,
      up: (a, b) => missingLast(price(a), price(b), 1) || a.place - b.place,
      down: (a, b) => missingLast(price(a), price(b), -1) || a.place - b.place,
      name: (a, b) => rowName(a, lang).localeCompare(rowName(b, lang), lang === "zh" ? "zh-CN" : "en") || a.place - b.place
    };
    return rows.sort(orders[asked.sort] || orders.code);
  }

  function missingLast(a, b, way) {
    if (a === null || b === null) return (a === null) - (b === null);
    return way * (a - b);
  }

  // The last key of a table, if it has two: what it is filtered by.
  function filterKey(table) {
    return table.by.length > 1 ? table.by[table.by.length - 1] : "";
  }

  function filterCodes(table) {
    const key = filterKey(table);
    if (!key) return [];
    const used = new Set(table.lines.map((row) => row.codes[row.codes.length - 1]));
    return Object.keys(data.codes[key].rows).filter((code) => used.has(code));
  }

  return {
    data, figures, middle, tables, codeName, rowName, find, filterKey, filterCodes,
    row: (table, id) => table.lines.find((r) => r.id === id),
    change: (row) => row.table.changes[row.key],
    // The years of which the middle figure is known, with it.
    history: (row) => {
      const { years, rows } = row.table.history;
      const own = rows && rows[row.key];
      return own ? years.map((year, n) => [year, own[n]]).filter((p) => p[1] !== null) : [];
    }
  };
})();
