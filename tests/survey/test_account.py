"""The account closes, whatever the returns hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from returns import FORM, POLICY, WORKER

import wageguide as wg
from wageguide.survey.account import make_account, sum_fen
from wageguide.survey.yardstick import group_middle, level_of_others

CELL = st.sampled_from(
    [
        "",
        "0",
        "-5",
        "12",
        "7",
        "80000",
        "80,000元",
        "8.1",
        "81.2",
        "1e9",
        "1e300",
        "面议",
        "合计",
        "=1+1",
    ]
)
ROW = st.fixed_dictionaries(
    {
        "enterprise_id": st.sampled_from(["A", "B", ""]),
        "months_worked": CELL,
        "annual_wage": CELL,
        "pay_base": CELL,
        "age": CELL,
        "occupation": st.sampled_from(["2021003", "x", ""]),
    }
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=12))
def test_the_account_always_closes(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("account") / "flat.csv"
    pd.DataFrame([FORM | WORKER | row for row in rows]).to_csv(path, index=False)

    survey = wg.read_survey(path, progress=False)
    edited = wg.edit(survey, POLICY)

    account = edited.account
    assert account.closes
    assert account.received_rows == len(rows)
    assert len(edited.workers) + len(edited.set_aside) == len(rows)
    assert account.received_fen == sum_fen(survey.workers["annual_wage"])


def test_an_account_that_loses_a_fen_does_not_close():
    account = make_account(pd.Series([1.0, 2.0]), pd.Series(["", "wage_zero"]))
    assert account.closes

    lost = type(account)(**(vars(account) | {"used_fen": account.used_fen - 1}))

    assert not lost.closes


def test_sums_are_exact_beyond_64_bits():
    assert sum_fen([9e14] * 300) == 9 * 10**16 * 300
    assert sum_fen([0.1] * 10 + [np.nan]) == 100


def test_the_middle_of_a_group():
    values, group = np.array([1.0, 3.0, 10.0, 4.0, np.nan]), np.array([0, 0, 0, 1, 2])

    middle, size = group_middle(values, group, 3)

    np.testing.assert_array_equal(middle, [3.0, 4.0, np.nan])
    assert size.tolist() == [3, 1, 0]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 9)), max_size=30))
def test_the_level_of_others_leaves_the_own_return_out(rows):
    key, member, value = (
        (np.array(c, dtype=np.int64) for c in zip(*rows, strict=True))
        if rows
        else (np.zeros(0, dtype=np.int64),) * 3
    )
    got = level_of_others(value.astype(float), key, member, 2)

    for i in range(len(rows)):
        others = {m for k, m, _ in rows if k == key[i] and m != member[i]}
        middles = sorted(
            np.median([v for k, m, v in rows if k == key[i] and m == other]) for other in others
        )
        expected = np.median(middles) if len(middles) >= 2 else np.nan
        np.testing.assert_equal(got[i], expected)
