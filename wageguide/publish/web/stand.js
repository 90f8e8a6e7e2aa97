// Where a wage stands among the printed tiers: between which, and nothing finer.
"use strict";
window.Stand = (function () {
  const { number } = window.Dom;

  // Yuan a year of what was typed; null if it is no such number.
  function yearly(typed, per) {
    const text = typed.normalize("NFKC").replace(/[\s,，元¥]/g, "");
    if (!/^\d+(\.\d+)?$/.test(text)) return null;
    const value = Number(text) * (per === "month" ? 12 : 1);
    return value > 0 && Number.isFinite(value) ? value : null;
  }

  function say(row, wage, per, lang) {
    const words = window.WORDS[lang];
    const shown = window.Chart.tiers(row);
    const name = window.Model.rowName(row, lang);
    const first = shown[0], last = shown[shown.length - 1];
    const lead = per === "month" ? words.standYearly(number(Math.round(wage))) + " " : "";
    const same = shown.find((t) => t.value === wage);
    if (same) return lead + words.standAt(same[lang], name);
    if (wage < first.value) return lead + words.standBelow(first[lang], name);
    if (wage > last.value) return lead + words.standAbove(last[lang], name);
    const above = shown.findIndex((t) => t.value > wage);
    return lead + words.standBetween(shown[above - 1][lang], shown[above][lang], name);
  }
  return { yearly, say };
})();
