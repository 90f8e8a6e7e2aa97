"""The heuristic pattern against the cheapest there is."""

from __future__ import annotations

from district import hidden_of
from random_districts import NESTED, random_district

SHAPES = (0, 1, 2, 5)


def test_the_heuristic_loses_little_more_than_the_optimum(rules):
    greedy, least = 0.0, 0.0
    for seed in range(6):
        for shape in SHAPES:
            district = random_district(seed, shape, rows=70)
            cost = []
            for cells in (0, 100):
                found = district.protected(rules(cost="workers", exact_cells=cells), nested=NESTED)
                cost.append(
                    sum(
                        table.frame["workers"].to_numpy()[hidden].sum()
                        for table, hidden in zip(district.tables, hidden_of(found), strict=True)
                    )
                )
            assert cost[1] <= cost[0], (seed, shape)
            greedy, least = greedy + cost[0], least + cost[1]
    assert least > 100
    assert greedy <= 1.25 * least
