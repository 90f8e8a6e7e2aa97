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
        ``name``, ``name_zh``, ``name_en``, ``low``, ``middle`` (all at their medians) and ``high``
        (yuan above doing nothing, over all years), widest first.
    """
    import pandas as pd

    tenths = {
        name: np.sort(values, axis=0)[tenth_places(values.shape[0])]
        for name, values in scenarios.draws.items()
    }
    # Three scenarios for each variable, all costed at once.
    ends: Mapping[str, Floats] = {
        other: np.concatenate([t if other == n else np.stack([t[1]] * 3) for n in tenths])
        for other, t in tenths.items()
    }
    found = simulate(roster, offer, replace(scenarios, draws=ends), assumptions)
    totals = found.more.sum(axis=1).reshape(-1, 3).tolist()
    lines = [
        (name, *VARIABLES[name], min(three), three[1], max(three))
        for name, three in zip(tenths, totals, strict=True)
    ]
    frame = pd.DataFrame(lines, columns=["name", "name_zh", "name_en", "low", "middle", "high"])
    width = (frame["high"] - frame["low"]).to_numpy()
    return frame.iloc[np.argsort(-width, kind="stable")].reset_index(drop=True)
