"""The cost of an offer: every month, post and group, exactly, beside doing nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from wageguide.bargaining.assumptions import Assumptions, Contribution
from wageguide.bargaining.clauses import Offer
from wageguide.bargaining.money import Fen
from wageguide.bargaining.months import month_text, year_of
from wageguide.bargaining.roster import Roster
from wageguide.bargaining.wages import Paid, paid_months

if TYPE_CHECKING:
    import pandas as pd

_PARTS = ("base", "allowance", "overtime", "extra", "contributions")
_COLUMNS = ("offer", "month", "year", "post", "group", "heads", *_PARTS, "total")


@dataclass(frozen=True, repr=False)
class Cost:
    """What an offer costs, and what doing nothing costs over the same months.

    Attributes
    ----------
    offer
        The offer.
    months
        One row a month, post and group, both of the offer and of ``nothing``: ``offer``,
        ``month`` (2026-07), ``year``, ``post``, ``group``, ``heads``; in fen ``base``,
        ``allowance``, ``overtime``, ``extra`` (lump sums and back pay), ``contributions``
        (the employer's), and ``total``.
    first, last
        Wages of the roster's rows before the offer and in its last month, fen.
    assumptions
        What the cost rests on.
    """

    offer: Offer
    months: pd.DataFrame
    first: Paid
    last: Paid
    assumptions: Assumptions

    @cached_property
    def _totals(self) -> dict[str, dict[str, int]]:
        """Fen by month, of the offer and of nothing."""
        sums = self.months.groupby(["offer", "month"], sort=True)["total"].sum()
        found: dict[str, dict[str, int]] = {}
        for (name, month), value in zip(sums.index.tolist(), sums.tolist(), strict=True):
            found.setdefault(name, {})[month] = value
        return found

    @property
    def total(self) -> int:
        """Fen over all months."""
        return sum(self._totals["offer"].values())

    @property
    def more(self) -> int:
        """Fen above doing nothing, over all months."""
        return self.total - sum(self._totals["nothing"].values())

    @property
    def annualised(self) -> int:
        """Fen a year above doing nothing at the rate of the last month, without extras."""
        month = month_text(self.offer.end)
        own = self.months[self.months["month"] == month]
        regular = own["total"] - own["extra"]
        return 12 * int(regular.where(own["offer"] == "offer", -regular).sum())

    @property
    def present_value(self) -> float:
        """Yuan above doing nothing, discounted to the first month."""
        return sum(
            (self._totals["offer"][month_text(m)] - self._totals["nothing"][month_text(m)])
            / 100
            * self.assumptions.discounted(m, self.offer.start)
            for m in self.offer.months
        )

    def by(self, *keys: str) -> pd.DataFrame:
        """Fen by ``year``, ``month``, ``post`` or ``group``: ``offer``, ``nothing``, ``more``."""
        wide = self.months.pivot_table(
            index=list(keys), columns="offer", values="total", aggfunc="sum", sort=False
        )
        wide = wide[["offer", "nothing"]].astype("int64")
        wide["more"] = wide["offer"] - wide["nothing"]
        wide.columns.name = None
        return wide.reset_index()

    @cached_property
    def years(self) -> pd.DataFrame:
        """By calendar year, yuan: offer, nothing, more, its growth, and more since the start."""
        frame = self.by("year")
        frame[["offer", "nothing", "more"]] /= 100
        frame["growth"] = frame["more"] / frame["nothing"]
        frame["cumulative"] = frame["more"].cumsum().round(2)
        return frame

    def _lines(self) -> list[tuple[str, str]]:
        return [
            ("方案 Offer", f"{self.offer.name}（{self.offer.side}）"),
            ("期间 Months", f"{month_text(self.offer.start)} – {month_text(self.offer.end)}"),
            ("总成本 Cost", f"{self.total / 100:,.2f} 元"),
            ("比不调整多 Above nothing", f"{self.more / 100:,.2f} 元"),
            ("期末年化 Annualised", f"{self.annualised / 100:,.2f} 元/年"),
            ("现值 Present value", f"{self.present_value:,.2f} 元"),
        ]

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {value}" for name, value in self._lines())

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(n)}</td><td>{escape(v)}</td></tr>" for n, v in self._lines()
        )
        return f"<table>{rows}</table>"


def cost_offer(roster: Roster, offer: Offer, assumptions: Assumptions) -> Cost:
    """Cost an offer to the fen.

    Parameters
    ----------
    roster
        Who is paid what before it.
    offer
        The clauses and the months.
    assumptions
        What else the cost rests on.

    Raises
    ------
    OfferError
        If a clause follows a minimum wage or prices that are not given.
    """
    import pandas as pd

    cells = _Cells.of(roster)
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    last = None
    for name, clauses in (("offer", offer.clauses), ("nothing", ())):
        ledger = _Ledger(roster, assumptions, offer.start)
        for paid in paid_months(roster, replace(offer, clauses=clauses), assumptions):
            own = ledger.contributions(paid)
            parts = (paid.base, paid.allowance, paid.overtime, paid.extra, own)
            factor = assumptions.heads_factor(paid.month, offer.start)
            cells.add_month(columns, name, paid.month, parts, factor)
            if name == "offer":
                last = paid
    assert last is not None
    zero = np.zeros(len(roster.frame), np.int64)
    base, allowance, overtime = (roster.column(c) for c in _PARTS[:3])
    first = Paid(offer.start - 1, base, allowance, overtime, zero)
    return Cost(offer, pd.DataFrame(columns), first, last, assumptions)


@dataclass(frozen=True)
class _Cells:
    """Rows of the roster by post and group, so that each month is a few sums."""

    order: Fen
    start: Fen
    heads: Fen
    posts: list[str]
    groups: list[str]
    numbers: list[int]

    @classmethod
    def of(cls, roster: Roster) -> _Cells:
        frame = roster.frame
        number = frame.groupby(["post", "group"], sort=False).ngroup().to_numpy(dtype=np.int64)
        order = np.argsort(number, kind="stable")
        start = np.searchsorted(number[order], np.arange(int(number.max(initial=-1)) + 1))
        first = frame.iloc[order[start]]
        heads = roster.column("heads")
        numbers = np.add.reduceat(heads[order], start).tolist()
        posts, groups = first["post"].tolist(), first["group"].tolist()
        return cls(order, start, heads, posts, groups, numbers)

    def add_month(
        self,
        columns: dict[str, list[Any]],
        name: str,
        month: int,
        parts: Sequence[Fen],
        factor: Fraction,
    ) -> None:
        """Add the sums of one month; each is multiplied by the factor of heads and rounded once."""
        many = len(self.posts)
        sums = [[_scaled(s, factor) for s in self._sums(p * self.heads)] for p in parts]
        columns["offer"] += [name] * many
        columns["month"] += [month_text(month)] * many
        columns["year"] += [year_of(month)] * many
        columns["post"] += self.posts
        columns["group"] += self.groups
        columns["heads"] += self.numbers
        for part, values in zip(_PARTS, sums, strict=True):
            columns[part] += values
        columns["total"] += [sum(v) for v in zip(*sums, strict=True)]

    def _sums(self, values: Fen) -> list[int]:
        found: list[int] = np.add.reduceat(values[self.order], self.start).tolist()
        return found


def _scaled(amount: int, factor: Fraction) -> int:
    """Amount times a factor, rounded to the fen, halves up."""
    if factor == 1:
        return amount
    top, bottom = factor.numerator, factor.denominator
    return (2 * amount * top + bottom) // (2 * bottom)


class _Ledger:
    """The employer's contributions, month by month, on the base that the assumptions name."""

    def __init__(self, roster: Roster, assumptions: Assumptions, start: int) -> None:
        self._assumptions, self._start = assumptions, start
        self._roster_pay = roster.pay
        self._paid: dict[int, Fen] = {}

    def contributions(self, paid: Paid) -> Fen:
        """Contributions of a month for each row; months are asked for in their order."""
        self._paid[paid.month] = paid.regular + paid.extra
        base = self._base(paid)
        due = np.zeros_like(base)
        for one in self._assumptions.in_force(paid.month):
            due = due + contribution(base, one)
        return due

    def _base(self, paid: Paid) -> Fen:
        if self._assumptions.contribution_base == "current":
            return paid.regular
        year = year_of(paid.month)
        if paid.month % 12 + 1 < self._assumptions.base_month:
            year -= 1
        before = range(12 * (year - 1), 12 * year)
        if before[-1] < self._start:
            return self._roster_pay
        yearly = np.zeros_like(self._roster_pay)
        for month in before:
            yearly = yearly + self._paid.get(month, self._roster_pay)
        return (2 * yearly + 12) // 24


def contribution(base: Fen, one: Contribution) -> Fen:
    """Rate times a base between floor and ceiling, rounded to the fen, halves up."""
    inside = np.maximum(base, one.floor)
    if one.ceiling:
        inside = np.minimum(inside, one.ceiling)
    top, bottom = one.rate.numerator, one.rate.denominator
    return (2 * inside * top + bottom) // (2 * bottom)


def compare_offers(
    roster: Roster, offers: Sequence[Offer], assumptions: Assumptions
) -> pd.DataFrame:
    """Offers side by side; see `compare_costs`."""
    return compare_costs(roster, [cost_offer(roster, o, assumptions) for o in offers])


def compare_costs(roster: Roster, costs: Sequence[Cost]) -> pd.DataFrame:
    """Costed offers side by side, in yuan.

    Returns
    -------
    DataFrame
        One row an offer: ``offer``, ``side``, ``total``, ``more`` (above doing nothing),
        ``growth`` (of the cost), ``annualised``, ``present_value``, ``average_rise`` (of the
        monthly pay at the end, by heads), and ``lowest`` base wage at the end.
    """
    import pandas as pd

    lines = []
    heads = roster.column("heads")
    for cost in costs:
        before, after = (int((p.regular * heads).sum()) for p in (cost.first, cost.last))
        lines.append(
            {
                "offer": cost.offer.name,
                "side": cost.offer.side,
                "total": cost.total / 100,
                "more": cost.more / 100,
                "growth": cost.more / (cost.total - cost.more),
                "annualised": cost.annualised / 100,
                "present_value": cost.present_value,
                "average_rise": after / before - 1,
                "lowest": int(cost.last.base.min()) / 100,
            }
        )
    return pd.DataFrame(lines)
