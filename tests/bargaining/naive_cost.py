"""The cost of an offer, worker by worker and month by month, in plain Python."""

from __future__ import annotations

from fractions import Fraction
from math import floor

HALF = Fraction(1, 2)


def up(value: Fraction) -> int:
    """Whole fen, halves up."""
    return floor(value + HALF)


def in_scope(clause, worker):
    return (not clause.posts or worker["post"] in clause.posts) and (
        not clause.groups or worker["group"] in clause.groups
    )


def wages(workers, clauses, assumptions, start, month):
    """Base, allowance and overtime of every worker in a month under some clauses."""
    base = [w["base"] for w in workers]
    allowance = [w["allowance"] for w in workers]
    for m in range(start, month + 1):
        for clause in clauses:
            if not (clause.start == m or (clause.kind == "minimum_wage" and clause.start < m)):
                continue
            if clause.kind == "merit_pool":
                merit(workers, clause, base)
                continue
            for n, worker in enumerate(workers):
                if in_scope(clause, worker):
                    one(clause, worker, n, base, allowance, assumptions, m)
    moved = base if assumptions.overtime_follows else [w["base"] for w in workers]
    overtime = [
        up(Fraction(w["overtime"] * b, w["base"])) for w, b in zip(workers, moved, strict=True)
    ]
    return base, allowance, overtime


def one(clause, worker, n, base, allowance, assumptions, month):
    match clause.kind:
        case "percent":
            base[n] = up(base[n] * (1 + clause.rate))
        case "amount":
            base[n] += clause.amount
        case "bands":
            place = sum(base[n] > limit for limit in clause.limits)
            base[n] = up(base[n] * (1 + clause.rates[place]))
        case "floor":
            base[n] = max(base[n], clause.amount)
        case "minimum_wage":
            known = [m for m in assumptions.minimum_wage if m <= month]
            least = assumptions.minimum_wage[max(known)]
            base[n] = max(base[n], up(least * clause.factor))
        case "seniority":
            base[n] += clause.amount * min(worker["service"], clause.most)
        case "cpi":
            rate = assumptions.cpi[month // 12 - 1] * clause.part
            base[n] = up(base[n] * (1 + min(max(rate, clause.least), clause.most)))
        case "allowance":
            allowance[n] += clause.amount


def merit(workers, clause, base):
    inside = [n for n, w in enumerate(workers) if in_scope(clause, w)]
    exact = {n: clause.rate * base[n] for n in inside}
    parts = {n: floor(exact[n]) for n in inside}
    pool = up(clause.rate * sum(base[n] * workers[n]["heads"] for n in inside))
    left = pool - sum(parts[n] * workers[n]["heads"] for n in inside)
    for n in sorted(inside, key=lambda n: (parts[n] - exact[n], n)):
        if workers[n]["heads"] <= left:
            parts[n] += 1
            left -= workers[n]["heads"]
    for n in inside:
        base[n] += parts[n]


def paid(workers, offer, assumptions, month):
    """What is paid in a month: base, allowance, overtime, extra."""
    seen = [c for c in offer.clauses if c.paid <= month or c.paid == c.start]
    now = wages(workers, seen, assumptions, offer.start, month)
    extra = [0] * len(workers)
    if any(c.paid == month and c.paid > c.start for c in offer.clauses):
        before = [c for c in offer.clauses if c.paid <= month - 1 or c.paid == c.start]
        for m in range(offer.start, month):
            late = wages(workers, seen, assumptions, offer.start, m)
            then = wages(workers, before, assumptions, offer.start, m)
            for n in range(len(workers)):
                extra[n] += sum(p[n] for p in late) - sum(p[n] for p in then)
    for clause in offer.clauses:
        if clause.kind == "lump_sum" and clause.paid == month:
            for n, worker in enumerate(workers):
                if in_scope(clause, worker):
                    extra[n] += clause.amount
    return (*now, extra)


def contributions(workers, offer, assumptions, month, n):
    """The employer's contributions for one worker in a month."""
    worker = workers[n]
    regular = worker["base"] + worker["allowance"] + worker["overtime"]
    if assumptions.contribution_base == "current":
        basis = sum(p[n] for p in paid(workers, offer, assumptions, month)[:3])
    else:
        year = month // 12 - (month % 12 + 1 < assumptions.base_month)
        months = range(12 * (year - 1), 12 * year)
        if months[-1] < offer.start:
            basis = regular
        else:
            received = [
                sum(p[n] for p in paid(workers, offer, assumptions, m))
                if m >= offer.start
                else regular
                for m in months
            ]
            basis = up(Fraction(sum(received), 12))
    due = 0
    for name in {c.name for c in assumptions.contributions}:
        begun = [c for c in assumptions.contributions if c.name == name and c.start <= month]
        if not begun:
            continue
        law = max(begun, key=lambda c: c.start)
        inside = max(basis, law.floor)
        if law.ceiling:
            inside = min(inside, law.ceiling)
        due += up(inside * law.rate)
    return due


def cost(workers, offer, assumptions):
    """Fen by month and post, contributions and all."""
    found = {}
    for month in offer.months:
        base, allowance, overtime, extra = paid(workers, offer, assumptions, month)
        posts = {}
        for n, worker in enumerate(workers):
            own = contributions(workers, offer, assumptions, month, n)
            parts = posts.setdefault((worker["post"], worker["group"]), [0] * 5)
            for k, value in enumerate((base[n], allowance[n], overtime[n], extra[n], own)):
                parts[k] += value * worker["heads"]
        factor = heads(assumptions, month, offer.start)
        for post, parts in posts.items():
            found[month, post] = [up(p * factor) for p in parts]
    return found


def heads(assumptions, month, start):
    factor = Fraction(1)
    for year in sorted(assumptions.headcount):
        if year <= month // 12:
            factor = assumptions.headcount[year]
    replaced = min(Fraction(1), assumptions.turnover * (month - start + 1) / 12)
    return factor * (1 - replaced * (1 - assumptions.entry_ratio))
