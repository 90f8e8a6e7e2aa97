"""Population totals, and whether the rows can meet them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.errors import WeightError
from wageguide.policy import Policy
from wageguide.survey.columns import plain_heading
from wageguide.survey.frame import Frame
from wageguide.survey.lists import read_list
from wageguide.survey.selection import JOINER, joined
from wageguide.survey.weight_settings import CalibrationSettings, beside
from wageguide.survey.words import read_number

#: Relative difference up to which the sums of two margins are the same.
SAME = 1e-9

_HEADINGS = {
    "margin": ("边际", "margin"),
    "category": ("类别", "category"),
    "total": ("总数", "total"),
}
_SHOWN = 20

#: Put before the name of a column that comes from the frame and not from the return.
FRAME_PREFIX = "frame_"

#: Margin (columns joined by JOINER) to total by category (values joined likewise); a number
#: has the category "".
Totals = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Auxiliaries:
    """Rows as calibration takes them.

    Attributes
    ----------
    x
        Shape (rows, columns).
    totals
        Shape (columns,).
    names
        Margin and category of each column.
    code
        Column of `x` of each row, by margin, shape (margins, rows).
    """

    x: NDArray[np.float64]
    totals: NDArray[np.float64]
    names: tuple[tuple[str, str], ...]
    code: NDArray[np.intp]

    @property
    def labels(self) -> list[str]:
        """Names as messages have them."""
        return [f"{m} = {c}" if c else m for m, c in self.names]


def read_totals(path: Path) -> Totals:
    """Read a file of totals: columns ``margin``, ``category``, ``total``.

    A margin of several columns is written as their names with `` / `` between them, a
    category likewise; the total of a number has an empty category.

    Raises
    ------
    WeightError
        With every row that cannot be used.
    """
    file = read_list(path, "The file of totals")
    plain = [plain_heading(h) for h in file.headings]
    place = {
        name: next((plain.index(h) for h in known if h in plain), -1)
        for name, known in _HEADINGS.items()
    }
    absent = [f"{_HEADINGS[n][0]} ({n})" for n, i in place.items() if i < 0]
    if absent:
        raise WeightError(f"The file of totals {path.name} has no column {', '.join(absent)}.")
    totals: dict[str, dict[str, float]] = {}
    problems = []
    for row, line in file.rows.items():
        margin, category, cell = (line[place[n]] for n in ("margin", "category", "total"))
        value = read_number(cell, money=False)
        if not value >= 0:
            problems.append(f"row {row}: total is {cell!r}; it should be a number from 0 up")
        margin, category = (_spaced(t) for t in (margin, category))
        if category in totals.setdefault(margin, {}):
            problems.append(f"row {row}: {margin} = {category} has a total already")
        totals[margin][category] = value
    if problems:
        raise WeightError(f"The file of totals {path.name} cannot be used:", problems[:_SHOWN])
    return totals


def _spaced(text: str) -> str:
    return JOINER.join(part.strip() for part in text.split("/"))


def population_totals(
    asked: CalibrationSettings, policy: Policy, frame: Frame
) -> tuple[CalibrationSettings, Totals]:
    """The totals, and the settings with the margins' columns as the workers have them.

    Totals from a file are of the workers' own answers, or of columns that only the frame
    has. Sums over the frame go by the frame's columns, which the workers then have under
    `FRAME_PREFIX`: a return may name another size class than the frame does.
    """
    if asked.totals is not None:
        return asked, read_totals(beside(policy, asked.totals))
    assert asked.totals_column is not None
    values = pd.Series(frame.numbers(asked.totals_column))
    margins, totals = [], {}
    for margin in asked.margins:
        frame.require(margin, "A margin")
        margins.append(tuple(FRAME_PREFIX + name for name in margin))
        sums = values.groupby(joined(frame.table, margin).to_numpy()).sum()
        totals[JOINER.join(margins[-1])] = {str(k): float(v) for k, v in sums.items()}
    return replace(asked, margins=tuple(margins)), totals


def auxiliaries(rows: pd.DataFrame, asked: CalibrationSettings, totals: Totals) -> Auxiliaries:
    """Put rows and totals side by side.

    Raises
    ------
    WeightError
        With every margin without totals or values, every category that has a total and no
        row or rows and no total, and all margins whose sums differ.
    """
    problems: list[str] = []
    blocks: list[NDArray[np.float64]] = []
    names: list[tuple[str, str]] = []
    wanted: list[float] = []
    codes: list[NDArray[np.intp]] = []
    for margin in asked.margins:
        name = JOINER.join(margin)
        if not _usable(rows, margin, name, totals, problems):
            continue
        values = joined(rows, margin).to_numpy()
        problems += _category_problems(name, values, totals[name])
        categories = [c for c, t in totals[name].items() if t > 0]
        code = pd.Index(categories).get_indexer(pd.Index(values))
        blocks.append((code[:, None] == np.arange(len(categories))).astype(np.float64))
        codes.append(code + len(names))
        names += [(name, c) for c in categories]
        wanted += [totals[name][c] for c in categories]
    for number in asked.numbers:
        if _usable(rows, (number,), number, totals, problems, numeric=True):
            blocks.append(rows[number].to_numpy(dtype=np.float64)[:, None])
            names.append((number, ""))
            wanted.append(totals[number][""])
    sums = {m: sum(totals[m].values()) for m in map(JOINER.join, asked.margins) if m in totals}
    if sums and max(sums.values()) - min(sums.values()) > SAME * max(sums.values()):
        told = ", ".join(f"{m} {s:,.10g}" for m, s in sums.items())
        problems.append(f"the totals contradict each other; they add up to: {told}")
    if problems:
        raise WeightError("The weights cannot be calibrated to these totals:", problems)
    code_of = np.array(codes, dtype=np.intp).reshape(len(codes), len(rows))
    return Auxiliaries(np.concatenate(blocks, axis=1), np.array(wanted), tuple(names), code_of)


def _usable(
    rows: pd.DataFrame,
    columns: tuple[str, ...],
    name: str,
    totals: Totals,
    problems: list[str],
    *,
    numeric: bool = False,
) -> bool:
    """Whether rows have the columns, filled, and there are totals for them."""
    found = len(problems)
    for column in columns:
        if column not in rows:
            problems.append(f"margin {name}: the workers have no column {column!r}")
        elif numeric and rows[column].dtype.kind not in "if":
            problems.append(f"{name}: {column} does not hold numbers")
        elif empty := int(rows[column].isna().sum()):
            problems.append(
                f"margin {name}: {empty:,} of {len(rows):,} rows have no {column}; leave the "
                "margin out, or have the answers completed"
            )
    if name not in totals:
        problems.append(f"margin {name}: there are no totals; there are {', '.join(totals)}")
    elif numeric and "" not in totals[name]:
        problems.append(f"{name}: its total needs an empty category")
    return len(problems) == found


def _category_problems(
    name: str, values: NDArray[np.object_], totals: Mapping[str, float]
) -> list[str]:
    counts = pd.Series(values).value_counts().sort_index()
    positive = {c for c, t in totals.items() if t > 0}
    problems = [
        f"margin {name}: {c} has a total of {totals[c]:,.10g}, but no row; merge categories"
        for c in sorted(positive - set(counts.index))
    ]
    return problems + [
        f"margin {name}: {c} has {n:,} rows, but no total above 0"
        for c, n in counts.items()
        if c not in positive
    ]
