"""Rows of a plan that cannot be reviewed, each named at its cell."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.law.law import Law
from wageguide.payroll.columns import ROW_COLUMNS
from wageguide.payroll.period import read_period
from wageguide.survey.cells import number_text
from wageguide.survey.joined import Joined
from wageguide.survey.words import is_nothing

#: Most that a column of hours or days may hold.
_MOST = {
    "hours_day": 24,
    "hours_week": 168,
    "longest_day_overtime": 24,
    "overtime_hours": 744,
    "rest_day_hours": 744,
    "comp_time_hours": 744,
    "holiday_hours": 744,
    "days_worked": 31,
    "workdays": 31,
    "settlement_days": 366,
    "leave_days_unused": 366,
}
_REQUIRED = tuple(c for c in ROW_COLUMNS if c.required)
_FIGURES = tuple(c for c in ROW_COLUMNS if c.kind in ("money", "number", "integer"))


class RowCheck:
    """Finds, row by row, why a row cannot be reviewed.

    Parameters
    ----------
    rows
        Typed rows; get ``place`` and ``work_place`` as codes, and ``period``.
    joined
        Cells as received, for what they showed.
    law
        Knows the places.
    place, period
        Of the plans that do not name their own.
    """

    def __init__(
        self, rows: pd.DataFrame, joined: Joined, law: Law, place: str, period: str
    ) -> None:
        self.rows, self.joined, self.law = rows.copy(deep=False), joined, law
        self._default_place, self._default_period = place, period
        self._reason = np.full(len(rows), "", dtype=object)
        self._reason[joined.table.total] = "row_total"

    def reasons(self) -> NDArray[np.object_]:
        """The first reason for which each row is set aside; empty text for none."""
        self._places()
        self._periods()
        self._answers()
        self._figures()
        self._twice()
        return self._reason

    def _mark(
        self, bad: NDArray[np.bool_], name: str, values: list[str], reason: str, detail: str = ""
    ) -> None:
        rows = np.flatnonzero(bad)
        self.joined.table.note(rows, name, values, reason, [detail] * len(rows))
        fresh = rows[self._reason[rows] == ""]
        self._reason[fresh] = reason

    def _shown(self, name: str, bad: NDArray[np.bool_]) -> list[str]:
        column = self.joined.received.get(name)
        rows = np.flatnonzero(bad)
        return [""] * len(rows) if column is None else column.received(rows)

    @cached_property
    def _open(self) -> NDArray[np.bool_]:
        return ~self.joined.table.total

    def _places(self) -> None:
        known = self.law.places
        codes = {p.code: p.code for p in known.places.values()}
        codes |= {p.name_zh: p.code for p in known.places.values() if not p.successor}
        for name, default in (("place", self._default_place), ("work_place", "")):
            given = self.rows[name].where(self.rows[name].notna(), default or None)
            words = given.astype("str").str.strip()
            code = words.map(codes)
            wanted = given.notna() if name == "work_place" else pd.Series(True, index=given.index)
            bad = (wanted & code.isna()).to_numpy() & self._open
            shown = ["" if pd.isna(v) else str(v) for v in given[bad]]
            self._mark(bad, name, shown, "place_unknown")
            self.rows[name] = code.where(wanted, None).astype("str")

    def _periods(self) -> None:
        default = self._default_period or None
        stated = self.rows["period"].where(self.rows["period"].notna(), default)
        text = self.rows["month"].where(self.rows["month"].notna(), stated)
        row, texts = pd.factorize(text)
        plan, plans = pd.factorize(stated)
        found = [*(read_period(str(t)) for t in texts), None]
        whole = [*(read_period(str(t)) for t in plans), None]
        bad = np.array([p is None for p in found])[row] & self._open
        self._mark(bad, "month", ["" if pd.isna(t) else t for t in text[bad]], "period_unknown")
        within = np.array([[p is None or q is None or p in q for q in whole] for p in found])
        outside = ~within[row, plan] & self._open
        for number in np.unique(plan[outside]).tolist():
            here = outside & (plan == number)
            self._mark(here, "month", list(text[here]), "period_mixed", str(whole[number]))
        names = np.array(["" if p is None else str(p) for p in found], dtype=object)
        self.rows["period"] = pd.Series(names[row], dtype="str", index=self.rows.index)

    def _answers(self) -> None:
        for column in _REQUIRED:
            if column.kind not in ("text", "code") or column.name not in self.joined.received:
                continue
            bad = self.rows[column.name].isna().to_numpy() & self.joined.present[column.name]
            bad &= self._open
            self._mark(bad, column.name, self._shown(column.name, bad), "answer_unusable")
        bad = self.rows["enterprise_id"].isna().to_numpy() & self._open
        self._mark(bad, "enterprise_id", [""] * int(bad.sum()), "answer_unusable")

    def _figures(self) -> None:
        for column in _FIGURES:
            cells = self.joined.received.get(column.name)
            if cells is None:
                continue
            values = self.rows[column.name].to_numpy()
            nothing = np.array([is_nothing(w) for w in cells.words] + [False])[cells.codes]
            empty = np.isnan(values)
            bad = empty & ~nothing & self._open
            self._mark(bad, column.name, cells.received(np.flatnonzero(bad)), "amount_not_number")
            if column.required:
                bad = empty & nothing & self.joined.present[column.name] & self._open
                self._mark(bad, column.name, self._shown(column.name, bad), "answer_unusable")
            bad = (values < 0) & self._open
            shown = [number_text(v) for v in values[bad].tolist()]
            self._mark(bad, column.name, shown, "amount_negative")
            most = _MOST.get(column.name)
            if most is not None:
                bad = (values > most) & self._open
                shown = [number_text(v) for v in values[bad].tolist()]
                self._mark(bad, column.name, shown, "hours_impossible", str(most))

    def _twice(self) -> None:
        keys = ["enterprise_id", "worker_id", "period"]
        whole = self.rows[keys].notna().all(axis=1) & (self._reason == "")
        twice = (self.rows[whole].duplicated(keys, keep=False)).reindex(self.rows.index)
        bad = twice.fillna(False).to_numpy(dtype=bool)
        for period in sorted(set(self.rows.loc[bad, "period"])):
            here = bad & self.rows["period"].eq(period).to_numpy()
            shown = list(self.rows.loc[here, "worker_id"])
            self._mark(here, "worker_id", shown, "worker_month_twice", period)
