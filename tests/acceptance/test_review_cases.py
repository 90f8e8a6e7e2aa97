"""The legal cases of minimum wage, hours, overtime, lines and contributions, as written."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from plans import finding, reviewed_both_ways, verdicts

import wageguide as wg
from wageguide.errors import LawError
from wageguide.payroll.advice.growth import (
    against_lines,
    average_growth,
    growth,
    guideline_lines,
    recommended,
    two_below,
)
from wageguide.payroll.batch import batch_of
from wageguide.payroll.law_table import LawTable
from wageguide.payroll.rules.contributions import clamped_base
from wageguide.payroll.rules.overtime import split_hours

pytestmark = pytest.mark.acceptance
LAW = wg.read_law()

#: Cases of other rooms: tables, collective contracts, setting standards, and arrears.
ELSEWHERE = {
    *("C10", "D01", "D02", "D04", "D06", "D07", "E01", "E02", "E03"),
    *("E05", "E07", "E08", "E09", "E10", "F03", "F04", "F06"),
}


@pytest.fixture
def numbers(shared):
    """The numbers that a case states, by name."""
    cases = json.loads((shared / "acceptance/law_cases.json").read_text(encoding="utf-8"))
    by_id = {case["id"]: case["numbers"] for case in cases}

    def of(case: str) -> dict:
        return by_id[case]

    return of


def violation(review, rule, row=1):
    found = finding(review, rule, row)
    assert found["verdict"] == "violation"
    return found


def test_every_case_is_here_or_elsewhere(shared):
    cases = json.loads((shared / "acceptance/law_cases.json").read_text(encoding="utf-8"))
    here = {name[5:8].upper() for name in globals() if name.startswith("test_") and "_" in name[8:]}
    assert {c["id"] for c in cases} <= here | ELSEWHERE


JIANGNING = {"base_pay": 2500, "overtime_pay": 400, "shift_allowance": 150}


def test_a01_gross_looks_fine_and_is_not(tmp_path, numbers):
    row = JIANGNING | {"employee_housing_fund": 133, "housing_fund_floor": 133}
    found = violation(reviewed_both_ways(tmp_path, row), "minimum_wage")
    assert (found["compared"], found["short"]) == tuple(numbers("A01").values())


def test_a02_no_housing_fund_is_a_flag_of_its_own(tmp_path, numbers):
    review = reviewed_both_ways(tmp_path, JIANGNING)
    found = violation(review, "minimum_wage")
    assert (found["compared"], found["short"]) == tuple(numbers("A02").values())
    assert finding(review, "housing_fund")["verdict"] == "advice"


def test_a04_shanghai_takes_off_both_shares(tmp_path, numbers):
    row = {"place": "310000", "month": "2025-08", "base_pay": 2740}
    row |= {"employee_social_insurance": 800.3, "employee_housing_fund": 175}
    found = violation(reviewed_both_ways(tmp_path, row), "minimum_wage")
    assert (found["compared"], found["short"]) == tuple(numbers("A04").values())


def test_a05_beijing_takes_off_both_shares(tmp_path, numbers):
    row = {"place": "110000", "month": "2025-10", "base_pay": 3000}
    row |= {"employee_social_insurance": 700, "employee_housing_fund": 127}
    found = violation(reviewed_both_ways(tmp_path, row), "minimum_wage")
    assert (found["compared"], found["short"]) == tuple(numbers("A05").values())


def test_a07_meals_in_cash_count_and_in_kind_do_not(tmp_path, numbers):
    row = {"month": "2008-03", "base_pay": 800, "overtime_pay": 200}
    review = reviewed_both_ways(tmp_path, row | {"meal_allowance": 100}, row | {"in_kind": 100})
    assert verdicts(review, "minimum_wage") == ["lawful", "violation"]
    assert violation(review, "minimum_wage", 2)["short"] == numbers("A07")["kind_shortfall"]


def test_a08_gaochun_before_and_after_its_class_changed(tmp_path, numbers):
    row = {"place": "320125", "base_pay": 500}
    review = reviewed_both_ways(tmp_path, row | {"month": "2005-12"}, row | {"month": "2006-11"})
    assert verdicts(review, "minimum_wage") == ["lawful", "violation"]
    assert violation(review, "minimum_wage", 2)["short"] == numbers("A08")["second_shortfall"]
    limit = LAW.look_up("minimum_wage_monthly", "320125", "2005-12-01").number
    assert limit == numbers("A08")["first_limit"]


PART_TIME = {"work_form": "part_time", "hours_day": 4, "hours_week": 20, "settlement_days": 15}


def test_a10_hourly_rate_of_part_time_work(tmp_path, numbers):
    review = reviewed_both_ways(tmp_path, *(PART_TIME | {"hourly_rate": r} for r in (24, 25)))
    assert verdicts(review, "minimum_wage_hourly") == ["violation", "lawful"]
    assert violation(review, "minimum_wage_hourly")["short"] == numbers("A10")["shortfall"]


def test_a12_part_time_in_name_only(tmp_path, numbers):
    row = PART_TIME | {"hours_day": 6, "hours_week": 30, "hourly_rate": 25, "base_pay": 2600}
    review = reviewed_both_ways(tmp_path, row)
    assert verdicts(review, "part_time_hours") == ["violation"]
    assert verdicts(review, "minimum_wage_hourly") == ["not_applicable"]
    assert violation(review, "minimum_wage")["short"] == 60
    assert f"{numbers('A12')['weekly']} 小时" in finding(review, "part_time_hours")["text_zh"]


def test_a13_settlement_of_part_time_work(tmp_path, numbers):
    row = PART_TIME | {"hours_week": numbers("A13")["weekly"], "hourly_rate": 25}
    review = reviewed_both_ways(tmp_path, row, row | {"settlement_days": 30})
    assert verdicts(review, "part_time_hours") == ["lawful", "lawful"]
    assert verdicts(review, "part_time_settlement") == ["lawful", "violation"]


def test_a14_probation(tmp_path, numbers):
    row = {"base_pay": 2400, "contract_wage": 3000, "probation": "yes"}
    review = reviewed_both_ways(tmp_path, row)
    assert verdicts(review, "probation_wage") == ["lawful"]
    assert violation(review, "minimum_wage")["short"] == numbers("A14")["shortfall"]


def test_a16_part_of_a_month_by_three_methods(tmp_path, numbers):
    row = {"attendance": "part", "base_pay": 1340, "days_worked": 11, "workdays": 22}
    review = reviewed_both_ways(tmp_path, row)
    assert verdicts(review, "minimum_wage") == ["method"]
    stated = numbers("A16")
    readings = finding(review, "minimum_wage")["readings"]
    for name in ("m2175", "actual", "deduct"):
        assert f"{stated[name]:,.2f}" in readings
    assert verdicts(reviewed_both_ways(tmp_path, row | {"base_pay": 1345.29}), "minimum_wage") == [
        "lawful"
    ]


def test_a17_sick_pay(tmp_path, numbers):
    found = violation(
        reviewed_both_ways(tmp_path, {"attendance": "sick", "base_pay": 2100}), "sick_pay"
    )
    assert (found["limit"], found["short"]) == tuple(numbers("A17").values())
    assert "承担" in found["text_zh"]


def test_a19_personal_leave(tmp_path):
    review = reviewed_both_ways(tmp_path, {"attendance": "absent", "base_pay": 0})
    assert verdicts(review, "minimum_wage") == ["lawful"]


def test_a21_leave_that_counts_as_normal_labour(tmp_path, numbers):
    found = violation(
        reviewed_both_ways(tmp_path, {"attendance": "带薪假", "base_pay": 2460}), "minimum_wage"
    )
    assert found["short"] == numbers("A21")["shortfall"]


def test_a22_stoppage(tmp_path, numbers):
    first = {"attendance": "stoppage_first", "contract_wage": 4000, "base_pay": 3999}
    third = {"attendance": "stoppage", "contract_wage": 4000, "base_pay": 2127}
    review = reviewed_both_ways(tmp_path, first, third, third | {"base_pay": 2128})
    stated = numbers("A22")
    assert violation(review, "stoppage_first_period")["limit"] == stated["first"]
    assert violation(review, "stoppage_pay", 2)["limit"] == stated["third"]
    assert verdicts(review, "stoppage_pay")[2] == "lawful"


def test_a23_consent_cannot_go_below_the_minimum(tmp_path, numbers):
    found = violation(reviewed_both_ways(tmp_path, {"base_pay": 2500}), "minimum_wage")
    assert found["short"] == numbers("A23")["shortfall"]


def test_a26_piece_quota(tmp_path, numbers):
    row = {"base_pay": 0, "piece_pay": 2400, "piece_quota_share": 0.8}
    review = reviewed_both_ways(tmp_path, row)
    assert verdicts(review, "piece_quota") == ["violation"]
    assert violation(review, "minimum_wage")["short"] == numbers("A26")["shortfall"]


def test_a27_back_pay_and_what_may_be_added(tmp_path, numbers):
    months = [{"worker_id": "1", "month": f"2026-0{m}", "base_pay": 2360} for m in range(1, 6)]
    review = reviewed_both_ways(tmp_path, *months)
    stated = numbers("A27")
    assert review.totals["back_pay_yuan"] == stated["due"]
    mine = review.violations
    assert [mine["extra_least"].sum(), mine["extra_most"].sum()] == stated["extra"]
    law = [
        LAW.look_up("arrears_compensation", "320115", "2026-05-01", f"decree_{k}").number
        for k in ("least", "most")
    ]
    assert [stated["due"] * n for n in law] == stated["decree"]


def test_a29_dispatched_worker_without_assignment(tmp_path, numbers):
    row = {"work_form": "dispatched", "attendance": "unassigned", "base_pay": 2000}
    found = violation(reviewed_both_ways(tmp_path, row), "unassigned_pay")
    assert found["short"] == numbers("A29")["shortfall"]


def test_a31_intern(tmp_path, numbers):
    row = {"work_form": "intern", "base_pay": 2500}
    review = reviewed_both_ways(
        tmp_path, row, row | {"hourly_rate": 24.99}, row | {"hourly_rate": 25}
    )
    assert violation(review, "intern_pay")["short"] == numbers("A31")["shortfall"]
    assert verdicts(review, "intern_pay") == ["violation", "violation", "lawful"]
    assert verdicts(review, "minimum_wage") == ["not_applicable"] * 3


WORKED = {"contract_wage": 4350, "base_pay": 4350, "hours_system": "standard"}
HOURS = {"overtime_hours": 0, "rest_day_hours": 0, "comp_time_hours": 0, "holiday_hours": 0}


def owed(tmp_path, **changes):
    review = reviewed_both_ways(tmp_path, WORKED | HOURS | {"overtime_pay": 0.01} | changes)
    found = review.findings[review.findings["rule"] == "overtime_pay"]
    return 0 if found.empty else found.iloc[0]["limit"]


def test_b01_overtime_of_three_kinds(tmp_path, numbers):
    total = owed(tmp_path, overtime_hours=10, rest_day_hours=8, holiday_hours=8)
    assert total == numbers("B01")["total"]


def test_b03_cap_of_the_month(tmp_path):
    rows = [WORKED | HOURS | {"overtime_hours": h, "overtime_pay": 5000} for h in (40, 36)]
    review = reviewed_both_ways(tmp_path, *rows)
    assert verdicts(review, "overtime_month") == ["violation", "lawful"]
    assert verdicts(review, "overtime_pay") == ["lawful", "lawful"]


def test_b04_cap_of_the_day(tmp_path):
    row = WORKED | HOURS | {"overtime_hours": 8, "overtime_pay": 5000}
    review = reviewed_both_ways(tmp_path, *(row | {"longest_day_overtime": h} for h in (4, 3, 1)))
    assert verdicts(review, "overtime_day") == ["violation", "advice", "lawful"]


def test_b06_a_holiday_is_paid_whatever_is_given_back(tmp_path):
    assert owed(tmp_path, holiday_hours=8, comp_time_hours=8) == 600
    assert owed(tmp_path, rest_day_hours=8, comp_time_hours=8) == 0


def test_b07_the_golden_week(tmp_path, numbers):
    days = [dt.date(2026, 10, d) for d in (1, 2, 4, 10)]
    hours = split_hours(LAW.calendar, dict.fromkeys(days, Decimal(8)))
    assert owed(tmp_path, **hours) == numbers("B07")["total"]


def test_b09_womens_day_on_a_sunday(tmp_path, numbers):
    hours = split_hours(LAW.calendar, {dt.date(2026, 3, 8): Decimal(4)})
    assert owed(tmp_path, **hours) == numbers("B09")["total"]


def test_b11_irregular_hours(tmp_path):
    assert owed(tmp_path, holiday_hours=8, hours_system="irregular") == 0
    review = reviewed_both_ways(
        tmp_path, WORKED | HOURS | {"holiday_hours": 8, "hours_system": "irregular",
                                    "place": "110000", "month": "2025-10"}
    )  # fmt: skip
    assert verdicts(review, "overtime_pay") == ["not_checkable"]


def test_b13_annual_leave_not_taken(tmp_path, numbers):
    row = {"leave_days_unused": 3, "average_wage_12": 6525, "annual_leave_pay": 0}
    found = violation(reviewed_both_ways(tmp_path, row), "annual_leave_pay")
    assert found["limit"] == numbers("B13")["extra"]


def test_b15_pay_day_before_a_holiday(tmp_path, numbers):
    stated = numbers("B15")
    for due, last in (("2026-02-16", stated["d1"]), ("2026-10-05", stated["d2"])):
        after = str(dt.date.fromisoformat(last) + dt.timedelta(days=1))
        rows = [{"pay_day_due": due, "pay_day": d} for d in (last, after)]
        assert verdicts(reviewed_both_ways(tmp_path, *rows), "pay_day") == ["lawful", "violation"]


def test_b16_paid_once_a_year(tmp_path):
    rows = [{"pay_frequency": f} for f in ("year", "year_prepaid", "month")]
    review = reviewed_both_ways(tmp_path, *rows)
    assert verdicts(review, "pay_period") == ["violation", "lawful", "lawful"]


def test_c01_levels_on_a_published_base(numbers):
    lines, stated = guideline_lines(LAW, "370100", 2005), numbers("C01")
    base = LAW.look_up("guideline_line", "370100", "2005-01-01", "base_wage").number
    codes = [against_lines(growth(base, level), lines).code for level in (18500, 18800, 16900)]
    assert codes == ["baseline_to_upper", "above_upper", "below_lower"]
    assert round(float(growth(base, 18500)), 2) == stated["g"]
    assert round(float(growth(base, 16900)), 2) == stated["low_g"]
    assert float(base * (1 + lines.upper / 100)) == stated["upper"]


def test_c04_a_low_wage_level_is_advised_to_grow_more():
    lines = guideline_lines(LAW, "440000-PRD", 2008)
    said = recommended(growth(100, 112), lines, Decimal("0.75"))
    assert said.advice
    assert "15% 至 21%" in said.zh
    assert "不属违法" in said.zh


def test_c05_no_upper_line_is_not_zero():
    said = against_lines(growth(100, 120), guideline_lines(LAW, "370000", 2019))
    assert (said.code, said.advice) == ("no_upper_line", False)


def test_c06_the_base_of_shandong_2019_stands_with_its_line():
    entry = LAW.look_up("guideline_line", "370000", "2019-01-01", "baseline").entry
    assert "national urban average wage" in entry.note
    with pytest.raises(LawError):
        LAW.look_up("guideline_line", "370000", "2019-01-01", "base_wage")


def test_c08_below_the_lower_line_but_not_the_minimum(tmp_path):
    row = {"payroll_before": 100, "payroll_planned": 97, "heads_before": 10, "heads_planned": 10}
    row |= {"base_pay": 2700}
    lines = {"upper": 12, "baseline": 7, "lower": 2}
    review = reviewed_both_ways(tmp_path, row, row | {"base_pay": 2659}, lines=lines)
    assert verdicts(review, "minimum_wage") == ["lawful", "violation"]
    line = review.findings[review.findings["rule"] == "guideline_line"].iloc[0]
    assert line["verdict"] == "advice"
    assert "不得低于最低工资" in line["text_zh"]


def test_c09_two_below(numbers):
    total, average = growth(1000, 1070), average_growth(1000, 1070, 200, 204)
    assert round(float(average), 2) == numbers("C09")["avg"]
    assert not any(said.advice for said in two_below(total, average, 8, 5))


def test_c11_equal_is_not_below():
    total, _ = two_below(growth(100, 108), growth(100, 101), growth(100, 108), growth(100, 105))
    assert total.advice


def test_f01_floor_and_ceiling_of_the_base(tmp_path, numbers):
    rows = [
        {"month": "2025-10", "base_pay": w, "contribution_base": 1} for w in (3000, 8000, 30000)
    ]
    review = reviewed_both_ways(tmp_path, *rows)
    base = clamped_base(batch_of(review.plan), LawTable(LAW))
    assert [b / 100 for b in base.tolist()] == numbers("F01")["base"]
    assert verdicts(review, "contribution_base") == ["violation"] * 3
