"""Costs in many scenarios against the exact cost of each."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from wageguide.bargaining.assumptions import Assumptions, Contribution
from wageguide.bargaining.cost import cost_offer
from wageguide.bargaining.months import month_number
from wageguide.bargaining.offer import offer
from wageguide.bargaining.piecewise import after, at_least, bands, mean, percent
from wageguide.bargaining.roster_read import make_roster
from wageguide.bargaining.scenarios import Scenarios, draw, make_variables
from wageguide.bargaining.simulate import simulate
from wageguide.bargaining.tornado import tornado
from wageguide.errors import OfferError

LAW = Contribution("社保", month_number("2026-01"), Fraction(1, 4), 487_900, 2_439_600)


def roster(seed=1, workers=60):
    """Overtime is the same part of the base in a post, so that averages say everything."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(workers):
        post = ["操作工", "技术员", "经理"][rng.integers(0, 3)]
        base = 100 * int(rng.lognormal(8.5, 0.4))
        rows.append({"post": post, "group": "一线" if post == "操作工" else "管理", "base": base,
                     "heads": int(rng.integers(1, 4)),
                     "service": int(rng.integers(0, 20))})  # fmt: skip
    return make_roster(rows, name="厂")


def offered():
    return (
        offer("a", "2026-03", "2028-12")
        .bands([{"upto": 5000, "rate": "6%"}, {"rate": "3%"}], "2026-07")
        .cpi("2027-01", part="0.8", most="5%")
        .amount(120, "2027-07", groups=["一线"])
        .minimum_wage("2026-03", factor="1.1")
        .floor(3300, "2028-01", posts=["操作工"])
        .allowance(80, "2027-01")
        .seniority(12, "2027-03", most=15)
        .lump_sum(500, "2026-12")
        .done()
    )


def drawn(count=40, **more):
    given = {
        "cpi": {"kind": "normal", "mean": 0.02, "sd": 0.01},
        "minimum_wage": {"kind": "uniform", "least": 0.0, "most": 0.1},
        "headcount": {"kind": "normal", "mean": 0.0, "sd": 0.02},
    }
    return draw(make_variables(given | more), (2026, 2027, 2028), count=count, seed=3)


def rest(**more):
    return Assumptions((LAW,), minimum_wage={month_number("2026-01"): 266_000},
                       cpi={2025: Fraction(0)}, **more)  # fmt: skip


def exact(scenarios, number, assumptions):
    """The exact cost with the draws of one scenario as assumptions."""
    cpi = {y: _share(scenarios.of("cpi")[number, n]) for n, y in enumerate(scenarios.years)}
    level, minimum = 2660.0, dict(assumptions.minimum_wage)
    heads, index = {}, Fraction(1)
    for n, year in enumerate(scenarios.years):
        if year > 2026:
            level *= 1 + scenarios.of("minimum_wage")[number, n]
            minimum[12 * year] = round(100 * level)
        index *= 1 + Fraction(scenarios.of("headcount")[number, n])
        heads[year] = index
    return Assumptions(
        assumptions.contributions, minimum_wage=minimum, cpi={2025: Fraction(0), **cpi},
        headcount=heads, contribution_base=assumptions.contribution_base,
        base_month=assumptions.base_month,
    )  # fmt: skip


def _share(value):
    return Fraction(round(value * 10**6), 10**6)


@pytest.mark.parametrize(
    "base",
    [
        {},
        {"contribution_base": "previous_year"},
        {"contribution_base": "previous_year", "base_month": 7},
    ],
)
def test_every_scenario_costs_what_it_costs_exactly(base):
    people, scenarios, assumptions = roster(), drawn(12), rest(**base)
    found = simulate(people, offered(), scenarios, assumptions)

    heads = people.heads
    for number in range(scenarios.count):
        cost = cost_offer(people, offered(), exact(scenarios, number, assumptions))
        months, clauses = len(offered().months), 7
        # Half a fen for each rounding clause, month and head, and for a share's last digit.
        bound = 0.005 * clauses * months * heads + 2e-6 * cost.total / 100
        assert abs(found.cost[number].sum() - cost.total / 100) <= bound
        assert abs(found.more[number].sum() - cost.more / 100) <= 2 * bound
        assert found.lowest[number] == pytest.approx(int(cost.last.base.min()) / 100, abs=0.05)
        before, after = (
            int((p.regular * people.column("heads")).sum()) for p in (cost.first, cost.last)
        )
        assert found.growth[number] == pytest.approx(after / before - 1, abs=1e-5)


def test_the_anchor_says_how_far_the_exact_cost_is():
    found = simulate(roster(), offered(), drawn(5), rest())

    assert found.anchor < 1e-6


