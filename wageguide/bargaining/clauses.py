"""The clauses of an offer: what each does to a wage, as plain data.

A clause takes effect in its month and works on the wage as the clauses before it have left
it; clauses of one month work in the order in which they stand. All amounts are whole fen a
month, all shares exact; every result is rounded to the fen once, halves up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

#: Posts and groups that a clause is for; empty for everybody.
Names = tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """What all clauses have.

    Attributes
    ----------
    start
        Month number from which it holds.
    paid
        Month number in which it is first paid, later than `start` if it is back-dated; what
        is owed for the months between is paid then at once.
    posts, groups
        For whom; empty for everybody. With both, for those who are in both.
    """

    kind: ClassVar[str] = ""
    start: int
    paid: int
    posts: Names = ()
    groups: Names = ()


@dataclass(frozen=True)
class Percent(Clause):
    """Base wage times 1 + `rate`."""

    kind: ClassVar[str] = "percent"
    rate: Fraction = Fraction(0)


@dataclass(frozen=True)
class Amount(Clause):
    """`amount` fen a month more on the base wage."""

    kind: ClassVar[str] = "amount"
    amount: int = 0


@dataclass(frozen=True)
class Bands(Clause):
    """By band: a base wage of at most a limit rises by that band's rate; the last has no limit."""

    kind: ClassVar[str] = "bands"
    limits: tuple[int, ...] = ()
    rates: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class Floor(Clause):
    """No base wage below `amount`."""

    kind: ClassVar[str] = "floor"
    amount: int = 0


@dataclass(frozen=True)
class MinimumWage(Clause):
    """From its month on, no base wage below the minimum wage of the month times `factor`."""

    kind: ClassVar[str] = "minimum_wage"
    factor: Fraction = Fraction(1)


@dataclass(frozen=True)
class Seniority(Clause):
    """`amount` fen a month for each full year of service, at most `most` years, once."""

    kind: ClassVar[str] = "seniority"
    amount: int = 0
    most: int = 99


@dataclass(frozen=True)
class LumpSum(Clause):
    """`amount` fen once, in the month of payment; the base stays."""

    kind: ClassVar[str] = "lump_sum"
    amount: int = 0


@dataclass(frozen=True)
class MeritPool(Clause):
    """A pool of `rate` of the base wages, given out in proportion to them, to the last fen.

    Whole fen first, then one more each to the largest remainders, earlier workers first.
    """

    kind: ClassVar[str] = "merit_pool"
    rate: Fraction = Fraction(0)


@dataclass(frozen=True)
class Escalator(Clause):
    """Base wage times 1 + consumer prices of the year before, times `part`, between two bounds."""

    kind: ClassVar[str] = "cpi"
    part: Fraction = Fraction(1)
    least: Fraction = Fraction(0)
    most: Fraction = Fraction(1)


@dataclass(frozen=True)
class Allowance(Clause):
    """`amount` fen a month more allowance; the base, and what follows it, stays."""

    kind: ClassVar[str] = "allowance"
    amount: int = 0


KINDS: dict[str, type[Clause]] = {
    c.kind: c
    for c in (
        Percent, Amount, Bands, Floor, MinimumWage, Seniority, LumpSum, MeritPool, Escalator,
        Allowance,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """What one side offers.

    Attributes
    ----------
    name
        What it is called.
    side
        ``workers``, ``enterprise`` or ``both`` (a compromise).
    start, end
        First and last month that are costed, as month numbers.
    clauses
        In the order in which they work.
    """

    name: str
    side: str
    start: int
    end: int
    clauses: tuple[Clause, ...] = field(default=())

    @property
    def months(self) -> range:
        """All months that are costed."""
        return range(self.start, self.end + 1)
