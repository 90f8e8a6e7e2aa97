"""The cost of an offer under uncertainty: what it costs in each of many scenarios.

Wages of all scenarios are composed maps (`piecewise`), so that ten thousand scenarios take
less time than one pass over the roster for each. Nothing is rounded in between: a wage is
off by at most half a fen for each rounding clause that has worked on it, the cost of a month by
that times heads. Workers of one post and group share their average overtime and allowance in
the base of contributions; `anchor` says how far the exact cost of the same assumptions is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from wageguide.bargaining.assumptions import Assumptions
from wageguide.bargaining.bases import Bases
from wageguide.bargaining.clauses import (
    Allowance,
    Amount,
    Bands,
    Clause,
    Escalator,
    Floor,
    LumpSum,
    MeritPool,
    MinimumWage,
    Offer,
    Percent,
    Seniority,
)
from wageguide.bargaining.cost import cost_offer
from wageguide.bargaining.money import SHARE_PLACES
from wageguide.bargaining.months import year_of
from wageguide.bargaining.piecewise import (
    Floats,
    Maps,
    after,
    amount,
    at_least,
    bands,
    percent,
)
from wageguide.bargaining.roster import Roster
from wageguide.bargaining.scenarios import Scenarios, tenth_places
from wageguide.bargaining.strata import Stratum, strata_of
from wageguide.errors import OfferError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Simulation:
    """Costs by scenario and year, yuan.

    Attributes
    ----------
    years
        Calendar years.
    cost, more
        Cost, and cost above doing nothing, shape (scenarios, years).
    lowest
        Lowest base wage at the end of each scenario, yuan a month, shape (scenarios,).
    growth
        Growth of the average monthly pay from before the offer to its end, (scenarios,).
    scenarios
        The draws.
    anchor
        Relative difference of this way of computing from the exact cost, both with prices at
        their median and all else as it is given.
    """

    years: tuple[int, ...]
    cost: Floats
    more: Floats
    lowest: Floats
    growth: Floats
    scenarios: Scenarios
    anchor: float

    @property
    def frame(self) -> pd.DataFrame:
        """By year and in all: mean and 10th, 50th and 90th percentile of `more`, yuan."""
        import pandas as pd

        lines = []
        columns = [*self.more.T, self.more.sum(axis=1)]
        for name, values in zip([*map(str, self.years), "total"], columns, strict=True):
            own = np.sort(values)
            low, middle, high = own[tenth_places(own.size)]
            lines.append((name, own.mean(), low, middle, high))
        return pd.DataFrame(lines, columns=["year", "mean", "p10", "p50", "p90"])

    def chance(self, holds: np.ndarray) -> tuple[float, float]:
        """Share of the scenarios in which something holds, and its Monte Carlo error.

        Parameters
        ----------
        holds
            Flags, shape (scenarios,).
        """
        share = float(np.mean(holds))
        return share, float(np.sqrt(share * (1 - share) / holds.size))

    def __repr__(self) -> str:
        return (
            f"{self.cost.shape[0]:,} 个情景 scenarios, seed {self.scenarios.seed}; "
            f"与精确计算相差 off the exact cost by {self.anchor:.1e}\n"
            f"{self.frame.to_string(index=False, float_format='{:,.0f}'.format)}"
        )

    def _repr_html_(self) -> str:
        head = escape(repr(self).partition("\n")[0])
        return f"<p>{head}</p>{self.frame.to_html(index=False, float_format='{:,.0f}'.format)}"


def simulate(
    roster: Roster, offer: Offer, scenarios: Scenarios, assumptions: Assumptions
) -> Simulation:
    """Cost an offer in every scenario.

    Parameters
    ----------
    roster, offer
        As for `cost_offer`; a back-dated clause counts from the month in which it begins.
    scenarios
        Draws for the years of the offer. ``cpi`` moves escalators, ``minimum_wage`` its
        standard from the last that is given on, ``headcount`` and ``turnover`` the heads.
    assumptions
        What is not drawn.

    Raises
    ------
    OfferError
        If the offer cannot be simulated, or the scenarios lack a year of it.
    """
    _check(offer, scenarios)
    run = _Run(roster, offer, scenarios, assumptions)
    cost, lowest, growth = run.costs(offer.clauses)
    nothing, _, _ = run.costs(())
    one, central = _central(scenarios, assumptions)
    plain, _, _ = _Run(roster, offer, one, central).costs(offer.clauses)
    exact = cost_offer(roster, _undated(offer), central).total / 100
    anchor = abs(float(plain.sum()) / exact - 1) if exact else 0.0
    return Simulation(run.years, cost, cost - nothing, lowest, growth, scenarios, anchor)


def _check(offer: Offer, scenarios: Scenarios) -> None:
    years = {year_of(m) for m in offer.months}
    missing = sorted(years - set(scenarios.years))
    if missing:
        raise OfferError(
            f"The offer {offer.name!r} cannot be simulated: the scenarios lack the years "
            f"{', '.join(map(str, missing))}. Draw them for all years from "
            f"{min(years)} to {max(years)}."
        )


def _undated(offer: Offer) -> Offer:
    """The offer with every clause paid from its month on."""
    return replace(
        offer,
        clauses=tuple(
            c if isinstance(c, LumpSum) else replace(c, paid=c.start) for c in offer.clauses
        ),
    )


def _central(scenarios: Scenarios, assumptions: Assumptions) -> tuple[Scenarios, Assumptions]:
    """One scenario in which prices are at their median and all else is as it is given."""
    if "cpi" not in scenarios.draws:
        none = {"headcount": np.zeros((1, len(scenarios.years)))}
        return Scenarios(scenarios.years, none, 0), assumptions
    middle = np.sort(scenarios.of("cpi"), axis=0)[tenth_places(scenarios.count)[1]]
    whole = np.round(middle * 10**SHARE_PLACES).astype(np.int64)
    cpi = {
        y: Fraction(int(v), 10**SHARE_PLACES) for y, v in zip(scenarios.years, whole, strict=True)
    }
    draws = {"cpi": whole[None, :] / 10**SHARE_PLACES}
    given = replace(assumptions, cpi={**assumptions.cpi, **cpi})
    return Scenarios(scenarios.years, draws, 0), given


class _Run:
    """Costs of clauses over all scenarios, stratum by stratum and month by month."""

    def __init__(
        self, roster: Roster, offer: Offer, scenarios: Scenarios, assumptions: Assumptions
    ) -> None:
        self._offer, self._scenarios, self._assumptions = offer, scenarios, assumptions
        self._count = scenarios.count
        self.years = tuple(sorted({year_of(m) for m in offer.months}))
        self._strata = strata_of(roster, offer)
        self._factors = {m: self._factor(m) for m in offer.months}

    def costs(self, clauses: Sequence[Clause]) -> tuple[Floats, Floats, Floats]:
        """Cost by year, lowest base wage at the end, and growth of average pay."""
        cost = np.zeros((self._count, len(self.years)))
        lowest = np.full(self._count, np.inf)
        first = last = np.zeros(self._count)
        for stratum in self._strata:
            own, low, pay = self._of_stratum(stratum, clauses)
            cost = cost + own
            lowest = np.minimum(lowest, low)
            first = first + stratum.before
            last = last + pay
        return cost, lowest, last / first - 1

    def _of_stratum(
        self, stratum: Stratum, clauses: Sequence[Clause]
    ) -> tuple[Floats, Floats, Floats]:
        cost = np.zeros((self._count, len(self.years)))
        maps, more_allowance = Maps.identity(1), 0.0
        bases = Bases(stratum, self._assumptions, self._offer.start)
        pay = self._pay(stratum, maps, more_allowance)
        bases.now(maps, more_allowance)
        for month in self._offer.months:
            changed = False
            for clause in clauses:
                own = self._map(clause, month, stratum)
                if own is None or not stratum.concerned(clause):
                    continue
                if isinstance(clause, Allowance):
                    more_allowance += clause.amount / 100
                else:
                    maps = after(maps, own)
                changed = True
            if changed:
                pay = self._pay(stratum, maps, more_allowance)
                bases.now(maps, more_allowance)
            extra = sum(
                c.amount / 100
                for c in clauses
                if isinstance(c, LumpSum) and c.paid == month and stratum.concerned(c)
            )
            spent = pay + bases.due(month, extra) + extra * stratum.heads
            cost[:, self.years.index(year_of(month))] += self._factors[month] * spent
        return cost, stratum.plain.lowest(maps), pay

    def _map(self, clause: Clause, month: int, stratum: Stratum) -> Maps | None:
        """What a clause does in a month, in every scenario; None if nothing."""
        standing = isinstance(clause, MinimumWage) and clause.start < month
        if clause.start != month and not standing:
            return None
        every = np.ones(1)
        made: Maps | None = None
        match clause:
            case Percent() | MeritPool():
                made = percent(float(clause.rate) * every)
            case Amount():
                made = amount(clause.amount / 100 * every)
            case Seniority():
                years = min(stratum.service, clause.most)
                made = amount(clause.amount / 100 * years * every)
            case Floor():
                made = at_least(clause.amount / 100 * every)
            case Bands():
                limits = np.array([v / 100 for v in clause.limits])
                rates = np.array([float(r) for r in clause.rates])
                made = bands(limits * every[:, None], rates * every[:, None])
            case Escalator():
                rate = self._cpi(year_of(month) - 1) * float(clause.part)
                made = percent(np.clip(rate, float(clause.least), float(clause.most)))
            case MinimumWage():
                if not standing or self._minimum_moves(month):
                    made = at_least(self._minimum(month) * float(clause.factor))
            case Allowance():
                made = Maps.identity(1)
        return made

    def _cpi(self, year: int) -> Floats:
        if year in self._scenarios.years and "cpi" in self._scenarios.draws:
            return self._scenarios.of("cpi")[:, self._scenarios.years.index(year)]
        if year in self._assumptions.cpi:
            return np.array([float(self._assumptions.cpi[year])])
        raise OfferError(
            f"A clause follows the consumer prices of {year}, which are neither drawn nor given. "
            f'Add them: cpi = {{ {year} = "2%" }}'
        )

    def _minimum_moves(self, month: int) -> bool:
        known = month in self._assumptions.minimum_wage
        drawn = "minimum_wage" in self._scenarios.draws and month % 12 == 0
        return known or drawn

    def _minimum(self, month: int) -> Floats:
        """Minimum wage of a month: as given, then growing each January as drawn."""
        given = self._assumptions.minimum_of(month)
        if given is None:
            raise OfferError("A clause follows the minimum wage, but none is given.")
        level = np.array([given / 100])
        if "minimum_wage" not in self._scenarios.draws:
            return level
        last = max(m for m in self._assumptions.minimum_wage if m <= month)
        for place, year in enumerate(self._scenarios.years):
            if year_of(last) < year <= year_of(month):
                level = level * (1 + self._scenarios.of("minimum_wage")[:, place])
        return level

    def _pay(self, stratum: Stratum, maps: Maps, allowance: float) -> Floats:
        """Pay of a month at full heads, without what is paid once."""
        follows = self._assumptions.overtime_follows
        weights = stratum.with_overtime if follows else stratum.plain
        fixed = stratum.allowance + (0.0 if follows else stratum.overtime)
        return weights.total(maps) + fixed + allowance * stratum.heads

    def _factor(self, month: int) -> Floats:
        """Heads and cheaper replacements of a month."""
        drawn_turnover = "turnover" in self._scenarios.draws
        # Drawn turnover stands for the assumed one, it is not added to it.
        rest = (
            replace(self._assumptions, turnover=Fraction(0))
            if drawn_turnover
            else self._assumptions
        )
        given = float(rest.heads_factor(month, self._offer.start))
        factor = np.full(self._count, given)
        for place, year in enumerate(self._scenarios.years):
            if year <= year_of(month):
                factor = factor * (1 + self._scenarios.of("headcount")[:, place])
        if drawn_turnover:
            # Each month adds a twelfth of its own year's turnover.
            drawn = np.clip(self._scenarios.of("turnover"), 0.0, 1.0)
            begun = [year_of(m) for m in range(self._offer.start, month + 1)]
            months = np.array([begun.count(y) for y in self._scenarios.years])
            replaced = np.minimum(1.0, drawn @ months / 12)
            factor = factor * (1 - replaced * (1 - float(self._assumptions.entry_ratio)))
        return factor
