"""How wages and weights are held as integers, at the edges of each scale."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from wageguide.errors import InputError
from wageguide.tiers.cells import Question
from wageguide.tiers.kernel import grouped_numbers
from wageguide.tiers.quantile import quantile_rule
from wageguide.tiers.scale import WageCheck, WageScale, WeightCheck, WeightScale
from wageguide.tiers.scheme import load_scheme


def wage_scale(*wages: float) -> WageScale:
    check = WageCheck()
    check.see(np.array(wages, float))
    return check.scale()


def weight_scale(*weights: float) -> WeightScale:
    check = WeightCheck()
    for weight in weights:  # chunk by chunk
        check.see(np.array([weight], float))
    return check.scale()


@pytest.mark.parametrize(
    ("wages", "per_yuan", "is_money"),
    [
        ((50000, 0), 1, True),
        ((50000, 61234.5), 100, True),
        ((50000, 61234.56), 100, True),
        ((50000, 61234.567), 1 << 30, False),
        ((0.1, 1 / 3), 1 << 47, False),
    ],
)
def test_wages_are_held_on_the_coarsest_scale_that_keeps_them(wages, per_yuan, is_money):
    scale = wage_scale(*wages)
    codes = scale.codes(np.array(wages, float))

    assert (scale.per_yuan, scale.is_money) == (per_yuan, is_money)
    assert scale.wages(codes).tolist() == list(wages)
    assert (np.argsort(codes) == np.argsort(wages)).all()


@pytest.mark.parametrize(
    ("weights", "unit", "exact"),
    [
        ((1, 2, 3), Fraction(1), True),
        ((0.5, 2), Fraction(1, 10), True),
        ((690.05, 0.1 + 0.2), Fraction(1, 100), True),
        ((1.000001, 5), Fraction(1, 10**6), True),
        ((1 / 3, 2 / 3, 1.0), Fraction(1 / 3), True),
        ((2 / 7, 3 / 7), Fraction(2 / 7) / 2, True),
        ((np.pi, np.e), Fraction(1, 2**43), False),
    ],
)
def test_weights_are_held_exactly_where_they_can_be(weights, unit, exact):
    scale = weight_scale(*weights)

    assert (scale.unit, scale.exact) == (unit, exact)
    back = scale.weights(scale.units(np.array(weights, float)))
    np.testing.assert_allclose(back, weights, rtol=1e-15 if exact else 1e-12)


def test_whole_persons_need_weights_that_count_workers():
    third = weight_scale(1 / 3, 2 / 3)

    assert third.units_per_worker is None
    assert weight_scale(0.25, 1).units_per_worker == 100


def test_keys_that_cannot_fit_say_what_to_do():
    rows = 9
    question = Question(
        load_scheme("percentiles"),
        quantile_rule("hf1"),
        WageScale(1, True),
        WeightScale(Fraction(1), True),
    )
    many = np.arange(1, rows + 1, dtype=np.int64) << 40  # 4 bits as ranks, 44 as they are
    with pytest.raises(InputError, match="coarser keys"):
        grouped_numbers(np.zeros(rows, int), 1 << 60, many, many, question)
    fits = grouped_numbers(np.zeros(rows, int), 1 << 10, many, many, question)
    assert fits.tiers[0, 2] == many[6]  # half of the weight of 1 + 2 + … + 9 ends in 7
