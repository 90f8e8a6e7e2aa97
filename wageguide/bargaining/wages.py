"""Wages month by month under an offer: the clauses at work on whole fen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import singledispatch

import numpy as np

from wageguide.bargaining.assumptions import Assumptions
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
from wageguide.bargaining.money import Fen, times
from wageguide.bargaining.months import month_text, year_of
from wageguide.bargaining.roster import Roster
from wageguide.errors import OfferError


@dataclass(frozen=True)
class Paid:
    """What is paid in one month, fen, each of shape (rows,).

    Attributes
    ----------
    month
        Month number.
    base, allowance, overtime
        Of the month.
    extra
        Lump sums and back pay.
    """

    month: int
    base: Fen
    allowance: Fen
    overtime: Fen
    extra: Fen

    @property
    def regular(self) -> Fen:
        """Base, allowance and overtime."""
        return self.base + self.allowance + self.overtime


def roster_paid(roster: Roster, paid: Paid) -> Roster:
    """The roster with the pay of one month: what each would have after an agreement."""
    frame = roster.frame.assign(base=paid.base, allowance=paid.allowance, overtime=paid.overtime)
    return Roster(roster.name, frame, roster.set_aside)


def paid_months(roster: Roster, offer: Offer, assumptions: Assumptions) -> Iterator[Paid]:
    """What is paid month by month.

    In month t the wage of month m is what clauses give that are in force in m and paid from t
    on; where a back-dated clause is first paid, the differences of the months since its start
    are paid with it.
    """
    nothing = np.zeros(len(roster.frame), np.int64)
    known: tuple[Clause, ...] = tuple(c for c in offer.clauses if c.paid <= c.start)
    due = sorted({c.paid for c in offer.clauses if c.paid > c.start})
    run = _Run(roster, known, assumptions, offer.start)
    earned: list[Fen] = []
    for month in offer.months:
        extra = nothing
        if month in due:
            known = tuple(c for c in offer.clauses if c.paid <= c.start or c.paid <= month)
            run = _Run(roster, known, assumptions, offer.start)
            owed = [run.advance(m) for m in range(offer.start, month)]
            for before, now in zip(earned, owed, strict=True):
                extra = extra + (now.regular - before)
            earned = [p.regular for p in owed]
        paid = run.advance(month)
        for clause in offer.clauses:
            if isinstance(clause, LumpSum) and clause.paid == month:
                extra = extra + np.where(
                    roster.chosen(clause.posts, clause.groups), clause.amount, 0
                )
        earned.append(paid.regular)
        yield Paid(month, paid.base, paid.allowance, paid.overtime, extra)


class _Run:
    """Wages under some clauses, advanced one month after the other."""

    def __init__(
        self, roster: Roster, clauses: Sequence[Clause], assumptions: Assumptions, start: int
    ) -> None:
        self._roster, self._clauses, self._assumptions = roster, clauses, assumptions
        self.state = State(roster.column("base"), roster.column("allowance"))
        self._overtime = _overtime(roster, self.state.base, assumptions)

    def advance(self, month: int) -> Paid:
        """Wages of a month; months are asked for in their order."""
        before = self.state
        for clause in self._clauses:
            standing = isinstance(clause, MinimumWage) and clause.start < month
            if clause.start == month or standing:
                use = self._roster.chosen(clause.posts, clause.groups)
                after = apply(clause, self.state, self._roster, self._assumptions, month)
                self.state = State(
                    np.where(use, after.base, self.state.base),
                    np.where(use, after.allowance, self.state.allowance),
                )
        if not np.array_equal(self.state.base, before.base):
            self._overtime = _overtime(self._roster, self.state.base, self._assumptions)
        nothing = np.zeros_like(self.state.base)
        return Paid(month, self.state.base, self.state.allowance, self._overtime, nothing)


@dataclass(frozen=True)
class State:
    """Base wage and allowance of every row, fen."""

    base: Fen
    allowance: Fen


@singledispatch
def apply(
    clause: Clause, state: State, roster: Roster, assumptions: Assumptions, month: int
) -> State:
    """State after a clause, for all rows; who it is for is the caller's to choose.

    A lump sum leaves the state as it is.
    """
    return state


@apply.register
def _percent(
    clause: Percent, state: State, roster: Roster, assumptions: Assumptions, month: int
) -> State:
    return State(times(state.base, 1 + clause.rate), state.allowance)


@apply.register
def _amount(
    clause: Amount, state: State, roster: Roster, assumptions: Assumptions, month: int
) -> State:
    return State(state.base + clause.amount, state.allowance)


@apply.register
def _bands(
    clause: Bands, state: State, roster: Roster, assumptions: Assumptions, month: int
) -> State:
    band = np.searchsorted(np.array(clause.limits, dtype=np.int64), state.base, side="left")
    base = state.base
    for number, rate in enumerate(clause.rates):
        base = np.where(band == number, times(state.base, 1 + rate), base)
    return State(base, state.allowance)


@apply.register
def _floor(
    clause: Floor, state: State, roster: Roster, assumptions: Assumptions, month: int
) -> State:
    return State(np.maximum(state.base, clause.amount), state.allowance)


@apply.register
def _minimum_wage(
    clause: MinimumWage, state: State, roster: Roster, assumptions: Assumptions, month: int
) -> State:
    least = assumptions.minimum_of(month)
    if least is None:
        raise OfferError(
            f"A clause follows the minimum wage from {month_text(clause.start)} on, but none is "
            f'given for {month_text(month)}. Add it: minimum_wage = {{ "{month_text(month)}" = … }}'
        )
    floor = int(times(np.array([least], dtype=np.int64), clause.factor)[0])
    return State(np.maximum(state.base, floor), state.allowance)


@apply.register
def _seniority(
    clause: Seniority, state: State, roster: Roster, assumptions: Assumptions, month: int
) -> State:
    years = np.minimum(roster.column("service"), clause.most)
    return State(state.base + clause.amount * years, state.allowance)


@apply.register
def _merit_pool(
    clause: MeritPool, state: State, roster: Roster, assumptions: Assumptions, month: int
) -> State:
    use = roster.chosen(clause.posts, clause.groups)
    heads = roster.column("heads")[use]
    own = state.base[use]
    base = state.base.copy()
    base[use] = own + pool_parts(own, heads, clause.rate)
    return State(base, state.allowance)


def pool_parts(base: Fen, heads: Fen, rate: Fraction) -> Fen:
    """Parts of a pool for each row of one worker or several alike, fen, shape (rows,).

    Whole fen of ``rate x base``; what is left of the pool, ``rate`` of all base wages rounded,
    goes fen by fen to the largest remainders, earlier rows first, to a row of several only if
    there is one for each.
    """
    exact = [rate * int(b) for b in base.tolist()]
    parts = [int(e) for e in exact]
    pool = rate * sum(int(b) * int(h) for b, h in zip(base.tolist(), heads.tolist(), strict=True))
    left = int(pool + Fraction(1, 2)) - sum(
        p * int(h) for p, h in zip(parts, heads.tolist(), strict=True)
    )
    order = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], n))
    for row in order:
        if 0 < int(heads[row]) <= left:
            parts[row] += 1
            left -= int(heads[row])
    return np.array(parts, dtype=np.int64)


@apply.register
def _escalator(
    clause: Escalator, state: State, roster: Roster, assumptions: Assumptions, month: int
) -> State:
    year = year_of(month) - 1
    if year not in assumptions.cpi:
        raise OfferError(
            f"A clause follows the consumer prices of {year}, which are not given. "
            f'Add them: cpi = {{ {year} = "2%" }}'
        )
    rate = min(max(assumptions.cpi[year] * clause.part, clause.least), clause.most)
    return State(times(state.base, 1 + rate), state.allowance)


@apply.register
def _allowance(
    clause: Allowance, state: State, roster: Roster, assumptions: Assumptions, month: int
) -> State:
    return State(state.base, state.allowance + clause.amount)


def _overtime(roster: Roster, base: Fen, assumptions: Assumptions) -> Fen:
    """Overtime pay with the base wage: ``overtime x base / base of the roster``, rounded."""
    own, first = roster.column("overtime"), roster.column("base")
    if not assumptions.overtime_follows or not own.any():
        return own
    return np.where(own > 0, (2 * own * base + first) // (2 * first), 0)
