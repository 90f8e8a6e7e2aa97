"""Packages of clauses on a grid of their parameters, each costed once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from wageguide.bargaining.assumptions import Assumptions
from wageguide.bargaining.clauses import Offer
from wageguide.bargaining.cost import Cost, cost_offer
from wageguide.bargaining.months import month_text
from wageguide.bargaining.offer import changed
from wageguide.bargaining.roster import Roster
from wageguide.errors import OfferError

if TYPE_CHECKING:
    import pandas as pd

#: Packages above which a grid is refused: it would take minutes and show no more.
MOST = 20_000


def packages(
    roster: Roster,
    offer: Offer,
    assumptions: Assumptions,
    parameters: Mapping[str, Sequence[Fraction | int]],
) -> pd.DataFrame:
    """Cost every combination of some clause parameters.

    Parameters
    ----------
    roster, offer, assumptions
        As for `cost_offer`.
    parameters
        By parameter (``1.rate``), its values: exact shares, or whole fen.

    Returns
    -------
    DataFrame
        One row a package: the parameters (shares, or yuan), ``gain`` (present value of what
        workers are paid above doing nothing, yuan), ``outlay`` (present value of what it costs
        the enterprise, contributions included), and the measures of `constraints`; without sales
        in the assumptions ``labour_share`` is missing.

    Raises
    ------
    OfferError
        If there are more than `MOST` packages, or no such parameter.
    """
    import pandas as pd

    many = 1
    for values in parameters.values():
        many *= len(values)
    if not parameters or many > MOST:
        raise OfferError(
            f"{many:,} packages were asked for; a grid may have {MOST:,}. Take fewer values, or "
            "fewer parameters."
        )
    lines = []
    for values in product(*parameters.values()):
        own = offer
        for name, value in zip(parameters, values, strict=True):
            own = changed(own, name, value)
        named = {
            name: float(v) if isinstance(v, Fraction) else v / 100
            for name, v in zip(parameters, values, strict=True)
        }
        lines.append(named | measured(roster, cost_offer(roster, own, assumptions)))
    return pd.DataFrame(lines)


def measured(roster: Roster, cost: Cost) -> dict[str, float]:
    """Gain, outlay and the measures of `constraints` of a costed offer; see `packages`."""
    heads, rest = roster.column("heads"), cost.assumptions
    before, after = (int((p.regular * heads).sum()) for p in (cost.first, cost.last))
    sales = float(sum(rest.sales_parts(cost.offer.months).values())) if rest.sales else math.nan
    return {
        "gain": _gain(cost),
        "outlay": cost.present_value,
        "growth": after / before - 1,
        "cost": cost.more / 100,
        "cost_share": cost.more / (cost.total - cost.more),
        "labour_share": cost.total / sales,
        "lowest": int(cost.last.base.min()) / 100,
        "average": after / int(heads.sum()) / 100,
    }


def _gain(cost: Cost) -> float:
    """Present value of pay above doing nothing, yuan, without the employer's contributions."""
    months = cost.months
    pay = months["total"] - months["contributions"]
    signed = pay.where(months["offer"] == "offer", -pay)
    by_month = signed.groupby(months["month"], sort=False).sum()
    start = cost.offer.start
    return sum(
        int(by_month[month_text(m)]) / 100 * cost.assumptions.discounted(m, start)
        for m in cost.offer.months
    )
