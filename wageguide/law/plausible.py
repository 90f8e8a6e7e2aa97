"""Values that are allowed and yet look odd: flagged, until somebody says why they are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from wageguide.law.entries import Entry
from wageguide.law.series import SeriesMap

#: A change by more than this is flagged.
LARGEST_JUMP = Decimal("0.4")
#: Values two years apart and more may differ more; only neighbours are compared.
_NEIGHBOURS_DAYS = 3 * 366
#: Days before or after its text was issued on which a value may begin.
_DAYS_BEFORE, _DAYS_AFTER = 31, 400
#: Amounts mostly end in 0 or 5; where so many of a series do, one that does not is flagged.
_MOST_END_SO = Decimal(2) / 3


@dataclass(frozen=True)
class Flag:
    """A value that looks odd.

    Attributes
    ----------
    entry
        The value.
    reason
        What is odd about it.
    """

    entry: Entry
    reason: str

    def __str__(self) -> str:
        return f"{self.entry.where}: {self.entry.named} = {self.entry.value}: {self.reason}"


def flags(series: SeriesMap) -> list[Flag]:
    """Values that look odd and of which nobody has said why they are right."""
    found = []
    for entries in series.values():
        found += [*_jumps(entries), *_off_step(entries), *_far_from_issue(entries)]
    return [flag for flag in found if not flag.entry.plausible]


def _jumps(entries: Sequence[Entry]) -> list[Flag]:
    found = []
    for first, second in pairwise(entries):
        a, b = first.value, second.value
        if not (isinstance(a, Decimal) and isinstance(b, Decimal)) or not a:
            continue
        change = b / a - 1
        near = (second.start - (first.until or second.start)).days <= _NEIGHBOURS_DAYS
        if near and (abs(change) > LARGEST_JUMP):
            found.append(Flag(second, f"changes by {change:+.1%} from {a}"))
    return found


def _off_step(entries: Sequence[Entry]) -> list[Flag]:
    """Amounts whose last digit is neither 0 nor 5 while that of most is."""
    amounts = [(e, e.value) for e in entries if isinstance(e.value, Decimal)]
    if len(amounts) < 3:
        return []
    step = Decimal(5) if all(v == v.to_integral_value() for _, v in amounts) else Decimal("0.05")
    off = [e for e, v in amounts if v % step]
    if len(amounts) - len(off) < _MOST_END_SO * len(amounts):
        return []
    return [Flag(e, f"no multiple of {step}, as most values of the series are") for e in off]


def _far_from_issue(entries: Sequence[Entry]) -> list[Flag]:
    found = []
    for entry in entries:
        issued = entry.source.issued
        if issued is None or entry.from_is == "seen":
            continue
        days = (entry.start - issued).days
        if not -_DAYS_BEFORE <= days <= _DAYS_AFTER:
            found.append(Flag(entry, f"begins {days:+,} days from the issue of its text, {issued}"))
    return found
