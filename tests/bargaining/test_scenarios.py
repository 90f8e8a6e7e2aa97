"""Joint scenarios: their distributions, their correlation, the same seed the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from wageguide.bargaining.scenarios import draw, make_variables
from wageguide.errors import OfferError

YEARS = (2026, 2027, 2028)
GIVEN = {
    "cpi": {"kind": "normal", "mean": 0.02, "sd": 0.01, "persistence": 0.6},
    "sales": {"kind": "triangular", "least": -0.1, "likely": 0.05, "most": 0.1},
    "turnover": {"kind": "uniform", "least": 0.05, "most": 0.25},
    "headcount": {"kind": "fixed", "value": 0.01},
}


def drawn(given=GIVEN, **options):
    options = {"count": 40_000, "seed": 7} | options
    return draw(make_variables(given), YEARS, **options)


def test_distributions_are_as_asked():
    found = drawn()

    cpi, sales, turnover = (found.of(n) for n in ("cpi", "sales", "turnover"))
    np.testing.assert_allclose(cpi.mean(axis=0), 0.02, atol=3e-4)
    np.testing.assert_allclose(cpi.std(axis=0), 0.01, rtol=0.02)
    np.testing.assert_allclose(sales.mean(axis=0), 0.05 / 3, atol=1e-3)
    assert sales.min() >= -0.1
    assert sales.max() <= 0.1
    np.testing.assert_allclose(turnover.mean(axis=0), 0.15, atol=1e-3)
    assert (found.of("headcount") == 0.01).all()


def test_years_depend_on_the_year_before():
    cpi = drawn().of("cpi")

    assert np.corrcoef(cpi[:, 0], cpi[:, 1])[0, 1] == pytest.approx(0.6, abs=0.02)
    assert np.corrcoef(cpi[:, 0], cpi[:, 2])[0, 1] == pytest.approx(0.36, abs=0.02)


def test_variables_move_together_as_asked():
    two = {n: {"kind": "normal", "mean": 0, "sd": 0.1} for n in ("cpi", "sales")}
    found = drawn(two, correlation={("cpi", "sales"): -0.5})

    both = np.corrcoef(found.of("cpi")[:, 0], found.of("sales")[:, 0])[0, 1]
    assert both == pytest.approx(-0.5, abs=0.02)


def test_the_same_seed_gives_the_same_numbers():
    one, two, other = drawn(), drawn(), drawn(seed=8)

    for name in GIVEN:
        np.testing.assert_array_equal(one.of(name), two.of(name))
    assert not np.array_equal(one.of("cpi"), other.of("cpi"))


def test_another_variable_leaves_uncorrelated_ones_as_they_were():
    few = drawn({"cpi": GIVEN["cpi"]})

    np.testing.assert_allclose(few.of("cpi"), drawn().of("cpi"), atol=1e-15)


def test_paths_are_drawn_whole():
    paths = [[0.01, 0.02, 0.03], [0.05, 0.04, 0.03]]
    found = drawn({"cpi": {"kind": "paths", "paths": paths}})

    kinds, counts = np.unique(found.of("cpi"), axis=0, return_counts=True)
    np.testing.assert_array_equal(kinds, paths)
    np.testing.assert_allclose(counts / counts.sum(), 0.5, atol=0.01)


def test_the_summary_counts_values():
    frame = drawn({"cpi": {"kind": "paths", "paths": [[v / 100] * 3 for v in range(1, 11)]}}).frame

    assert frame["p50"].iloc[0] in (0.05, 0.06)
    assert frame["p10"].iloc[0] <= 0.02


def test_correlations_that_contradict_each_other_are_refused():
    three = {n: {"kind": "normal", "mean": 0, "sd": 0.1} for n in ("cpi", "sales", "headcount")}
    bad = {("cpi", "sales"): 0.9, ("cpi", "headcount"): 0.9, ("sales", "headcount"): -0.9}

    with pytest.raises(OfferError, match="they contradict each other"):
        drawn(three, correlation=bad)
    with pytest.raises(OfferError, match="both should be variables"):
        drawn(three, correlation={("cpi", "gdp"): 0.1})


def test_bad_variables_are_told_at_once():
    with pytest.raises(OfferError) as error:
        make_variables(
            {
                "gdp": {"kind": "fixed", "value": 0},
                "cpi": {"kind": "normal", "mean": 2, "sd": "x"},
                "sales": {"kind": "uniform", "least": 0.2, "most": 0.1, "mid": 1},
                "turnover": {"kind": "gamma"},
            }
        )

    for phrase in (
        "'gdp' is no variable",
        "mean = 2 is a share",
        "sd = 'x' should be a number",
        "unknown key 'mid'",
        "turnover: kind should be one of",
    ):
        assert phrase in str(error.value)


def test_paths_of_other_years_are_refused():
    with pytest.raises(OfferError, match="rows of 3 values"):
        drawn({"cpi": {"kind": "paths", "paths": [[0.1, 0.2]]}})
