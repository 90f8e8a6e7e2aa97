// The card of one row: prices drawn and as a table, quality, change and history.
"use strict";
window.Card = (function () {
  const { make, number, percent } = window.Dom;

  function card(row, state, toggle) {
    const words = window.WORDS[state.lang], { rowName, data } = window.Model;
    const name = rowName(row, state.lang);
    const codes = row.codes.filter(Boolean).join(" × ");
    const parts = [
      make("h3", {}, name),
      make("p", { class: "code" }, `${codes}${codes ? " · " : ""}${row.table[state.lang]} · ${data.year}`)
    ];
    if (row.confidential) {
      parts.push(make("p", { class: "hidden-row" }, [make("strong", {}, words.confidential), " ", words.confidentialText]));
      return parts;
    }
    const wage = window.Stand.yearly(state.wage, state.per);
    const svg = window.Chart.ranges(row, state.lang, wage);
    if (svg) parts.push(make("figure", { class: "drawing" }, svg));
    parts.push(prices(row, state.lang), counts(row, state.lang));
    const history = window.Model.history(row);
    if (history.length > 1) {
      parts.push(make("h4", {}, words.history), make("figure", { class: "drawing" }, window.Chart.history(history, row, state.lang)));
    }
    const inside = state.compare.includes(row.id);
    parts.push(make("button", { type: "button", id: "toggle", on: { click: () => toggle(row.id) } }, inside ? words.remove : words.add));
    return parts;
  }

  function prices(row, lang) {
    const words = window.WORDS[lang], { figures, data } = window.Model;
    const change = window.Model.change(row);
    const heads = [words.tier, words.value, words.interval, words.grade].concat(change ? [words.change] : []);
    const body = figures.map((figure, n) => {
      const own = row.figures[n];
      const shown = own.value === null;
      const grade = data.grades[own.grade];
      const cells = [
        make("th", { scope: "row" }, figure[lang]),
        make("td", { class: shown ? "none" : "number" }, shown ? window.List.word(own, lang) : number(own.value)),
        make("td", { class: "number" }, own.low === undefined ? words.missing : `${number(own.low)}–${number(own.high)}`),
        make("td", {}, own.grade === "c" ? words.confidential : grade ? `${own.grade} ${grade[lang]}` : own.grade)
      ];
      if (change) cells.push(make("td", {}, growth(change[n], lang)));
      return make("tr", {}, cells);
    });
    return make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": words.tier }, make("table", {}, [
      make("caption", {}, words.unit),
      make("thead", {}, make("tr", {}, heads.map((h) => make("th", { scope: "col" }, h)))),
      make("tbody", {}, body)
    ]));
  }

  function growth(change, lang) {
    const words = window.WORDS[lang];
    if (!change) return words.missing;
    const [reading, value, below, above] = change;
    const word = words.readings[["", "up", "down", "noise"][reading]];
    const parts = [make("span", { class: "told" }, `${percent(value)} ${word}`)];
    if (below !== undefined) {
      parts.push(make("span", { class: "code" }, `${percent(value - below)} … ${percent(value + above)}`));
    }
    return parts;
  }

  function counts(row, lang) {
    const words = window.WORDS[lang];
    const parts = row.table.counts.map((name, n) => {
      const value = row.counts[n];
      return `${words[name]} ${value === null ? words.confidential : number(value)}`;
    });
    return make("p", { class: "counts" }, parts.join(" · "));
  }
  return { card };
})();
