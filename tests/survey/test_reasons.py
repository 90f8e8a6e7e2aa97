"""Every reason code, by hand, and the bounds on the line."""

from __future__ import annotations

import pandas as pd
import pytest
from returns import FORM, POLICY, WORKER, workers, write_many, write_return

import wageguide as wg
from wageguide.survey.edit import TREATMENTS
from wageguide.survey.reasons import REASONS


def read(folder):
    return wg.read_survey(folder, reference_year=2025, progress=False)


def found(folder, file="a.xlsx"):
    frame = wg.validate(read(folder), POLICY).frame
    frame = frame[frame["file"] == file]
    rows = frame["row"].astype(object).where(frame["row"].notna(), None)
    return set(zip(rows, frame["column"], frame["reason"], strict=True))


def one_change(folder, **changes):
    """Findings of a return whose first worker (row 2) is changed, among ordinary ones."""
    write_return(folder / "a.xlsx", workers(4, **changes))
    write_many(folder)
    return found(folder)


def test_every_reason_has_a_treatment():
    assert set(TREATMENTS) == set(REASONS)


def test_an_ordinary_return_has_no_finding(tmp_path):
    assert one_change(tmp_path) == set()


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("age", 15, "age_impossible"),
        ("age", 16, None),
        ("age", 75, None),
        ("age", 76, "age_impossible"),
        ("weekly_hours", 0, "hours_impossible"),
        ("weekly_hours", 0.5, None),
        ("weekly_hours", 84, None),
        ("weekly_hours", 84.5, "hours_impossible"),
        ("months_worked", 0, "months_impossible"),
        ("months_worked", -1, "months_impossible"),
        ("months_worked", 11, "partial_year"),
        ("months_worked", 12.5, "months_impossible"),
        ("occupation", "9-99-99-99", "code_unknown"),
        ("occupation", "2-02-10", "code_unknown"),  # a group is no detailed occupation
        ("occupation", "2-02-10-03", None),
        ("occupation", 2021003, None),
        ("education", "不知道", "code_unknown"),
        ("education", "e4", None),
        ("occupation", "", "value_missing"),
        ("annual_wage", "", "value_missing"),
        ("months_worked", "", "value_missing"),
        ("age", "", "value_missing"),
        ("annual_wage", "面议", "value_not_number"),
        ("annual_wage", "８０，０００元", "text_number"),
        ("annual_wage", "80,000.00", "text_number"),
        ("annual_wage", "8万元", "text_number"),
        ("annual_wage", 80_001, None),
        ("annual_wage", 80_001.01, "pay_sum_mismatch"),
        ("annual_wage", 79_998.99, "pay_sum_mismatch"),
        ("annual_wage", 80, "unit_slip"),  # the parts show 千元
    ],
)
def test_one_value(tmp_path, column, value, reason):
    expected = {(2, column, reason)} if reason else set()

    assert one_change(tmp_path, **{column: value}) == expected


@pytest.mark.parametrize(
    ("base", "bonus", "reason"),
    [
        (-100_000, 20_000, "wage_negative"),
        (0, 0, "wage_zero"),
        (1_000_000_000, 0, "wage_implausible"),
        (50_000_000, 0, None),
        (50_000_000, 0.01, "wage_implausible"),
        (60, 20, "unit_slip"),
        (6, 2, "unit_slip"),
    ],
)
def test_one_wage(tmp_path, base, bonus, reason):
    wages = {"pay_base": base, "pay_bonus": bonus, "annual_wage": base + bonus}
    reasons = {r for row, c, r in one_change(tmp_path, **wages) if c == "annual_wage" or row == 2}

    assert reason is None or reason in reasons
    assert reasons - {"wage_outlier", "wage_negative"} <= {reason}


