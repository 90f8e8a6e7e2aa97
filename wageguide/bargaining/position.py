"""Where an enterprise stands: against prices, the law, the guideline line, and itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from wageguide.bargaining.market import Market
from wageguide.bargaining.roster import Roster
from wageguide.bargaining.structure import SexGap, compression, growth_by_group, sex_gap
from wageguide.errors import LawError
from wageguide.shown import html_table
from wageguide.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.law.law import Law

#: What 工资集体协商试行办法 Art. 8 asks both sides to weigh, by key.
FACTORS: dict[str, tuple[str, str]] = {
    "labour_cost": (
        "地区、行业、企业的人工成本水平",
        "labour cost of region, industry, enterprise",
    ),
    "average_wage": ("地区、行业的职工平均工资水平", "average wage of region and industry"),
    "guideline_line": ("当地政府发布的工资指导线", "guideline line of the local government"),
    "prices": ("劳动力市场工资指导价位", "labour-market wage prices"),
    "cpi": ("本地区城镇居民消费价格指数", "urban consumer prices of the region"),
    "productivity": ("企业劳动生产率和经济效益", "productivity and results"),
    "assets": ("国有资产保值增值", "preservation of state-owned assets"),
    "last_year": ("上年度企业工资总额和平均工资", "last year's total and average wage"),
    "other": ("其他有关情况", "other"),
}
MISSING = ("缺", "missing")
_NO_PLACE = "缺：没有给出用工地点 missing: no place of work is given"


@dataclass(frozen=True, repr=False)
class Position:
    """Where an enterprise stands.

    Attributes
    ----------
    roster
        The roster.
    posts
        One row a post: ``post``, ``occupation``, ``level``, ``heads``, ``average`` (yuan a
        year), ``table`` and ``p10`` … as printed (missing where not shown), ``compa`` (average
        over the median), ``between`` (printed tiers), ``percentile`` (interpolated: a hint),
        ``to_p25`` and ``to_p50`` (yuan a year to bring everybody below to that price).
    minimum
        One row a day asked for: ``on``, ``standard`` (yuan a month), ``below`` (heads with a
        lower base wage), ``short`` (yuan a month), ``source``.
    factors
        The factors of Art. 8: ``key``, ``factor_zh``, ``factor_en``, ``value``, ``source``;
        what is not known says 缺.
    levels, groups
        `structure.compression`, and `structure.growth_by_group` (None without last year).
    gap
        `structure.sex_gap`.
    """

    roster: Roster
    posts: pd.DataFrame
    minimum: pd.DataFrame
    factors: pd.DataFrame
    levels: pd.DataFrame
    groups: pd.DataFrame | None
    gap: SexGap | None

    def __repr__(self) -> str:
        shown = ["post", "heads", "average", "p50", "compa", "between", "to_p50"]
        table = self.posts[[c for c in shown if c in self.posts]].to_string(index=False)
        return f"{self.roster!r}\n\n{table}\n\n{self.minimum.to_string(index=False)}"

    def _repr_html_(self) -> str:
        return (
            f"<p>{escape(repr(self.roster))}</p>{html_table(self.posts)}"
            f"{html_table(self.minimum)}{html_table(self.factors)}"
        )


def position(
    roster: Roster,
    *,
    market: Market | None,
    law: Law,
    place: str | None,
    on: dt.date,
    announced: dt.date | None = None,
    facts: Mapping[str, tuple[Any, str]] | None = None,
    last: Roster | None = None,
) -> Position:
    """Describe where an enterprise stands before a consultation.

    Parameters
    ----------
    roster
        Who is paid what.
    market
        Prices of a release; None where there is none.
    law
        For the minimum wage and the guideline line.
    place
        Code of the place of work; None leaves out what the law of a place says.
    on
        Day whose law counts.
    announced
        A later day for which a new minimum wage is announced.
    facts
        By key of `FACTORS`, what is known and its source; the guideline line and the prices
        are looked up where they are left out.
    last
        Last year's roster.
    """
    days = [on, *([announced] if announced is not None else [])]
    return Position(
        roster,
        _posts(roster, market),
        _minimum(roster, law, place, days),
        _factors(facts or {}, law, place, on, market, last),
        compression(roster),
        growth_by_group(roster, last) if last is not None else None,
        sex_gap(roster),
    )


def _posts(roster: Roster, market: Market | None) -> pd.DataFrame:
    import pandas as pd

    lines = []
    pay, heads = roster.pay * MONTHS_PER_YEAR, roster.column("heads")
    keys = roster.frame[["post", "occupation", "level"]]
    for _, own in keys.groupby(list(keys), sort=False):
        post, occupation, level = own.iloc[0].tolist()
        rows = own.index.to_numpy()
        line: dict[str, Any] = {"post": post, "occupation": occupation, "level": level}
        line["heads"] = int(heads[rows].sum())
        average = float((pay[rows] * heads[rows]).sum() / heads[rows].sum() / 100)
        line["average"] = average
        price = market.find(str(occupation), str(level)) if market is not None else None
        line["table"] = price.table if price is not None else ""
        for share, yuan in price.tiers if price is not None else ():
            line[f"p{100 * share:g}"] = yuan
        line["compa"] = line["percentile"] = line["to_p25"] = line["to_p50"] = np.nan
        line["between"] = MISSING[0]
        if price is not None:
            line["between"], percentile = price.place(average)
            line["percentile"] = np.nan if percentile is None else percentile
            for share in (0.25, 0.5):
                goal = price.at(share)
                if goal is not None:
                    gap = np.maximum(100 * goal - pay[rows], 0) * heads[rows]
                    line[f"to_p{100 * share:g}"] = float(gap.sum()) / 100
            middle = price.at(0.5)
            if middle:
                line["compa"] = average / middle
        lines.append(line)
    frame = pd.DataFrame(lines)
    names = [str(c) for c in frame]
    tiers = sorted((c for c in names if c[0] == "p" and c[1:].isdigit()), key=lambda c: int(c[1:]))
    first = ["post", "occupation", "level", "heads", "average", "table"]
    return frame[[*first, *tiers, "compa", "between", "percentile", "to_p25", "to_p50"]]


def _minimum(roster: Roster, law: Law, place: str | None, days: list[dt.date]) -> pd.DataFrame:
    import pandas as pd

    base, heads = roster.column("base"), roster.column("heads")
    lines: list[tuple[dt.date, float, float, float, str]] = []
    for day in days:
        if place is None:
            lines.append((day, np.nan, np.nan, np.nan, _NO_PLACE))
            continue
        try:
            found = law.look_up("minimum_wage_monthly", place, day)
        except LawError as error:
            lines.append((day, np.nan, np.nan, np.nan, str(error).partition("\n")[0]))
            continue
        floor = int(found.number * 100)
        short = np.maximum(floor - base, 0) * heads
        below = int(heads[base < floor].sum())
        lines.append((day, floor / 100, below, int(short.sum()) / 100, found.entry.source.cited))
    return pd.DataFrame(lines, columns=["on", "standard", "below", "short", "source"])


def _factors(
    facts: Mapping[str, tuple[Any, str]],
    law: Law,
    place: str | None,
    on: dt.date,
    market: Market | None,
    last: Roster | None,
) -> pd.DataFrame:
    import pandas as pd

    known = dict(facts)
    if "guideline_line" not in known and place is not None:
        try:
            found = law.look_up("guideline_line", place, on, "baseline")
            known["guideline_line"] = (f"{found.value} %", found.entry.source.cited)
        except LawError:
            pass
    if "prices" not in known and market is not None:
        known["prices"] = (f"{market.year}", "工资价位发布 release of wage prices")
    if "last_year" not in known and last is not None:
        total = int((last.pay * last.column("heads")).sum()) * MONTHS_PER_YEAR / 100
        average = total / last.heads
        known["last_year"] = (
            f"总额 {total:,.2f} 元，人均 {average:,.2f} 元",
            "上年名册 last roster",
        )
    lines = [
        (key, zh, en, *(map(str, known[key]) if key in known else (MISSING[0], "")))
        for key, (zh, en) in FACTORS.items()
    ]
    return pd.DataFrame(lines, columns=["key", "factor_zh", "factor_en", "value", "source"])
