"""Plans with faults: each named at its cell, nothing lost, the others go on."""

from __future__ import annotations

import pandas as pd
import pytest
from openpyxl import Workbook
from plans import ORDINARY, reviewed, verdicts, write_plan

import wageguide as wg
from wageguide.errors import InputError, WageguideError

FAULTS = {
    "negative pay": ({"base_pay": -5}, "base_pay", "amount_negative", "-5"),
    "text in an amount": ({"base_pay": "abc"}, "base_pay", "amount_not_number", "abc"),
    "text in another": ({"bonus": "很多"}, "bonus", "amount_not_number", "很多"),
    "unknown place": ({"place": "320199"}, "place", "place_unknown", "320199"),
    "unknown work place": ({"work_place": "火星"}, "work_place", "place_unknown", "火星"),
    "no month": ({"month": "2026-13"}, "month", "period_unknown", "2026-13"),
    "25 hours a day": ({"hours_day": 25}, "hours_day", "hours_impossible", "25"),
    "32 days": ({"days_worked": 32}, "days_worked", "hours_impossible", "32"),
    "unknown form": ({"work_form": "外星"}, "work_form", "answer_unusable", "外星"),
    "no pay": ({"base_pay": ""}, "base_pay", "answer_unusable", ""),
    "no enterprise": ({"enterprise_id": ""}, "enterprise_id", "answer_unusable", ""),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_at_its_cell_and_the_others_go_on(tmp_path, name):
    change, column, reason, value = FAULTS[name]
    plan = wg.read_plan(write_plan(tmp_path, {}, change, {}), progress=False)

    named = plan.findings.frame[plan.findings.frame["reason"] == reason]
    assert named[["row", "column", "value"]].values.tolist() == [[3, column, value]]
    assert plan.set_aside["reason"].tolist() == [reason]
    assert plan.received == 3
    review = wg.review(plan)
    assert verdicts(review, "minimum_wage") == ["lawful", "lawful"]
    assert not review.enterprises["complies"].any()


def test_all_faults_at_once(tmp_path):
    plan = wg.read_plan(write_plan(tmp_path, *(c for c, *_ in FAULTS.values())), progress=False)

    assert len(plan.set_aside) == plan.received == len(FAULTS)
    assert set(plan.findings.frame["reason"]) >= {r for _, _, r, _ in FAULTS.values()}


def test_two_rows_for_one_worker_and_month(tmp_path):
    plan = wg.read_plan(write_plan(tmp_path, {}, {"worker_id": "1"}, {}), progress=False)

    assert plan.set_aside["reason"].tolist() == ["worker_month_twice"] * 2
    assert len(plan.rows) == 1


def test_a_month_outside_the_period_of_the_plan(tmp_path):
    rows = [{"period": "2026-03"}, {"period": "2026-03", "month": "2026-04"}]
    plan = wg.read_plan(write_plan(tmp_path, *rows), progress=False)

    assert plan.set_aside["reason"].tolist() == ["period_mixed"]
    within = [{"period": "2026", "month": f"2026-0{m}"} for m in (1, 2)]
    assert len(wg.read_plan(write_plan(tmp_path, *within), progress=False).rows) == 2


@pytest.mark.parametrize(
    ("dropped", "rule"),
    [
        ("attendance", "minimum_wage"),
        ("overtime_pay", "minimum_wage"),
        ("base_pay", "minimum_wage"),
        ("shift_allowance", "minimum_wage"),
    ],
)
def test_a_missing_column_is_never_lawful(tmp_path, dropped, rule):
    review = reviewed(tmp_path, {}, drop=(dropped,))

    assert verdicts(review, rule) in (["not_checkable"], ["not_applicable"])
    assert "lawful" not in verdicts(review, rule)
    assert not review.enterprises["complies"].any()
    if verdicts(review, rule) == ["not_checkable"]:
        assert dropped in set(review.not_checkable["missing"])


def test_what_is_assumed_is_said(tmp_path):
    review = reviewed(tmp_path, {}, drop=("attendance",), assume={"attendance": "full"})

    assert verdicts(review, "minimum_wage") == ["lawful"]
    assert "假定：attendance = full" in repr(review)
    for wrong in ({"attendance": "x"}, {"bonus": "0"}):
        with pytest.raises(InputError):
            reviewed(tmp_path, {}, assume=wrong)


@pytest.mark.parametrize("month", ["2003-01", "2027-01"])
def test_months_that_nobody_has_checked(tmp_path, month):
    review = reviewed(tmp_path, {"month": month})
    assert "lawful" not in verdicts(review, "minimum_wage")
    if month == "2027-01":
        assert verdicts(review, "minimum_wage") == ["not_checkable"]
        last = reviewed(tmp_path, {"month": month}, on_stale="last")
        assert verdicts(last, "minimum_wage") == ["lawful"]
        assert any("沿用" in zh for zh, _ in last.marks)


def test_an_enterprise_complies_only_if_all_was_checked(tmp_path):
    whole = {
        "contribution_base": 6000,
        "employee_housing_fund": 300,
        "housing_fund_floor": 133,
    }
    review = reviewed(tmp_path, whole)
    assert review.enterprises["complies"].tolist() == [True]
    assert review.totals["complying"] == 1
    assert not reviewed(tmp_path, whole | {"contribution_base": ""}).totals["complying"]
    assert not reviewed(tmp_path, whole, rules=["intern_pay"]).totals["complying"]


def workbook(path, head, rows):
    book = Workbook()
    form = book.active
    form.title = "企业计划"
    for name, value in head.items():
        form.append([name, value])
    sheet = book.create_sheet("工资明细")
    heads = ["工号", "用工形式", "出勤情况", "基本工资", "加班工资", "夜班津贴", "特殊环境津贴"]
    sheet.append(heads)
    for row in rows:
        sheet.append(row)
    book.save(path)


def test_workbooks_of_enterprises_and_one_without_workers(tmp_path):
    head = {
        "统一社会信用代码": "A1",
        "企业名称": "甲",
        "所在地代码": "江苏省",
        "计划月份": "2026年3月",
    }
    head["所在地代码"] = "南京市江宁区"
    workbook(tmp_path / "a.xlsx", head, [[1, "全日制", "全勤", 2600, 0, 0, 0]])
    workbook(tmp_path / "b.xlsx", head | {"统一社会信用代码": "B1", "企业名称": "乙"}, [])
    plan = wg.read_plan(tmp_path, progress=False)

    assert plan.enterprises[["enterprise_id", "rows"]].values.tolist() == [["A1", 1], ["B1", 0]]
    assert "no_worker_rows" in set(plan.findings.frame["reason"])
    review = wg.review(plan)
    assert verdicts(review, "minimum_wage") == ["violation"]
    assert review.findings["row"].tolist()[0] == 2
    assert review.enterprises.set_index("enterprise_id")["complies"].tolist() == [False, False]


def test_place_and_month_of_plans_that_do_not_say(tmp_path):
    review = reviewed(
        tmp_path, {"base_pay": 2600}, drop=("place", "month"), place="320115", period="2026-03"
    )
    assert verdicts(review, "minimum_wage") == ["violation"]


def test_parquet_and_csv_say_the_same(tmp_path):
    path = write_plan(tmp_path, {"base_pay": 2600}, {"attendance": "sick"})
    pd.read_csv(path, dtype={"place": str, "worker_id": str}).to_parquet(tmp_path / "p.parquet")
    one, other = (wg.review(wg.read_plan(p, progress=False)) for p in
                  (path, tmp_path / "p.parquet"))  # fmt: skip
    same = ["enterprise_id", "worker_id", "rule", "verdict", "compared", "limit", "short"]
    pd.testing.assert_frame_equal(one.findings[same], other.findings[same])


def test_what_cannot_be_read_at_all(tmp_path):
    for wrong in ([], [tmp_path / "none.xlsx"], [tmp_path]):
        with pytest.raises(WageguideError):
            wg.read_plan(*wrong, progress=False)
    bad = tmp_path / "x.csv"
    bad.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(WageguideError, match="the worker, the form of work"):
        wg.read_plan(bad, progress=False)


def test_the_input_stays_as_it_is(tmp_path):
    plan = wg.read_plan(write_plan(tmp_path, {}, {"base_pay": 100}), progress=False)
    before = plan.rows.copy()
    wg.review(plan)
    pd.testing.assert_frame_equal(plan.rows, before)


def test_ordinary_is_ordinary():
    assert ORDINARY["base_pay"] > 2660
