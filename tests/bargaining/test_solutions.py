"""Bargaining solutions against closed forms, and by the axioms that define them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wageguide.bargaining.solutions import egalitarian, frontier, kalai_smorodinsky, nash
from wageguide.errors import OfferError

SOLVERS = [nash, kalai_smorodinsky, egalitarian]


def of(u, v, convex=True, **options):
    return frontier(np.array(u, float), np.array(v, float), convex=convex, **options)


class TestClosedForms:
    @pytest.mark.parametrize("power", [0.2, 0.5, 0.8])
    def test_a_pie_is_split_by_power(self, power):
        line = of([0, 100], [100, 0])

        found = nash(line, power)

        assert (found.first, found.second) == pytest.approx((100 * power, 100 * (1 - power)))

    def test_a_pie_is_halved_by_the_others(self):
        line = of([0, 100], [100, 0])

        for solve in (kalai_smorodinsky, egalitarian):
            found = solve(line)
            assert (found.first, found.second) == pytest.approx((50, 50))

    def test_unequal_ends(self):
        """u + 2 v = 100: at most 100 and 50. Nash 50, 25; the same by KS; equal gains 100/3."""
        line = of([0, 100], [50, 0])

        assert nash(line).first == pytest.approx(50)
        assert kalai_smorodinsky(line).second == pytest.approx(25)
        assert egalitarian(line).first == pytest.approx(100 / 3)

    def test_breakdown_is_what_both_keep(self):
        """10 and 20 without agreement leave 70 to split."""
        grid = np.linspace(0, 100, 1001)
        line = frontier(grid, 100 - grid, breakdown=(10, 20), convex=True)

        found = nash(line)

        assert (found.first, found.second) == pytest.approx((35, 35))

    @pytest.mark.parametrize("power", [0.3, 0.5, 0.7])
    def test_a_quarter_circle(self, power):
        """u^2 + v^2 = 1: u^2 = power at the Nash point; KS and egalitarian at 45 degrees."""
        angle = np.linspace(0, np.pi / 2, 20_001)
        line = frontier(np.cos(angle), np.sin(angle), convex=True)

        # Corners of the grid: the product is flat there, so the place is less exact than it.
        assert nash(line, power).first == pytest.approx(np.sqrt(power), abs=1e-4)
        assert kalai_smorodinsky(line).first == pytest.approx(np.sqrt(0.5), abs=1e-6)
        assert egalitarian(line).first == pytest.approx(np.sqrt(0.5), abs=1e-6)

    def test_a_risk_averse_side_gets_less(self):
        """sqrt(x) against 1 - x: product largest at x = 1/3."""
        x = np.linspace(0, 1, 100_001)
        line = frontier(np.sqrt(x), 1 - x, convex=True)

        found = nash(line)

        assert found.first**2 == pytest.approx(1 / 3, abs=1e-6)


class TestFrontier:
    def test_dominated_packages_are_not_on_it(self):
        line = of([1, 2, 3, 2, 0], [3, 2, 1, 1, 3], convex=False)

        assert line.package.tolist() == [0, 1, 2]

    def test_the_hull_leaves_out_what_mixing_beats(self):
        line = of([0, 1, 4], [4, 1, 0], convex=True)
        kept = of([0, 1, 4], [4, 1, 0], convex=False)

        assert line.package.tolist() == [0, 2]
        assert kept.package.tolist() == [0, 1, 2]

    def test_one_package_is_a_frontier(self):
        line = of([2], [3])

        for solve in SOLVERS:
            assert (solve(line).first, solve(line).second) == (2, 3)

    def test_no_package_is_told(self):
        with pytest.raises(OfferError, match="No package gives both sides"):
            of([1, -1], [-1, 1])

    @pytest.mark.parametrize("power", [0, 1, -0.1, 2])
    def test_power_is_a_share(self, power):
        with pytest.raises(OfferError, match="is equal power"):
            nash(of([0, 1], [1, 0]), power)


POINTS = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=25
).map(lambda ps: (np.array([p[0] for p in ps], float), np.array([p[1] for p in ps], float)))


@given(points=POINTS)
@pytest.mark.parametrize("convex", [True, False])
def test_no_package_beats_a_solution(points, convex):
    line = frontier(*points, convex=convex)

    for solve in SOLVERS:
        found = solve(line)
        better = (points[0] > found.first + 1e-9) & (points[1] > found.second + 1e-9)
        assert not better.any()


@given(points=POINTS, a=st.integers(1, 50), b=st.integers(1, 50))
def test_units_of_gain_do_not_matter_to_nash_and_kalai_smorodinsky(points, a, b):
    line, scaled = (
        frontier(points[0] * s, points[1] * t, convex=True) for s, t in ((1, 1), (a, b))
    )

    for solve in (nash, kalai_smorodinsky):
        one, two = solve(line), solve(scaled)
        assert two.first == pytest.approx(a * one.first, rel=1e-9, abs=1e-9)
        assert two.second == pytest.approx(b * one.second, rel=1e-9, abs=1e-9)


@given(points=POINTS)
def test_sides_that_change_places_change_gains(points):
    line = frontier(*points, convex=True)
    mirrored = frontier(points[1], points[0], convex=True)

    for solve in SOLVERS:
        one, two = solve(line), solve(mirrored)
        assert one.first == pytest.approx(two.second, abs=1e-6)


@given(points=POINTS)
def test_the_nash_point_is_the_best_of_the_grid(points):
    line = frontier(*points, convex=True)
    found = nash(line)

    assert found.first * found.second >= (points[0] * points[1]).max() - 1e-6


@given(points=POINTS, extra=st.tuples(st.integers(0, 1000), st.integers(0, 1000)))
def test_more_packages_never_make_the_smaller_gain_smaller(points, extra):
    """Monotony of equal gains."""
    line = frontier(*points, convex=True)
    more = frontier(np.append(points[0], extra[0]), np.append(points[1], extra[1]), convex=True)

    one, two = egalitarian(line), egalitarian(more)
    assert min(two.first, two.second) >= min(one.first, one.second) - 1e-9
