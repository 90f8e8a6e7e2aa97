"""The zone of agreement on a roster small enough to work out by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from wageguide.bargaining.assumptions import Assumptions, Contribution
from wageguide.bargaining.constraints import make_constraints, read_constraints
from wageguide.bargaining.months import month_number
from wageguide.bargaining.offer import offer
from wageguide.bargaining.packages import packages
from wageguide.bargaining.roster_read import make_roster
from wageguide.bargaining.zone import find_zone, sensitivity
from wageguide.errors import OfferError

#: Ten workers at 5,000; a year; the employer pays a fifth on top.
ROSTER = make_roster([{"post": "p", "base": 500_000, "heads": 10}], name="厂")
REST = Assumptions((Contribution("社保", month_number("2026-01"), Fraction(1, 5)),))
OFFER = offer("a", "2026-01", "2026-12").percent("5%", "2026-01").done()
GRID = {"1.rate": [Fraction(n, 1000) for n in range(0, 101, 5)]}


def limits(least, most):
    return make_constraints(
        [
            {"name": "物价", "side": "workers", "measure": "growth", "limit": least,
             "source": "CPI"},
            {"name": "上线", "side": "enterprise", "measure": "growth", "limit": most,
             "source": "指导线"},
        ]
    )  # fmt: skip


@pytest.fixture(scope="module")
def grid():
    return packages(ROSTER, OFFER, REST, GRID)


def test_packages_are_costed(grid):
    row = grid[grid["1.rate"] == 0.05].iloc[0]

    assert row["gain"] == pytest.approx(250 * 10 * 12)
    assert row["outlay"] == pytest.approx(250 * 10 * 12 * 1.2)
    assert row["growth"] == pytest.approx(0.05)
    assert row["cost_share"] == pytest.approx(0.05)
    assert row["lowest"] == 5250
    assert row["average"] == 5250


def test_the_zone_is_between_the_limits(grid):
    zone = find_zone(grid, limits(0.02, 0.08))

    inside = zone.packages[zone.packages["inside"]]["1.rate"]
    assert (inside.min(), inside.max()) == (0.02, 0.08)


def test_with_money_alone_all_solutions_split_the_zone(grid):
    """Money that one side gains the other pays 1.2 times: Nash and KS halve the zone, 5 %.

    Equal gains: g - 2 = 1.2 (8 - g), g = 11.6 / 2.2.
    """
    zone = find_zone(grid, limits(0.02, 0.08))

    rates = zone.solutions.set_index("solution_en")["1.rate"]
    assert rates["Nash"] == pytest.approx(0.05)
    assert rates["Kalai–Smorodinsky"] == pytest.approx(0.05)
    assert rates["equal gains"] == pytest.approx(0.01 * 11.6 / 2.2)


@pytest.mark.parametrize(("power", "rate"), [(0.25, 0.035), (0.75, 0.065)])
def test_power_moves_the_nash_solution(grid, power, rate):
    zone = find_zone(grid, limits(0.02, 0.08), power=power)

    assert zone.solutions["1.rate"].iloc[0] == pytest.approx(rate)


def test_no_zone_says_by_how_much_and_which_limit(grid):
    zone = find_zone(grid, limits(0.06, 0.04))

    assert not zone.exists
    assert zone.solutions.empty
    conflict = zone.conflicts.iloc[0]
    assert len(zone.conflicts) == 1
    assert conflict["short"] == pytest.approx(0.02)
    assert "没有共同可接受的方案" in repr(zone)
    assert "CPI" in repr(zone) or "指导线" in repr(zone)


def test_it_takes_no_side_and_says_so(grid):
    zone = find_zone(grid, limits(0.02, 0.08))

    for shown in (repr(zone), zone._repr_html_()):
        assert "不代表任何一方" in shown
        assert "takes no side" in shown


def test_two_clauses_are_traded_for_each_other():
    """A lump sum bears no contributions here, so both gain by it; the frontier uses it first."""
    both = offer("b", "2026-01", "2026-12").percent("0%", "2026-01").lump_sum(0, "2026-06").done()
    grid = packages(ROSTER, both, REST, {**GRID, "2.amount": [0, 100_000, 200_000, 300_000]})
    cost = {"name": "支付能力", "side": "enterprise", "measure": "cost", "limit": 40_000.0}
    least = {"name": "物价", "side": "workers", "measure": "growth", "limit": 0.01}
    zone = find_zone(grid, make_constraints([cost, least]))

    assert zone.exists
    assert (zone.solutions["2.amount"] > 0).all()
    inside = zone.packages[zone.packages["inside"]]
    assert (inside["cost"] <= 40_000 + 1e-9).all()
    assert (inside["growth"] >= 0.01 - 1e-12).all()


def test_sensitivity_moves_one_thing_at_a_time(grid):
    zone = find_zone(grid, limits(0.02, 0.08))

    found = sensitivity(zone, step=0.5)

    assert found["what"].tolist() == [
        "物价",
        "物价",
        "上线",
        "上线",
        "谈判力量 power",
        "谈判力量 power",
    ]
    growth = found["growth"].to_numpy()
    np.testing.assert_allclose(growth[:4], [0.045, 0.055, 0.03, 0.06])


def test_bad_limits_are_told_at_once(tmp_path):
    with pytest.raises(OfferError) as error:
        make_constraints(
            [{"name": "a", "side": "union", "measure": "pay", "limit": "x", "extra": 1},
             {"name": "b", "side": "workers", "measure": "growth", "limit": 6}, {}]
        )  # fmt: skip
    text = str(error.value)
    for phrase in (
        "'union' should be workers or enterprise",
        "'pay' should be one of growth",
        "'x' should be a number",
        "unknown key 'extra'",
        "write 0.06",
        "name is missing",
    ):
        assert phrase in text
    path = tmp_path / "c.toml"
    path.write_text('name = "x"', encoding="utf-8")
    with pytest.raises(OfferError, match=r"\[\[constraint\]\]"):
        read_constraints(path)


def test_a_zone_needs_a_limit_of_each_side(grid):
    with pytest.raises(OfferError, match="missing: enterprise"):
        find_zone(grid, limits(0.02, 0.08)[:1])


def test_too_many_packages_are_refused():
    with pytest.raises(OfferError, match="a grid may have 20,000"):
        packages(ROSTER, OFFER, REST, {"1.rate": [Fraction(0)] * 20_001})
