// Prices drawn: a line from the lowest tier to the highest, marks with numbers; history as a line.
"use strict";
window.Chart = (function () {
  const { draw, number } = window.Dom;
  const WIDTH = 560;

  function tiers(row) {
    return window.Model.figures
      .map((f, n) => ({ ...f, ...row.figures[n] }))
      .filter((f) => f.share !== null && f.value !== null);
  }

  function scale(values) {
    const low = Math.min(...values), high = Math.max(...values);
    const room = (high - low || high || 1) * 0.08;
    return (v) => 30 + (WIDTH - 60) * (v - low + room) / (high - low + 2 * room);
  }

  // The tiers of one row; `wage` is marked where it is given.
  function ranges(row, lang, wage) {
    const shown = tiers(row);
    if (shown.length < 2) return null;
    const x = scale(shown.map((t) => t.value).concat(wage ? [wage] : []));
    const name = window.Model.rowName(row, lang);
    const parts = shown.map((t) => `${t[lang]} ${number(t.value)}`).join(window.WORDS[lang].comma);
    const svg = draw("svg", { viewBox: `0 0 ${WIDTH} 132`, role: "img", "aria-label": window.WORDS[lang].chart(name, parts) });
    svg.append(draw("line", { x1: x(shown[0].value), x2: x(shown[shown.length - 1].value), y1: 62, y2: 62, class: "span" }));
    if (shown.length >= 4) {
      svg.append(draw("line", { x1: x(shown[1].value), x2: x(shown[shown.length - 2].value), y1: 62, y2: 62, class: "core" }));
    }
    shown.forEach((tier, n) => {
      const at = x(tier.value), up = n % 2 === 0;
      if (tier.low !== undefined) {
        svg.append(draw("line", { x1: Math.max(x(tier.low), 2), x2: Math.min(x(tier.high), WIDTH - 2), y1: up ? 74 : 50, y2: up ? 74 : 50, class: "error" }));
      }
      svg.append(draw("circle", { cx: at, cy: 62, r: 6, class: tier.id === window.Model.data.middle ? "dot middle" : "dot" }));
      const y = up ? 22 : 100;
      svg.append(draw("text", { x: at, y, "text-anchor": "middle" }, short(tier, lang)));
      svg.append(draw("text", { x: at, y: y + 16, "text-anchor": "middle", class: "figure" }, number(tier.value)));
    });
    if (wage) {
      svg.append(draw("path", { d: `M${x(wage)},44 l-6,-9 h12 z`, class: "mine" }));
      svg.append(draw("line", { x1: x(wage), x2: x(wage), y1: 44, y2: 80, class: "mine" }));
    }
    return svg;
  }

  function short(tier, lang) {
    return tier.share !== null ? `P${Math.round(tier.share * 100)}` : tier[lang];
  }

  // The middle figure of every year.
  function history(points, row, lang) {
    const low = Math.min(...points.map((p) => p[1])), high = Math.max(...points.map((p) => p[1]));
    const years = points.map((p) => p[0]);
    const x = (year) => 40 + (WIDTH - 80) * (year - years[0]) / (years[years.length - 1] - years[0] || 1);
    const y = (v) => 90 - 60 * (v - low) / (high - low || 1);
    const parts = points.map((p) => `${p[0]} ${number(p[1])}`).join(window.WORDS[lang].comma);
    const svg = draw("svg", { viewBox: `0 0 ${WIDTH} 126`, role: "img", "aria-label": `${window.WORDS[lang].history}: ${parts}` });
    svg.append(draw("polyline", { points: points.map((p) => `${x(p[0])},${y(p[1])}`).join(" "), class: "history" }));
    for (const [year, value] of points) {
      svg.append(draw("circle", { cx: x(year), cy: y(value), r: 5, class: "dot" }));
      svg.append(draw("text", { x: x(year), y: y(value) - 11, "text-anchor": "middle", class: "figure" }, number(value)));
      svg.append(draw("text", { x: x(year), y: 118, "text-anchor": "middle" }, String(year)));
    }
    return svg;
  }
  return { ranges, history, tiers };
})();
