"""One return before it is written: the answers, the lines of its worker sheet, its looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from wageguide.survey.columns import ENTERPRISE_COLUMNS, PAY_PARTS, WORKER_COLUMNS

from .reference import names

Cell = str | int | float | None

#: Worker questions that the office's form asks; a weight is the office's own business.
QUESTIONS = tuple(c.name for c in WORKER_COLUMNS if c.name != "weight")
ENTERPRISE_QUESTIONS = tuple(c.name for c in ENTERPRISE_COLUMNS)
MONEY = (*PAY_PARTS, "annual_wage")
_NAMED = ("post_level", "skill_level", "education", "sex", "employment_form")


@dataclass
class Line:
    """One line under the heading of the worker sheet.

    `worker` is the position of the worker in the return's microdata, -1 for a line that is
    no worker's own. `faults` hold (column, reason, planted, true value).
    """

    cells: dict[str, Cell]
    worker: int = -1
    faults: list[tuple[str, str, Cell, Cell]] = field(default_factory=list)

    def plant(self, column: str, value: Cell, reason: str) -> None:
        """Put a wrong value into a cell and note it."""
        self.faults.append((column, reason, value, self.cells[column]))
        self.cells[column] = value


@dataclass(frozen=True)
class Layout:
    """How a worker sheet looks; none of it is wrong."""

    title: bool = False
    note: bool = False
    two_row_heading: bool = False
    synonym_headings: bool = False
    reordered_columns: bool = False
    extra_columns: tuple[str, ...] = ()
    money_unit: str = ""
    columns: tuple[str, ...] = QUESTIONS

    def marks(self) -> list[str]:
        """Names of what departs from the plain form."""
        flags = ("title", "note", "two_row_heading", "synonym_headings", "reordered_columns")
        return [name for name in flags if getattr(self, name)]


@dataclass
class Return:
    """One enterprise's return.

    `role` names the fault of the whole file, if any; `file_faults` are (sheet, column, reason,
    planted, true value).
    """

    file: str
    role: str
    answers: dict[str, Cell]
    lines: list[Line]
    layout: Layout = field(default_factory=Layout)
    seed: tuple[int, ...] = ()
    file_faults: list[tuple[str, str, str, Cell, Cell]] = field(default_factory=list)


def _plain(value: Any) -> Cell:
    """A numpy or pandas scalar as what a spreadsheet cell holds; whole floats as integers."""
    if isinstance(value, str):
        return value
    number = float(value)
    return int(number) if number.is_integer() else number


def make_return(microdata: pd.DataFrame, file: str, role: str, rng: np.random.Generator) -> Return:
    """A clean return from the microdata of one enterprise."""
    first = microdata.iloc[0]
    answers = {q: _plain(first[q]) for q in ENTERPRISE_QUESTIONS}
    answers["enterprise_size"] = names("enterprise_size")[first["enterprise_size"]]
    answers["registration_type"] = names("registration_type")[first["registration_type"]]
    if rng.random() < 0.4:
        answers["industry"] = names("industry")[first["industry"]]
    shown = microdata[list(QUESTIONS)].copy()
    for key in _NAMED:
        shown[key] = shown[key].map(names(key))
    if rng.random() < 0.5:
        shown["occupation"] = shown["occupation"].str.replace("-", "")
    columns = [[_plain(v) for v in shown[q].tolist()] for q in QUESTIONS]
    rows = zip(*columns, strict=True)
    lines = [Line(dict(zip(QUESTIONS, row, strict=True)), i) for i, row in enumerate(rows)]
    return Return(file, role, answers, lines)
