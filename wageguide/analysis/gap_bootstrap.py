"""Quantiles of two groups and their counterfactual in every replicate of a bootstrap."""

from __future__ import annotations

import numpy as np

from wageguide.analysis.gap_counterfactual import Counterfactual
from wageguide.analysis.gap_sides import GapRows
from wageguide.tiers.cells import Question
from wageguide.tiers.replicated import Recalibration
from wageguide.tiers.replicates import Replicates
from wageguide.tiers.scale import Floats


def replicate_quantiles(
    use: GapRows,
    figure: Counterfactual,
    start: Floats,
    question: Question,
    replicates: Replicates,
) -> Floats:
    """Fit the logit anew and take the quantiles in each replicate.

    Parameters
    ----------
    use
        The rows of both groups.
    figure
        Their reweighting.
    start
        Coefficients of the full sample's logit.
    question
        Its scheme names the shares.
    replicates
        The replicates.

    Returns
    -------
    array, shape (3, shares, replicates)
        As `Counterfactual.quantiles`. NaN where a replicate has rows of one group only or
        its logit no solution.
    """
    sample = use.rows.sample
    assert sample is not None
    unit = sample.unit[use.model.row]
    again = Recalibration.of(sample)
    out = np.full((3, len(question.scheme.tiers), replicates.count), np.nan)
    for r in range(replicates.count):
        factors = replicates.factors(slice(r, r + 1))
        weight = use.weights * factors[unit, 0]
        if again is not None:
            changes = again.auxiliaries.fitted(again.coefficients(factors), use.model.row)
            # Linear calibration may turn a weight negative; it has no place in a distribution.
            weight = np.maximum(weight * (1 + changes[:, 0]), 0.0)
        inside = weight[figure.in_target].sum()
        if not 0 < inside < weight.sum():
            continue
        fit = figure.membership(weight, start)
        if fit.converged:
            made = figure.reweighted(weight, fit.log_odds)
            out[:, :, r] = figure.quantiles(weight, made, question)
    return out
