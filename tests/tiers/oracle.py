"""Tiers of one cell by the definitions, in exact fractions and plain Python: slow and obvious."""

from __future__ import annotations

from fractions import Fraction

#: beta, gamma of the rules that are linear between knots C_k - beta w_k, read at p (W + gamma w_n).
LINEAR = {
    "hf4": (Fraction(0), Fraction(0)),
    "hf5": (Fraction(1, 2), Fraction(0)),
    "hf6": (Fraction(0), Fraction(1)),
    "hf7": (Fraction(1), Fraction(-1)),
    "hf8": (Fraction(1, 3), Fraction(1, 3)),
    "hf9": (Fraction(3, 8), Fraction(1, 4)),
}


def quantile(values, weights, p: Fraction, rule: str) -> Fraction:
    """Quantile of sorted pairs (ties by weight) by Hyndman and Fan's definition `rule`."""
    rows = sorted(zip(map(Fraction, values), map(Fraction, weights), strict=True))
    total = sum(w for _, w in rows)
    reached = Fraction(0)
    cumulative = []
    for _, w in rows:
        reached += w
        cumulative.append(reached)
    if rule in ("hf1", "hf2"):
        k = next(i for i, c in enumerate(cumulative) if c >= p * total)
        if rule == "hf2" and cumulative[k] == p * total and k + 1 < len(rows):
            return (rows[k][0] + rows[k + 1][0]) / 2
        return rows[k][0]
    beta, gamma = LINEAR[rule]
    knots = [c - beta * w for c, (_, w) in zip(cumulative, rows, strict=True)]
    target = p * (total + gamma * rows[-1][1])
    if target <= knots[0]:
        return rows[0][0]
    if target >= knots[-1]:
        return rows[-1][0]
    k = max(i for i, knot in enumerate(knots) if knot <= target)
    step = (target - knots[k]) / (knots[k + 1] - knots[k])
    return rows[k][0] + step * (rows[k + 1][0] - rows[k][0])


def mean_between(values, weights, low: Fraction, high: Fraction) -> Fraction | None:
    """Mean of the part of the weight between `low` and `high` units from the bottom."""
    amount = weight = before = Fraction(0)
    for x, w in sorted(zip(map(Fraction, values), map(Fraction, weights), strict=True)):
        used = min(before + w, high) - max(before, low)
        before += w
        if used > 0:
            amount += used * x
            weight += used
    return amount / weight if weight else None
