"""Bring weights to their totals, within bounds and without giants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.errors import WeightError
from wageguide.survey.calibrate import Calibrated, linear, post_stratify, raking
from wageguide.survey.totals import Auxiliaries
from wageguide.survey.trimming import trimmed
from wageguide.survey.weight_settings import CalibrationSettings
from wageguide.survey.yardstick import middle

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Met:
    """Final weights, what calibration reports, and the largest weight allowed (NaN: any)."""

    weights: Floats
    report: Calibrated | None
    cap: float


def meet_totals(
    base: Floats,
    aux: Auxiliaries | None,
    asked: CalibrationSettings | None,
    trim_above_median: float | None,
) -> Met:
    """Calibrate, then cut weights above a multiple of their median and calibrate again.

    Parameters
    ----------
    base
        Weights before, shape (rows,).
    aux, asked
        Rows and totals side by side, and how they are met; None is not at all.
    trim_above_median
        The multiple; None cuts nothing.

    Raises
    ------
    WeightError
        If the totals cannot be met within the bounds and the cap.
    """
    report = None if aux is None or asked is None else _calibrated(base, aux, asked, np.inf)
    weights = base if report is None else report.weights
    if trim_above_median is None:
        return Met(weights, report, np.nan)
    cap = trim_above_median * middle(weights)
    if weights.max() <= cap:
        return Met(weights, report, cap)
    if aux is None or asked is None or report is None:
        return Met(trimmed(base, cap, np.zeros(base.size, np.intp)), None, cap)
    if asked.method == "poststratify":
        cut = trimmed(weights, cap, aux.code[0], "category")
        return Met(cut, _reported(cut, base, aux, int((cut >= cap).sum())), cap)
    try:
        report = _calibrated(base, aux, asked, cap / base)
    except WeightError as error:
        raise WeightError(
            f"The totals cannot be met with weights cut at {cap:,.6g}, {trim_above_median:g} times "
            f"their median; raise trim_above_median. {error}"
        ) from error
    return Met(report.weights, report, cap)


def _calibrated(
    base: Floats, aux: Auxiliaries, asked: CalibrationSettings, ceiling: Floats | float
) -> Calibrated:
    if asked.method == "poststratify":
        return post_stratify(base, aux.code[0], aux.totals, names=aux.labels)
    solve = {"linear": linear, "raking": raking}[asked.method]
    upper = np.minimum(ceiling, np.inf if asked.upper is None else asked.upper)
    bounded = asked.lower is not None or bool(np.isfinite(upper).any())
    lower = (0.0 if asked.method == "raking" else -np.inf) if asked.lower is None else asked.lower
    return solve(
        base,
        aux.x,
        aux.totals,
        lower=np.minimum(lower, upper) if bounded else None,
        upper=upper if bounded else None,
        names=aux.labels,
    )


def _reported(weights: Floats, base: Floats, aux: Auxiliaries, at_cap: int) -> Calibrated:
    gap = np.abs(aux.x.T @ weights / aux.totals - 1).max(initial=0.0)
    return Calibrated(weights, weights / base, 0, float(gap), at_cap)


def margin_table(aux: Auxiliaries, before: Floats, after: Floats) -> pd.DataFrame:
    """Sums of weights before and after beside their totals; see `Weighting.margins`."""
    got = aux.x.T @ after
    return pd.DataFrame(
        {
            "margin": [m for m, _ in aux.names],
            "category": [c for _, c in aux.names],
            "rows": (aux.x != 0).sum(axis=0),
            "before": aux.x.T @ before,
            "after": got,
            "total": aux.totals,
            "gap": got / aux.totals - 1,
        }
    )
