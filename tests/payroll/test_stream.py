"""A Parquet file reviewed chunk by chunk says what the whole review says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from plans import ORDINARY

import wageguide as wg
from wageguide.errors import InputError, LawError
from wageguide.payroll import stream
from wageguide.payroll.outcome import VERDICT_NAMES
from wageguide.payroll.stream import review_file


def many(size=400):
    """Rows of all kinds, drawn with a fixed seed."""
    rng = np.random.default_rng(7)
    pick = lambda *values: np.array(values, dtype=object)[rng.integers(0, len(values), size)]  # noqa: E731
    rows = pd.DataFrame({**ORDINARY, "worker_id": [str(i) for i in range(size)]})
    return rows.assign(
        enterprise_id=pick("A1", "B2", "C3"),
        place=pick("320115", "320117", "310000", "南京市江宁区"),
        work_place=pick(None, "320106", "320125"),
        month=pick("2010-01", "2010-02", "2026-03", "2024"),
        work_form=pick("full_time", "part_time", "dispatched", "intern"),
        attendance=pick("full", "part", "sick", "stoppage", "stoppage_first", "absent"),
        hours_system=pick("standard", "comprehensive", "irregular", None),
        probation=pick("yes", "no", None),
        base_pay=rng.integers(50_000, 400_000, size) / 100,
        contract_wage=np.where(rng.random(size) < 0.5, 3000.0, np.nan),
        hourly_rate=np.where(rng.random(size) < 0.5, 20.0, np.nan),
        days_worked=rng.integers(0, 22, size).astype(float),
        workdays=22.0,
        hours_day=4.0,
        hours_week=rng.integers(20, 30, size).astype(float),
        settlement_days=15.0,
        employee_housing_fund=pick(0.0, 100.0).astype(float),
        overtime_hours=rng.integers(0, 50, size).astype(float),
        rest_day_hours=pick(0.0, 8.0).astype(float),
        holiday_hours=pick(0.0, 8.0).astype(float),
        overtime_pay=rng.integers(0, 100_000, size) / 100,
    )


@pytest.mark.parametrize("rows_at_once", [37, 1 << 18])
def test_the_same_verdicts_and_sums(tmp_path, monkeypatch, rows_at_once):
    monkeypatch.setattr(stream, "_ROWS", rows_at_once)
    path = tmp_path / "plan.parquet"
    many().to_parquet(path, index=False)
    whole = wg.review(wg.read_plan(path, progress=False))
    streamed = review_file(path)

    counts = streamed.rules.set_index("rule")[list(VERDICT_NAMES)]
    assert set(counts.index) | set(streamed.left_out) == set(whole.verdicts)
    for rule, line in counts.iterrows():
        assert np.bincount(whole.verdicts[rule], minlength=6).tolist() == line.tolist(), rule
    mine = streamed.enterprises.set_index("enterprise_id")
    its = whole.enterprises.set_index("enterprise_id").loc[mine.index]
    for name in ("rows", "wages", "violations", "back_pay"):
        assert mine[name].tolist() == its[name].tolist()
    assert "left out" in repr(streamed)


def test_rows_that_cannot_be_reviewed_are_counted(tmp_path):
    path = tmp_path / "plan.parquet"
    bad = pd.DataFrame(
        [
            ORDINARY,
            ORDINARY | {"base_pay": -1.0},
            ORDINARY | {"place": "999999"},
            ORDINARY | {"month": "soon"},
            ORDINARY | {"work_form": "外星"},
            ORDINARY | {"enterprise_id": None},
        ]
    )
    bad.to_parquet(path, index=False)
    streamed = review_file(path, rules=["minimum_wage"])

    assert streamed.rows == 1
    assert streamed.set_aside == {
        "amount_negative": 1,
        "answer_unusable": 2,
        "place_unknown": 1,
        "period_unknown": 1,
    }


def test_place_and_period_of_the_whole_file(tmp_path):
    path = tmp_path / "plan.parquet"
    pd.DataFrame([ORDINARY | {"base_pay": 2500.0}]).drop(columns=["place", "month"]).to_parquet(
        path
    )
    streamed = review_file(path, place="320115", period="2026-03", rules=["minimum_wage"])
    assert streamed.rules["violation"].tolist() == [1]
    assert streamed.enterprises["back_pay"].tolist() == [160.0]


def test_what_cannot_be_read(tmp_path):
    path = tmp_path / "plan.parquet"
    with pytest.raises(InputError):
        review_file(tmp_path / "none.parquet")
    pd.DataFrame([ORDINARY]).drop(columns=["enterprise_id"]).to_parquet(path)
    with pytest.raises(InputError, match="no column of enterprises"):
        review_file(path)
    with pytest.raises((InputError, LawError)):
        review_file(path, rules=["none"])
