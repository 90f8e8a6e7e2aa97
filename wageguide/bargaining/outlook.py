"""What an offer may come to: its cost under uncertainty, and how likely each limit holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wageguide.bargaining.assumptions import Assumptions
from wageguide.bargaining.clauses import Offer
from wageguide.bargaining.constraints import Constraint
from wageguide.bargaining.months import year_of
from wageguide.bargaining.piecewise import Floats
from wageguide.bargaining.roster import Roster
from wageguide.bargaining.scenarios_read import Uncertainty
from wageguide.bargaining.simulate import Simulation, simulate
from wageguide.bargaining.tornado import tornado
from wageguide.shown import html_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Outlook:
    """An offer under uncertainty.

    Attributes
    ----------
    offer
        The offer.
    simulation
        Its cost in every scenario.
    chances
        One row a limit: ``name``, ``side``, ``measure``, ``limit``, ``chance`` that it holds and
        its Monte Carlo ``error``.
    tornado
        `tornado.tornado`: which variable moves the cost most.
    """

    offer: Offer
    simulation: Simulation
    chances: pd.DataFrame
    tornado: pd.DataFrame

    def __repr__(self) -> str:
        limits = "" if self.chances.empty else f"\n\n{self.chances.to_string(index=False)}"
        return f"{self.offer.name}\n{self.simulation!r}{limits}"

    def _repr_html_(self) -> str:
        limits = "" if self.chances.empty else html_table(self.chances)
        return f"{self.simulation._repr_html_()}{limits}"


def outlook(
    roster: Roster,
    offer: Offer,
    assumptions: Assumptions,
    uncertainty: Uncertainty,
    constraints: Sequence[Constraint] = (),
) -> Outlook:
    """Cost an offer in every scenario and count in how many each limit holds.

    Parameters
    ----------
    roster, offer, assumptions
        As for `simulate`.
    uncertainty
        What is drawn.
    constraints
        Limits of both sides.

    Raises
    ------
    OfferError
        If a limit is on sales and they are not given, or the offer cannot be simulated.
    """
    scenarios = uncertainty.draw(sorted({year_of(m) for m in offer.months}))
    found = simulate(roster, offer, scenarios, assumptions)
    chances = limit_chances(found, constraints, roster, offer, assumptions)
    return Outlook(offer, found, chances, tornado(roster, offer, scenarios, assumptions))


def limit_chances(
    simulation: Simulation,
    constraints: Sequence[Constraint],
    roster: Roster,
    offer: Offer,
    assumptions: Assumptions,
) -> pd.DataFrame:
    """Share of the scenarios in which each limit holds; see `Outlook`."""
    import pandas as pd

    lines = []
    for one in constraints:
        values = _values(one.measure, simulation, roster, offer, assumptions)
        holds = np.array([one.short(v) == 0 for v in values.tolist()])
        share, error = simulation.chance(holds)
        lines.append((one.name, one.side, one.measure, one.limit, share, error))
    columns = ["name", "side", "measure", "limit", "chance", "error"]
    return pd.DataFrame(lines, columns=columns)


def _values(
    measure: str,
    simulation: Simulation,
    roster: Roster,
    offer: Offer,
    assumptions: Assumptions,
) -> Floats:
    """A measure in every scenario, shape (scenarios,)."""
    cost, more = simulation.cost.sum(axis=1), simulation.more.sum(axis=1)
    values: Floats = simulation.growth
    match measure:
        case "cost":
            values = more
        case "cost_share":
            values = more / (cost - more)
        case "labour_share":
            values = cost / _sales(simulation, offer, assumptions)
        case "lowest":
            values = simulation.lowest
        case "average":
            heads = roster.column("heads")
            before = float((roster.pay * heads).sum() / heads.sum()) / 100
            values = before * (1 + simulation.growth)
    return values


def _sales(simulation: Simulation, offer: Offer, assumptions: Assumptions) -> Floats:
    """Sales over the months of the offer: as given, times the growth that is drawn."""
    drawn = simulation.scenarios
    index = np.cumprod(1 + drawn.of("sales"), axis=1)
    total: Floats = np.zeros(drawn.count)
    for year, part in assumptions.sales_parts(offer.months).items():
        total = total + float(part) / 100 * index[:, drawn.years.index(year)]
    return total
