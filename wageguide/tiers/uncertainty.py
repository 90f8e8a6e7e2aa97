"""Sampling errors of a table: standard errors and intervals beside the kernel's figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, get_args

import numpy as np

from wageguide.errors import InputError
from wageguide.survey.design import Design
from wageguide.tiers import linearized
from wageguide.tiers.cells import Question, SortedCells
from wageguide.tiers.finish import CellNumbers, finish
from wageguide.tiers.intervals import IntervalMethod, about, quantiles_at, share_limits, t_quantile
from wageguide.tiers.kernel import GroupedNumbers, SortedRows
from wageguide.tiers.pairs import PairRows, PairRun, degrees_of_freedom
from wageguide.tiers.quantile import quantile_rule
from wageguide.tiers.sampling import SampleDesign
from wageguide.tiers.scale import Floats, Ints
from wageguide.tiers.scheme import Tier

ErrorMethod = Literal["linearized", "bootstrap", "jackknife"]


@dataclass(frozen=True)
class ErrorSettings:
    """How sampling errors are computed.

    Attributes
    ----------
    method
        ``linearized`` (Taylor, Woodruff); ``bootstrap`` (Rao and Wu's rescaled one, of
        enterprises); ``jackknife`` (one enterprise left out at a time).
    replicates
        Bootstrap replicates; 0 for the other methods.
    seed
        Of the bootstrap's draws.
    interval
        How the limits of a share are set for the intervals of quantiles.
    level
        Confidence, 0.95 for 95 %.
    """

    method: ErrorMethod = "linearized"
    replicates: int = 0
    seed: int = 1
    interval: IntervalMethod = "mean"
    level: float = 0.95

    def __post_init__(self) -> None:
        problems = []
        if self.method not in get_args(ErrorMethod):
            problems.append(f"method = {self.method!r} is not one of {get_args(ErrorMethod)}")
        if self.interval not in get_args(IntervalMethod):
            problems.append(f"interval = {self.interval!r} is not one of {get_args(IntervalMethod)}")
        if self.method == "bootstrap" and self.replicates < 2:
            problems.append(f"a bootstrap of {self.replicates} replicates has no variance")
        if not 0 < self.level < 1:
            problems.append(f"level = {self.level} should lie between 0 and 1, such as 0.95")
        if problems:
            raise InputError("Sampling errors cannot be computed so:", problems)


def error_settings(se: str | ErrorSettings | None) -> ErrorSettings | None:
    """Settings from their short form: ``none``, ``linearized``, ``bootstrap:200``, ``jackknife``.

    >>> error_settings("bootstrap:200").replicates
    200
    """
    if se is None or isinstance(se, ErrorSettings):
        return se
    name, _, count = se.partition(":")
    if name == "none" and not count:
        return None
    if name == "bootstrap" and count.isdigit():
        return ErrorSettings("bootstrap", int(count))
    if name in ("linearized", "jackknife") and not count:
        return ErrorSettings("linearized" if name == "linearized" else "jackknife")
    raise InputError(
        f"Sampling errors {se!r} are not known. Write none, linearized, jackknife or "
        "bootstrap:200, with the number of replicates."
    )


@dataclass(frozen=True)
class Errors:
    """Sampling errors of the mean (first column) and the tiers of each cell, yuan.

    Attributes
    ----------
    se, low, high
        Shape (cells, 1 + tiers); NaN where an error cannot be estimated.
    df
        Degrees of freedom of each cell: enterprises less strata.
    enterprises
        Sampling units of each cell.
    """

    se: Floats
    low: Floats
    high: Floats
    df: Ints
    enterprises: Ints


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
    numbers, errors = [], []
    for cells, run in rows.runs():
        found = finish(run, question)
        pair_run = pairs.run(rows.start[cells.start : cells.stop + 1])
        errors.append(_errors(run, pair_run, found, question, sample, settings))
        numbers.append(found)
    return rows.gather(numbers, question), joined(errors, 1 + len(question.scheme.tiers))


def joined(parts: Sequence[Errors], columns: int) -> Errors:
    """Errors of all cells from those of the runs."""
    figures = np.empty((0, columns))
    counts = np.empty(0, np.int64)
    return Errors(
        *(np.concatenate([figures, *(getattr(p, n) for p in parts)]) for n in ("se", "low", "high")),
        *(np.concatenate([counts, *(getattr(p, n) for p in parts)]) for n in ("df", "enterprises")),
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
    se = np.where(se > 0, se, np.nan)
    se[df < 1] = np.nan
    low[:, about_mean], high[:, about_mean] = about(
        estimates[:, about_mean], se[:, about_mean], df[:, None], settings.level
    )
    order = quantile_order(tiers)
    if order:
        thresholds = np.maximum.accumulate(question.wages.codes_upto(found.tiers[:, order]), axis=1)
        share, scores = linearized.below_cuts(pair_run, thresholds, total)
        limits = woodruff(run, question, share, np.sqrt(variance(scores)), df, settings)
        places = [1 + i for i in order]
        low[:, places], high[:, places], se[:, places] = limits
    return Errors(se, low, high, df, pair_run.pairs_in)


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
    return tuple(np.where(known, v, np.nan) for v in (low, high, se))


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


_METHOD = {
    "linearized": ("泰勒线性化，分位数用 Woodruff 区间", "Taylor linearization, Woodruff intervals"),
    "bootstrap": ("Rao–Wu 自助法 {n} 次", "Rao–Wu bootstrap, {n} replicates"),
    "jackknife": ("逐一剔除企业的刀切法", "delete-one-enterprise jackknife"),
}


def error_facts(
    settings: ErrorSettings | None, design: Design, sample: SampleDesign | None
) -> tuple[str, ...]:
    """What is printed under a table about its sampling errors."""
    if settings is None or sample is None:
        return ()
    zh, en = (text.format(n=settings.replicates) for text in _METHOD[settings.method])
    level = f"{100 * settings.level:g} %"
    unit_zh, unit_en = ("企业", "enterprises") if design.enterprise else ("每一行", "single rows")
    lines = [
        f"抽样误差：{zh}，{level} 置信区间 · Sampling errors: {en}, {level} intervals "
        f"({settings.interval}).",
        f"抽样单位：{unit_zh} {sample.units:,} 个，{sample.sampled.size:,} 层 · Sampling units: "
        f"{sample.units:,} {unit_en} in {sample.sampled.size:,} strata.",
    ]
    alone = int(sample.single.sum())
    if alone:
        lines.append(
            f"{alone:,} 层仅有一个单位，按 {sample.single_unit} 处理 · {alone:,} strata of one "
            f"unit: {sample.single_unit}."
        )
    return tuple(lines)
