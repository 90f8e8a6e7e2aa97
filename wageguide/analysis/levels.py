"""Levels of a classification: which groups a detailed code belongs to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from wageguide.errors import InputError
from wageguide.tiers.arrow import plain_array

_SHOWN = 5


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


def columns_of(levels: Sequence[Level]) -> tuple[str, ...]:
    """Columns of the data that levels are read from."""
    return tuple(level.of for level in levels if isinstance(level.of, str))


def groups_above(table: pa.Table, key: str, levels: Sequence[Level]) -> list[dict[str, str | None]]:
    """Code of every value of a key column at each level above its own.

    Parameters
    ----------
    table
        Holds the key, and the columns that levels are read from.
    key
        Column of detailed codes.
    levels
        The detailed codes' own level, and those above it from the finest.

    Returns
    -------
    list of dict
        For each level after the first, the code (None: it has none there) by the value as
        text.

    Raises
    ------
    InputError
        If two levels have the same name, a value does not fit the classification, or the
        groups of a level cut across those of the level below.
    """
    labels = [label for level in levels for label in (level.label_zh, level.label_en)]
    if len({level.label_zh for level in levels}) < len(levels) or "" in labels:
        raise InputError(f"Levels need names of their own; these are {', '.join(labels)}.")
    above = [ancestors(table, key, level) for level in levels[1:]]
    for place in range(1, len(above)):
        _refuse_cut(above[place - 1], above[place], levels[place], levels[place + 1])
    return above


def _refuse_cut(
    lower: dict[str, str | None], upper: dict[str, str | None], below: Level, level: Level
) -> None:
    found: dict[str, set[str]] = {}
    for value, group in lower.items():
        if group is not None:
            found.setdefault(group, set()).add(upper[value] or "(none)")
    several = {group: codes for group, codes in sorted(found.items()) if len(codes) > 1}
    if several:
        raise InputError(
            f"Each {below.label_en} must lie within one {level.label_en}; {len(several)} do not:",
            [f"{g}: {', '.join(sorted(c))}" for g, c in list(several.items())[:_SHOWN]],
        )


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
