"""Findings: what the figures of an edition say, in sentences made from them.

Each function gives sentences, or none where there is nothing to say. No figure that is not
printed is used, and no difference is called one that is within its error.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wageguide.publish.chart_parts import ends_of, figure_name, hidden_rows, middle_of, row_name
from wageguide.publish.labels import key_labels
from wageguide.publish.tables import PriceTable

if TYPE_CHECKING:
    from wageguide.publish.edition import Edition

#: Named classes at either end.
_NAMED = 3


@dataclass(frozen=True)
class Finding:
    """One sentence, in both languages."""

    zh: str
    en: str

    def text(self, lang: str) -> str:
        """The sentence in a language."""
        return self.zh if lang == "zh" else self.en


def findings(edition: Edition) -> list[Finding]:
    """All sentences of an edition, in printed order."""
    return [sentence for find in _FOUND for sentence in find(edition)]


def _all_workers(edition: Edition) -> list[Finding]:
    """The middle of all workers with its interval."""
    middle = middle_of(edition)
    for table in edition.tables:
        if not table.total_rows:
            continue
        row = table.frame.iloc[0]
        if _missing(row[middle]):
            return []
        zh, en = (_name(middle, edition, lang) for lang in ("zh", "en"))
        inside_zh, inside_en = _interval(row, middle)
        return [
            Finding(
                f"全部从业人员工资的{zh}为{int(row[middle]):,}元/年{inside_zh}。",
                f"The {en} of all workers is {int(row[middle]):,} yuan a year{inside_en}.",
            )
        ]
    return []


def _highest_and_lowest(edition: Edition) -> list[Finding]:
    """The dearest and cheapest classes of the first table of one key."""
    table, middle = _first(edition), middle_of(edition)
    if table is None:
        return []
    rows = [r for r in _rows(table) if not _missing(r[middle])]
    if len(rows) < 2 * _NAMED:
        return []
    rows.sort(key=lambda r: -int(r[middle]))

    def listed(some: list[dict[str, Any]], lang: str) -> str:
        texts = [f"{row_name(table, r, lang)}（{int(r[middle]):,}）" for r in some]
        return "、".join(texts) if lang == "zh" else _english(texts)

    zh, en = (_name(middle, edition, lang) for lang in ("zh", "en"))
    top, low = rows[:_NAMED], rows[-_NAMED:][::-1]
    return [
        Finding(
            f"{table.title('zh')}看，{zh}最高的是{listed(top, 'zh')}，最低的是{listed(low, 'zh')}，"
            "单位元/年。",
            f"{table.title('en')}, the {en} is highest for {listed(top, 'en')}, and lowest for "
            f"{listed(low, 'en')}, in yuan a year.",
        )
    ]


def _spread(edition: Edition) -> list[Finding]:
    """How far the ends of all workers are apart."""
    tiers = ends_of(edition)
    for table in edition.tables:
        if not table.total_rows or len(tiers) < 2:
            continue
        row = table.frame.iloc[0]
        if _missing(row[tiers[0]]) or _missing(row[tiers[-1]]):
            return []
        times = int(row[tiers[-1]]) / int(row[tiers[0]])
        names = [[_name(t, edition, lang) for t in (tiers[-1], tiers[0])] for lang in ("zh", "en")]
        return [
            Finding(
                f"全部从业人员的{names[0][0]}是{names[0][1]}的{times:.1f}倍。",
                f"Of all workers the {names[1][0]} is {times:.1f} times the {names[1][1]}.",
            )
        ]
    return []


def _levels(edition: Edition) -> list[Finding]:
    """Education or size: neighbouring classes whose intervals do not overlap."""
    found = []
    middle = middle_of(edition)
    for table in edition.tables:
        if table.settings.by not in (("education",), ("enterprise_size",)):
            continue
        rows = [r for r in _rows(table) if not _missing(r[middle])]
        if len(rows) < 2:
            continue
        rows.sort(key=lambda r: -int(r[middle]))
        high, low = rows[0], rows[-1]
        apart = _apart(high, low, middle)
        name = [[row_name(table, r, lang) for r in (high, low)] for lang in ("zh", "en")]
        figures = f"{int(high[middle]):,}", f"{int(low[middle]):,}"
        zh, en = (_name(middle, edition, lang) for lang in ("zh", "en"))
        if apart:
            found.append(
                Finding(
                    f"{table.title('zh')}看，{name[0][0]}的{zh}（{figures[0]}元/年）高于{name[0][1]}"
                    f"（{figures[1]}元/年），差别超出误差。",
                    f"{table.title('en')}, the {en} of {name[1][0]} ({figures[0]} yuan a year) is "
                    f"above that of {name[1][1]} ({figures[1]}), by more than the error.",
                )
            )
        else:
            found.append(
                Finding(
                    f"{table.title('zh')}看，各类{zh}的差别在误差范围内，不宜判断高低。",
                    f"{table.title('en')}, differences of the {en} are within the error; nothing "
                    "can be said about which is higher.",
                )
            )
    return found


def _changes(edition: Edition) -> list[Finding]:
    """Rises and falls since the year before, counted; and all workers."""
    middle = middle_of(edition)
    for table in edition.tables:
        frame = edition.changes.get(table.settings.id)
        if frame is None or len(table.settings.by) != 1:
            continue
        key = table.settings.by[0]
        rows: list[dict[Any, Any]] = frame.to_dict("records")
        told = [r for r in rows if r[key] and r[f"reading_{middle}"]]
        found = [_change_of_all(r, middle, edition) for r in rows if not r[key]]
        if told:
            readings = [r[f"reading_{middle}"] for r in told]
            count = {n: readings.count(n) for n in ("up", "down", "noise")}
            zh, en = (_name(middle, edition, lang) for lang in ("zh", "en"))
            found.append(
                Finding(
                    f"{table.title('zh')}看，与上年相比{zh}上升的有{count['up']}类，下降的有"
                    f"{count['down']}类，变化在误差范围内的有{count['noise']}类。",
                    f"{table.title('en')}, the {en} rose in {count['up']} classes, fell in "
                    f"{count['down']}, and changed within the error in {count['noise']}.",
                )
            )
        return [f for f in found if f is not None]
    return []


def _change_of_all(row: dict[Any, Any], middle: str, edition: Edition) -> Finding | None:
    reading, value = row[f"reading_{middle}"], row[f"growth_{middle}"]
    if not reading or math.isnan(value):
        return None
    zh, en = (_name(middle, edition, lang) for lang in ("zh", "en"))
    inside = f"{row[f'low_growth_{middle}']:+.1%} … {row[f'high_growth_{middle}']:+.1%}"
    if reading == "noise":
        return Finding(
            f"全部从业人员工资的{zh}与上年相比的变化在误差范围内（95%置信区间{inside}）。",
            f"The change of the {en} of all workers since the year before is within the error "
            f"(95 % interval {inside}).",
        )
    word = {"up": ("上升", "rose"), "down": ("下降", "fell")}[reading]
    return Finding(
        f"全部从业人员工资的{zh}比上年{word[0]}{abs(value):.1%}（95%置信区间{inside}）。",
        f"The {en} of all workers {word[1]} by {abs(value):.1%} since the year before (95 % "
        f"interval {inside}).",
    )


def _coverage(edition: Edition) -> list[Finding]:
    """How much of the tables is confidential or unreliable."""
    rows = sum(len(t.frame) - t.total_rows for t in edition.tables)
    secret = sum(hidden_rows(t.frame) for t in edition.tables)
    if not rows or not secret:
        return []
    return [
        Finding(
            f"全部{len(edition.tables)}张表共{rows:,}行，其中{secret:,}行为保护企业和个人而保密。",
            f"Of the {rows:,} rows of all {len(edition.tables)} tables, {secret:,} are "
            "confidential, to protect enterprises and persons.",
        )
    ]


#: Every kind of finding, in printed order.
_FOUND: tuple[Callable[[Edition], list[Finding]], ...] = (
    _all_workers,
    _spread,
    _highest_and_lowest,
    _levels,
    _changes,
    _coverage,
)


def _first(edition: Edition) -> PriceTable | None:
    return next((t for t in edition.tables if len(t.settings.by) == 1), None)


def _rows(table: PriceTable) -> list[dict[str, Any]]:
    """Rows without the total; codes that stand for nothing known are left out."""
    key = table.settings.by[0]
    known = key_labels(key).places
    rows = table.frame.iloc[table.total_rows :].to_dict("records")
    return [{str(k): v for k, v in r.items()} for r in rows if r[key] in known]


def _name(figure: str, edition: Edition, lang: str) -> str:
    """Name of a figure inside a sentence."""
    name = figure_name(figure, edition, lang)
    if lang == "en":
        return name[:1].lower() + name[1:]
    return name.partition("(")[0] if figure == "p50" else name.replace("(", "（").replace(")", "）")


def _missing(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def _interval(row: Any, figure: str) -> tuple[str, str]:
    """The interval in brackets; empty where there is none."""
    low, high = row[f"low_{figure}"], row[f"high_{figure}"]
    if _missing(low) or _missing(high):
        return "", ""
    return (
        f"（95%置信区间{int(low):,}至{int(high):,}元）",
        f" (95 % interval {int(low):,} to {int(high):,})",
    )


def _apart(high: dict[str, Any], low: dict[str, Any], figure: str) -> bool:
    """Whether two intervals do not meet: then their difference is beyond its error too."""
    ends = (high[f"low_{figure}"], low[f"high_{figure}"])
    return not any(_missing(e) for e in ends) and int(ends[0]) > int(ends[1])


def _english(texts: list[str]) -> str:
    plain = [t.replace("（", " (").replace("）", ")") for t in texts]
    return ", ".join(plain[:-1]) + " and " + plain[-1]
