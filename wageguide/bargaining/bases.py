"""Contributions of workers of one stratum, in every scenario, on the base that is assumed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wageguide.bargaining.assumptions import Assumptions, Contribution
from wageguide.bargaining.months import year_of
from wageguide.bargaining.piecewise import Floats, Maps, after, amount, between, mean, percent
from wageguide.bargaining.strata import Stratum

#: Above every wage: a base without a ceiling.
_NO_CEILING = 1e15


class Bases:
    """What each month's contributions are on; months are told in their order."""

    def __init__(self, stratum: Stratum, assumptions: Assumptions, start: int) -> None:
        self._stratum, self._assumptions, self._start = stratum, assumptions, start
        self._every = np.ones(1)
        # Pay as it is in the roster, overtime included.
        self._roster = self._pay(Maps.identity(1), 0.0, follows=True)
        self._paid: dict[int, tuple[Maps, float]] = {}
        self._regular = self._roster
        self._yearly: dict[int, Maps] = {}
        # Base, contributions in force and their sum of the month before: most are as they were.
        self._last: tuple[Maps | None, list[Contribution], Floats] = (None, [], self._every)

    def _pay(self, maps: Maps, allowance: float, *, follows: bool) -> Maps:
        """Pay of a month as a map of the base wage: overtime in proportion, or as it was."""
        own = self._stratum
        fixed = own.allowance + (0.0 if follows else own.overtime)
        if follows:
            maps = after(maps, percent(own.overtime_ratio * self._every))
        return after(maps, amount((fixed / own.heads + allowance) * self._every))

    def now(self, maps: Maps, allowance: float) -> None:
        """Say what is paid from here on: the map of base wages, and allowance added a head."""
        follows = self._assumptions.overtime_follows
        self._regular = self._pay(maps, allowance, follows=follows)

    def due(self, month: int, extra: float) -> Floats:
        """Contributions of a month, yuan, shape (scenarios,), or (1,) if they are the same in all.

        `extra` is paid once, a head.
        """
        self._paid[month] = (self._regular, extra)
        base, law = self._base(month), self._assumptions.in_force(month)
        if base is not self._last[0] or law != self._last[1]:
            self._last = (base, law, self._total(base, law))
        return self._last[2]

    def _total(self, base: Maps, law: Sequence[Contribution]) -> Floats:
        total = np.zeros(self._every.size)
        for one in law:
            high = one.ceiling / 100 if one.ceiling else _NO_CEILING
            inside = after(base, between(one.floor / 100 * self._every, high * self._every))
            total = total + float(one.rate) * self._stratum.plain.total(inside)
        return total

    def _base(self, month: int) -> Maps:
        if self._assumptions.contribution_base == "current":
            return self._regular
        year = year_of(month)
        if month % 12 + 1 < self._assumptions.base_month:
            year -= 1
        if 12 * year <= self._start:
            return self._roster
        if year not in self._yearly:
            before = range(12 * (year - 1), 12 * year)
            months = [self._paid.get(m, (self._roster, 0.0)) for m in before]
            average = mean([m for m, _ in months])
            once = sum(e for _, e in months) / 12
            self._yearly[year] = after(average, amount(once * self._every))
        return self._yearly[year]
