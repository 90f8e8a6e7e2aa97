"""Which cells are unsafe by themselves, and how uncertain they must stay.

X is the payroll of a cell (wages by weight), x1 >= x2 >= ... what its enterprises contribute.
Rules: the few-contributors, (n, k) and p % rules of the Handbook on Statistical Disclosure
Control (Hundepool et al. 2010, ch. 4); in a sample X is weighted and x1, x2 are not, as an
enterprise knows its own wages and not the weights, unless those are public.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wageguide.disclosure.contributions import Contributions, Floats, Ints
from wageguide.disclosure.settings import DisclosureSettings

Flags = NDArray[np.bool_]

#: Rules by code, in the order in which reasons are told.
REASONS: dict[str, tuple[str, str]] = {
    "few_enterprises": ("企业数不足", "too few enterprises"),
    "few_workers": ("人数不足", "too few workers"),
    "dominance": ("少数企业占比过高", "a few enterprises dominate"),
    "p_percent": (
        "一家企业可推算出另一家的工资总额",
        "one enterprise could work out another's payroll",
    ),
    "revision": (
        "与同年度上一版相比仅个别企业变动",
        "only a few enterprises differ from the earlier edition of the year",
    ),
    "secondary": ("防止由合计推算", "could be worked out from totals otherwise"),
}


@dataclass(frozen=True)
class Ranked:
    """The largest contributors of each group of lines, each of shape (groups,).

    Attributes
    ----------
    total
        Payroll, weighted.
    contributors, workers
        Counts, unweighted.
    first, second
        Largest and second largest payroll that a contributor knows of.
    largest
        Payroll of the largest n, weighted.
    top_share
        Share of the largest contributor in the payroll, weighted.
    """

    total: Floats
    contributors: Floats
    workers: Floats
    first: Floats
    second: Floats
    largest: Floats
    top_share: Floats


def ranked(found: Contributions, settings: DisclosureSettings) -> Ranked:
    """Rank the contributors of every cell."""
    size = found.cells
    known = found.payroll if settings.weights_public else found.plain
    total = found.total(found.payroll)
    order, rank = _ranks(found, known)
    first, second = (_summed(found, known, order[rank == n]) for n in (0, 1))
    top = np.zeros(size)
    np.maximum.at(top, found.pair_cell, found.payroll)
    largest = np.zeros(size)
    if settings.dominance_n:
        order, rank = _ranks(found, found.payroll)
        largest = _summed(found, found.payroll, order[rank < settings.dominance_n])
    return Ranked(
        total,
        found.contributors.astype(np.float64),
        found.total(found.rows),
        first,
        second,
        largest,
        np.divide(top, total, out=np.ones(size), where=total > 0),
    )


def _ranks(found: Contributions, values: Floats) -> tuple[Ints, Ints]:
    """Lines of all cells by descending value, and the rank of each in its cell, from 0 on."""
    order = np.lexsort((-values, found.pair_cell))
    cell = found.pair_cell[order]
    starts = np.searchsorted(cell, np.arange(found.cells))
    return order, np.arange(cell.size) - starts[cell]


def _summed(found: Contributions, values: Floats, lines: Ints) -> Floats:
    """Sum of the values of some lines by cell, shape (cells,)."""
    return np.bincount(found.pair_cell[lines], values[lines], found.cells).astype(np.float64)


def few_enterprises(cells: Ranked, settings: DisclosureSettings) -> Flags:
    """Cells of fewer enterprises than the policy asks."""
    return cells.contributors < settings.min_enterprises


def few_workers(cells: Ranked, settings: DisclosureSettings) -> Flags:
    """Cells of fewer workers surveyed than the policy asks."""
    return cells.workers < settings.min_workers


def dominance(cells: Ranked, settings: DisclosureSettings) -> Flags:
    """Cells whose largest n hold more than their share of the payroll."""
    if not settings.dominance_n:
        return np.zeros(cells.total.size, bool)
    return cells.largest > settings.dominance_share * cells.total


def p_percent(cells: Ranked, settings: DisclosureSettings) -> Flags:
    """Cells in which ``X - x1 - x2 < p / 100 x1``."""
    return p_percent_width(cells, settings) > 0


def p_percent_width(cells: Ranked, settings: DisclosureSettings) -> Floats:
    """``p / 100 x1 - (X - x1 - x2)``, what the p % rule asks to stay uncertain; 0 if safe."""
    if not settings.p_percent:
        return np.zeros(cells.total.size)
    rest = cells.total - cells.first - cells.second
    return np.maximum(settings.p_percent / 100 * cells.first - rest, 0.0)


RULES = {
    "few_enterprises": few_enterprises,
    "few_workers": few_workers,
    "dominance": dominance,
    "p_percent": p_percent,
}


def unsafe(cells: Ranked, settings: DisclosureSettings) -> dict[str, Flags]:
    """Cells that break each rule, by its code."""
    return {code: rule(cells, settings) for code, rule in RULES.items()}


def needed_share(cells: Ranked, broken: dict[str, Flags], settings: DisclosureSettings) -> Floats:
    """Share of its payroll by which each unsafe cell must stay uncertain, up and down.

    The p % rule's width where that is wider; never more than a reader is assumed to know
    the cell already.
    """
    other = np.zeros(cells.total.size, bool)
    for code, flags in broken.items():
        other |= flags & (code != "p_percent")
    share = np.where(other, settings.protect_share, 0.0)
    width = p_percent_width(cells, settings)
    share = np.maximum(
        share, np.divide(width, cells.total, out=share.copy(), where=cells.total > 0)
    )
    some = np.any(list(broken.values()), axis=0)
    share = np.where(some, np.maximum(share, _LEAST), 0.0)
    return np.minimum(share, settings.intruder_share)


#: An unsafe cell by a hair still must not be known exactly.
_LEAST = 1e-6
