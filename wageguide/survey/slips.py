"""Unit slips: money in 千元 or 万元 where 元 was asked, in a whole return or in one row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.survey.columns import PAY_PARTS
from wageguide.survey.settings import EditingPolicy
from wageguide.survey.yardstick import group_middle, level_of_others
from wageguide.units import MONTHS_PER_YEAR, YUAN_PER

#: Yuan in the units that are filled in by mistake.
FACTORS: tuple[int, ...] = (YUAN_PER["千元"], YUAN_PER["万元"])

#: Relative distance within which the parts show the unit of the total; forms round.
_PARTS_TOLERANCE = 0.005

#: Lengths of an occupation code (2-02-10-03): its own level, then ever wider groups.
_WIDER = (10, 7, 4, 1, 0)

UNDECIDED = "undecided"


@dataclass(frozen=True)
class Slips:
    """Decisions on units, one a row.

    Attributes
    ----------
    factor
        By what the money of the row is multiplied; 1 where it is right.
    total_only
        Whether only `annual_wage` is in the wrong unit, and its parts are right.
    method
        ``return_median``, ``row_ratio``, ``pay_parts``; ``undecided`` where the wage is
        far too low and not exactly one unit makes it plausible; empty where it is right.
    """

    factor: NDArray[np.float64]
    total_only: NDArray[np.bool_]
    method: NDArray[np.object_]


def find_slips(
    workers: pd.DataFrame,
    exact: NDArray[np.float64],
    usable: NDArray[np.bool_],
    policy: EditingPolicy,
) -> Slips:
    """Find the rows whose money is in the wrong unit.

    The usual wage of a row is that of its occupation in the other returns (of a wider
    occupational group where too few have it). A return whose middle row is below
    `slip_suspect` of the usual is converted by the one factor that brings it within the
    bounds of a return; a single row likewise, within the bounds of a row around its
    return's own level.

    Parameters
    ----------
    workers
        Reads ``file``, ``enterprise_id``, ``occupation``, ``months_worked`` and the pay.
    exact
        Annual wage before it was rounded to the fen, yuan.
    usable
        Rows whose wage and months can be judged.
    """
    size = len(workers)
    slips = Slips(np.ones(size), np.zeros(size, dtype=bool), np.full(size, "", dtype=object))
    _by_parts(workers, exact, usable, slips)
    log = np.full(size, np.nan)
    months = workers["months_worked"].to_numpy()[usable] / MONTHS_PER_YEAR
    log[usable] = np.log((exact * slips.factor)[usable] / months)
    member, returns = return_codes(workers)
    distance = log - usual_level(workers, log, member, policy.slip_min_returns)
    middle, _ = group_middle(distance, member, returns)
    factor = _decide(middle, policy.slip_suspect, policy.slip_return_low, policy.slip_return_high)
    converted = (factor[member] > 1) & usable & (slips.method == "")
    slips.factor[converted] = factor[member][converted]
    slips.method[converted] = "return_median"
    shift = np.where(factor > 1, np.log(np.fmax(factor, 1)), 0.0)
    own = np.clip(middle + shift, np.log(policy.slip_return_low), np.log(policy.slip_return_high))
    row = distance + np.log(np.where(converted, slips.factor, 1.0)) - own[member]
    _rows_alone(row, usable, policy, slips)
    return slips


def return_codes(workers: pd.DataFrame) -> tuple[NDArray[np.int64], int]:
    """Number of each row's return, from 0, and how many there are."""
    groups = workers.groupby(["file", "enterprise_id"], sort=False, dropna=False)
    member: NDArray[np.int64] = np.asarray(groups.ngroup(), dtype=np.int64)
    return member, int(member.max(initial=-1)) + 1


def usual_level(
    workers: pd.DataFrame, log: NDArray[np.float64], member: NDArray[np.int64], min_others: int
) -> NDArray[np.float64]:
    """Log wage that others pay in the row's occupation, or in the next wider group."""
    level = np.full(len(workers), np.nan)
    codes, words = pd.factorize(workers["occupation"].fillna(""))
    for length in _WIDER:
        wider, _ = pd.factorize(np.array([w[:length] for w in words], dtype=object))
        key = wider[codes].astype(np.int64)
        missing = np.isnan(level)
        if missing.any():
            level[missing] = level_of_others(log, key, member, min_others)[missing]
    return level


def _by_parts(
    workers: pd.DataFrame,
    exact: NDArray[np.float64],
    usable: NDArray[np.bool_],
    slips: Slips,
) -> None:
    parts = workers[list(PAY_PARTS)].fillna(0.0).sum(axis=1).to_numpy()
    for factor in FACTORS:
        expected = np.where(usable, exact * factor, np.nan)
        close = np.abs(parts - expected) <= _PARTS_TOLERANCE * expected
        slips.factor[close] = factor
        slips.total_only[close] = True
        slips.method[close] = "pay_parts"


def _decide(
    log_ratio: NDArray[np.float64], suspect: float, low: float, high: float
) -> NDArray[np.float64]:
    """Factor of each ratio: 1 where it is no suspect, NaN where none or several fit."""
    ratio = np.exp(np.nan_to_num(log_ratio))
    fits = np.array([(ratio * f >= low) & (ratio * f <= high) for f in FACTORS])
    factor = np.where(fits.sum(axis=0) == 1, np.array(FACTORS) @ fits, np.nan)
    result: NDArray[np.float64] = np.where(ratio < suspect, factor, 1.0)
    return result


def _rows_alone(
    log_ratio: NDArray[np.float64],
    usable: NDArray[np.bool_],
    policy: EditingPolicy,
    slips: Slips,
) -> None:
    factor = _decide(log_ratio, policy.slip_suspect, policy.slip_row_low, policy.slip_row_high)
    open_rows = usable & (slips.method != "pay_parts")
    suspect = open_rows & (factor != 1)
    decided = suspect & ~np.isnan(factor) & (slips.method == "")
    slips.factor[decided] = factor[decided]
    slips.method[decided] = "row_ratio"
    undecided = suspect & ~decided
    slips.factor[undecided] = 1.0
    slips.method[undecided] = UNDECIDED
