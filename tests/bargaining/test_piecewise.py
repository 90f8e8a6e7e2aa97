"""Composed maps against one map after the other, and totals against every worker."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wageguide.bargaining.piecewise import (
    Maps,
    Sorted,
    after,
    amount,
    at_least,
    bands,
    between,
    percent,
)


def one(value):
    return np.array([float(value)])


def test_by_hand():
    """Five per cent, at least 3,000, then 100 more: 2,000 is 3,100; 4,000 is 4,300."""
    made = after(after(percent(one(0.05)), at_least(one(3000))), amount(one(100)))

    np.testing.assert_allclose(made(np.array([2000.0, 3000.0, 4000.0])), [[3100, 3250, 4300]])
    assert made.pieces == 2
    assert made.breaks[0, 1] == pytest.approx(3000 / 1.05)


def test_a_limit_belongs_to_its_band():
    made = bands(np.array([[4000.0]]), np.array([[0.1, 0.0]]))

    np.testing.assert_allclose(made(np.array([4000.0, 4000.01])), [[4400, 4000.01]])


def test_a_map_that_falls_is_cut_on_both_sides():
    """8 % up to 5,000 and nothing above leaves 5,001 below 5,400: both sides meet 5,200."""
    fallen = bands(np.array([[5000.0]]), np.array([[0.08, 0.0]]))
    made = after(fallen, at_least(one(5200)))

    wages = np.array([4000.0, 4900.0, 5000.0, 5001.0, 5300.0])
    np.testing.assert_allclose(made(wages), [[5200, 5292, 5400, 5200, 5300]])


def test_the_base_of_a_contribution():
    made = after(percent(one(0.1)), between(one(4879), one(24396)))

    np.testing.assert_allclose(made(np.array([1000.0, 10000.0, 30000.0])), [[4879, 11000, 24396]])


CLAUSE = st.one_of(
    st.tuples(st.just("percent"), st.floats(-0.1, 0.3)),
    st.tuples(st.just("amount"), st.floats(0, 900)),
    st.tuples(st.just("floor"), st.floats(0, 9000)),
    st.tuples(
        st.just("bands"),
        st.tuples(st.floats(500, 9000), st.floats(0, 0.2), st.floats(-0.05, 0.2)),
    ),
)


def made_of(clause, scenarios):
    kind, value = clause
    # Scenarios differ: each has a little more than the one before.
    spread = 1 + 0.1 * np.arange(scenarios)
    if kind == "bands":
        limit, low, high = value
        rates = np.stack([low * spread, high * spread], axis=1)
        return bands(limit * spread[:, None], rates)
    return {"percent": percent, "amount": amount, "floor": at_least}[kind](value * spread)


@given(
    clauses=st.lists(CLAUSE, min_size=1, max_size=8),
    wages=st.lists(st.floats(0, 20_000), min_size=1, max_size=30),
)
def test_composed_is_one_after_the_other(clauses, wages):
    wages = np.array(wages)
    maps = Maps.identity(3)
    steps = np.repeat(wages[None, :], 3, axis=0)
    for clause in clauses:
        own = made_of(clause, 3)
        maps = after(maps, own)
        steps = np.stack([Maps(own.breaks[[s]], own.slope[[s]], own.shift[[s]])(steps[s])[0]
                          for s in range(3)])  # fmt: skip

    direct = maps(wages)
    # Where a wage sits within rounding of a jump it may fall on either side of it.
    near = np.zeros(direct.shape, bool)
    for s in range(3):
        gap = np.abs(wages[:, None] - maps.breaks[s][None, :])
        near[s] = (gap <= 1e-9 * (1 + wages[:, None])).any(axis=1)
    assert (
        np.allclose(direct, steps, rtol=1e-12, atol=1e-9)
        or (np.abs(direct - steps)[~near] <= 1e-9 + 1e-12 * np.abs(steps[~near])).all()
    )


@given(
    clauses=st.lists(CLAUSE, min_size=1, max_size=6),
    wages=st.lists(st.floats(0, 20_000), min_size=1, max_size=30),
    weights=st.lists(st.integers(1, 9), min_size=30, max_size=30),
)
def test_totals_are_those_of_all_workers(clauses, wages, weights):
    wages, weights = np.array(wages), np.array(weights[: len(wages)], float)
    maps = Maps.identity(2)
    for clause in clauses:
        maps = after(maps, made_of(clause, 2))

    found = Sorted.of(wages, weights).total(maps)

    np.testing.assert_allclose(found, maps(wages) @ weights, rtol=1e-11, atol=1e-7)


def test_pieces_stay_few():
    rng = np.random.default_rng(1)
    maps = Maps.identity(50)
    for _ in range(5):
        maps = after(maps, bands(np.full((50, 2), [4000.0, 8000.0]), rng.uniform(0, 0.1, (50, 3))))
        maps = after(maps, amount(rng.uniform(0, 200, 50)))
        maps = after(maps, at_least(rng.uniform(2500, 3500, 50)))

    assert maps.pieces <= 25
    assert np.isfinite(maps.breaks[:, 0]).all()
