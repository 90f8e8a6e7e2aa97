"""The `[weights]` section of a policy: how enterprises were drawn and weights are made."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from wageguide.errors import PolicyError
from wageguide.policy import Policy, settings
from wageguide.survey.design import SingleUnit


@dataclass(frozen=True)
class Nonresponse:
    """Who stands in for enterprises that did not answer: `[weights.nonresponse]`.

    Attributes
    ----------
    classes
        Columns of the frame; within a class the respondents stand in for all selected.
    count
        What a class's response rate counts: ``enterprises`` or their ``workers``.
    min_respondents
        A class with fewer is merged with those that share all but its last column.
    """

    classes: tuple[str, ...]
    count: Literal["enterprises", "workers"]
    min_respondents: int


@dataclass(frozen=True)
class CalibrationSettings:
    """What weights are made to add up to: `[weights.calibration]`.

    Attributes
    ----------
    method
        ``poststratify`` (one margin), ``raking`` or ``linear`` (GREG).
    margins
        Groups of columns of the workers; each combination of values has a total.
    numbers
        Columns of the workers whose weighted sums have a total; ``linear`` and ``raking``.
    totals
        File of totals beside the policy: see `totals.read_totals`.
    totals_column
        Or a column of the frame whose sums are the totals of the margins.
    lower, upper
        Bounds of the ratio of weights after and before; none is without.
    """

    method: Literal["poststratify", "raking", "linear"]
    margins: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[str, ...] = ()
    totals: str | None = None
    totals_column: str | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class WeightSettings:
    """How weights are made.

    Attributes
    ----------
    frame
        File of the frame, beside the policy.
    selection
        ``stratified``: by simple random sampling in each stratum; ``pps``: with the
        probabilities of the frame, or in proportion to `size`.
    strata
        Columns of the frame whose combinations are the strata; empty is one stratum.
    workers
        ``all`` workers of an enterprise were asked, or a simple random ``sample`` of them.
    item_nonresponse
        ``within_enterprise``: the other rows of the enterprise stand in for rows set aside
        whose wage cannot be used; ``none``: their weight is lost.
    single_unit
        What a stratum with one responding enterprise contributes to a variance.
    size
        Column of the frame to which probabilities of ``pps`` are proportional.
    trim_above_median
        Weights above so many times the median are cut, and the others make up for it.
    nonresponse, calibration
        None is none: then every enterprise must have answered, and no totals are met.
    """

    frame: str
    selection: Literal["stratified", "pps"]
    strata: tuple[str, ...]
    workers: Literal["all", "sample"]
    item_nonresponse: Literal["within_enterprise", "none"]
    single_unit: SingleUnit
    size: str | None = None
    trim_above_median: float | None = None
    nonresponse: Nonresponse | None = field(default=None)
    calibration: CalibrationSettings | None = field(default=None)

    def __post_init__(self) -> None:
        problems = []
        if self.size is not None and self.selection != "pps":
            problems.append("size is for selection = 'pps'")
        if self.trim_above_median is not None and not self.trim_above_median > 1:
            problems.append(f"trim_above_median = {self.trim_above_median} should be above 1")
        if self.nonresponse is not None and self.nonresponse.min_respondents < 1:
            problems.append("[nonresponse] min_respondents should be 1 or more")
        if self.calibration is not None:
            problems += _calibration_problems(self.calibration)
        if problems:
            raise PolicyError("The policy section [weights] contradicts itself:", problems)


def _calibration_problems(asked: CalibrationSettings) -> list[str]:
    where, problems = "[calibration]", []
    if not (asked.margins or asked.numbers):
        problems.append(f"{where} names no margins and no numbers")
    if any(not m for m in asked.margins):
        problems.append(f"{where} margins: each is a list of one column or more")
    if (asked.totals is None) == (asked.totals_column is None):
        problems.append(f"{where} give either totals, a file, or totals_column, one of the frame")
    if asked.totals_column is not None and asked.numbers:
        problems.append(f"{where} numbers need a file of totals; a column of the frame has none")
    bounds = [b for b in (asked.lower, asked.upper) if b is not None]
    if asked.method == "poststratify" and (len(asked.margins) != 1 or asked.numbers or bounds):
        problems.append(f"{where} poststratify takes one margin, no numbers and no bounds")
    low, high = asked.lower, math.inf if asked.upper is None else asked.upper
    if low is not None and not 0 <= low < 1:
        problems.append(f"{where} lower = {low} should be from 0 to below 1")
    if not high > 1:
        problems.append(f"{where} upper = {high} should be above 1")
    return problems


def read_weight_settings(policy: Policy) -> WeightSettings | None:
    """The section `[weights]`; None where the policy has none.

    Raises
    ------
    PolicyError
        With every setting that is unknown, missing or impossible.
    """
    if "weights" not in policy.sections:
        return None
    section = policy.sections["weights"]
    where = f"{policy.path.name} [weights]"
    if not isinstance(section, Mapping):
        raise PolicyError(f"{where} must be a table of settings; found {section!r}.")
    own: dict[str, Any] = dict(section)
    asked = own.pop("nonresponse", None)
    nonresponse = asked and settings(
        Nonresponse, asked, f"{policy.path.name} [weights.nonresponse]"
    )
    asked = own.pop("calibration", None)
    calibration = asked and _calibration(asked, f"{policy.path.name} [weights.calibration]")
    made = settings(WeightSettings, own, where)
    return WeightSettings(**{**vars(made), "nonresponse": nonresponse, "calibration": calibration})


def _calibration(section: object, where: str) -> CalibrationSettings:
    made = settings(CalibrationSettings, section, where)
    return CalibrationSettings(**{**vars(made), "margins": tuple(map(tuple, made.margins))})


def beside(policy: Policy, name: str) -> Path:
    """A file named by a policy: its path is relative to the policy."""
    return policy.path.parent / name
