"""What the web page knows: the edition as compact numbers, and names in both languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from wageguide.disclosure.published import CONFIDENTIAL
from wageguide.publish.chart_parts import middle_of
from wageguide.publish.growth_places import GROWTH_PLACES
from wageguide.publish.labels import heading, key_labels
from wageguide.publish.notes import DRAFT, FINAL, Note
from wageguide.publish.page_pinyin import pinyin_of
from wageguide.publish.reading import reading_notes
from wageguide.publish.text import visible

if TYPE_CHECKING:
    from wageguide.publish.edition import Edition
    from wageguide.publish.tables import PriceTable

#: Readings of a change, as numbers.
READINGS = ("", "up", "down", "noise")


def page_data(edition: Edition, downloads: list[dict[str, str]]) -> str:
    """A script that holds all data of the page; nothing in it ends the script or a comment.

    Parameters
    ----------
    edition
        What the release says.
    downloads
        Files to link to: ``href``, ``zh``, ``en``.
    """
    text = json.dumps(_document(edition, downloads), ensure_ascii=False, separators=(",", ":"))
    # Lines that a script may not hold in a text, and what could end a script tag.
    for sign, code in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(sign, code)
    return f"window.WAGES={text};\n"


def _document(edition: Edition, downloads: list[dict[str, str]]) -> dict[str, Any]:
    plan = edition.plan
    figures = edition.tables[0].figures
    return {
        "year": edition.year,
        "lang": edition.lang,
        "unit": plan.settings.rounding_yuan,
        "about": {
            lang: {
                "place": visible(plan.text("place", lang)),
                "title": visible(plan.text("title", lang)),
                "notice": visible(plan.text("notice", lang)),
                "status": (DRAFT if edition.status == "draft" else FINAL)[lang],
            }
            for lang in ("zh", "en")
        },
        "published": edition.published_on.isoformat() if edition.published_on else "",
        "figures": [
            {
                "id": name,
                "zh": heading(name, plan.scheme, "zh").replace("\n", ""),
                "en": heading(name, plan.scheme, "en").replace("\n", " "),
                "share": _share(edition, name),
            }
            for name in figures
        ],
        "middle": middle_of(edition),
        "grades": {
            g.code: {"zh": g.label_zh, "en": g.label_en, "shown": g.published}
            for g in plan.grading.classes
        },
        "gradeCodes": _grade_codes(edition),
        "codes": {key: _codes(edition, key) for key in _keys(edition)},
        "tables": [_table(t, edition) for t in edition.tables],
        "notes": [_note(n) for n in (*reading_notes(edition), *edition.notes)],
        "downloads": downloads,
    }


def _share(edition: Edition, name: str) -> float | None:
    """Share at or below a quantile; none for a mean."""
    for tier in edition.plan.scheme.tiers:
        if tier.name == name and tier.kind == "quantile":
            return float(tier.share)
    return None


def _note(note: Note) -> list[str]:
    return [visible(t) for t in (note.item_zh, note.text_zh, note.item_en, note.text_en)]


def _keys(edition: Edition) -> list[str]:
    return list(dict.fromkeys(k for t in edition.tables for k in t.settings.by))


def _codes(edition: Edition, key: str) -> dict[str, Any]:
    """Names of a key and of its codes: Chinese, English (empty where there is none), pinyin."""
    labels = key_labels(key)
    names: dict[str, str] = {}
    for table in edition.tables:
        if key in table.settings.by:
            pairs = zip(table.frame[key], table.frame[f"{key}_name"], strict=True)
            names |= {str(c): str(n) for c, n in pairs if c}
    rows = {}
    for code in sorted(names, key=labels.place):
        entry = labels.codes.entries.get(code)
        zh = entry.name_zh if entry and edition.lang == "en" else names[code]
        rows[code] = [visible(zh), visible(entry.name_en) if entry else "", pinyin_of(zh)]
    side = {lang: heading(f"{key}_name", edition.plan.scheme, lang) for lang in ("zh", "en")}
    return {"zh": side["zh"], "en": side["en"], "rows": rows}


def _table(table: PriceTable, edition: Edition) -> dict[str, Any]:
    settings = table.settings
    return {
        "id": settings.id,
        "zh": table.title("zh"),
        "en": table.title("en"),
        "by": list(settings.by),
        "counts": table.counts,
        "rows": [_row(table, row, edition) for row in table.frame.to_dict("records")],
        "changes": _changes(table, edition),
        "history": _history(table, edition),
    }


def _row(table: PriceTable, row: Any, edition: Edition) -> list[Any]:
    """Codes; then, unless the row is confidential, counts and a figure's value, grade, limits.

    A value is in units of the rounding, limits are distances from it; a figure that is not
    shown has its grade alone. Grades are places in the list of their codes.
    """
    codes = [str(row[key] or "") for key in table.settings.by]
    if row["mark"]:
        return codes
    unit, grades = edition.plan.settings.rounding_yuan, _grade_codes(edition)
    counts = [_whole(row[c]) for c in table.counts]
    figures: list[Any] = []
    for name in table.figures:
        value = _whole(row[name])
        if value is None:
            figures.append(grades.index(row[f"grade_{name}"]))
            continue
        at = value // unit
        low, high = _whole(row[f"low_{name}"]), _whole(row[f"high_{name}"])
        ends = [] if low is None or high is None else [at - low // unit, high // unit - at]
        figures.append([at, grades.index(row[f"grade_{name}"]), *ends])
    return [*codes, counts, figures]


def _grade_codes(edition: Edition) -> list[str]:
    """Codes of all grades, and the mark of a confidential figure."""
    return [*(g.code for g in edition.plan.grading.classes), CONFIDENTIAL]


def _whole(value: Any) -> int | None:
    import pandas as pd

    return None if pd.isna(value) else int(value)


def _changes(table: PriceTable, edition: Edition) -> dict[str, Any]:
    """By codes, each figure's reading, growth in tenths of a per cent, and distances of its limits.

    0 stands for a figure without one.
    """
    frame = edition.changes.get(table.settings.id)
    if frame is None:
        return {}
    found = {}
    for row in frame.to_dict("records"):
        line: list[Any] = []
        for name in table.figures:
            parts = [row[f"{p}_{name}"] for p in ("growth", "low_growth", "high_growth")]
            if parts[0] != parts[0]:
                line.append(0)
                continue
            at, *ends = (round(p * 10**GROWTH_PLACES) for p in parts if p == p)  # noqa: PLR0124
            reach = [at - ends[0], ends[1] - at] if ends else []
            line.append([READINGS.index(row[f"reading_{name}"]), at, *reach])
        if any(line):
            found["|".join(str(row[k] or "") for k in table.settings.by)] = line
    return found


def _history(table: PriceTable, edition: Edition) -> dict[str, Any]:
    """Years of this scheme, and by codes the middle figure of each, in yuan (null: none)."""
    series = edition.series
    if series is None or len(table.settings.by) != 1:
        return {}
    own = series[(series["table"] == table.settings.id) & (series["measure"] == middle_of(edition))]
    own = own[(own["scheme"] == edition.plan.scheme.id) & own["value"].notna()]
    years = sorted({int(y) for y in own["reference_year"]})
    found: dict[str, list[int | None]] = {}
    for code, year, value in zip(own["code1"], own["reference_year"], own["value"], strict=True):
        line = found.setdefault(str(code), [None] * len(years))
        line[years.index(int(year))] = int(value)
    several = {c: line for c, line in found.items() if sum(v is not None for v in line) > 1}
    return {"years": years, "rows": several} if several else {}
