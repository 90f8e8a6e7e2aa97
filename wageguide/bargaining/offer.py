"""Offers written down: as dicts, as TOML, or one clause after the other."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from wageguide.bargaining.clauses import Clause, Offer
from wageguide.bargaining.months import month_number, month_text
from wageguide.bargaining.offer_read import contradictions, read_clause, read_value
from wageguide.errors import OfferError

SIDES = ("workers", "enterprise", "both")


def make_offer(
    given: Mapping[str, Any], *, posts: Sequence[str] = (), groups: Sequence[str] = ()
) -> Offer:
    """Make an offer of plain values.

    Parameters
    ----------
    given
        ``name``, ``side``, ``start`` and ``end`` (months like ``2026-07``), and ``clauses``:
        each with ``kind`` and ``from``; ``stages`` in place of ``from`` and ``rate`` or
        ``amount`` is one clause at several dates.
    posts, groups
        Those of the roster; a clause on another is refused. Empty checks nothing.

    Raises
    ------
    OfferError
        With every problem, and what to write.
    """
    problems: list[str] = []
    name = str(given.get("name", "")).strip()
    where = f"offer {name!r}" if name else "the offer"
    unknown = sorted(set(given) - {"name", "side", "start", "end", "clauses"})
    problems += [
        f"unknown key {k!r}; an offer has name, side, start, end, clauses" for k in unknown
    ]
    if not name:
        problems.append("name is missing; say what the offer is called")
    side = str(given.get("side", "both"))
    if side not in SIDES:
        problems.append(f"side = {side!r} should be one of {', '.join(SIDES)}")
    start = read_value(problems, "start", given.get("start", ""), month_number)
    end = read_value(problems, "end", given.get("end", ""), month_number)
    if start is not None and end is not None and end < start:
        problems.append(
            f"end = {month_text(end)} is before start = {month_text(start)}; "
            f"write an end from {month_text(start)} on"
        )
    clauses: list[Clause] = []
    listed = given.get("clauses", [])
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        problems.append("clauses should be a list; in TOML write [[offer.clauses]]")
        listed = []
    for number, entry in enumerate(listed, 1):
        clauses += read_clause(problems, f"clause {number}", entry, start, end, posts, groups)
    problems += contradictions(clauses)
    if problems or start is None or end is None:
        raise OfferError(f"{where[0].upper()}{where[1:]} cannot be costed:", problems)
    return Offer(name, side, start, end, tuple(clauses))


def read_offers(
    path: Path | str, *, posts: Sequence[str] = (), groups: Sequence[str] = ()
) -> tuple[Offer, ...]:
    """Read a TOML file of ``[[offer]]`` tables.

    Raises
    ------
    OfferError
        With every problem of every offer.
    """
    path = Path(path)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OfferError(f"The offers {path} cannot be read: {error}.") from error
    entries = document.get("offer")
    extra = sorted(set(document) - {"offer"})
    if not isinstance(entries, list) or not entries or extra:
        found = f"; it also has {', '.join(extra)}" if extra else ""
        raise OfferError(f"{path} should hold [[offer]] tables and nothing else{found}.")
    offers: list[Offer] = []
    problems: list[str] = []
    for entry in entries:
        try:
            offers.append(make_offer(entry, posts=posts, groups=groups))
        except OfferError as error:
            named = entry.get("name", "?") if isinstance(entry, dict) else "?"
            problems += [f"{named}: {p}" for p in error.problems]
    names = [o.name for o in offers]
    problems += [
        f"two offers are called {n!r}; give each its own name"
        for n in sorted({n for n in names if names.count(n) > 1})
    ]
    if problems:
        raise OfferError(f"The offers of {path} cannot be costed:", problems)
    return tuple(offers)


def offer(name: str, start: str, end: str, side: str = "both") -> OfferBuilder:
    """Begin an offer that is written one clause after the other.

    >>> made = offer("工会方案", "2026-07", "2027-06").percent("5%", "2026-07").done()
    >>> len(made.clauses)
    1
    """
    return OfferBuilder({"name": name, "start": start, "end": end, "side": side, "clauses": []})


class OfferBuilder:
    """An offer that grows clause by clause; every call gives a new one."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = dict(given)

    def _with(self, kind: str, begin: str, values: Mapping[str, Any]) -> OfferBuilder:
        clause = {"kind": kind, "from": begin, **values}
        return OfferBuilder({**self._given, "clauses": [*self._given["clauses"], clause]})

    def percent(self, rate: object, begin: str, **options: Any) -> OfferBuilder:
        """A percentage on the base wage."""
        return self._with("percent", begin, {"rate": rate, **options})

    def amount(self, yuan: object, begin: str, **options: Any) -> OfferBuilder:
        """A flat amount a month."""
        return self._with("amount", begin, {"amount": yuan, **options})

    def bands(self, bands: Sequence[Mapping[str, Any]], begin: str, **options: Any) -> OfferBuilder:
        """Percentages by band."""
        return self._with("bands", begin, {"bands": list(bands), **options})

    def floor(self, yuan: object, begin: str, **options: Any) -> OfferBuilder:
        """A lowest base wage."""
        return self._with("floor", begin, {"amount": yuan, **options})

    def minimum_wage(self, begin: str, **options: Any) -> OfferBuilder:
        """Follow the minimum wage."""
        return self._with("minimum_wage", begin, options)

    def seniority(self, yuan: object, begin: str, **options: Any) -> OfferBuilder:
        """An amount for each year of service."""
        return self._with("seniority", begin, {"amount": yuan, **options})

    def lump_sum(self, yuan: object, begin: str, **options: Any) -> OfferBuilder:
        """A single payment."""
        return self._with("lump_sum", begin, {"amount": yuan, **options})

    def merit_pool(self, rate: object, begin: str, **options: Any) -> OfferBuilder:
        """A pool that is given out in proportion."""
        return self._with("merit_pool", begin, {"rate": rate, **options})

    def cpi(self, begin: str, **options: Any) -> OfferBuilder:
        """Follow consumer prices."""
        return self._with("cpi", begin, options)

    def allowance(self, yuan: object, begin: str, **options: Any) -> OfferBuilder:
        """An allowance a month."""
        return self._with("allowance", begin, {"amount": yuan, **options})

    def done(self, *, posts: Sequence[str] = (), groups: Sequence[str] = ()) -> Offer:
        """The offer, checked; see `make_offer`."""
        return make_offer(self._given, posts=posts, groups=groups)


def changed(given: Offer, path: str, value: Fraction | int) -> Offer:
    """An offer with one parameter of one clause changed.

    Parameters
    ----------
    given
        The offer.
    path
        Number of the clause and its field: ``1.rate``, ``2.amount``.
    value
        Exact share, or whole fen.

    Raises
    ------
    OfferError
        If there is no such clause or field.
    """
    number, _, name = path.partition(".")
    place = int(number) - 1 if number.isdigit() else -1
    if not 0 <= place < len(given.clauses) or not hasattr(given.clauses[place], name):
        raise OfferError(
            f"{path!r} is no parameter of {given.name!r}, which has {len(given.clauses)} clauses. "
            "Write the number of the clause and its field, such as 1.rate."
        )
    clauses = list(given.clauses)
    values: dict[str, Any] = {name: value}
    clauses[place] = replace(clauses[place], **values)
    return replace(given, clauses=tuple(clauses))
