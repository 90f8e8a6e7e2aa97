"""Clauses read from plain values, with all that is wrong and what to write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wageguide.bargaining.clauses import KINDS, Bands, Clause, Floor, MinimumWage
from wageguide.bargaining.money import fen, share
from wageguide.bargaining.months import month_number, month_text

#: What a clause of each kind needs, and what it may have.
_FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "percent": (("rate",), ()),
    "amount": (("amount",), ()),
    "bands": (("bands",), ()),
    "floor": (("amount",), ()),
    "minimum_wage": ((), ("factor",)),
    "seniority": (("amount",), ("most",)),
    "lump_sum": (("amount",), ()),
    "merit_pool": (("rate",), ()),
    "cpi": ((), ("part", "least", "most")),
    "allowance": (("amount",), ()),
}
_COMMON = ("kind", "from", "paid", "posts", "groups", "stages")


def read_value(problems: list[str], where: str, value: object, reader: Callable[[Any], Any]) -> Any:
    """A value as its reader gives it, or None and a problem."""
    try:
        return reader(value)
    except ValueError as error:
        problems.append(f"{where}: {error}")
        return None


def read_clause(
    problems: list[str],
    where: str,
    entry: object,
    start: int | None,
    end: int | None,
    posts: Sequence[str],
    groups: Sequence[str],
) -> list[Clause]:
    """One clause, or one for each of its stages."""
    if not isinstance(entry, Mapping):
        problems.append(f"{where} should be a table with kind and from; found {entry!r}")
        return []
    kind = str(entry.get("kind", ""))
    if kind not in KINDS:
        problems.append(f"{where}: kind = {kind!r} should be one of {', '.join(KINDS)}")
        return []
    where = f"{where} ({kind})"
    needed, optional = _FIELDS[kind]
    unknown = sorted(set(entry) - {*_COMMON, *needed, *optional})
    problems += [
        f"{where}: unknown key {k!r}; it has {', '.join(('from', *needed, *optional))}"
        for k in unknown
    ]
    stages = entry.get("stages")
    found = []
    for stage in stages if isinstance(stages, list) and stages else [{}]:
        own = {**{k: v for k, v in entry.items() if k != "stages"}, **stage}
        made = _one(problems, where, kind, own, start, end)
        if made is not None:
            found.append(made)
    named = {"posts": posts, "groups": groups}
    for field, known in named.items():
        asked = [str(v) for v in _names(entry.get(field))]
        astray = [v for v in asked if known and v not in known]
        if astray:
            problems.append(
                f"{where}: {field} {', '.join(map(repr, astray))} are not in the roster; it has "
                f"{', '.join(list(known)[:12])}"
            )
    return found


def _names(value: object) -> Sequence[object]:
    if value is None:
        return ()
    return [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]


def _one(
    problems: list[str],
    where: str,
    kind: str,
    entry: Mapping[str, Any],
    start: int | None,
    end: int | None,
) -> Clause | None:
    before = len(problems)
    values: dict[str, Any] = {}
    needed, optional = _FIELDS[kind]
    for name in (*needed, *optional):
        if name not in entry:
            if name in needed:
                problems.append(f"{where}: {name} is missing")
            continue
        if name == "bands":
            values |= _bands(problems, where, entry[name])
        elif name == "most" and kind == "seniority":
            values[name] = read_value(problems, f"{where}: most", entry[name], _whole)
        elif name == "amount":
            values[name] = read_value(problems, f"{where}: {name}", entry[name], fen)
        else:
            most = 3 if name == "factor" else 1
            reader = lambda v, m=most: share(v, most=m)  # noqa: E731
            values[name] = read_value(problems, f"{where}: {name}", entry[name], reader)
    begin, paid = _months(problems, where, entry, start, end)
    if len(problems) > before or begin is None or paid is None:
        return None
    who = {f: tuple(str(v) for v in _names(entry.get(f))) for f in ("posts", "groups")}
    return KINDS[kind](start=begin, paid=paid, **who, **values)


def _months(
    problems: list[str],
    where: str,
    entry: Mapping[str, Any],
    start: int | None,
    end: int | None,
) -> tuple[int | None, int | None]:
    """Month from which a clause holds, and month in which it is first paid."""
    begin = read_value(problems, f"{where}: from", entry.get("from", ""), month_number)
    paid = begin
    if "paid" in entry:
        paid = read_value(problems, f"{where}: paid", entry["paid"], month_number)
    if begin is None or paid is None:
        return None, None
    if paid < begin:
        problems.append(
            f"{where}: paid = {month_text(paid)} is before from = {month_text(begin)}; "
            "a clause is paid from its month on, or later"
        )
    if start is not None and begin < start:
        problems.append(
            f"{where}: from = {month_text(begin)} is before the start, {month_text(start)}; "
            "for back pay let the offer start then, and name the month in which it is paid"
        )
    for name, month in (("from", begin), ("paid", paid)):
        if end is not None and month > end:
            problems.append(
                f"{where}: {name} = {month_text(month)} is after the end, {month_text(end)}"
            )
    return begin, paid


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} should be a whole number of years")
    return value


def _bands(problems: list[str], where: str, given: object) -> dict[str, Any]:
    """Limits and rates of bands: each with ``upto`` (the last without) and ``rate``."""
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        problems.append(f'{where}: bands should be a list like {{upto = 5000, rate = "6%"}}')
        return {}
    limits, rates = [], []
    for number, band in enumerate(given, 1):
        at = f"{where}: band {number}"
        if not isinstance(band, Mapping) or "rate" not in band:
            problems.append(f"{at} needs a rate")
            return {}
        rates.append(read_value(problems, f"{at}: rate", band["rate"], share))
        last = number == len(given)
        if ("upto" in band) == last:
            problems.append(f"{at}: every band but the last has upto, the last has none")
            return {}
        if not last:
            limits.append(read_value(problems, f"{at}: upto", band["upto"], fen))
    if None not in limits and limits != sorted(set(limits)):
        problems.append(f"{where}: upto should rise from band to band")
    return {"limits": tuple(limits), "rates": tuple(rates)}


def contradictions(clauses: Sequence[Clause]) -> list[str]:
    """Clauses that cannot both be meant."""
    problems = []
    seen: dict[tuple[object, ...], int] = {}
    for number, clause in enumerate(clauses, 1):
        if isinstance(clause, Floor | MinimumWage | Bands):
            key = (clause.kind, clause.start, clause.posts, clause.groups)
            if key in seen:
                problems.append(
                    f"clauses {seen[key]} and {number} are both a {clause.kind} from "
                    f"{month_text(clause.start)} for the same workers; keep the one that is meant"
                )
            seen[key] = number
    return problems
