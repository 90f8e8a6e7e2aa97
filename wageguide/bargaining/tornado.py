"""Which assumption moves the cost of an offer most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from wageguide.bargaining.assumptions import Assumptions
from wageguide.bargaining.clauses import Offer
from wageguide.bargaining.piecewise import Floats
from wageguide.bargaining.roster import Roster
from wageguide.bargaining.scenarios import VARIABLES, Scenarios, tenth_places
from wageguide.bargaining.simulate import simulate

if TYPE_CHECKING:
    import pandas as pd


def tornado(
    roster: Roster, offer: Offer, scenarios: Scenarios, assumptions: Assumptions
) -> pd.DataFrame:
    """How far each variable alone moves the cost: from its 10th to its 90th percentile.

    All others stand at their medians.

    Returns
    -------
    DataFrame
        ``name``, ``name_zh``, ``name_en``, ``low`` and ``high`` (yuan above doing nothing, over
        all years), widest first.
    """
    import pandas as pd

    tenths = {
        name: np.sort(values, axis=0)[tenth_places(values.shape[0])]
        for name, values in scenarios.draws.items()
    }
    lines = []
    for name in tenths:
        ends: Mapping[str, Floats] = {
            other: np.stack([t[0], t[2]] if other == name else [t[1], t[1]])
            for other, t in tenths.items()
        }
        found = simulate(roster, offer, replace(scenarios, draws=ends), assumptions)
        low, high = sorted(found.more.sum(axis=1).tolist())
        lines.append((name, *VARIABLES[name], low, high))
    frame = pd.DataFrame(lines, columns=["name", "name_zh", "name_en", "low", "high"])
    width = (frame["high"] - frame["low"]).to_numpy()
    return frame.iloc[np.argsort(-width, kind="stable")].reset_index(drop=True)
