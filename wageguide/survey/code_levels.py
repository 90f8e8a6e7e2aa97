"""Coarser levels of the classifications: columns that follow from a column of codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from wageguide.survey.kept import KeptSurvey
    from wageguide.survey.survey import Survey

    Rows = TypeVar("Rows", Survey, KeptSurvey)

#: For a coarser column the next finer one, and how many characters its codes keep of it:
#: 6-03-01-02 is 6-03-01, 6-03 and 6 (《职业分类大典》2022: detailed, small, middle, major).
CODE_LEVELS: dict[str, tuple[str, int]] = {
    "occupation_small": ("occupation", 7),
    "occupation_middle": ("occupation_small", 4),
    "occupation_major": ("occupation_middle", 1),
}

#: The next finer column by the coarser one.
NESTED = {coarser: finer for coarser, (finer, _) in CODE_LEVELS.items()}


def detailed(column: str) -> str:
    """The column of detailed codes that a coarser column follows from; others are their own.

    >>> detailed("occupation_major"), detailed("industry")
    ('occupation', 'industry')
    """
    while column in CODE_LEVELS:
        column = CODE_LEVELS[column][0]
    return column


def with_levels(survey: Rows, columns: Sequence[str]) -> Rows:
    """The survey, or the kept one, with those of some columns that are coarser levels.

    A code that is itself coarser than the level, and a missing one, has none there.
    """
    wanted = [c for c in columns if c in CODE_LEVELS and c not in survey.workers]
    if not wanted:
        return survey
    workers = survey.workers.copy()
    for column in wanted:
        length = CODE_LEVELS[column][1]
        codes = workers[detailed(column)].astype("string")
        workers[column] = codes.str.slice(0, length).where(codes.str.len() >= length)
    return replace(survey, workers=workers)
