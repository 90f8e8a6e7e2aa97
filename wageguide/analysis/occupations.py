"""Levels of the occupation classification, along which cells are pooled or shrunk."""

from __future__ import annotations

import re
from collections.abc import Callable

from wageguide.analysis.levels import Level
from wageguide.errors import InputError

_OCCUPATION = re.compile(r"[1-8](-\d\d){0,3}")


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
