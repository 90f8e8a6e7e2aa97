"""Every date and figure of the law, again, from the fact files that it was taken from."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal

import pytest

import wageguide as wg

pytestmark = pytest.mark.acceptance
LAW = wg.read_law()

#: Printed beside monthly rates, but computed from them: no rates for part-time workers.
CONVERTED = ("full-time conversion", "full-time hourly")


@pytest.fixture
def rows(shared):
    """Rows of a file of facts."""

    def read(name):
        with (shared / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    return read


def holds(quantity, place, category, value, day):
    """Whether a value of the series is this one and begins on the day (any, if None)."""
    entries = LAW.series.get((quantity, place, category), ())
    return any(
        (e.value == value if isinstance(value, str) else e.value == Decimal(value))
        and (day is None or e.start == day)
        for e in entries
    )


def test_all_minimum_wages_of_the_facts_stand_in_the_law(rows):
    checked, wrong = 0, []
    for row in rows("facts/minimum_wage.csv"):
        place, category = row["region_code"], row["class"]
        day = row["effective_from"]
        day = dt.date.fromisoformat(day) if len(day) == 10 else None
        if row["level"] == "district":
            asked = [("minimum_wage_class", "", category)]
        else:
            asked = [("minimum_wage_monthly", category, Decimal(row["monthly_yuan"]))]
            if row["hourly_yuan"] and not any(c in row["note"] for c in CONVERTED):
                asked.append(("minimum_wage_hourly", category, Decimal(row["hourly_yuan"])))
        for quantity, held, value in asked:
            checked += 1
            if not holds(quantity, place, held, value, day):
                wrong.append((quantity, *row.values()))
    assert not wrong
    assert checked > 600


def test_districts_get_the_amounts_that_the_facts_print_beside_their_class(rows):
    for row in rows("facts/minimum_wage.csv"):
        if row["level"] == "district" and row["effective_from"]:
            found = LAW.look_up(
                "minimum_wage_monthly",
                row["region_code"],
                row["effective_from"],
                unverified=True,
            )
            assert found.number == Decimal(row["monthly_yuan"]), row


def test_no_minimum_wage_of_china_stands_in_the_law_and_not_in_the_facts(rows):
    known = {
        (r["region_code"], r["class"], Decimal(v))
        for r in rows("facts/minimum_wage.csv")
        for v in (r["monthly_yuan"], r["hourly_yuan"])
        if v
    }
    for (quantity, place, category), entries in LAW.series.items():
        if quantity in ("minimum_wage_monthly", "minimum_wage_hourly") and place[:1].isdigit():
            for entry in entries:
                assert (place, category, entry.value) in known


def test_evidence_is_no_better_than_in_the_facts(rows):
    weak = {
        (r["region_code"], r["class"], r["effective_from"])
        for r in rows("facts/minimum_wage.csv")
        if r["evidence"] in ("RECALLED", "CONFLICT")
    }
    assert weak
    for (quantity, place, category), entries in LAW.series.items():
        for entry in entries:
            held = entry.value if quantity == "minimum_wage_class" else category
            if (place, held, str(entry.start)) in weak:
                assert entry.evidence in ("recalled", "conflict"), entry


def test_rates_of_the_united_kingdom(rows):
    for row in rows("data/uk_minimum_wage_history.csv"):
        name = "apprentice" if row["category"] == "apprentice" else f"age_{row['age_from']}"
        day = dt.date.fromisoformat(row["effective_date"])
        assert holds("minimum_wage_hourly", "GB", name, Decimal(row["hourly_rate_gbp"]), day)


def test_rates_of_the_united_states(rows):
    for row in rows("data/us_federal_minimum_wage_policyengine.csv"):
        value = {"5.84": "5.85"}.get(row["hourly_rate_usd"], row["hourly_rate_usd"])
        day = dt.date.fromisoformat(row["effective_date"])
        assert holds("minimum_wage_hourly", "US", "", Decimal(value), day)
    codes = {p.name_en: p.code for p in LAW.places.places.values()}
    for row in rows("data/us_state_minimum_wage_dol_2010_2020.csv"):
        found = LAW.look_up("minimum_wage_hourly", codes[row["state"]], f"{row['year']}-01-01")
        assert found.number == Decimal(row["Effective.Minimum.Wage"]), row


def test_working_time(rows):
    for row in rows("facts/working_time.csv")[1:]:
        day = dt.date.fromisoformat(row["effective_from"])
        for name in (
            *("statutory_holidays", "work_days_year", "work_days_quarter", "work_days_month"),
            *("work_hours_month", "pay_days_month", "pay_hours_month"),
        ):
            assert holds("working_time", "CN", name, Decimal(row[name]), day), (name, row)


def test_the_calendar(rows):
    days = {dt.date.fromisoformat(r["date"]): r["kind"] for r in rows("facts/holidays_2026.csv")}
    assert LAW.calendar.days == days


def test_contributions(rows):
    names = {"base_floor_month": "floor", "base_ceiling_month": "ceiling"}
    rates = 0
    for row in rows("facts/social_insurance.csv"):
        item, value = row["item"], Decimal(row["value"])
        if item in names:
            day = dt.date(int(row["year"]), 1, 1)
            assert holds("contribution_base", "320000", names[item], value, day)
        elif item.startswith("housing_fund"):
            found = {"rate_least": ("CN", value / 100)}.get(item, ("320100", value))
            name = item.removeprefix("housing_fund_").replace("min_rate", "rate_least")
            place, value = ("CN", value / 100) if name == "rate_least" else found
            assert holds("housing_fund", place, name, value, None)
        elif not item.startswith("late_fee"):
            share = value if "yuan" in row["unit"] else value / 100
            assert holds("contribution_rate", "320100", item, share, dt.date(2026, 1, 1))
            entry = LAW.series["contribution_rate", "320100", item][0]
            assert (entry.evidence == "recalled") == (row["evidence"] == "RECALLED")
            rates += 1
    assert rates == 8


def test_guideline_lines(rows):
    known = {("370100", 2005, "base_wage"): ["16110"]}  # stands in the row's note
    for row in rows("facts/guideline_lines.csv"):
        place = row["region_code"].replace("000000", "CN")
        if "Pearl River" in row["scope_note"]:
            place += "-PRD"
        for name in ("upper", "baseline", "lower"):
            low, *high = row[f"{name}_pct"].replace("<=", "").split("-")
            for category, value in [(name, low), *((f"{name}_high", v) for v in high)]:
                if value:
                    known.setdefault((place, int(row["year"]), category), []).append(value)
    held = {
        (place, entry.start.year, category): [str(entry.value)]
        for (quantity, place, category), entries in LAW.series.items()
        if quantity == "guideline_line"
        for entry in entries
    }
    # The one national row is a mean over regions, which is no place's line.
    known = {key: value for key, value in known.items() if key[0] != "CN"}
    assert held == known
    assert len(held) > 60


#: Figures of the fact sheet's text (china.md), with the words in which they stand there.
WORDS = {
    ("overtime_cap", "month"): ("36", "at most **36 h a month**"),
    ("overtime_cap", "day"): ("1", "overtime normally 1 h, specially up to 3 h a day"),
    ("overtime_cap", "day_special"): ("3", "overtime normally 1 h, specially up to 3 h a day"),
    ("overtime_multiplier", "workday"): ("1.5", "150% / 200% (no comp time) / 300% (Art. 44)"),
    ("overtime_multiplier", "rest_day"): ("2", "150% / 200% (no comp time) / 300% (Art. 44)"),
    ("overtime_multiplier", "statutory"): ("3", "150% / 200% (no comp time) / 300% (Art. 44)"),
    ("comp_time_months", ""): ("6", "comp time for rest-day work within six months"),
    ("working_time", "hours_day"): ("8", "8 h/day, 40 h/week"),
    ("working_time", "hours_week"): ("40", "8 h/day, 40 h/week"),
    ("probation_share", ""): ("0.8", "probation wage at least 80%"),
    ("sick_pay_share", ""): ("0.8", "sick pay within the medical period at least 80%"),
    ("stoppage_pay_share", ""): ("0.8", "if no work is given, at least 80% of the minimum"),
    ("deduction_cap", "discipline"): ("0.2", "Disciplinary deduction at most 20%"),
    ("deduction_cap", "damage"): ("0.2", "damage deduction at most 20%"),
    ("piece_quota_share", ""): ("0.9", "reachable by at least 90% of workers"),
    ("pay_period", ""): ("1", "pay period at most one month"),
    ("part_time", "hours_day"): ("4", "about 4 h a day, **24 h a week**"),
    ("part_time", "hours_week"): ("24", "about 4 h a day, **24 h a week**"),
    ("part_time", "settlement_days"): ("15", "settle within **15 days**"),
    ("annual_leave_days", "years_1"): ("5", "5/10/15 days by total service 1/10/20 years"),
    ("annual_leave_days", "years_10"): ("10", "5/10/15 days by total service 1/10/20 years"),
    ("annual_leave_days", "years_20"): ("15", "5/10/15 days by total service 1/10/20 years"),
    ("annual_leave_multiplier", ""): ("3", "Annual leave not taken: 300% of the daily wage"),
    ("arrears_compensation", "least"): ("0.5", "an extra 50% to 100% of the"),
    ("arrears_compensation", "most"): ("1", "an extra 50% to 100% of the"),
    ("arrears_compensation", "decree_least"): ("1", "compensation of 1 to 5 times the shortfall"),
    ("arrears_compensation", "decree_most"): ("5", "compensation of 1 to 5 times the shortfall"),
    ("price_basis", "months"): ("12", "12 is the divisor for the annual-to-month comparison"),
}


@pytest.mark.parametrize(("quantity", "category"), WORDS)
def test_figures_that_stand_in_words(shared, quantity, category):
    value, words = WORDS[quantity, category]
    text = (shared / "facts/china.md").read_text(encoding="utf-8")
    assert words.casefold() in " ".join(text.split()).casefold()
    held = {LAW.look_up(quantity, "320115", "2026-03-01", category).number}
    assert held == {Decimal(value)}


def test_every_quantity_is_checked_by_one_of_these_tests():
    elsewhere = {
        *("minimum_wage_class", "minimum_wage_monthly", "minimum_wage_hourly", "housing_fund"),
        *("contribution_base", "contribution_rate", "guideline_line"),
        # Texts, held by the look-up tests and by the cases of the law.
        *("minimum_wage_counts", "overtime_exempt"),
    }
    assert {q for q, _ in WORDS} | elsewhere == set(LAW.quantities)
