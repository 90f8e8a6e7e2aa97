"""The law for the places and periods of a batch: one value a cell, gathered by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from wageguide.errors import LawError
from wageguide.law.found import Found
from wageguide.law.law import Law, OnStale
from wageguide.payroll.batch import PER_UNIT, Batch, Cell
from wageguide.payroll.period import month_days
from wageguide.units import FEN_PER_YUAN

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
#: Stands for a value that is not known; no amount of the law is negative.
UNKNOWN = -1


@dataclass
class LawTable:
    """Values of the law, looked up once a cell.

    Attributes
    ----------
    law
        The law.
    on_stale, unverified
        As in `Law.look_up`.
    used
        Every value that was looked up.
    """

    law: Law
    on_stale: OnStale = "stop"
    unverified: bool = False
    used: dict[tuple[str, str, Cell], Found] = field(default_factory=dict)
    _held: dict[tuple[str, str, Cell], int] = field(default_factory=dict)
    _why: dict[tuple[str, str, Cell], str] = field(default_factory=dict)

    def money(self, batch: Batch, quantity: str, category: str = "", home: bool = False) -> Ints:
        """Fen in the period of each row; `UNKNOWN` where the law data have nothing.

        A value that changes within a month counts by calendar days; a year is the sum of
        its months.
        """
        return self._gather(batch, quantity, category, self._money, home)

    def share(self, batch: Batch, quantity: str, category: str = "") -> Ints:
        """Thousandths on the first day of the period; `UNKNOWN` where there is nothing."""
        return self._gather(batch, quantity, category, self._first(PER_UNIT), False)

    def hundredths(self, batch: Batch, quantity: str, category: str = "") -> Ints:
        """Hundredths on the first day of the period, for values such as 21.75."""
        return self._gather(batch, quantity, category, self._first(100), False)

    def text(self, batch: Batch, quantity: str, category: str, options: tuple[str, ...]) -> Ints:
        """Position of the text in `options`; `UNKNOWN` where there is nothing."""

        def find(name: str, category: str, cell: Cell) -> int:
            found = self._look_up(name, category, cell, month_days(cell.month)[0])
            return options.index(str(found.value))

        return self._gather(batch, quantity, category, find, False)

    def why(self, batch: Batch, quantity: str, category: str = "") -> dict[str, Bools]:
        """Rows by the reason for which the law data have no value."""
        reasons = [self._why.get((quantity, category, c), "") for c in batch.cells]
        words = {w: np.array([r == w for r in reasons])[batch.cell] for w in set(reasons) if w}
        return {w: rows for w, rows in words.items() if rows.any()}

    def inside(self, batch: Batch, place: str) -> Bools:
        """Rows whose work is done in a place or in what lies in it."""
        flags = [self._lies(c.place, place) for c in batch.cells]
        return np.array(flags, dtype=bool)[batch.cell]

    def home_inside(self, batch: Batch, place: str) -> Bools:
        """Rows whose enterprise is in a place or in what lies in it."""
        flags = [self._lies(c.place, place) for c in batch.cells]
        return np.array(flags, dtype=bool)[batch.home]

    def workdays(self, batch: Batch) -> Ints:
        """Thousandths of workdays of the month by the calendar; `UNKNOWN` without one."""
        days = []
        for cell in batch.cells:
            first, last = month_days(cell.month)
            known = first.year in self.law.calendar.years and cell.months == 1
            days.append(self.law.calendar.workdays(first, last) * PER_UNIT if known else UNKNOWN)
        return np.array(days, dtype=np.int64)[batch.cell]

    def _lies(self, place: str, around: str) -> bool:
        return any(p.code == around for p in self.law.places.path(place))

    def _gather(
        self,
        batch: Batch,
        quantity: str,
        category: str,
        find: Callable[[str, str, Cell], int],
        home: bool,
    ) -> Ints:
        values = np.empty(len(batch.cells), np.int64)
        for i, cell in enumerate(batch.cells):
            key = (quantity, category, cell)
            if key not in self._held:
                try:
                    self._held[key] = find(quantity, category, cell)
                except LawError as error:
                    self._held[key], self._why[key] = UNKNOWN, str(error)
            values[i] = self._held[key]
        if values.size and (values == values[0]).all():
            return np.broadcast_to(values[0], (batch.size,))
        return values[batch.home if home else batch.cell]

    def _first(self, scale: int) -> Callable[[str, str, Cell], int]:
        def find(quantity: str, category: str, cell: Cell) -> int:
            found = self._look_up(quantity, category, cell, month_days(cell.month)[0])
            value = found.number * scale
            if value != int(value):
                raise LawError(f"{quantity} = {found.value} is finer than 1/{scale}.")
            return int(value)

        return find

    def _money(self, quantity: str, category: str, cell: Cell) -> int:
        fen = Fraction(0)
        for month in range(cell.month, cell.month + cell.months):
            first, last = month_days(month)
            day, days = first, (last - first).days + 1
            while day <= last:
                found = self._look_up(quantity, category, cell, day)
                until = last if found.until is None else min(found.until, last)
                if self.on_stale == "stop":
                    until = self._checked(found, day, until)
                share = Fraction((until - day).days + 1, days)
                fen += Fraction(found.number) * FEN_PER_YUAN * share
                day = until + dt.timedelta(days=1)
        return int(fen + Fraction(1, 2))

    def _checked(self, found: Found, day: dt.date, until: dt.date) -> dt.date:
        """A value is good for the days on which somebody had looked, and no others."""
        if found.entry.own or found.checked_through < day:
            return until
        return min(until, found.checked_through)

    def _look_up(self, quantity: str, category: str, cell: Cell, day: dt.date) -> Found:
        asked = category or None
        if self.law.quantity(quantity).class_of and cell.category:
            asked = cell.category
        found = self.law.look_up(
            quantity,
            cell.place,
            day,
            asked,
            on_stale=self.on_stale,
            unverified=self.unverified,
        )
        self.used[quantity, category, cell] = found
        return found
