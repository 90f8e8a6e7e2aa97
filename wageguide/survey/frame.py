"""The sampling frame: all enterprises of the place, and which of them were drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.errors import WeightError
from wageguide.provenance import Source
from wageguide.survey.codes import codes
from wageguide.survey.columns import ENTERPRISE_COLUMNS, Column, plain_heading
from wageguide.survey.lists import ListFile, read_list
from wageguide.survey.words import read_number

#: What a frame holds besides the enterprise columns of the data dictionary.
FRAME_COLUMNS: tuple[Column, ...] = (
    Column(
        "stratum",
        ("抽样层", "层", "层号", "stratum", "strata"),
        "text",
        description="Stratum in which the enterprise was drawn.",
    ),
    Column(
        "selected",
        ("是否抽中", "抽中", "样本标志", "是否样本", "selected", "sampled"),
        "text",
        description="Whether it was drawn: 1/0, 是/否. Without the column all were asked.",
    ),
    Column(
        "probability",
        ("入样概率", "抽中概率", "包含概率", "probability", "inclusion probability"),
        "number",
        description="Probability of being drawn, above 0 and at most 1.",
    ),
)

_YES = {"1", "是", "y", "yes", "true", "√", "抽中"}
_NO = {"0", "", "否", "n", "no", "false", "未抽中"}
_KNOWN = {c.name: c for c in (*ENTERPRISE_COLUMNS, *FRAME_COLUMNS)}
_NAMES = {plain_heading(h): c.name for c in _KNOWN.values() for h in (c.name, *c.headings)}
_SHOWN = 20


@dataclass(frozen=True, repr=False)
class Frame:
    """All enterprises of a place.

    Attributes
    ----------
    table
        One row an enterprise: ``enterprise_id``, ``selected`` (bool) and what else the
        file has; columns of the data dictionary under their names there, with codes as in
        the code lists, others under their headings, as text.
    source
        The file it was read from.
    """

    table: pd.DataFrame
    source: Source

    def require(self, names: Sequence[str], purpose: str) -> None:
        """Stop unless all named columns are there and filled in every row."""
        absent = [n for n in names if n not in self.table]
        problems = [f"there is no column {n!r}" for n in absent]
        for name in dict.fromkeys(n for n in names if n not in absent):
            empty = self.table[name].isna()
            if empty.any():
                first = ", ".join(self.table.loc[empty, "enterprise_id"].head(3))
                problems.append(f"{name} is empty for {int(empty.sum()):,} enterprises: {first}")
        if problems:
            raise WeightError(
                f"{purpose} needs columns of the frame {self.source.name}, which has "
                f"{', '.join(map(str, self.table.columns))}:",
                problems,
            )

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column as numbers from 0 up, one an enterprise; see `require`."""
        self.require([name], f"A sum of {name}")
        cells = self.table[name]
        if cells.dtype == np.float64:
            return cells.to_numpy()
        values = np.array([read_number(c, money=False) for c in cells])
        wrong = np.flatnonzero(~(values >= 0))
        if wrong.size:
            first = cells.iloc[wrong[0]]
            raise WeightError(
                f"{name} of the frame {self.source.name} should hold numbers from 0 up; "
                f"{wrong.size:,} cells do not, the first is {first!r} of enterprise "
                f"{self.table['enterprise_id'].iloc[wrong[0]]}."
            )
        return values

    def __repr__(self) -> str:
        drawn = int(self.table["selected"].sum())
        return (
            f"抽样框 {self.source.name}：{len(self.table):,} 户企业，抽中 {drawn:,} 户 · frame of "
            f"{len(self.table):,} enterprises, {drawn:,} selected"
        )


def read_frame(path: Path | str) -> Frame:
    """Read a sampling frame.

    Parameters
    ----------
    path
        CSV, workbook (first sheet) or Parquet, one row an enterprise. Headings are those of
        the returns and of `FRAME_COLUMNS`, in Chinese or English; others are kept.

    Raises
    ------
    WeightError
        With every row and value that cannot be used: no or two rows of an enterprise,
        unknown codes, probabilities outside 0 to 1.
    """
    path = Path(path)
    file = read_list(path, "The frame")
    names = [_NAMES.get(plain_heading(h), h) for h in file.headings]
    if "enterprise_id" not in names:
        raise WeightError(
            f"The frame {path.name} has no column 统一社会信用代码 (enterprise_id); it has "
            f"{', '.join(h for h in file.headings if h) or 'none'}."
        )
    problems = [f"two columns hold {n}" for n in sorted({n for n in names if names.count(n) > 1})]
    columns = {n: _column(n, i, file, problems) for i, n in enumerate(names) if n}
    table = pd.DataFrame(columns, index=pd.RangeIndex(len(file.rows)))
    if "selected" not in table:
        table["selected"] = True
    problems += _identity_problems(table["enterprise_id"], list(file.rows))
    if problems:
        more = [f"and {len(problems) - _SHOWN:,} more"] if len(problems) > _SHOWN else []
        raise WeightError(f"The frame {path.name} cannot be used:", [*problems[:_SHOWN], *more])
    return Frame(table, file.source)


def _identity_problems(ids: pd.Series, rows: list[int]) -> list[str]:
    problems = [f"row {rows[i]}: no enterprise_id" for i in np.flatnonzero(ids.isna())]
    first: dict[str, int] = {}
    for row, identity in zip(rows, ids, strict=True):
        if identity in first:
            problems.append(f"row {row}: enterprise {identity} stands in row {first[identity]} too")
        elif isinstance(identity, str):
            first[identity] = row
    return problems


def _column(name: str, place: int, file: ListFile, problems: list[str]) -> pd.Series:
    """One column, typed; what cannot be read is a problem."""
    cells = [line[place] for line in file.rows.values()]
    question = _KNOWN.get(name)
    if name == "selected":
        return _flags(cells, file, problems)
    if question is not None and question.kind == "code":
        return _codes(question, cells, file, problems)
    if question is None or question.kind == "text":
        return pd.Series([c or None for c in cells], dtype="str")
    values = [read_number(c, money=False) if c else math.nan for c in cells]
    for row, cell, value in zip(file.rows, cells, values, strict=True):
        if cell and not (math.isfinite(value) and value >= 0):
            problems.append(f"row {row}: {name} is {cell!r}; it should be a number from 0 up")
        elif name == "probability" and not 0 < value <= 1:
            problems.append(f"row {row}: probability is {cell!r}; it should be above 0, at most 1")
    return pd.Series(values, dtype="float64")


def _flags(cells: list[str], file: ListFile, problems: list[str]) -> pd.Series:
    for row, cell in zip(file.rows, cells, strict=True):
        if cell.casefold() not in _YES | _NO:
            problems.append(f"row {row}: selected is {cell!r}; it should be 1 or 0, 是 or 否")
    return pd.Series([c.casefold() in _YES for c in cells], dtype=bool)


def _codes(question: Column, cells: list[str], file: ListFile, problems: list[str]) -> pd.Series:
    known = codes(question.codes)
    found = {cell: known.find(cell) if cell else None for cell in set(cells)}
    for row, cell in zip(file.rows, cells, strict=True):
        if cell and found[cell] is None:
            problems.append(f"row {row}: {question.name} is {cell!r}, which its list does not have")
    return pd.Series([found[c] for c in cells], dtype="str")
