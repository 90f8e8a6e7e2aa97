"""Cost as a function of one parameter of one clause."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from wageguide.bargaining.assumptions import Assumptions
from wageguide.bargaining.clauses import Offer
from wageguide.bargaining.cost import cost_offer
from wageguide.bargaining.offer import changed
from wageguide.bargaining.roster import Roster

if TYPE_CHECKING:
    import pandas as pd


def cost_curve(
    roster: Roster,
    offer: Offer,
    assumptions: Assumptions,
    parameter: str,
    values: Sequence[Fraction | int],
) -> pd.DataFrame:
    """Cost for each value of a parameter.

    Parameters
    ----------
    roster, offer, assumptions
        As for `cost_offer`.
    parameter
        Number of the clause and its field: ``1.rate``.
    values
        Exact shares, or whole fen.

    Returns
    -------
    DataFrame
        ``value`` (a share, or yuan), ``more`` (yuan above doing nothing), ``annualised`` and
        ``average_rise``.

    Raises
    ------
    OfferError
        If the offer has no such parameter.
    """
    import pandas as pd

    heads = roster.column("heads")
    lines = []
    for value in values:
        cost = cost_offer(roster, changed(offer, parameter, value), assumptions)
        before, after = (int((p.regular * heads).sum()) for p in (cost.first, cost.last))
        lines.append(
            {
                "value": float(value) if isinstance(value, Fraction) else value / 100,
                "more": cost.more / 100,
                "annualised": cost.annualised / 100,
                "average_rise": after / before - 1,
            }
        )
    return pd.DataFrame(lines)
