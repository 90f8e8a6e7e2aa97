"""Months and years of a plan, as people write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass

_MONTH = re.compile(
    r"((?:19|20)\d\d)(?:年|[-/.])?(0?[1-9]|1[0-2])(?:月份?)?(?:[-/.]0?1(?:t00:00:00)?)?"
)
_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度?)?")


@dataclass(frozen=True, order=True)
class Period:
    """A month, or the twelve months of a year.

    Attributes
    ----------
    first
        Its first month, counted from year 0: 12 × year + month − 1.
    months
        1 or 12.
    """

    first: int
    months: int = 1

    def __str__(self) -> str:
        year, month = divmod(self.first, 12)
        return f"{year}-{month + 1:02d}" if self.months == 1 else f"{year}"

    def __contains__(self, other: object) -> bool:
        return (
            isinstance(other, Period)
            and self.first <= other.first
            and other.first + other.months <= self.first + self.months
        )

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return month_days(self.first + self.months - 1)[1]


def month_days(month: int) -> tuple[dt.date, dt.date]:
    """First and last day of a month, counted from year 0."""
    year, index = divmod(month, 12)
    days = monthrange(year, index + 1)[1]
    return dt.date(year, index + 1, 1), dt.date(year, index + 1, days)


def read_period(text: str) -> Period | None:
    """The month or year that a text names; None if it names none.

    >>> str(read_period("2026年3月")), str(read_period("202603")), str(read_period("2026"))
    ('2026-03', '2026-03', '2026')
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    if found := _YEAR.fullmatch(plain):
        return Period(int(found[1]) * 12, 12)
    if found := _MONTH.fullmatch(plain):
        return Period(int(found[1]) * 12 + int(found[2]) - 1)
    return None
