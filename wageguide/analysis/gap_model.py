"""Two groups and the regressors that may explain their gap, as a matrix.

A category with L values becomes L - 1 deviation contrasts: column c is 1 for value c, -1
for the last value and 0 otherwise. Its L coefficients then sum to zero, and what the
category contributes does not depend on which value would have been left out.

Source: M.-S. Yun, A simple solution to the identification problem in detailed wage
decompositions, Economic Inquiry 43 (2005).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wageguide.analysis.gap_rows import DesignRows
from wageguide.errors import InputError
from wageguide.tiers.arrow import from_flags, to_flags, to_floats
from wageguide.tiers.checks import Flags
from wageguide.tiers.keys import KeyColumn, encode_key
from wageguide.tiers.scale import Floats, Ints

#: One value of the group column, or several that make up one side.
Side = str | int | Sequence[str] | Sequence[int]
#: Columns, each a term of its own; or terms by name, each with its columns.
Regressors = Sequence[str] | Mapping[str, Sequence[str]]

_SHOWN = 8


class GapError(InputError):
    """Two groups that cannot be compared with the regressors that were asked for."""


@dataclass(frozen=True)
class GapQuestion:
    """Which groups, and what may explain their gap.

    Attributes
    ----------
    group
        Column that tells the groups apart.
    first, second
        Their values: the gap is the first group's wages less the second's.
    terms
        Columns of each term, by the term's name.
    categories
        Columns of numbers that are codes of categories.
    min_rows
        Rows that each group must have.
    """

    group: str
    first: tuple[str | int, ...]
    second: tuple[str | int, ...]
    terms: Mapping[str, tuple[str, ...]]
    categories: frozenset[str]
    min_rows: int

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of all terms, in their order."""
        return tuple(c for columns in self.terms.values() for c in columns)

    @property
    def labels(self) -> tuple[str, str]:
        """The two groups in words."""
        return "、".join(map(str, self.first)), "、".join(map(str, self.second))


def gap_question(
    group: str,
    first: Side,
    second: Side,
    regressors: Regressors,
    categories: Collection[str],
    min_rows: int,
) -> GapQuestion:
    """Put the arguments of a decomposition in one form.

    Raises
    ------
    InputError
        If they contradict each other; all problems at once.
    """
    sides = [_values(side) for side in (first, second)]
    if isinstance(regressors, Mapping):
        named = [(t, (c,) if isinstance(c, str) else tuple(c)) for t, c in regressors.items()]
    else:
        single = [regressors] if isinstance(regressors, str) else regressors
        named = [(column, (column,)) for column in single]
    terms = dict(named)
    names = [c for _, columns in named for c in columns]
    problems = [
        f"column {c!r} stands twice" for c in sorted({c for c in names if names.count(c) > 1})
    ]
    problems += [f"term {label!r} has no column" for label, columns in terms.items() if not columns]
    if not terms:
        problems.append("no regressor is named; a gap without any is a difference of means")
    problems += [f"a term may not be called {t!r}" for t in terms if t in ("constant", "total")]
    if group in names:
        problems.append(f"{group!r} tells the groups apart and cannot explain their gap")
    problems += [f"category {c!r} is no regressor" for c in sorted(set(categories) - set(names))]
    if not sides[0] or not sides[1]:
        problems.append("each side needs at least one value of the group column")
    both = sorted(map(str, set(sides[0]) & set(sides[1])))
    if both:
        problems.append(f"{', '.join(both)} stands on both sides")
    if min_rows < 1:
        problems.append(f"min_rows = {min_rows} should be 1 or more")
    if problems:
        raise InputError("The gap cannot be decomposed as asked:", problems)
    return GapQuestion(group, sides[0], sides[1], terms, frozenset(categories), min_rows)


def _values(side: Side) -> tuple[str | int, ...]:
    return (side,) if isinstance(side, str | int) else tuple(side)


@dataclass(frozen=True)
class GapModel:
    """Rows of the two groups and their regressors.

    Attributes
    ----------
    row
        Rows of the design that are in one of the groups and can be used, shape (rows,).
    in_first
        Whether each of them is in the first group.
    matrix
        Regressors without the constant, shape (rows, columns).
    source
        Data column that each column of the matrix comes from.
    in_term
        1 where a column belongs to a term, shape (columns, terms).
    terms
        Names of the terms.
    expand
        Coefficients of all values and numbers from those of the columns,
        shape (coefficients, columns).
    coefficients
        Data column and value of each coefficient; the value of a number is empty.
    pattern, patterns
        Number of each row's combination of regressors, and how many there are.
    """

    row: Ints
    in_first: Flags
    matrix: Floats
    source: tuple[str, ...]
    in_term: Floats
    terms: tuple[str, ...]
    expand: Floats
    coefficients: tuple[tuple[str, str], ...]
    pattern: Ints
    patterns: int


def sides_of(table: pa.Table, question: GapQuestion) -> tuple[Flags, Flags]:
    """Rows of the first and of the second group.

    Raises
    ------
    GapError
        If a value does not occur.
    """
    key = encode_key(question.group, table[question.group])
    values = key.values.to_pylist()
    asked = (*question.first, *question.second)
    absent = [v for v in asked if v not in values]
    if absent:
        shown = ", ".join(map(repr, values[:_SHOWN])) + (" …" if len(values) > _SHOWN else "")
        raise GapError(
            f"Column {question.group!r} has the values {shown}; not among them: "
            f"{', '.join(map(repr, absent))}. Name values as they stand in the data."
        )
    first, second = (
        np.isin(key.code, [values.index(v) for v in side])
        for side in (question.first, question.second)
    )
    return first, second


