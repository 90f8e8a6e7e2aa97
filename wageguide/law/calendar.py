"""Working days, statutory holidays, rest days and make-up days."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from wageguide.errors import LawError
from wageguide.law.sources import LawSource, read_date

DayKind = Literal["workday", "rest_day", "statutory"]

_COLUMNS = ("date", "kind", "source", "evidence")
_KINDS = ("statutory", "rest_day", "makeup_workday")


@dataclass(frozen=True)
class Calendar:
    """What each day of the published years is.

    Attributes
    ----------
    days
        Days that are not what their day of the week says: ``statutory`` holiday, other
        ``rest_day`` of a holiday, ``makeup_workday``. A Saturday or Sunday that is not
        named is a rest day, any other day that is not named a workday.
    """

    days: Mapping[dt.date, str]

    @cached_property
    def years(self) -> frozenset[int]:
        """Years that are published."""
        return frozenset(day.year for day in self.days)

    def kind(self, day: dt.date) -> DayKind:
        """Whether a day is a workday, a rest day or a statutory holiday.

        Raises
        ------
        LawError
            If the calendar of the year is not known.
        """
        if day.year not in self.years:
            raise LawError(
                f"The holiday calendar of {day.year} is not known; known: "
                f"{', '.join(map(str, sorted(self.years)))}. Put its days into a file of your own."
            )
        named = self.days.get(day)
        if named == "makeup_workday":
            return "workday"
        if named == "statutory":
            return "statutory"
        return "rest_day" if named == "rest_day" or day.weekday() >= 5 else "workday"

    def workdays(self, first: dt.date, last: dt.date) -> int:
        """Workdays from the first to the last day, both counted; statutory holidays are none."""
        days = (first + dt.timedelta(days=i) for i in range((last - first).days + 1))
        return sum(self.kind(day) == "workday" for day in days)

    def pay_day(self, day: dt.date) -> dt.date:
        """The day itself, or the workday before it if it is a holiday or rest day.

        Source: 江苏省工资支付条例 第十四条.
        """
        while self.kind(day) != "workday":
            day -= dt.timedelta(days=1)
        return day


def read_calendar(
    path: Path, sources: Mapping[str, LawSource], problems: list[str]
) -> dict[dt.date, str]:
    """Read a table of days; what is wrong is added to `problems`."""
    found: dict[dt.date, str] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            problems.append(f"{path.name}: columns are {reader.fieldnames}, not {list(_COLUMNS)}")
            return found
        for line, row in enumerate(reader, 2):
            where = f"{path.name} line {line}"
            if row["source"] not in sources:
                problems.append(f"{where}: source {row['source']!r} is not in sources.toml")
            add_day(found, row["date"], row["kind"], where, problems)
    if list(found) != sorted(found):
        problems.append(f"{path.name}: days are not in order")
    return found


def add_day(
    days: dict[dt.date, str], date: object, kind: object, where: str, problems: list[str]
) -> None:
    """One day of a calendar."""
    day = read_date(date, f"{where}: date", problems)
    if kind not in _KINDS:
        problems.append(f"{where}: kind is {kind!r}; it should be one of {', '.join(_KINDS)}")
    elif day in days:
        problems.append(f"{where}: {day} stands twice")
    elif day is not None:
        if kind == "makeup_workday" and day.weekday() < 5:
            problems.append(f"{where}: {day} is no Saturday or Sunday, so it is a workday anyway")
        days[day] = str(kind)
