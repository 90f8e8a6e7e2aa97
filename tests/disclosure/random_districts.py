"""Small random districts: hierarchies and linked tables with few enterprises."""

from __future__ import annotations

import numpy as np
import pandas as pd
from district import District

#: Sets of tables: one key, two keys with and without a margin, a star, levels of one key.
SHAPES = (
    [("a",), ()],
    [("a", "b"), ("a",), ("b",), ()],
    [("a", "b"), ()],
    [("a", "b"), ("a", "c"), ()],
    [("a", "b"), ("a", "c"), ("a",), ("b",), ()],
    [("fine",), ("a",), ()],
    [("fine", "b"), ("a",), ("a", "c"), ()],
)
NESTED = {"a": "fine"}


def random_district(seed: int, shape: int, rows: int = 60, missing: float = 0.05) -> District:
    """A district whose cells have one to ten enterprises; some rows lack a key."""
    rng = np.random.default_rng(seed)
    a = rng.integers(0, 4, rows)
    frame = pd.DataFrame(
        {
            "a": [f"a{n}" for n in a],
            "fine": [f"a{n}{rng.integers(0, 3)}" for n in a],
            "b": [f"b{n}" for n in rng.integers(0, 3, rows)],
            "c": [f"c{n}" for n in rng.integers(0, 3, rows)],
            "enterprise": [f"E{n}" for n in rng.zipf(1.6, rows) % 15],
            "wage": np.round(np.exp(rng.normal(8, 0.7, rows))),
            "weight": rng.integers(1, 4, rows).astype(float),
        }
    )
    frame.loc[rng.random(rows) < missing, "b"] = None
    return District.of(frame, SHAPES[shape])
