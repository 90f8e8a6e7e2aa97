"""Costs equal those of a plain loop over workers and months, to the fen."""

from __future__ import annotations

from fractions import Fraction

import naive_cost
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wageguide.bargaining.assumptions import Assumptions, Contribution
from wageguide.bargaining.clauses import KINDS, Offer
from wageguide.bargaining.cost import cost_offer
from wageguide.bargaining.months import month_number, month_text
from wageguide.bargaining.roster_read import make_roster

START = month_number("2026-03")
PARTS = ["base", "allowance", "overtime", "extra", "contributions"]

# Wages around the minimum wage and a contribution's floor and ceiling, so that clauses cross them.
WORKER = st.fixed_dictionaries(
    {
        "post": st.sampled_from(["操作工", "技术员", "经理"]),
        "group": st.sampled_from(["一线", "管理"]),
        "base": st.one_of(
            st.integers(250_000, 290_000),
            st.integers(478_000, 500_000),
            st.integers(2_380_000, 2_520_000),
            st.integers(1, 3_000_000),
        ),
        "allowance": st.integers(0, 60_000),
        "overtime": st.one_of(st.just(0), st.integers(1, 90_000)),
        "heads": st.integers(1, 4),
        "service": st.integers(0, 30),
    }
)
RATE = st.integers(-100_000, 300_000).map(lambda n: Fraction(n, 10**6))
PART = st.integers(0, 2_000_000).map(lambda n: Fraction(n, 10**6))


@st.composite
def clauses(draw):
    kind = draw(st.sampled_from(sorted(KINDS)))
    start = START + draw(st.integers(0, 15))
    paid = start + draw(st.sampled_from([0, 0, 0, 1, 4]))
    values = {
        "percent": lambda: {"rate": draw(RATE)},
        "amount": lambda: {"amount": draw(st.integers(0, 80_000))},
        "bands": lambda: bands(draw),
        "floor": lambda: {"amount": draw(st.integers(200_000, 600_000))},
        "minimum_wage": lambda: {"factor": Fraction(draw(st.integers(900, 1_300)), 1_000)},
        "seniority": lambda: {
            "amount": draw(st.integers(0, 5_000)),
            "most": draw(st.integers(0, 20)),
        },
        "lump_sum": lambda: {"amount": draw(st.integers(0, 500_000))},
        "merit_pool": lambda: {"rate": abs(draw(RATE))},
        "cpi": lambda: {"part": draw(PART), "least": Fraction(0), "most": Fraction(3, 100)},
        "allowance": lambda: {"amount": draw(st.integers(0, 30_000))},
    }[kind]()
    who = draw(st.sampled_from([{}, {}, {"posts": ("操作工",)}, {"groups": ("管理",)}]))
    return KINDS[kind](start=start, paid=min(paid, START + 17), **who, **values)


def bands(draw):
    limits = sorted(set(draw(st.lists(st.integers(240_000, 600_000), max_size=3))))
    rates = [draw(RATE) for _ in range(len(limits) + 1)]
    return {"limits": tuple(limits), "rates": tuple(rates)}


@st.composite
def assumptions(draw):
    law = [
        Contribution("养老", START - 20, Fraction(16, 100), 487_900, 2_439_600),
        Contribution("养老", START + 4, Fraction(16, 100), 495_000, 2_500_000),
        Contribution("医疗", START - 20, Fraction(draw(st.integers(0, 99_999)), 10**6), 480_000),
    ]
    return Assumptions(
        contributions=tuple(law),
        contribution_base=draw(st.sampled_from(["current", "previous_year"])),
        base_month=draw(st.sampled_from([1, 7])),
        # A change in the middle of the year.
        minimum_wage={START - 30: 249_000, START + 4: 266_000, START + 11: 280_100},
        cpi={2025: Fraction(1, 500), 2026: Fraction(21, 1000), 2027: Fraction(-3, 1000)},
        overtime_follows=draw(st.booleans()),
        headcount={2027: Fraction(draw(st.integers(80, 120)), 100)},
        turnover=Fraction(draw(st.integers(0, 200)), 100),
        entry_ratio=Fraction(draw(st.integers(50, 110)), 100),
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    workers=st.lists(WORKER, min_size=1, max_size=5),
    offered=st.lists(clauses(), max_size=5),
    rest=assumptions(),
)
def test_costs_are_those_of_a_plain_loop(workers, offered, rest):
    offer = Offer("x", "both", START, START + 17, tuple(offered))
    roster = make_roster(workers, name="厂")

    found = cost_offer(roster, offer, rest)

    expected = naive_cost.cost(workers, offer, rest)
    mine = found.months[found.months["offer"] == "offer"]
    assert len(mine) == len(expected)
    for row in mine.to_dict("records"):
        own = expected[month_number(row["month"]), (row["post"], row["group"])]
        assert [row[p] for p in PARTS] == own, (row["month"], row["post"])
        assert row["total"] == sum(own)


@settings(max_examples=25)
@given(workers=st.lists(WORKER, min_size=1, max_size=30), rest=assumptions())
def test_an_empty_offer_costs_nothing_more(workers, rest):
    cost = cost_offer(make_roster(workers, name="厂"), Offer("x", "both", START, START + 5), rest)

    assert cost.more == 0
    assert cost.annualised == 0
    assert (cost.by("month")["more"] == 0).all()


@settings(max_examples=25)
@given(
    workers=st.lists(WORKER, min_size=2, max_size=12),
    offered=st.lists(clauses(), max_size=4),
    rest=assumptions(),
)
def test_the_sums_add_up_whatever_they_are_by(workers, offered, rest):
    offer = Offer("x", "both", START, START + 17, tuple(offered))
    cost = cost_offer(make_roster(workers, name="厂"), offer, rest)

    for keys in (("month",), ("year",), ("post",), ("group",), ("year", "post")):
        assert cost.by(*keys)["offer"].sum() == cost.total
        assert cost.by(*keys)["more"].sum() == cost.more
    assert cost.years["cumulative"].iloc[-1] == pytest.approx(cost.more / 100, abs=0.005)


def test_large_rosters_do_not_overflow():
    rows = [{"post": "p", "base": 10**9, "overtime": 10**8, "heads": 10_000}] * 100
    rounded = Fraction(333_333, 10**6)
    offer = Offer("x", "both", START, START, (KINDS["percent"](START, START, rate=rounded),))

    cost = cost_offer(make_roster(rows, name="厂"), offer, Assumptions())

    base = (2 * 10**9 * 1_333_333 + 10**6) // (2 * 10**6)
    overtime = (2 * 10**8 * base + 10**9) // (2 * 10**9)
    assert cost.total == (base + overtime) * 10_000 * 100
    assert np.iinfo(np.int64).max > cost.total


def test_months_are_texts():
    assert month_text(START) == "2026-03"