def test_an_outlier_is_flagged_and_kept(tmp_path):
    write_return(tmp_path / "a.xlsx", workers(6, pay_base=380_000, annual_wage=400_000))
    for i in range(5):
        form = FORM | {"enterprise_id": f"O{i}"}
        rows = [
            WORKER | {"worker_id": str(k), "pay_base": b, "annual_wage": b + 20_000}
            for k, b in enumerate(range(30_000 + i * 777, 90_000, 7_000))
        ]
        write_return(tmp_path / f"o{i}.xlsx", rows, form=form)

    edited = wg.edit(read(tmp_path), POLICY)

    flagged = edited.findings.frame
    assert flagged["reason"].tolist() == ["wage_outlier"]
    assert 400_000 in edited.workers["annual_wage"].tolist()


def test_units_named_in_a_heading_are_converted_exactly(tmp_path):
    rows = [{**WORKER, "pay_base": 6.12345, "pay_bonus": 2, "annual_wage": 8.12345}]
    labels = {
        "pay_base": "基本工资（万元）",
        "pay_bonus": "奖金(万元)",
        "annual_wage": "全年工资合计\n（单位：万元）",
    }
    write_return(tmp_path / "a.xlsx", rows, labels=labels)

    survey = read(tmp_path)

    assert survey.workers["annual_wage"].tolist() == [81_234.5]
    assert set(survey.findings.frame["reason"]) == {"unit_declared"}
    log = wg.edit(survey, POLICY).changes
    assert log.loc[log["column"].eq("annual_wage"), "before"].tolist() == ["8.12345"]
    assert log.loc[log["column"].eq("annual_wage"), "after"].tolist() == ["81234.5"]


@pytest.mark.parametrize("factor", [1_000, 10_000])
def test_a_return_in_the_wrong_unit_is_converted_to_the_fen(tmp_path, factor):
    rows = workers(4)
    for row in rows:
        for name in ("pay_base", "pay_bonus", "annual_wage"):
            row[name] = row[name] / factor
    write_return(tmp_path / "a.xlsx", rows)
    write_many(tmp_path)

    edited = wg.edit(read(tmp_path), POLICY)

    mine = edited.workers[edited.workers["file"].eq("a.xlsx")]
    assert mine["annual_wage"].tolist() == [80_000, 80_100, 80_200, 80_300]
    assert mine["pay_bonus"].tolist() == [20_000] * 4
    assert edited.changes["method"].unique().tolist() == ["return_median"]
    assert len(edited.changes) == 12
    assert edited.account.closes


def test_a_row_between_two_units_is_set_aside(tmp_path):
    """40 may be 40 千元 (half the usual) or 40 万元 (five times): nobody knows."""
    wages = {"pay_base": 40, "pay_bonus": 0, "annual_wage": 40}
    write_return(tmp_path / "a.xlsx", workers(5, **wages))
    write_many(tmp_path)

    edited = wg.edit(read(tmp_path), POLICY)

    assert edited.set_aside["reason"].tolist() == ["unit_slip"]
    assert edited.set_aside["annual_wage"].tolist() == [40]


def test_totals_blanks_duplicates_and_text(tmp_path):
    rows = workers(3)
    rows[1]["occupation_name"] = "=cmd|'/c calc'!A1"
    rows += [{}, dict(rows[0]), {"": "合　计", "annual_wage": 240_300}]
    rows[0]["备注"] = rows[4]["备注"] = "无误"
    write_return(tmp_path / "a.xlsx", rows)
    write_many(tmp_path)

    assert found(tmp_path) == {
        (None, "备注", "column_unknown"),
        (3, "occupation_name", "formula_text"),
        (5, "", "row_empty"),
        (6, "", "row_duplicate"),
        (7, "worker_id", "row_total"),
    }
    survey = read(tmp_path)
    assert survey.extra["value"].tolist() == ["无误", "无误"]
    edited = wg.edit(survey, POLICY)
    assert sorted(edited.set_aside["reason"]) == ["row_duplicate", "row_total"]


