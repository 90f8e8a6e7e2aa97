"""Every rule under, on and over its line, and before and after each change of the law."""

from __future__ import annotations

import pytest
from plans import finding, reviewed, verdicts

from wageguide.payroll.rules.catalogue import RULES

PART_TIME = {"work_form": "part_time", "hours_day": 4, "hours_week": 24, "settlement_days": 15}
WORKED = {
    "contract_wage": 4350,
    "hours_system": "standard",
    "overtime_hours": 10,
    "rest_day_hours": 0,
    "comp_time_hours": 0,
    "holiday_hours": 0,
    "overtime_pay": 375,
}
LEAVE = {"leave_days_unused": 3, "average_wage_12": 6525}

#: Rule: what all rows share, the column that is moved, and its values under, on and over.
LINES = {
    "minimum_wage": ({}, "base_pay", (2659.99, 2660, 2660.01)),
    "sick_pay": ({"attendance": "sick"}, "base_pay", (2127.99, 2128, 2128.01)),
    "stoppage_pay": ({"attendance": "stoppage"}, "base_pay", (2127.99, 2128, 2128.01)),
    "stoppage_first_period": (
        {"attendance": "stoppage_first", "contract_wage": 4000},
        "base_pay",
        (3999.99, 4000, 4000.01),
    ),
    "unassigned_pay": (
        {"work_form": "dispatched", "attendance": "unassigned"},
        "base_pay",
        (2659.99, 2660, 2660.01),
    ),
    "intern_pay": ({"work_form": "intern"}, "base_pay", (2659.99, 2660, 2660.01)),
    "minimum_wage_hourly": (PART_TIME, "hourly_rate", (24.99, 25, 25.01)),
    "part_time_hours": (PART_TIME | {"hourly_rate": 25}, "hours_week", (24.001, 24, 23.999)),
    "part_time_settlement": (PART_TIME | {"hourly_rate": 25}, "settlement_days", (16, 15, 14)),
    "probation_wage": (
        {"probation": "yes", "contract_wage": 6000},
        "base_pay",
        (4799.99, 4800, 4800.01),
    ),
    "piece_quota": ({"piece_pay": 100}, "piece_quota_share", (0.899, 0.9, 0.901)),
    "discipline_deduction": ({}, "discipline_deduction", (1200.01, 1200, 1199.99)),
    "damage_deduction": ({}, "damage_deduction", (1200.01, 1200, 1199.99)),
    "overtime_pay": (WORKED, "overtime_pay", (374.99, 375, 375.01)),
    "overtime_month": (
        WORKED | {"overtime_pay": 9000},
        "overtime_hours",
        (36.001, 36, 35.999),
    ),
    "overtime_day": (WORKED, "longest_day_overtime", (3.001, 1, 0.999)),
    "annual_leave_pay": (LEAVE, "annual_leave_pay", (1799.99, 1800, 1800.01)),
    "pay_day": (
        {"pay_day_due": "2026-10-05"},
        "pay_day",
        ("2026-10-01", "2026-09-30", "2026-09-29"),
    ),
    "pay_period": ({}, "pay_frequency", ("year", "year_prepaid", "month")),
    "contribution_base": ({"base_pay": 8000}, "contribution_base", (7999.99, 8000, 8000.01)),
    "housing_fund": ({"housing_fund_floor": 133}, "employee_housing_fund", (0, 0.01, 133)),
}


def test_every_rule_has_its_line():
    assert set(LINES) == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", LINES)
def test_under_on_and_over_the_line(tmp_path, rule):
    shared, column, values = LINES[rule]
    review = reviewed(tmp_path, *(shared | {column: value} for value in values))

    breach = "advice" if rule == "housing_fund" else "violation"
    assert verdicts(review, rule) == [breach, "lawful", "lawful"]
    said = finding(review, rule)
    assert said["text_zh"].endswith("。")
    assert said["text_en"].endswith(".")
    assert said["article"]
    assert "{" not in said["text_zh"] + said["text_en"]


