"""Values by place and day, at the days on which they change."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wageguide as wg
from wageguide.errors import LawError

LAW = wg.read_law()
MONTHLY, HOURLY = "minimum_wage_monthly", "minimum_wage_hourly"


@pytest.mark.parametrize(
    ("place", "day", "value"),
    [
        ("320115", "2026-01-01", 2660),
        ("320115", "2025-12-31", 2490),
        ("320115", "2007-10-01", 850),
        ("320115", "2007-09-30", 750),
        ("320106", "2026-03-01", 2660),  # a district without a class of its own: the city's
        ("320125", "2005-12-01", 480),  # Gaochun is class III …
        ("320125", "2006-09-30", 480),
        ("320125", "2006-10-01", 620),  # … and class II from here on
        ("320117", "2017-06-30", None),  # sources differ on its class
        ("320117", "2017-07-01", 1890),  # one class for the whole city
        ("320500", "2015-12-31", 1680),  # a city with a rate of its own
        ("310000", "2025-08-01", 2740),
        ("110000", "2025-10-01", 2540),
    ],
)
def test_monthly_minimum_wages(place, day, value):
    if value is None:
        with pytest.raises(LawError, match="sources contradict each other"):
            LAW.look_up(MONTHLY, place, day)
    else:
        assert LAW.look_up(MONTHLY, place, day).number == value


@pytest.mark.parametrize(
    ("quantity", "place", "day", "category", "value"),
    [
        (HOURLY, "320115", "2026-01-01", None, "25"),
        (HOURLY, "US", "2008-07-23", None, "5.85"),
        (HOURLY, "US", "2008-07-24", None, "6.55"),
        (HOURLY, "US-CA", "2010-06-01", None, "8"),
        (HOURLY, "GB", "2026-04-01", "age_21", "12.71"),
        (HOURLY, "GB", "2026-03-31", "age_21", "12.21"),
        ("working_time", "320115", "2024-12-31", "work_days_month", "20.83"),
        ("working_time", "320115", "2025-01-01", "work_days_month", "20.67"),
        ("working_time", "320115", "2025-01-01", "pay_days_month", "21.75"),
        ("contribution_base", "320115", "2025-06-01", "ceiling", "24762"),
        ("deduction_cap", "320115", "2026-06-01", "discipline", "0.2"),
        ("deduction_cap", "110000", "2026-06-01", "damage", "0.2"),
        ("minimum_wage_counts", "320115", "2026-06-01", "overtime_pay", "out"),
        ("minimum_wage_counts", "320115", "2026-06-01", "employee_housing_fund", "out_to_floor"),
        ("minimum_wage_counts", "310000", "2025-08-01", "meal_allowance", "out"),
    ],
)
def test_other_quantities(quantity, place, day, category, value):
    assert str(LAW.look_up(quantity, place, day, category).value) == value


class TestWhatStops:
    def test_a_day_after_the_last_check(self):
        with pytest.raises(LawError, match=r"last checked on 2026-11-23.*own"):
            LAW.look_up(MONTHLY, "320115", "2026-11-24")
        assert LAW.look_up(MONTHLY, "320115", "2026-11-23").marks == ()

    def test_unless_the_last_value_is_asked_for_and_marked(self):
        found = LAW.look_up(MONTHLY, "320115", "2027-01-01", on_stale="last")

        assert (found.number, found.marks) == (2660, ("stale",))
        assert "沿用" in repr(found)
        assert "沿用" in found._repr_html_()

    def test_a_recalled_value(self):
        with pytest.raises(LawError, match="recalled"):
            LAW.look_up(MONTHLY, "320115", "2012-07-01")
        found = LAW.look_up(MONTHLY, "320115", "2012-07-01", unverified=True)
        assert (found.number, found.marks) == (1320, ("recalled",))

    def test_a_class_in_conflict_marks_the_wage_too(self):
        found = LAW.look_up(MONTHLY, "320117", "2016-05-01", unverified=True)

        assert "conflict" in found.marks

    @pytest.mark.parametrize(
        ("place", "day", "message"),
        [
            ("320115", "2003-01-01", "the first value known"),
            ("320500", "2018-01-01", "1820 is known through 2017-06-30"),
            ("320124", "2014-01-01", "The place is now 320117"),
            ("130000", "2025-10-01", "Say which one holds"),
            ("320199", "2026-01-01", "Place '320199' is not known.*320115"),
            ("320115", "2026-02-30", "is no day"),
            ("US", "2026-01-01", "has no value"),
        ],
    )
    def test_what_is_not_known(self, place, day, message):
        with pytest.raises(LawError, match=message):
            LAW.look_up(MONTHLY, place, day)

    def test_a_rate_between_two_tables_that_differ(self):
        with pytest.raises(LawError, match="the next one known is of 2026-01-01"):
            LAW.look_up(MONTHLY, "130000", "2025-09-01", "I")


@given(st.dates(dt.date(2013, 7, 1), dt.date(2026, 11, 23)))
def test_every_day_of_the_history_has_one_value_and_it_never_falls(day):
    here = LAW.look_up(MONTHLY, "320115", day)

    assert here.entry.start <= day <= (here.until or day)
    if day < dt.date(2026, 11, 23):
        later = LAW.look_up(MONTHLY, "320115", day + dt.timedelta(days=1))
        assert later.number >= here.number


def test_the_history_names_classes_and_values():
    table = LAW.history(MONTHLY, "320115")

    assert set(table["quantity"]) == {"minimum_wage_class", MONTHLY}
    first = table[(table["quantity"] == MONTHLY) & (table["category"] == "I")]
    assert first["value"].tolist()[-1] == "2660"
    assert first["until"].tolist()[-2] == dt.date(2025, 12, 31)


def test_every_value_has_source_and_unit():
    for entries in LAW.series.values():
        for entry in entries:
            assert entry.source.title
            currency = LAW.places[entry.place].currency
            kind = LAW.quantities[entry.quantity].kind
            assert kind == "text" or LAW.quantities[entry.quantity].unit(entry.category, currency)


def test_hourly_and_monthly_rates_are_apart():
    monthly = LAW.look_up(MONTHLY, "320115", "2026-03-01").number
    part_time = LAW.look_up(HOURLY, "320115", "2026-03-01").number
    assert round(monthly / Decimal("21.75") / 8, 2) == Decimal("15.29") < part_time
