"""Rows of plans as arrays: money in fen, hours and days in thousandths, answers as codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.payroll.columns import ROW_COLUMNS
from wageguide.payroll.period import read_period
from wageguide.payroll.plan import Plan
from wageguide.survey.codes import codes
from wageguide.units import FEN_PER_YUAN

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Hours, days and shares are held in thousandths.
PER_UNIT = 1_000

KINDS = {c.name: c.kind for c in ROW_COLUMNS}
CODED = {c.name: c.codes for c in ROW_COLUMNS if c.kind == "code" and c.codes != "occupation"}


@dataclass(frozen=True)
class Cell:
    """Where and when a row is judged.

    Attributes
    ----------
    place
        Code of the place.
    month, months
        First month, counted from year 0, and how many (1 or 12).
    category
        Class of the minimum wage that the plan names; empty where it does not.
    """

    place: str
    month: int
    months: int
    category: str = ""


@dataclass
class Batch:
    """Rows as arrays; what was not said is 0 (or -1 for codes) and not `given`.

    Attributes
    ----------
    size
        Rows.
    values
        Fen of money, thousandths of other figures, codes of answers, by column.
    blank
        Rows in which a column that is there says nothing; absent where there is none.
    absent
        Rows whose file has not got the column, True for all of them.
    cells, cell
        Places and periods, and the one in which each row's work is done.
    home
        The one of the enterprise's own place.
    texts
        Other columns that a rule may read, as object arrays.
    """

    size: int
    values: Mapping[str, Ints | NDArray[np.int8]]
    blank: Mapping[str, Bools]
    absent: Mapping[str, Bools | bool]
    cells: Sequence[Cell]
    cell: NDArray[np.intp]
    home: NDArray[np.intp]
    texts: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)

    def amount(self, name: str) -> Ints:
        """Fen, or thousandths; 0 where nothing is said."""
        found = self.values.get(name)
        return self._zeros if found is None else np.asarray(found, dtype=np.int64)

    @cached_property
    def _zeros(self) -> Ints:
        return np.zeros(self.size, np.int64)

    def lacks(self, name: str) -> Bools:
        """Rows whose file has not got the column."""
        found = self.absent.get(name, True)
        if isinstance(found, bool):
            return np.full(self.size, found)
        return found

    def given(self, name: str) -> Bools:
        """Rows that say something."""
        if name not in self.values:
            return np.zeros(self.size, bool)
        blank = self.blank.get(name)
        return ~self.lacks(name) if blank is None else ~(self.lacks(name) | blank)

    def is_(self, name: str, *answers: str) -> Bools:
        """Rows whose answer is one of these codes."""
        found = self.values.get(name)
        if found is None:
            return np.zeros(self.size, bool)
        listed = list(codes(CODED[name]).entries)
        result = np.zeros(self.size, bool)
        for answer in answers:
            result |= found == listed.index(answer)
        return result

    @cached_property
    def yearly(self) -> Bools:
        """Rows that stand for a whole year."""
        return np.array([c.months != 1 for c in self.cells], dtype=bool)[self.cell]


def batch_of(plan: Plan, assume: Mapping[str, str] | None = None) -> Batch:
    """The rows of a plan as arrays.

    Parameters
    ----------
    plan
        As read.
    assume
        Answers to take for the columns that a file has not got, by column.
    """
    rows, size = plan.rows, len(plan.rows)
    files = pd.Categorical(rows["file"], categories=list(plan.present.index))
    values: dict[str, Ints | NDArray[np.int8]] = {}
    blank: dict[str, Bools] = {}
    absent: dict[str, Bools | bool] = {}
    texts: dict[str, NDArray[np.object_]] = {}
    for name, kind in KINDS.items():
        has = plan.present[name].to_numpy() if name in plan.present else None
        taken = (assume or {}).get(name)
        if has is None and taken is None:
            continue
        lacks = np.ones(size, bool) if has is None else ~has[files.codes]
        if name in CODED:
            order = list(codes(CODED[name]).entries)
            column = pd.Categorical(rows[name], categories=order).codes.astype(np.int8)
            if taken is not None:
                column = np.where(lacks, order.index(taken), column).astype(np.int8)
                lacks = np.zeros(size, bool)
            values[name], empty = column, column < 0
        elif kind in ("text", "code"):
            texts[name] = rows[name].to_numpy(dtype=object)
            empty = rows[name].isna().to_numpy()
            values[name] = (~empty).astype(np.int8)
        else:
            figures = rows[name].to_numpy(dtype=np.float64)
            empty = np.isnan(figures)
            scale = FEN_PER_YUAN if kind == "money" else PER_UNIT
            values[name] = np.rint(np.where(empty, 0.0, figures) * scale).astype(np.int64)
        if empty.any():
            blank[name] = empty
        absent[name] = lacks if lacks.any() else False
    cells, cell, home = _cells(rows)
    return Batch(size, values, blank, absent, cells, cell, home, texts)


def _cells(rows: pd.DataFrame) -> tuple[list[Cell], NDArray[np.intp], NDArray[np.intp]]:
    work = rows["work_place"].where(rows["work_place"].notna(), rows["place"])
    category = rows["minimum_class"].where(rows["minimum_class"].notna(), "").astype("str")
    both = pd.concat(
        [
            pd.DataFrame({"place": p, "period": rows["period"], "category": category})
            for p in (work, rows["place"])
        ],
        ignore_index=True,
    )
    number, keys = pd.factorize(pd.MultiIndex.from_frame(both))
    cells = []
    for place, period, category_ in keys:
        found = read_period(period)
        assert found is not None
        cells.append(Cell(place, found.first, found.months, category_))
    half = len(rows)
    return cells, number[:half], number[half:]
