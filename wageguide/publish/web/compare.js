// Several rows side by side on one scale, each also in numbers.
"use strict";
window.Compare = (function () {
  const { make, draw, number } = window.Dom;
  const WIDTH = 400;

  function table(rows, lang, remove) {
    const words = window.WORDS[lang], { rowName, figures } = window.Model;
    const every = rows.flatMap((row) => window.Chart.tiers(row).map((t) => t.value));
    const most = Math.max(...every, 1);
    const x = (v) => 6 + (WIDTH - 12) * v / most;
    const shown = figures.filter((f) => f.share !== null);
    const body = rows.map((row) => make("tr", {}, [
      make("th", { scope: "row" }, rowName(row, lang)),
      make("td", { class: "bar" }, bar(row, x, lang)),
      ...shown.map((f) => {
        const own = row.figures[figures.indexOf(f)];
        return own.value === null
          ? make("td", { class: "none" }, window.List.word(own, lang))
          : make("td", { class: "number" }, number(own.value));
      }),
      make("td", {}, make("button", {
        type: "button", "aria-label": `${words.remove}: ${rowName(row, lang)}`, on: { click: () => remove(row.id) }
      }, "×"))
    ]));
    const heads = [words.name, words.tier, ...shown.map((f) => f[lang]), words.remove];
    return make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": words.comparison }, make("table", {}, [
      make("caption", {}, words.compareHint),
      make("thead", {}, make("tr", {}, heads.map((h) => make("th", { scope: "col" }, h)))),
      make("tbody", {}, body)
    ]));
  }

  function bar(row, x, lang) {
    const tiers = window.Chart.tiers(row);
    if (tiers.length < 2) return window.WORDS[lang].missing;
    const svg = draw("svg", { viewBox: `0 0 ${WIDTH} 26`, role: "img", "aria-label": window.Model.rowName(row, lang) });
    svg.append(draw("line", { x1: x(tiers[0].value), x2: x(tiers[tiers.length - 1].value), y1: 13, y2: 13, class: "span" }));
    for (const tier of tiers) {
      svg.append(draw("circle", { cx: x(tier.value), cy: 13, r: 5, class: tier.id === window.Model.data.middle ? "dot middle" : "dot" }));
    }
    return svg;
  }
  return { table };
})();