@pytest.mark.parametrize("weight", [0, -1, "", "inf", 0.5, 1])
def test_a_weight_must_be_above_zero(tmp_path, weight):
    rows = [row | {"weight": w} for row, w in zip(workers(3), (1, weight, 2), strict=True)]
    path = tmp_path / "flat.csv"
    pd.DataFrame([FORM | row for row in rows]).to_csv(path, index=False)

    edited = wg.edit(wg.read_survey(path, progress=False), POLICY)

    right = weight in (0.5, 1)
    assert edited.workers["weight"].tolist() == ([1, weight, 2] if right else [1, 2])
    reasons = set(edited.set_aside["reason"])
    assert reasons == (set() if right else {"weight_impossible"})
    assert edited.account.closes


def test_without_numbers_two_workers_may_be_alike(tmp_path):
    path = tmp_path / "flat.csv"
    row = {k: v for k, v in (FORM | workers(1)[0]).items() if k != "worker_id"}
    pd.DataFrame([row, row]).to_csv(path, index=False)

    edited = wg.edit(wg.read_survey(path, progress=False), POLICY)

    assert len(edited.workers) == 2


def test_an_enterprise_sent_twice_counts_once(tmp_path):
    write_return(tmp_path / "a.xlsx", workers(3))
    write_return(tmp_path / "b.xlsx", workers(4))

    edited = wg.edit(read(tmp_path), POLICY)

    assert (None, "enterprise_id", "enterprise_duplicate") in found(tmp_path, "b.xlsx")
    assert set(edited.workers["file"]) == {"a.xlsx"}
    assert edited.account.set_aside["enterprise_duplicate"][0] == 4


@pytest.mark.parametrize(
    ("field", "value", "aside"),
    [("industry", "火星业", 0), ("enterprise_size", "", 0), ("enterprise_id", "", 3)],
)
def test_enterprise_fields(tmp_path, field, value, aside):
    write_return(tmp_path / "a.xlsx", workers(3), form=FORM | {field: value})
    write_many(tmp_path)

    assert {(c, r) for _, c, r in found(tmp_path)} == {(field, "enterprise_field")}
    assert len(wg.edit(read(tmp_path), POLICY).set_aside) == aside


def test_another_year_is_not_used(tmp_path):
    write_return(tmp_path / "a.xlsx", workers(3), form=FORM | {"reference_year": 2019})
    write_many(tmp_path)

    edited = wg.edit(read(tmp_path), POLICY)

    assert edited.set_aside["reason"].tolist() == ["enterprise_field"] * 3


def test_a_missing_column_sets_its_rows_aside(tmp_path):
    rows = workers(3)
    for row in rows:
        del row["months_worked"]
    write_return(tmp_path / "a.xlsx", rows)
    write_many(tmp_path)

    assert found(tmp_path) == {(None, "months_worked", "column_missing")}
    edited = wg.edit(read(tmp_path), POLICY)
    assert edited.set_aside["reason"].tolist() == ["column_missing"] * 3


def test_sentences_name_the_cell_the_value_and_what_would_be_right(tmp_path):
    write_return(tmp_path / "a.xlsx", workers(3, age=152))

    line = wg.validate(read(tmp_path), POLICY).frame.iloc[0]

    assert line["message_zh"] == "从业人员工资第2行：“年龄”为 152；应在 16–75 岁之间。"
    assert line["enterprise_id"] == FORM["enterprise_id"]


def test_a_survey_is_edited_once(tmp_path):
    write_return(tmp_path / "a.xlsx", workers(3))
    edited = wg.edit(read(tmp_path), POLICY)

    with pytest.raises(wg.WageguideError, match="edited already"):
        wg.edit(edited, POLICY)


def test_editing_does_not_change_what_was_read(tmp_path):
    write_return(tmp_path / "a.xlsx", workers(3, age=152))
    survey = read(tmp_path)
    before = survey.workers.copy(deep=True)

    wg.edit(survey, POLICY)

    assert before.equals(survey.workers)
    assert survey.received("age").tolist() == ["152", "30", "30"]
