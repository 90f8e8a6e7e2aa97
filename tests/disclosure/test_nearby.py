"""What stands near some cells, and that a look at it never claims more than is possible."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from wageguide.disclosure.attack_ranges import ranges
from wageguide.disclosure.nearby import nearby

CHAIN = sparse.csr_array(
    [
        [1.0, 1.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, -1.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, 1.0],
    ]
)


@pytest.mark.parametrize(("steps", "near"), [(0, [0]), (1, [0, 1]), (2, [0, 1, 2]), (9, [0, 1, 2])])
def test_equations_are_followed_step_by_step(steps, near):
    assert np.flatnonzero(nearby(CHAIN, np.array([0]), steps)).tolist() == near


def test_a_long_equation_is_not_followed():
    long = sparse.csr_array(np.ones((1, 200)))

    assert np.flatnonzero(nearby(long, np.array([3]), 2)).tolist() == [3]


@pytest.mark.parametrize("case", range(20))
def test_what_is_seen_together_lies_in_the_whole_range(case):
    rng = np.random.default_rng([7, case])
    inner = rng.integers(0, 30, (5, 4)).astype(float)
    table = np.vstack([np.hstack([inner, inner.sum(1, keepdims=True)]), np.zeros(5)])
    table[-1] = table[:-1].sum(0)
    rows = [
        *(np.array([[r == i for _ in range(5)] for r in range(6)]) for i in range(6)),
        *(np.array([[c == j for c in range(5)] for _ in range(6)]) for j in range(5)),
    ]
    signs = np.ones((6, 5))
    sums = []
    for member in rows:
        own = np.where(member, signs, 0.0)
        last = np.flatnonzero(member.ravel())[-1]
        own.ravel()[last] = -1.0
        sums.append(own.ravel())
    hidden = np.zeros((6, 5), bool)
    hidden[:5, :4] = rng.random((5, 4)) < 0.6
    low = np.where(hidden, 0.0, np.maximum(table - 0.5, 0)).ravel()
    high = np.where(hidden, np.inf, table + 0.5).ravel()
    bounds, equations = np.array([low, high]), sparse.csr_array(np.array(sums))

    whole, _ = ranges(equations, bounds, hidden.ravel())
    seen, exact = ranges(
        equations, bounds, hidden.ravel(), lambda a, b: np.asarray(b - a >= 0.5 * (b + a) / 2)
    )

    target = hidden.ravel()
    assert target.any()
    assert (seen[0, target] >= whole[0, target] - 1e-6).all()
    assert (seen[1, target] <= whole[1, target] + 1e-6).all()
    assert np.allclose(seen[:, exact & target], whole[:, exact & target], atol=1e-6)