@pytest.mark.parametrize(
    ("month", "limit", "under"),
    [
        ("2007-09", 750, 749.99),
        ("2007-10", 850, 849.99),
        ("2010-01", 850, 849.99),
        ("2010-02", 960, 959.99),
        ("2021-07", 2020, 2019.99),
        ("2021-08", 2280, 2279.99),
        ("2023-12", 2280, 2279.99),
        ("2024-01", 2490, 2489.99),
        ("2025-12", 2490, 2489.99),
        ("2026-01", 2660, 2659.99),
    ],
)
def test_the_minimum_of_the_month_of_work(tmp_path, month, limit, under):
    rows = [{"month": month, "base_pay": pay} for pay in (under, limit)]
    review = reviewed(tmp_path, *rows)

    assert verdicts(review, "minimum_wage") == ["violation", "lawful"]
    assert finding(review, "minimum_wage")["limit"] == limit


@pytest.mark.parametrize(
    ("rule", "row", "before", "after"),
    [
        ("probation_wage", {"probation": "yes", "contract_wage": 6000}, "2007-12", "2008-01"),
        ("part_time_hours", PART_TIME | {"hourly_rate": 99}, "2007-12", "2008-01"),
        ("annual_leave_pay", LEAVE | {"annual_leave_pay": 9999}, "2007-12", "2008-01"),
        ("intern_pay", {"work_form": "intern"}, "2013-04", "2013-05"),
        ("piece_quota", {"piece_quota_share": 0.95}, "2004-12", "2005-01"),
        ("contribution_base", {"contribution_base": 9999}, "2004-11", "2024-01"),
    ],
)
def test_a_rule_begins_with_its_law(tmp_path, rule, row, before, after):
    rows = [row | {"month": month, "base_pay": 9000} for month in (before, after)]
    verdict = verdicts(reviewed(tmp_path, *rows, unverified=True), rule)

    assert verdict[0] == "not_applicable"
    assert verdict[1] in ("lawful", "violation", "not_checkable")
    assert verdict[1] == "lawful" or rule == "intern_pay"


def test_a_minimum_that_changes_within_a_month_counts_by_days(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        '[[value]]\nquantity = "minimum_wage_monthly"\nplace = "320000"\ncategory = "I"\n'
        'from = "2026-03-17"\nvalue = "2970"\nsource = "样例通知"\n',
        encoding="utf-8",
    )
    import wageguide as wg

    # 16 days of 2660 and 15 of 2970: 2810.
    rows = [{"base_pay": 2809.99}, {"base_pay": 2810}]
    review = reviewed(tmp_path, *rows, law=wg.read_law(own))
    assert verdicts(review, "minimum_wage") == ["violation", "lawful"]
    assert finding(review, "minimum_wage")["limit"] == 2810
    assert "自行录入" in finding(review, "minimum_wage")["marks_zh"]


class TestPlaces:
    def test_in_jiangsu_the_better_place_holds(self, tmp_path):
        rows = [
            {"place": "320125", "work_place": "320115", "month": "2011-03", "base_pay": 1139},
            {"place": "320115", "work_place": "320125", "month": "2011-03", "base_pay": 1139},
            {"place": "320115", "work_place": "320125", "month": "2011-03", "base_pay": 1140},
        ]
        assert verdicts(reviewed(tmp_path, *rows), "minimum_wage") == [
            "violation",
            "violation",
            "lawful",
        ]

    def test_elsewhere_the_place_of_work(self, tmp_path):
        row = {"place": "310000", "work_place": "110000", "month": "2025-10", "base_pay": 2540}
        assert verdicts(reviewed(tmp_path, row), "minimum_wage") == ["lawful"]

    def test_a_class_that_the_plan_names(self, tmp_path):
        row = {"place": "130000", "month": "2026-01"}
        review = reviewed(
            tmp_path,
            row | {"base_pay": 2000},
            row | {"base_pay": 2000, "minimum_class": "III"},
            on_stale="last",
        )
        assert verdicts(review, "minimum_wage") == ["not_checkable", "violation"]
        assert review.not_checkable["missing"].str.contains("Say which one holds").any()


