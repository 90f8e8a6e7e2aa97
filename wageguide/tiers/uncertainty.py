"""Sampling errors of a table: standard errors and intervals beside the kernel's figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from wageguide.errors import InputError
from wageguide.tiers import linearized
from wageguide.tiers.cells import Question, SortedCells
from wageguide.tiers.error_settings import ErrorSettings
from wageguide.tiers.finish import CellNumbers, finish
from wageguide.tiers.intervals import about, estimable, quantiles_at, share_limits, t_quantile
from wageguide.tiers.kernel import GroupedNumbers, SortedRows
from wageguide.tiers.pairs import PairRows, PairRun, degrees_of_freedom
from wageguide.tiers.quantile import quantile_rule
from wageguide.tiers.replicated import Recalibration, replicate_df, replicate_variance
from wageguide.tiers.replicates import Replicates, balanced, bootstrap, jackknife, jk1
from wageguide.tiers.sample import SampleDesign
from wageguide.tiers.scale import Floats, Ints
from wageguide.tiers.scheme import Tier


@dataclass(frozen=True)
class Errors:
    """Sampling errors of the mean (first column) and the tiers of each cell, yuan.

    Attributes
    ----------
    se, low, high
        Shape (cells, 1 + tiers); NaN where an error cannot be estimated.
    df
        Degrees of freedom of each cell: enterprises less strata.
    enterprises, effective
        Sampling units of each cell, and how many of equal weight would be as concentrated.
    """

    se: Floats
    low: Floats
    high: Floats
    df: Ints
    enterprises: Ints
    effective: Floats


def numbers_with_errors(
    rows: SortedRows,
    pairs: PairRows,
    question: Question,
    sample: SampleDesign,
    settings: ErrorSettings,
) -> tuple[GroupedNumbers, Errors]:
    """Figures of all cells with their sampling errors.

    Parameters
    ----------
    rows, pairs
        The same rows by cell and wage, and by cell and unit.
    question
        What is asked of each cell.
    sample
        The design.
    settings
        Interval and level.
    """
    if settings.method != "linearized":
        return _replicated(rows, pairs, question, sample, settings)
    numbers, errors = [], []
    for cells, run in rows.runs():
        found = finish(run, question)
        pair_run = pairs.run(rows.start[cells.start : cells.stop + 1])
        errors.append(_errors(run, pair_run, found, question, sample, settings))
        numbers.append(found)
    return rows.gather(numbers, question), joined(errors, 1 + len(question.scheme.tiers))


def _replicated(
    rows: SortedRows,
    pairs: PairRows,
    question: Question,
    sample: SampleDesign,
    settings: ErrorSettings,
) -> tuple[GroupedNumbers, Errors]:
    """Figures with errors from replicates."""
    numbers = rows.numbers(question)
    tiers = question.scheme.tiers
    order = quantile_order(tiers)
    made = replicates_for(sample, settings)
    given = settings.method == "replicates"
    cuts = numbers.tiers[:, sorted(order)] if settings.woodruff else None
    by_wage = pairs.by_wage(question, given=given)
    again = None if given else Recalibration.of(sample)
    variance = replicate_variance(by_wage, question, made, again, cuts)
    ranks = None
    if given and sample.units_are_rows:
        ranks = replicate_df(by_wage.start, by_wage.unit, made)
    se = np.sqrt(variance)
    errors = []
    for cells, run in rows.runs():
        pair_run = pairs.run(rows.start[cells.start : cells.stop + 1])
        df = degrees_of_freedom(pair_run, sample)
        df = df if ranks is None else ranks[cells]
        estimates = np.column_stack([numbers.mean[cells], numbers.tiers[cells]])
        sizes = estimates.copy()
        if settings.woodruff:
            sizes[:, [1 + i for i in order]] = 1  # these are errors of shares
        here = estimable(np.where(df[:, None] < 1, np.nan, se[cells]), sizes)
        low, high = about(estimates, here, df[:, None], settings.level)
        if settings.woodruff and order:
            places = [1 + i for i in order]
            share = linearized.share_below(pair_run, _thresholds(question, numbers.tiers[cells]))
            limits = woodruff(run, question, share, here[:, places], df, settings)
            low[:, places], high[:, places], here[:, places] = limits
        errors.append(Errors(here, low, high, df, pair_run.pairs_in, pair_run.effective))
    return numbers, joined(errors, 1 + len(tiers))


def _thresholds(question: Question, tiers: Floats) -> Ints:
    """Codes at which the quantile tiers cut, by share."""
    order = quantile_order(question.scheme.tiers)
    return np.maximum.accumulate(question.wages.codes_upto(tiers[:, order]), axis=1)


def replicates_for(sample: SampleDesign, settings: ErrorSettings) -> Replicates:
    """The replicates that a method makes of a design, or that came with it."""
    match settings.method:
        case "bootstrap":
            return bootstrap(sample, settings.replicates, settings.seed)
        case "jackknife":
            return jackknife(sample)
        case "jk1":
            return jk1(sample)
        case "brr":
            return balanced(sample)
        case "fay":
            return balanced(sample, settings.rho)
    if sample.replicates is None or sample.given is None:
        raise InputError(
            "se = replicates uses the replicate weights of the design; this design names none. "
            "Name their columns, or let replicates be made: bootstrap:200, jackknife."
        )
    given = sample.given
    return Replicates.of(
        sample.replicates, given.scale, np.array(given.rscales or (1.0,)), mse=given.mse
    )


def joined(parts: Sequence[Errors], columns: int) -> Errors:
    """Errors of all cells from those of the runs."""
    empty = {
        "se": np.empty((0, columns)),
        "low": np.empty((0, columns)),
        "high": np.empty((0, columns)),
        "df": np.empty(0, np.int64),
        "enterprises": np.empty(0, np.int64),
        "effective": np.empty(0),
    }
    return Errors(
        **{n: np.concatenate([none, *(getattr(p, n) for p in parts)]) for n, none in empty.items()}
    )


def _errors(
    run: SortedCells,
    pair_run: PairRun,
    found: CellNumbers,
    question: Question,
    sample: SampleDesign,
    settings: ErrorSettings,
) -> Errors:
    """Errors of the cells of one run."""
    tiers = question.scheme.tiers
    shape = (pair_run.cells, 1 + len(tiers))
    se, low, high = (np.full(shape, np.nan) for _ in range(3))
    total = found.total.astype(np.float64)
    df = degrees_of_freedom(pair_run, sample)

    def variance(scores: linearized.Linearized) -> Floats:
        return linearized.variance(pair_run, scores, sample)

    se[:, 0] = np.sqrt(variance(linearized.of_mean(pair_run, question, found.mean, total)))[:, 0]
    means = [i for i, t in enumerate(tiers) if t.kind != "quantile"]
    if means:
        scores = _tail_scores(run, pair_run, found, question, means)
        se[:, [1 + i for i in means]] = np.sqrt(variance(scores))
    about_mean = [0, *(1 + i for i in means)]
    estimates = np.column_stack([found.mean, found.tiers])
    se = estimable(se, estimates)
    se[df < 1] = np.nan
    low[:, about_mean], high[:, about_mean] = about(
        estimates[:, about_mean], se[:, about_mean], df[:, None], settings.level
    )
    order = quantile_order(tiers)
    if order:
        thresholds = _thresholds(question, found.tiers)
        share, scores = linearized.below_cuts(pair_run, thresholds, total)
        limits = woodruff(run, question, share, np.sqrt(variance(scores)), df, settings)
        places = [1 + i for i in order]
        low[:, places], high[:, places], se[:, places] = limits
    return Errors(se, low, high, df, pair_run.pairs_in, pair_run.effective)


def quantile_order(tiers: Sequence[Tier]) -> list[int]:
    """Places of the quantile tiers, by share."""
    found = [i for i, t in enumerate(tiers) if t.kind == "quantile"]
    return sorted(found, key=lambda i: tiers[i].share)


def woodruff(
    run: SortedCells,
    question: Question,
    share: Floats,
    share_se: Floats,
    df: Ints,
    settings: ErrorSettings,
) -> tuple[Floats, Floats, Floats]:
    """Limits and standard errors of quantiles from those of the shares below them.

    Parameters
    ----------
    share, share_se
        Share of weight at or below each quantile, and its standard error, (cells, K).
    df
        Degrees of freedom of each cell.

    Returns
    -------
    tuple
        Lower limits, upper limits, standard errors; NaN where one cannot be estimated.
    """
    rows = np.diff(run.start)[:, None]
    limits = share_limits(share, share_se, df[:, None], rows, settings.level, settings.interval)
    low, high = (quantiles_at(run, limit, question) for limit in limits)
    se = (high - low) / (2 * t_quantile(df[:, None], settings.level))
    known = se > 0
    low, high, se = (np.where(known, v, np.nan) for v in (low, high, se))
    return low, high, se


def _tail_scores(
    run: SortedCells,
    pair_run: PairRun,
    found: CellNumbers,
    question: Question,
    means: Sequence[int],
) -> linearized.Linearized:
    tiers = [question.scheme.tiers[i] for i in means]
    bounds = [(float(t.bounds[0]), float(t.bounds[1])) for t in tiers]
    shares = sorted({b for t in tiers for b in t.bounds if 0 < b < 1})
    cuts = finish(run, _cut_question(question, shares)).tiers
    return linearized.of_means_between(
        pair_run,
        question,
        bounds,
        {float(s): cuts[:, i] for i, s in enumerate(shares)},
        found.tiers[:, means],
        found.total.astype(np.float64),
    )


def _cut_question(question: Question, shares: Sequence[Fraction]) -> Question:
    """The quantiles at which means are cut: the smallest wage that reaches the share."""
    tiers = tuple(Tier(f"p{i}", "quantile", s, "", "") for i, s in enumerate(shares))
    scheme = replace(question.scheme, tiers=tiers, boundary="fractional")
    return replace(question, scheme=scheme, rule=quantile_rule("hf1"))
