"""Change of the mean split in parts: by hand, exactly additive, and its error by jackknife."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from wageguide.errors import ComparisonError
from wageguide.survey.design import Design
from wageguide.tiers.composition import split_change
from wageguide.tiers.overlap import YearRows

DESIGN = Design(weight="w", enterprise="e", single_unit="certainty")


def year(*groups, design=DESIGN):
    """Workers of (occupation, wage, how many), over four enterprises."""
    lines = [(o, float(y), f"e{n % 4}", 1.0) for o, y, many in groups for n in range(many)]
    return of(pd.DataFrame(lines, columns=["o", "wage", "e", "w"]), design)


def of(rows, design=DESIGN):
    return YearRows.of(rows, design, "wage")


def test_worked_example():
    """Eight fitters at 100 and two engineers at 200 become five at 110 and five at 210.

    The mean rises from 120 to 160. At last year's shares it would be 0.8 x 110 + 0.2 x 210
    = 130: wages give 10, the other 30 are that more workers are engineers.
    """
    split = split_change(
        year(("fitter", 110, 5), ("engineer", 210, 5)),
        year(("fitter", 100, 8), ("engineer", 200, 2)),
        ["o"],
    )

    assert (split.last, split.this) == (120.0, 160.0)
    assert split.wage == pytest.approx(10)
    assert split.composition == pytest.approx(30)
    assert split.turnover == pytest.approx(0)
    assert split.laspeyres == pytest.approx(130 / 120)
    assert split.paasche == pytest.approx(160 / 150)
    assert split.fisher == pytest.approx(np.sqrt(130 / 120 * 160 / 150))


def test_work_that_came_or_went_is_a_part_of_its_own():
    """Wages of the fitters are as they were; one trade went and a dearer one came."""
    split = split_change(
        year(("fitter", 100, 5), ("coder", 300, 5)), year(("fitter", 100, 5), ("typist", 50, 5)),
        ["o"],
    )  # fmt: skip

    assert split.wage == pytest.approx(0)
    assert split.composition == pytest.approx(0)
    assert split.turnover == pytest.approx((200 - 100) - (75 - 100))
    assert (split.cells, split.new, split.lost) == (1, 1, 1)


GROUPS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(1, 500), st.integers(1, 6)),
    min_size=1,
    max_size=6,
)


@given(this=GROUPS, last=GROUPS)
def test_the_parts_add_up(this, last):
    common = {g[0] for g in this} & {g[0] for g in last}
    if not common:
        with pytest.raises(ComparisonError, match="correspondence"):
            split_change(year(*this), year(*last), ["o"])
        return
    split = split_change(year(*this), year(*last), ["o"])

    total = split.wage + split.composition + split.turnover
    assert total == pytest.approx(split.this - split.last, abs=1e-9 * max(split.this, split.last))


@given(groups=GROUPS, factor=st.integers(2, 5))
def test_a_uniform_rise_is_all_wages(groups, factor):
    raised = [(o, y * factor, n) for o, y, n in groups]

    split = split_change(year(*raised), year(*groups), ["o"])

    assert split.laspeyres == pytest.approx(factor)
    assert split.paasche == pytest.approx(factor)
    assert split.composition == pytest.approx(0, abs=1e-9 * split.this)


def random_year(seed: int, first: int, count: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    lines = []
    for n in range(first, first + count):
        # An enterprise keeps its level from year to year.
        level = np.random.default_rng([7, n]).normal(0, 0.25)
        for _ in range(8):
            o = rng.integers(0, 3)
            lines.append((f"o{o}", np.exp(8 + 0.3 * o + level + rng.normal(0, 0.2)), f"e{n:03}"))
    return pd.DataFrame(lines, columns=["o", "wage", "e"]).assign(w=1.0)


@pytest.mark.parametrize("shift", [0, 20, 500])
def test_the_error_is_that_of_the_jackknife(shift):
    """Enterprises left out one by one, in both years at once where they are in both."""
    last, this = random_year(1, 0, 60), random_year(2, shift, 60)
    # Wages rose, and not alike: an index of one would hide what the errors have to do with it.
    this["wage"] *= this["o"].map({"o0": 1.3, "o1": 1.8, "o2": 1.5})
    split = split_change(of(this), of(last), ["o"])

    names = sorted({*last["e"], *this["e"]})
    thetas = np.array([index(this[this["e"] != name], last[last["e"] != name]) for name in names])
    theta = index(this, last)
    assert theta == pytest.approx(split.laspeyres)
    jackknife = np.sqrt((59 / 60) * ((thetas - theta) ** 2).sum())
    assert split.se == pytest.approx(jackknife, rel=0.05)


def test_limits_take_the_degrees_of_freedom_of_the_smaller_sample():
    split = split_change(of(random_year(2, 0, 30)), of(random_year(1, 0, 7)), ["o"])

    half = (split.high - split.low) / 2
    assert half == pytest.approx(student.ppf(0.975, 6) * split.se)
    assert split.laspeyres == pytest.approx((split.high + split.low) / 2)


def index(this, last):
    """Laspeyres by pandas alone."""
    m1, m0 = (y.groupby("o")["wage"].mean() for y in (this, last))
    s0 = last.groupby("o").size() / len(last)
    return (s0 * m1).sum() / (s0 * m0).sum()


def test_says_its_parts_in_words():
    split = split_change(year(("a", 110, 8)), year(("a", 100, 8)), ["o"])

    assert "同岗工资 of which wages of the same work: +10.0 %" in repr(split)
    assert "<table>" in split._repr_html_()