class TestHousingFund:
    def test_only_the_contribution_at_the_lower_limit_is_taken_off(self, tmp_path):
        row = {"base_pay": 2793, "employee_housing_fund": 500, "housing_fund_floor": 133}
        assert verdicts(reviewed(tmp_path, row), "minimum_wage") == ["lawful"]

    @pytest.mark.parametrize(
        ("pay", "verdict"), [(3160, "lawful"), (2659, "violation"), (2800, "not_checkable")]
    )
    def test_without_the_lower_limit_what_is_certain_is_said(self, tmp_path, pay, verdict):
        row = {"base_pay": pay, "employee_housing_fund": 500}
        review = reviewed(tmp_path, row, drop=("housing_fund_floor",))
        assert verdicts(review, "minimum_wage") == [verdict]

    def test_a_place_of_which_nothing_is_known(self, tmp_path):
        row = {"place": "330000", "minimum_class": "I", "month": "2026-01"}
        rows = [row | {"base_pay": 2700, "employee_social_insurance": s} for s in (0, 30, 41, 200)]
        review = reviewed(tmp_path, *rows, on_stale="last")
        assert verdicts(review, "minimum_wage") == ["lawful", "lawful", "method", "method"]
        assert "2,500.00" in finding(review, "minimum_wage", 4)["text_zh"]


HALF = {"attendance": "part", "days_worked": 11, "workdays": 22}


class TestPartMonths:
    @pytest.mark.parametrize(
        ("pay", "verdict"),
        [(1314.70, "violation"), (1314.71, "method"), (1345.28, "method"), (1345.29, "lawful")],
    )
    def test_by_all_methods_or_by_some(self, tmp_path, pay, verdict):
        review = reviewed(tmp_path, HALF | {"base_pay": pay})
        assert verdicts(review, "minimum_wage") == [verdict]

    def test_workdays_come_from_the_calendar_where_it_is_known(self, tmp_path):
        review = reviewed(tmp_path, HALF | {"base_pay": 1314.70}, drop=("workdays",))
        assert verdicts(review, "minimum_wage") == ["violation"]
        row = HALF | {"month": "2025-03"}
        review = reviewed(tmp_path, row, drop=("workdays",))
        assert verdicts(review, "minimum_wage") == ["not_checkable"]

    def test_no_day_worked_and_no_pay(self, tmp_path):
        review = reviewed(tmp_path, HALF | {"days_worked": 0, "base_pay": 0})
        assert verdicts(review, "minimum_wage") == ["lawful"]


class TestYearlyPlans:
    def test_a_sum_below_twelve_minima_is_certain_and_more_is_not(self, tmp_path):
        rows = [{"month": "2024", "base_pay": pay} for pay in (29_879.99, 29_880)]
        review = reviewed(tmp_path, *rows)
        assert verdicts(review, "minimum_wage") == ["violation", "not_checkable"]
        assert finding(review, "minimum_wage")["limit"] == 29_880


def test_back_pay_does_not_count_the_same_shortfall_twice(tmp_path):
    row = {"base_pay": 2000, "contract_wage": 3000, "probation": "yes"}
    review = reviewed(tmp_path, row)

    assert verdicts(review, "probation_wage") == ["violation"]
    assert review.totals["back_pay_yuan"] == 660


def test_back_pay_of_hours_is_for_all_hours_paid(tmp_path):
    row = PART_TIME | {"hourly_rate": 20, "base_pay": 800}
    assert reviewed(tmp_path, row).totals["back_pay_yuan"] == 200


def test_at_the_level_of_sick_pay_the_employer_bears_the_contributions(tmp_path):
    row = {"attendance": "sick", "employee_social_insurance": 500, "employee_housing_fund": 133}
    review = reviewed(tmp_path, *(row | {"base_pay": pay} for pay in (2100, 2128, 2128.01)))

    assert verdicts(review, "sick_pay") == ["violation", "violation", "lawful"]
    assert [finding(review, "sick_pay", i)["short"] for i in (1, 2)] == [28, 0]
    assert [finding(review, "sick_pay", i)["back_pay"] for i in (1, 2)] == [661, 633]
    assert "633.00 元" in finding(review, "sick_pay", 2)["text_zh"]
