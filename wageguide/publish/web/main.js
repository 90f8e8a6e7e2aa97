// What is chosen, kept in the address so that it can be shared; draws the rest from it.
"use strict";
(function () {
  const { by, text, fill, make, options } = window.Dom;
  const { data, tables } = window.Model;
  const state = {
    lang: data.lang, table: tables[0].id, search: "", filter: "", sort: "code", shown: false,
    row: "*", compare: [], most: window.List.STEP, wage: "", per: "year", theme: ""
  };
  // A wage that somebody typed is nobody else's business: it is not in the address.
  const KEPT = ["lang", "table", "search", "filter", "sort", "row"];

  function readAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const name of KEPT) if (asked.has(name)) state[name] = asked.get(name);
    state.shown = asked.get("shown") === "1";
    state.compare = (asked.get("compare") || "").split(",").filter(Boolean);
    if (!(state.lang in window.WORDS)) state.lang = data.lang;
    if (!tables.some((t) => t.id === state.table)) state.table = tables[0].id;
    if (!window.Model.row(table(), state.row)) state.row = "*";
    state.compare = state.compare.filter((id) => window.Model.row(table(), id));
  }

  function writeAddress() {
    const asked = new URLSearchParams();
    for (const name of KEPT) if (state[name]) asked.set(name, state[name]);
    if (state.shown) asked.set("shown", "1");
    if (state.compare.length) asked.set("compare", state.compare.join(","));
    history.replaceState(null, "", "#" + asked.toString());
  }

  const table = () => tables.find((t) => t.id === state.table);
  const words = () => window.WORDS[state.lang];

  function change(changes, keepPlace) {
    Object.assign(state, changes);
    if (!keepPlace) state.most = window.List.STEP;
    writeAddress();
    draw();
  }

  function draw() {
    fixed();
    controls();
    rows();
    card();
    stand();
    comparison();
  }

  function fixed() {
    const say = words(), about = data.about[state.lang];
    document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
    document.title = `${about.place} ${data.year} ${about.title}`;
    text("place", about.place);
    text("title", state.lang === "zh" ? `${data.year}年${about.title}` : `${about.title} ${data.year}`);
    text("notice", [about.status, data.published, about.notice].filter(Boolean).join(" · "));
    for (const [id, value] of Object.entries({
      skip: say.skip, language: say.language, "tools-title": say.tools, "search-label": say.search,
      "table-label": say.table, "sort-label": say.sort, "shown-label": say.shown, "stand-title": say.stand,
      "stand-text": say.standText, "wage-label": say.wage, "per-label": say.per, "results-title": say.results,
      "detail-title": say.detail, "comparison-title": say.comparison, clear: say.clear,
      "notes-title": say.notes, "notes-open": say.notesOpen, "downloads-title": say.downloads, footer: say.footer
    })) text(id, value);
    by("language").setAttribute("aria-label", say.languageLabel);
    const dark = document.documentElement.dataset.theme === "dark";
    text("theme", dark ? say.light : say.dark);
    by("theme").setAttribute("aria-pressed", String(dark));
    by("search").placeholder = say.searchHint;
    by("list").setAttribute("aria-label", say.results);
    const side = state.lang === "zh" ? 0 : 2;
    fill(by("notes"), data.notes.flatMap((n) => [make("dt", {}, n[side]), make("dd", {}, n[side + 1])]));
    fill(by("downloads"), data.downloads.map((d) => make("li", {}, make("a", { href: d.href, download: true }, d[state.lang]))));
  }

  function controls() {
    const say = words();
    options(by("table"), tables.map((t) => [t.id, t[state.lang]]), state.table);
    options(by("sort"), Object.entries(say.sorts), state.sort);
    options(by("per"), [["year", say.perYear], ["month", say.perMonth]], state.per);
    const key = window.Model.filterKey(table());
    by("filter-field").hidden = !key;
    if (key) {
      text("filter-label", say.filter + data.codes[key][state.lang]);
      const codes = window.Model.filterCodes(table());
      options(by("filter"), [["", say.all], ...codes.map((c) => [c, window.Model.codeName(key, c, state.lang)])], state.filter);
    }
    by("shown").checked = state.shown;
    if (by("search").value !== state.search) by("search").value = state.search;
  }

  function rows() {
    const say = words();
    const found = window.Model.find(table(), state, state.lang);
    const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.id : undefined;
    text("count", say.count(found.length, table().lines.length));
    fill(by("list"), found.length ? window.List.table(found, state, choose) : make("p", {}, say.none));
    const left = found.length - state.most;
    by("more").hidden = left <= 0;
    if (left > 0) text("more", say.more(Math.min(left, window.List.STEP)));
    if (focused !== undefined) {
      const again = [...by("list").querySelectorAll("button.pick")].find((b) => b.dataset.id === focused);
      if (again) again.focus({ preventScroll: true });
    }
  }

  function choose(id) {
    change({ row: id }, true);
    // Where the card stands below the list, it is brought into view.
    if (window.matchMedia("(max-width: 899px)").matches) by("detail").scrollIntoView({ block: "start" });
  }

  function card() {
    const row = window.Model.row(table(), state.row);
    fill(by("card"), row ? window.Card.card(row, state, toggle) : make("p", { class: "hint" }, words().pick));
  }

  function toggle(id) {
    const inside = state.compare.includes(id);
    change({ compare: inside ? state.compare.filter((c) => c !== id) : [...state.compare, id].slice(-8) }, true);
    const button = by("toggle");
    if (button) button.focus();
  }

  function stand() {
    const say = words(), row = window.Model.row(table(), state.row);
    const wage = window.Stand.yearly(state.wage, state.per);
    let said = "";
    if (state.wage.trim() && wage === null) said = say.standBad;
    else if (wage !== null && (!row || window.Chart.tiers(row).length < 2)) said = say.standPick;
    else if (wage !== null) said = window.Stand.say(row, wage, state.per, state.lang);
    text("stand-result", said);
  }

  function comparison() {
    const chosen = state.compare.map((id) => window.Model.row(table(), id)).filter(Boolean);
    by("comparison").hidden = chosen.length === 0;
    fill(by("compared"), chosen.length ? window.Compare.table(chosen, state.lang, toggle) : []);
  }

  function listen() {
    by("search").addEventListener("input", (e) => change({ search: e.target.value }));
    by("table").addEventListener("change", (e) => change({ table: e.target.value, filter: "", row: "*", compare: [] }));
    by("filter").addEventListener("change", (e) => change({ filter: e.target.value }));
    by("sort").addEventListener("change", (e) => change({ sort: e.target.value }));
    by("shown").addEventListener("change", (e) => change({ shown: e.target.checked }));
    by("more").addEventListener("click", () => change({ most: state.most + window.List.STEP }, true));
    by("clear").addEventListener("click", () => change({ compare: [] }, true));
    by("language").addEventListener("click", () => change({ lang: state.lang === "zh" ? "en" : "zh" }, true));
    by("wage").addEventListener("input", (e) => { state.wage = e.target.value; card(); stand(); });
    by("per").addEventListener("change", (e) => { state.per = e.target.value; card(); stand(); });
    by("theme").addEventListener("click", () => {
      const dark = document.documentElement.dataset.theme === "dark";
      document.documentElement.dataset.theme = dark ? "light" : "dark";
      fixed();
    });
    by("skip").addEventListener("click", (e) => { e.preventDefault(); by("results").focus(); });
    window.addEventListener("hashchange", () => { readAddress(); draw(); });
    window.addEventListener("beforeprint", () => { state.most = Infinity; rows(); });
    window.addEventListener("afterprint", () => { state.most = window.List.STEP; rows(); });
  }

  if (window.matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";
  readAddress();
  listen();
  by("main").hidden = false;
  draw();
})();
