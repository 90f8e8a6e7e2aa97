"""Levels of a classification, and the rule by which a cell is too thin for its own figure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from wageguide.errors import InputError, PolicyError
from wageguide.tiers.arrow import plain_array

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.survey.survey import Survey

_OCCUPATION = re.compile(r"[1-8](-\d\d){0,3}")

#: Fewer enterprises are never enough: of two, each can work out the other's wages.
LEAST_ENTERPRISES = 3

#: A variance between enterprises needs two of them.
LEAST_FOR_VARIANCE = 2

_SHOWN = 5


@dataclass(frozen=True)
class SmallCells:
    """When a cell is too thin for its own figure: the `[small_cells]` section of a policy.

    Attributes
    ----------
    min_workers, min_enterprises
        Unweighted counts from which a cell has a figure of its own.
    variance_enterprises
        Enterprises from which a cell's own sampling variance is used in a model; below,
        it is smoothed over all cells. A variance from m enterprises has itself a relative
        error of about ``sqrt(2 / (m - 1))``: from five, one in sixteen is under a fifth of
        what it should be, and its cell would seem to need no help.
    """

    min_workers: int
    min_enterprises: int
    variance_enterprises: int

    def __post_init__(self) -> None:
        least = {
            "min_workers": 1,
            "min_enterprises": LEAST_ENTERPRISES,
            "variance_enterprises": LEAST_FOR_VARIANCE,
        }
        problems = [
            f"{name} = {getattr(self, name)} should be {number} or more"
            for name, number in least.items()
            if getattr(self, name) < number
        ]
        if problems:
            raise PolicyError("The rule for small cells cannot be used:", problems)


@dataclass(frozen=True)
class Level:
    """One level of a classification.

    Attributes
    ----------
    label_zh, label_en
        What a code of this level is called.
    of
        The code at this level that a detailed code belongs to (None: it has none there),
        as a function; or the column of the data that holds it.
    """

    label_zh: str
    label_en: str
    of: Callable[[str], str | None] | str


def parents(code: str) -> tuple[str, ...]:
    """Codes above an occupation code, from the nearest to the major group.

    >>> parents("6-18-01-01")
    ('6-18-01', '6-18', '6')

    Raises
    ------
    InputError
        If it is no code of the occupation classification.
    """
    if not _OCCUPATION.fullmatch(code):
        raise InputError(
            f"{code!r} is no occupation code; a detailed one looks like 6-18-01-01. Turn names "
            "into codes first, or give levels of your own."
        )
    parts = code.split("-")
    return tuple("-".join(parts[:n]) for n in range(len(parts) - 1, 0, -1))


def _occupation(parts: int) -> Callable[[str], str | None]:
    def at(code: str) -> str | None:
        line = (code, *parents(code))
        return next((c for c in line if c.count("-") == parts - 1), None)

    return at


#: Levels of the occupation classification along which cells are pooled.
OCCUPATION: tuple[Level, ...] = (
    Level("细类", "detailed occupation", lambda code: code),
    Level("小类", "small group", _occupation(3)),
    Level("中类", "middle group", _occupation(2)),
)


def rows_of(data: pd.DataFrame | pa.Table | Survey, names: Sequence[str]) -> pa.Table:
    """The named columns of a frame, an Arrow table or a survey's workers, as Arrow.

    Raises
    ------
    InputError
        If a column is missing, stands twice, or holds values of different kinds.
    """
    source: Any = data
    if not isinstance(data, pa.Table) and not hasattr(data, "columns"):
        source = data.workers
    present = source.column_names if isinstance(source, pa.Table) else list(source.columns)
    wanted = list(dict.fromkeys(names))
    problems = [f"column {n!r} is not there" for n in wanted if n not in present]
    problems += [f"column {n!r} stands twice" for n in wanted if present.count(n) > 1]
    if problems:
        raise InputError(
            f"The data does not fit; it has {', '.join(map(str, present[:30]))}.", problems
        )
    if isinstance(source, pa.Table):
        return source.select(wanted)
    columns = {}
    for name in wanted:
        try:
            columns[name] = pa.array(source[name], from_pandas=True)
        except pa.ArrowException as error:
            raise InputError(f"Column {name!r} holds values of different kinds: {error}.") from None
    return pa.table(columns)


def columns_of(levels: Sequence[Level]) -> tuple[str, ...]:
    """Columns of the data that levels are read from."""
    return tuple(level.of for level in levels if isinstance(level.of, str))


def ancestors(table: pa.Table, key: str, level: Level) -> dict[str, str | None]:
    """Code at a level of every value of a key column, by the value as text.

    Raises
    ------
    InputError
        If a value does not fit the classification, or a column gives it two codes.
    """
    if isinstance(level.of, str):
        return _from_column(table, key, level.of)
    distinct = plain_array(table[key]).dictionary_encode().dictionary
    values = sorted(str(v) for v in distinct.to_pylist() if v is not None)
    found, problems = {}, []
    for value in values:
        try:
            found[value] = level.of(value) or None
        except InputError as error:
            problems.append(str(error))
    if problems:
        more = f" (the first {_SHOWN})" if len(problems) > _SHOWN else ""
        raise InputError(
            f"{len(problems)} values of {key!r} do not fit the classification{more}:",
            problems[:_SHOWN],
        )
    return found


def _from_column(table: pa.Table, key: str, column: str) -> dict[str, str | None]:
    if column == key:
        raise InputError(f"A level cannot be read from the key column {key!r} itself.")
    pairs = table.select([key, column]).group_by([key, column]).aggregate([])
    found: dict[str, set[str]] = {}
    for value, code in zip(pairs[key].to_pylist(), pairs[column].to_pylist(), strict=True):
        if value is not None:
            found.setdefault(str(value), set()).update([] if code in (None, "") else [str(code)])
    several = {value: codes for value, codes in sorted(found.items()) if len(codes) > 1}
    if several:
        raise InputError(
            f"Column {column!r} should hold one code for each {key}; {len(several)} have several:",
            [f"{v}: {', '.join(sorted(c))}" for v, c in list(several.items())[:_SHOWN]],
        )
    return {value: next(iter(codes), None) for value, codes in sorted(found.items())}
