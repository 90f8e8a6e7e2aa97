"""Months as whole numbers, so that they can be counted and compared."""

from __future__ import annotations

import re

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_number(text: object) -> int:
    """Months since the year 0 of a text like ``2026-07``.

    >>> month_number("2026-07") - month_number("2025-12")
    7

    Raises
    ------
    ValueError
        If it is no such month.
    """
    match = _MONTH.fullmatch(str(text))
    if not match:
        raise ValueError(f"{text!r} is no month; write it like 2026-07")
    return 12 * int(match[1]) + int(match[2]) - 1


def month_text(number: int) -> str:
    """The text of a month number.

    >>> month_text(month_number("2026-07"))
    '2026-07'
    """
    return f"{number // 12}-{number % 12 + 1:02d}"


def year_of(number: int) -> int:
    """Calendar year of a month number."""
    return number // 12
