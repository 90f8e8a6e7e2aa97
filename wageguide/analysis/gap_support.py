"""The reweighting of a sample, once all rows have a counterpart in the other group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wageguide.analysis.gap_counterfactual import Counterfactual
from wageguide.analysis.gap_fit import Logit
from wageguide.analysis.gap_model import GapError, GapQuestion
from wageguide.analysis.gap_overlap import (
    OnNoOverlap,
    comparable,
    in_words,
    of_patterns,
    set_aside,
)
from wageguide.analysis.gap_sides import GapRows
from wageguide.tiers.scale import Floats

_SHOWN = 8


@dataclass(frozen=True)
class Reweighting:
    """The reweighting of the full sample.

    Attributes
    ----------
    figure
        Its rows and patterns.
    weight
        New weights of the reweighted rows, 0 for the others, shape (rows,).
    coefficients
        Of the logit.
    """

    figure: Counterfactual
    weight: Floats
    coefficients: Floats

    def overlap(self, before: Floats) -> str:
        """How unequal the new weights are, in words; `before` are the weights of the rows."""
        own = ~self.figure.in_target
        largest = (self.weight[own] / before[own]).max()
        effective = self.weight.sum() ** 2 / (self.weight**2).sum()
        return (
            f"{int(own.sum()):,} 行相当于 rows count as {effective:,.0f}, 最大系数 largest "
            f"factor {largest:.1f}"
        )


def reweighting(
    use: GapRows, question: GapQuestion, on_no_overlap: OnNoOverlap, *, first: bool
) -> tuple[GapRows, Reweighting]:
    """Fit the logit, and weight the first group (or else the second) to the other.

    Parameters
    ----------
    use
        Rows of both groups.
    on_no_overlap
        What becomes of combinations of characteristics that tell the group for certain.

    Returns
    -------
    tuple
        The rows that remain, and their reweighting.

    Raises
    ------
    GapError
        If there are such combinations (with ``refuse``), no rows are left, or the logit has
        no solution.
    """
    while True:  # without those rows, another combination may become certain
        model = use.model
        figure = Counterfactual.of(model, use.rows.code[model.row], use.weights, first=first)
        fit = figure.membership(use.weights)
        if not fit.certain.size:
            break
        if on_no_overlap == "refuse":
            raise GapError(
                "Some combinations of characteristics tell the group for certain: those rows "
                "have no counterpart. Use fewer or coarser regressors, or leave those rows out "
                "(on_no_overlap = set_aside):",
                _certain(use, question, fit, first),
            )
        gone = of_patterns(use.rows, model, fit.certain)
        rest = set_aside(use.rows, {"a combination of characteristics in one group only": gone})
        use = GapRows(*comparable(rest, question, on_no_overlap))
    if not fit.converged:
        raise GapError(
            "The logit of group membership has no solution that could be found. Use fewer or "
            "coarser regressors."
        )
    weight = figure.reweighted(use.weights, fit.log_odds)
    return use, Reweighting(figure, weight, fit.coefficients)


def _certain(use: GapRows, question: GapQuestion, fit: Logit, first: bool) -> list[str]:
    """Patterns that tell the group for certain, in words."""
    lines = []
    for pattern in fit.certain[:_SHOWN]:
        in_target = bool(fit.log_odds[pattern] > 0)
        label = question.labels[int(in_target == first)]
        rows = int(np.count_nonzero(use.model.pattern == pattern))
        words = in_words(use.rows, question, use.model, int(pattern))
        lines.append(f"{words}: {rows:,} rows, all in {label}")
    more = fit.certain.size - _SHOWN
    return [*lines, f"… {more:,} more"] if more > 0 else lines
