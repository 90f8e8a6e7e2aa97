// The list of prices: one row a class, as many at a time as are quickly drawn.
"use strict";
window.List = (function () {
  const { make, number } = window.Dom;
  const STEP = 100;

  function word(figure, lang) {
    const words = window.WORDS[lang];
    if (figure.grade === "c") return words.confidential;
    const grade = window.Model.data.grades[figure.grade];
    return grade && !grade.shown ? words.unreliable : words.missing;
  }

  function cell(figure, lang) {
    return figure.value === null
      ? make("td", { class: "none" }, word(figure, lang))
      : make("td", { class: "number" }, number(figure.value));
  }

  function table(rows, state, choose) {
    const words = window.WORDS[state.lang];
    const { figures, data, rowName } = window.Model;
    const heads = [words.name, ...figures.map((f) => f[state.lang])];
    const body = rows.slice(0, state.most).map((row) => {
      const name = rowName(row, state.lang);
      const codes = row.codes.filter(Boolean).join(" × ");
      const button = make("button", {
        type: "button", class: "pick", "data-id": row.id,
        "aria-pressed": String(row.id === state.row),
        on: { click: () => choose(row.id) }
      }, name);
      return make("tr", { class: row.id === state.row ? "chosen" : null }, [
        make("th", { scope: "row" }, [button, make("span", { class: "code" }, codes)]),
        ...row.figures.map((f) => cell(f, state.lang))
      ]);
    });
    const title = rows.length ? rows[0].table[state.lang] : "";
    return make("table", {}, [
      make("caption", {}, `${title} · ${data.year} · ${words.unit}`),
      make("thead", {}, make("tr", {}, heads.map((h) => make("th", { scope: "col" }, h)))),
      make("tbody", {}, body)
    ]);
  }
  return { table, word, STEP };
})();
