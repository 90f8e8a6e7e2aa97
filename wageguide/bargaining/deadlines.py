"""Last days of terms, in calendar or working days."""

from __future__ import annotations

import datetime as dt

from wageguide.errors import LawError
from wageguide.law.calendar import Calendar


def last_day(start: dt.date, days: int, unit: str, calendar: Calendar) -> dt.date:
    """The last day of a term that begins the day after `start`.

    >>> from wageguide.law.load import read_law
    >>> last_day(dt.date(2026, 3, 2), 7, "calendar", read_law().calendar)
    datetime.date(2026, 3, 9)

    Parameters
    ----------
    start
        The day from which it is counted, itself not counted.
    days
        Length of the term.
    unit
        ``calendar`` or ``working``: weekdays without holidays, and make-up workdays.
    calendar
        Holidays and make-up days.

    Raises
    ------
    LawError
        If the unit is unknown, or a year of working days is not in the calendar.
    """
    if unit == "calendar":
        return start + dt.timedelta(days=days)
    if unit != "working":
        raise LawError(f"{unit!r} is no unit of a term; there are calendar and working days.")
    day = start
    left = days
    while left:
        day += dt.timedelta(days=1)
        left -= calendar.workdays(day, day)
    return day
