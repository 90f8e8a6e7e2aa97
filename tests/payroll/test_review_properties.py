"""What must hold whatever the plan says."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plans import reviewed, verdicts

import wageguide as wg
from wageguide.payroll.columns import COMPONENTS, ROW_COLUMNS

COUNTED = [
    c.name
    for c in COMPONENTS
    if c.name not in ("overtime_pay", "shift_allowance", "condition_allowance")
]
OPTIONAL = [c.name for c in ROW_COLUMNS if c.kind == "money" and not c.required]
fen = st.integers(0, 400_000).map(lambda f: f / 100)
rows = st.fixed_dictionaries(
    {c.name: fen for c in COMPONENTS}
    | {"employee_housing_fund": st.sampled_from([0, 133, 200]), "housing_fund_floor": st.just(133)}
    | {"attendance": st.sampled_from(["full", "part"])}
    | {"days_worked": st.integers(0, 22), "workdays": st.just(22)}
    | {"month": st.sampled_from(["2010-01", "2010-02", "2026-03"])}
)


def review(*lines, **options):
    with tempfile.TemporaryDirectory() as folder:
        return reviewed(Path(folder), *lines, **options)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, min_size=1, max_size=8), st.sampled_from(COUNTED), fen)
def test_more_of_what_counts_never_makes_a_violation(lines, component, more):
    raised = [line | {component: line[component] + more} for line in lines]
    both = review(*lines, *raised)
    verdict = verdicts(both, "minimum_wage")
    order = {"violation": 0, "method": 1, "lawful": 2}
    for before, after in zip(verdict[: len(lines)], verdict[len(lines) :], strict=True):
        assert order[after] >= order[before]


@settings(max_examples=40, deadline=None)
@given(st.lists(rows, min_size=1, max_size=8), st.integers(2, 28))
def test_a_split_where_nothing_changes_changes_nothing(lines, day):
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "own.toml"
        own.write_text(
            '[[value]]\nquantity = "minimum_wage_monthly"\nplace = "320000"\ncategory = "I"\n'
            f'from = "2026-03-{day:02d}"\nvalue = "2660"\nsource = "样例"\n',
            encoding="utf-8",
        )
        lines = [line | {"month": "2026-03"} for line in lines]
        plain, split = review(*lines), review(*lines, law=wg.read_law(own))
    assert verdicts(plain, "minimum_wage") == verdicts(split, "minimum_wage")
    assert plain.findings["short"].tolist() == split.findings["short"].tolist()


@settings(max_examples=40, deadline=None)
@given(st.lists(rows, min_size=1, max_size=8), st.randoms())
def test_the_order_of_rows_does_not_matter(lines, random):
    named = [line | {"worker_id": f"w{i}"} for i, line in enumerate(lines)]
    shuffled = named.copy()
    random.shuffle(shuffled)
    columns = ["worker_id", "rule", "verdict", "compared", "limit", "short", "text_zh"]
    tables = [review(*n).findings[columns].sort_values(columns[:2]) for n in (named, shuffled)]
    assert tables[0].values.tolist() == tables[1].values.tolist()


@settings(max_examples=40, deadline=None)
@given(st.lists(rows, min_size=1, max_size=8))
def test_sums_of_findings_are_exact(lines):
    found = review(*lines)
    minimum = found.findings[found.findings["rule"] == "minimum_wage"]
    for line in minimum[minimum["verdict"] == "violation"].itertuples():
        assert round(line.limit * 100) - round(line.compared * 100) == round(line.short * 100)
        assert line.short > 0
    total = sum(round(v * 100) for v in found.enterprises["back_pay"])
    assert total == round(found.totals["back_pay_yuan"] * 100)


@pytest.mark.parametrize("column", OPTIONAL)
def test_any_amount_may_be_left_open(tmp_path, column):
    assert reviewed(tmp_path, {column: ""}, {column: 100}).totals["rows"] == 2
