"""One consultation: the roster, where it stands, both sides' offers costed, and the zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any

from wageguide.bargaining.assumptions import Assumptions
from wageguide.bargaining.clauses import Offer
from wageguide.bargaining.constraints import Constraint
from wageguide.bargaining.cost import Cost, compare_costs, cost_offer
from wageguide.bargaining.gains import Gains, gains
from wageguide.bargaining.market import Market
from wageguide.bargaining.money import share
from wageguide.bargaining.months import month_text
from wageguide.bargaining.outlook import Outlook, outlook
from wageguide.bargaining.packages import packages
from wageguide.bargaining.position import Position, position
from wageguide.bargaining.roster import Roster
from wageguide.bargaining.scenarios_read import Uncertainty
from wageguide.bargaining.zone import NO_SIDE, Zone, find_zone
from wageguide.errors import OfferError
from wageguide.shown import html_table

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.law.law import Law


@dataclass(frozen=True, repr=False)
class Consultation:
    """Everything that both sides may want on the table.

    Attributes
    ----------
    position
        Where the enterprise stands.
    costs
        Cost of every offer, in their order.
    table
        Offers side by side.
    gains
        Who gains from each offer.
    zone
        Zone of agreement; None where no limits or no grid are given.
    outlooks
        Every offer under uncertainty; empty where nothing is said to be uncertain.
    """

    position: Position
    costs: tuple[Cost, ...]
    table: pd.DataFrame
    gains: tuple[Gains, ...]
    zone: Zone | None
    outlooks: tuple[Outlook, ...] = ()

    @property
    def roster(self) -> Roster:
        """The roster."""
        return self.position.roster

    def __repr__(self) -> str:
        zone = "" if self.zone is None else f"\n\n{self.zone!r}"
        likely = "".join(f"\n\n{o!r}" for o in self.outlooks)
        table = self.table.to_string(index=False)
        return f"{self.roster!r}\n\n{table}{zone}{likely}\n\n{NO_SIDE[0]}"

    def _repr_html_(self) -> str:
        zone = "" if self.zone is None else self.zone._repr_html_()
        likely = "".join(f"<p>{escape(o.offer.name)}</p>{o._repr_html_()}" for o in self.outlooks)
        return f"{self.position._repr_html_()}{html_table(self.table)}{zone}{likely}"


def consult(
    roster: Roster,
    offers: Sequence[Offer],
    assumptions: Assumptions,
    *,
    law: Law,
    place: str | None = None,
    on: dt.date | None = None,
    market: Market | None = None,
    announced: dt.date | None = None,
    facts: Mapping[str, tuple[Any, str]] | None = None,
    last: Roster | None = None,
    constraints: Sequence[Constraint] = (),
    grid: Mapping[str, Sequence[Fraction | int]] | None = None,
    power: float = 0.5,
    uncertainty: Uncertainty | None = None,
) -> Consultation:
    """Put a consultation together.

    Parameters
    ----------
    roster, offers, assumptions
        Who is paid what, what is offered, and what the cost rests on.
    law, place, on, market, announced, facts, last
        As for `position`; the day is the first of the first offer where it is left out.
    constraints, grid, power
        Limits of both sides, and the parameters of the first offer's clauses that are
        negotiated with their values; without either there is no zone.
    uncertainty
        What is drawn for the outlook of every offer; None leaves it out.

    Raises
    ------
    OfferError
        If an offer cannot be costed.
    """
    if not offers:
        raise OfferError("A consultation needs at least one offer.")
    stands = position(
        roster,
        market=market,
        law=law,
        place=place,
        on=on or _first_day(offers[0]),
        announced=announced,
        facts=facts,
        last=last,
    )
    costs = tuple(cost_offer(roster, o, assumptions) for o in offers)
    standard = stands.minimum["standard"].dropna()
    minimum = None if standard.empty else round(float(standard.iloc[0]) * 100)
    zone = None
    if constraints and grid:
        zone = find_zone(packages(roster, offers[0], assumptions, grid), constraints, power=power)
    return Consultation(
        stands,
        costs,
        compare_costs(roster, costs),
        tuple(gains(roster, c, minimum=minimum) for c in costs),
        zone,
        ()
        if uncertainty is None
        else tuple(outlook(roster, o, assumptions, uncertainty, constraints) for o in offers),
    )


def _first_day(offer: Offer) -> dt.date:
    """The day on which an offer begins."""
    return dt.date.fromisoformat(f"{month_text(offer.start)}-01")


def read_grid(text: str) -> tuple[str, list[Fraction]]:
    """A parameter and its values: ``1.rate=0:10%:0.5%`` is 0 to 10 % in steps of half a per cent.

    >>> name, values = read_grid("1.rate=0:2%:1%")
    >>> name, [float(v) for v in values]
    ('1.rate', [0.0, 0.01, 0.02])

    Raises
    ------
    OfferError
        If it is not written so.
    """
    name, _, span = text.partition("=")
    parts = span.split(":")
    try:
        if len(parts) != 3:
            raise ValueError("there should be first:last:step")
        first, last, step = (share(p) for p in parts)
        if step <= 0 or last < first:
            raise ValueError("the step should be above 0, and the last not below the first")
    except ValueError as error:
        raise OfferError(
            f"The grid {text!r} cannot be read: {error}. Write it like 1.rate=0:10%:0.5%"
        ) from error
    many = int((last - first) / step)
    return name.strip(), [first + n * step for n in range(many + 1)]
