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
    sums
        Sums that several rules need, kept once computed; not to be changed.
    """

    size: int
    values: Mapping[str, Ints | NDArray[np.int8]]
    blank: Mapping[str, Bools]
    absent: Mapping[str, Bools | bool]
    cells: Sequence[Cell]
    cell: NDArray[np.intp]
    home: NDArray[np.intp]
    texts: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)
    sums: dict[str, Ints] = field(default_factory=dict)

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
            column = _codes(rows[name], order)
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


def _codes(answers: pd.Series, order: Sequence[str]) -> NDArray[np.int8]:
    """Position of each answer in the code list; -1 for none."""
    number, words = pd.factorize(answers)
    places = np.array([*(order.index(w) for w in words), -1], dtype=np.int8)
    return places[number]


def _cells(rows: pd.DataFrame) -> tuple[list[Cell], NDArray[np.intp], NDArray[np.intp]]:
    """Places and periods that occur, and those of the work and of the enterprise by row."""
    period, periods = pd.factorize(rows["period"])
    category, categories = pd.factorize(rows["minimum_class"])
    home, places = pd.factorize(rows["place"])
    there, work_places = pd.factorize(rows["work_place"])
    codes_ = [*places, *(w for w in work_places if w not in places)]
    moved = np.array([*(codes_.index(w) for w in work_places), -1])[there]
    work = np.where(there < 0, home, moved)
    shape = (len(codes_), len(periods), len(categories) + 1)
    flat = [np.ravel_multi_index((p, period, category + 1), shape) for p in (work, home)]
    used, number = np.unique(np.concatenate(flat), return_inverse=True)
    cells = []
    for place, when, which in zip(*np.unravel_index(used, shape), strict=True):
        found = read_period(str(periods[when]))
        assert found is not None
        named = str(categories[which - 1]) if which else ""
        cells.append(Cell(str(codes_[place]), found.first, found.months, named))
    return cells, number[: len(rows)], number[len(rows) :]