def regressor_faults(table: pa.Table, question: GapQuestion, wage: str) -> dict[str, Flags]:
    """Rows without a group; those of the two without a regressor or a wage to take logs of."""
    first, second = sides_of(table, question)
    inside = first | second
    wages = to_floats(table[wage])
    faults = {
        f"{question.group} is missing": to_flags(pc.is_null(table[question.group])),
        f"{wage} is 0 and has no logarithm": inside & (wages == 0),
    }
    for name in question.columns:
        column = table[name]
        missing = to_flags(pc.is_null(column))
        if not is_category(column, name, question):
            missing = ~np.isfinite(to_floats(column))
        faults[f"{name} is missing"] = inside & missing
    return faults


def gap_model(rows: DesignRows, question: GapQuestion) -> GapModel:
    """Matrix of the rows of both groups.

    Raises
    ------
    GapError
        If a group is too small, a value of a category occurs in one group only, or a
        regressor does not vary; all problems at once.
    """
    first, second = sides_of(rows.table, question)
    inside = (first | second) & rows.use
    row = np.flatnonzero(inside)
    in_first = first[row]
    table = rows.table.select(list(question.columns)).filter(from_flags(inside))
    problems = []
    for label, size in zip(question.labels, (in_first.sum(), (~in_first).sum()), strict=True):
        if size < question.min_rows:
            problems.append(
                f"{label} has {size:,} rows; at least {question.min_rows:,} are asked for"
            )
    if not (in_first.any() and (~in_first).any()):
        raise _incomparable(question, problems)
    parts: list[Floats] = []
    source: list[str] = []
    coefficients: list[tuple[str, str]] = []
    blocks: list[Floats] = []
    pattern = np.zeros(row.size, np.int64)
    for name in question.columns:
        if is_category(table[name], name, question):
            key = encode_key(name, table[name])
            problems += _support(key, in_first, question)
            part, block = _contrasts(key)
            coefficients += [(name, str(v)) for v in key.values.to_pylist()]
            code = key.code.astype(np.int64)
        else:
            values = to_floats(table[name])
            part, block = values[:, None], np.ones((1, 1))
            coefficients.append((name, ""))
            distinct, code = np.unique(values, return_inverse=True)
            if distinct.size < 2:
                problems.append(f"{name} is the same in all rows; leave it out")
        pattern = _joined(pattern, code)
        parts.append(part)
        blocks.append(block)
        source += [name] * part.shape[1]
    if problems:
        raise _incomparable(question, problems)
    terms = tuple(question.terms)
    in_term = np.array([[float(s in question.terms[t]) for t in terms] for s in source])
    return GapModel(
        row,
        in_first,
        np.concatenate(parts, axis=1),
        tuple(source),
        in_term.reshape(len(source), len(terms)),
        terms,
        _block_diagonal(blocks),
        tuple(coefficients),
        pattern,
        int(pattern.max()) + 1 if pattern.size else 0,
    )


def _incomparable(question: GapQuestion, problems: Sequence[str]) -> GapError:
    first, second = question.labels
    return GapError(f"{first} and {second} cannot be compared as asked:", problems)


def is_category(column: pa.ChunkedArray, name: str, question: GapQuestion) -> bool:
    """Whether a column holds values to be told apart, and not numbers to be measured."""
    kind = column.type
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return name in question.categories or not number


def _support(key: KeyColumn, in_first: Flags, question: GapQuestion) -> list[str]:
    """Values that only one group has, and a category of a single value."""
    values = [str(v) for v in key.values.to_pylist()]
    if len(values) == 1:
        return [f"{key.name} is {values[0]} in all rows; leave it out"]
    lines = []
    counts = [np.bincount(key.code[side], minlength=len(values)) for side in (in_first, ~in_first)]
    for label, here, there in zip(question.labels, counts, counts[::-1], strict=True):
        only = [v for v, n, m in zip(values, here, there, strict=True) if n and not m]
        if only:
            shown = ", ".join(only[:_SHOWN]) + (" …" if len(only) > _SHOWN else "")
            lines.append(
                f"{key.name}: {shown} only in {label}; merge with a value that both groups have, "
                "or leave those rows out (on_no_overlap = set_aside)"
            )
    return lines


def _contrasts(key: KeyColumn) -> tuple[Floats, Floats]:
    """Deviation contrasts of each row, and the coefficients of all values from theirs."""
    block = np.vstack([np.eye(len(key.values) - 1), -np.ones((1, len(key.values) - 1))])
    return block[key.code], block


def _joined(pattern: Ints, code: Ints) -> Ints:
    size = int(code.max()) + 1 if code.size else 1
    joined: Ints = np.unique(pattern * size + code, return_inverse=True)[1].astype(np.int64)
    return joined


def _block_diagonal(blocks: Sequence[Floats]) -> Floats:
    shape = [sum(b.shape[axis] for b in blocks) for axis in (0, 1)]
    out = np.zeros(shape)
    row = column = 0
    for block in blocks:
        out[row : row + block.shape[0], column : column + block.shape[1]] = block
        row += block.shape[0]
        column += block.shape[1]
    return out
