"""Kinds of days and the day of payment."""

from __future__ import annotations

import datetime as dt

import pytest

import wageguide as wg
from wageguide.errors import LawError

CALENDAR = wg.read_law().calendar


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-10-01", "statutory"),
        ("2026-10-03", "statutory"),  # a Saturday, statutory all the same
        ("2026-10-04", "rest_day"),
        ("2026-10-07", "rest_day"),
        ("2026-10-08", "workday"),
        ("2026-10-10", "workday"),  # a Saturday, made up
        ("2026-10-11", "rest_day"),
        ("2026-03-08", "rest_day"),  # Women's Day, a Sunday
        ("2026-02-16", "statutory"),
    ],
)
def test_kinds_of_days(day, kind):
    assert CALENDAR.kind(dt.date.fromisoformat(day)) == kind


def test_the_year_has_248_workdays_and_13_statutory_holidays():
    assert CALENDAR.workdays(dt.date(2026, 1, 1), dt.date(2026, 12, 31)) == 248
    assert sum(kind == "statutory" for kind in CALENDAR.days.values()) == 13


@pytest.mark.parametrize(
    ("due", "paid"),
    [("2026-02-16", "2026-02-14"), ("2026-10-05", "2026-09-30"), ("2026-10-08", "2026-10-08")],
)
def test_the_day_of_payment(due, paid):
    assert CALENDAR.pay_day(dt.date.fromisoformat(due)) == dt.date.fromisoformat(paid)


def test_a_year_that_is_not_published():
    with pytest.raises(LawError, match="calendar of 2027 is not known; known: 2026"):
        CALENDAR.kind(dt.date(2027, 1, 1))