def test_overtime_that_follows_is_exact_by_worker():
    rng = np.random.default_rng(2)
    rows = [{"post": "p", "base": int(rng.integers(300_000, 900_000)),
             "overtime": int(rng.integers(0, 90_000))} for _ in range(40)]  # fmt: skip
    people = make_roster(rows, name="厂")
    made = offer("a", "2026-01", "2026-12").percent("7.3%", "2026-04").done()
    scenarios = draw(
        make_variables({"cpi": {"kind": "fixed", "value": 0}}), (2026,), count=1, seed=1
    )

    found = simulate(people, made, scenarios, Assumptions())

    assert found.cost.sum() == pytest.approx(cost_offer(people, made, Assumptions()).total / 100,
                                             abs=0.01 * 40 * 12)  # fmt: skip


def test_chances_are_counted():
    found = simulate(roster(), offered(), drawn(400), rest())

    share, error = found.chance(found.growth >= np.sort(found.growth)[100])
    assert share == pytest.approx(0.75)
    assert error == pytest.approx(np.sqrt(0.75 * 0.25 / 400))


def test_years_and_total_are_told():
    found = simulate(roster(), offered(), drawn(99), rest())

    frame = found.frame.set_index("year")
    assert frame.index.tolist() == ["2026", "2027", "2028", "total"]
    assert (frame["p10"] <= frame["p50"]).all()
    assert frame.loc["total", "mean"] == pytest.approx(found.more.sum(axis=1).mean())


def test_the_tornado_moves_one_variable_at_a_time():
    found = tornado(roster(), offered(), drawn(300), rest())

    assert set(found["name"]) == {"cpi", "minimum_wage", "headcount"}
    widths = found["high"] - found["low"]
    assert widths.is_monotonic_decreasing
    assert (widths > 0).all()


def test_a_user_path_is_followed():
    """Prices of 3 % in the one path there is: an escalator gives 3 % from 2027 on."""
    people = make_roster([{"post": "p", "base": 500_000}], name="厂")
    scenarios = Scenarios((2026, 2027), {"cpi": np.array([[0.03, 0.5]])}, 0)
    made = offer("a", "2026-01", "2027-12").cpi("2027-01").done()

    found = simulate(people, made, scenarios, Assumptions())

    np.testing.assert_allclose(found.more, [[0, 150 * 12]])


def test_drawn_turnover_stands_for_the_assumed_one():
    """A quarter replaced at 80 %, whatever the assumptions say of turnover."""
    people = make_roster([{"post": "p", "base": 500_000, "heads": 10}], name="厂")
    made = offer("a", "2026-01", "2026-12").done()
    scenarios = Scenarios((2026,), {"turnover": np.array([[0.25]])}, 0)

    for assumed in (Fraction(0), Fraction(1, 10)):
        rest = Assumptions(turnover=assumed, entry_ratio=Fraction(4, 5))
        found = simulate(people, made, scenarios, rest)
        expected = sum(50_000 * (1 - 0.25 * n / 12 * 0.2) for n in range(1, 13))
        np.testing.assert_allclose(found.cost, [[expected]])


def test_turnover_adds_up_over_years_of_their_own():
    """A tenth in 2026 and three tenths in 2027, all replaced at half the pay."""
    people = make_roster([{"post": "p", "base": 500_000, "heads": 10}], name="厂")
    made = offer("a", "2026-07", "2027-02").done()
    scenarios = Scenarios((2026, 2027), {"turnover": np.array([[0.1, 0.3]])}, 0)

    found = simulate(people, made, scenarios, Assumptions(entry_ratio=Fraction(1, 2)))

    replaced = [0.1 * n / 12 for n in range(1, 7)] + [0.05 + 0.3 * n / 12 for n in (1, 2)]
    paid = [50_000 * (1 - r / 2) for r in replaced]
    np.testing.assert_allclose(found.cost, [[sum(paid[:6]), sum(paid[6:])]])


def test_scenarios_that_lack_a_year_are_told():
    made = offer("a", "2026-01", "2029-12").done()
    with pytest.raises(
        OfferError, match=r"lack the years 2029\. Draw them for all years from 2026"
    ):
        simulate(roster(), made, drawn(3), Assumptions())


def test_the_mean_of_maps_is_their_values_mean():
    rng = np.random.default_rng(4)
    ones = [
        after(percent(rng.uniform(0, 0.1, 5)), at_least(rng.uniform(2e3, 5e3, 5))),
        bands(rng.uniform(3e3, 6e3, (5, 1)), rng.uniform(0, 0.1, (5, 2))),
    ]
    wages = np.sort(rng.uniform(0, 9e3, 200))

    found = mean([ones[0], ones[1], ones[0]])

    expected = (2 * ones[0](wages) + ones[1](wages)) / 3
    np.testing.assert_allclose(found(wages), expected, rtol=1e-14)
