"""Rows of one group that have no counterpart in the other: refused, or set aside and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from wageguide.analysis.gap_model import (
    GapModel,
    GapQuestion,
    gap_model,
    is_category,
    sides_of,
)
from wageguide.analysis.gap_rows import DesignRows
from wageguide.errors import InputError
from wageguide.tiers.checks import Flags
from wageguide.tiers.keys import encode_key
from wageguide.tiers.scale import Ints

#: What becomes of rows without a counterpart in the other group.
#:
#: ``refuse`` stops and names them; ``set_aside`` compares the others and states how many
#: rows were left out and why. The gap is then that of the rows that remain.
OnNoOverlap = Literal["refuse", "set_aside"]


def comparable(
    rows: DesignRows, question: GapQuestion, on_no_overlap: OnNoOverlap
) -> tuple[DesignRows, GapModel]:
    """Rows that can be compared, and their matrix.

    Raises
    ------
    GapError
        If a group is too small, a regressor does not vary, or (with ``refuse``) a value of
        a category occurs in one group only.
    """
    if on_no_overlap not in get_args(OnNoOverlap):
        choices = " or ".join(get_args(OnNoOverlap))
        raise InputError(f"on_no_overlap = {on_no_overlap!r} should be {choices}.")
    if on_no_overlap == "set_aside":
        rows = _without_one_sided(rows, question)
    return rows, gap_model(rows, question)


def set_aside(rows: DesignRows, lost: Mapping[str, Flags]) -> DesignRows:
    """The same rows without some, each counted under its first reason.

    Parameters
    ----------
    lost
        Rows to be left out by reason, shape (rows,).
    """
    use, left_out = rows.use.copy(), dict(rows.left_out)
    for why, gone in lost.items():
        left_out[why] = left_out.get(why, 0) + int((use & gone).sum())
        use &= ~gone
    return replace(rows, use=use, left_out=left_out)


def in_words(rows: DesignRows, question: GapQuestion, model: GapModel, pattern: int) -> str:
    """Values of the regressors in a pattern, such as ``post = a, school = 12``."""
    row = int(model.row[np.flatnonzero(model.pattern == pattern)[0]])
    return ", ".join(f"{c} = {rows.table[c][row].as_py()}" for c in question.columns)


def of_patterns(rows: DesignRows, model: GapModel, patterns: Iterable[int] | Ints) -> Flags:
    """Rows of the design that have one of some patterns, shape (rows,)."""
    flags = np.zeros(rows.use.size, bool)
    flags[model.row] = np.isin(model.pattern, np.asarray(list(patterns), np.int64))
    return flags


def _without_one_sided(rows: DesignRows, question: GapQuestion) -> DesignRows:
    first, second = sides_of(rows.table, question)
    table = rows.table
    keys = [encode_key(c, table[c]) for c in question.columns if is_category(table[c], c, question)]
    while True:  # without those rows, a value of another category may become one-sided
        lost: dict[str, Flags] = {}
        for key in keys:
            values = key.values.to_pylist()
            here, there = (
                np.bincount(key.code[side & rows.use], minlength=len(values)) > 0
                for side in (first, second)
            )
            for place in np.flatnonzero(here != there):
                label = question.labels[0] if here[place] else question.labels[1]
                inside = (first | second) & (key.code == place)
                lost[f"{key.name} = {values[place]} only in {label}"] = inside
        if not lost:
            return rows
        rows = set_aside(rows, lost)
