"""Rows of the two groups of a gap as arrays, and what a result says of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from wageguide.analysis.gap_model import GapModel, GapQuestion, regressor_faults
from wageguide.analysis.gap_overlap import OnNoOverlap, comparable
from wageguide.analysis.gap_rows import LEVEL, DesignRows, design_rows, opened
from wageguide.analysis.gap_tables import as_table
from wageguide.survey.design import Design
from wageguide.tiers.checks import OnBadRows
from wageguide.tiers.keys import encode_key
from wageguide.tiers.scale import Floats


@dataclass(frozen=True)
class GapRows:
    """The rows of both groups.

    Attributes
    ----------
    rows
        Rows of the whole design.
    model
        Which of them are in the groups, and their regressors.
    """

    rows: DesignRows
    model: GapModel

    @cached_property
    def wages(self) -> Floats:
        """Yuan, shape (rows of the model,)."""
        return self.rows.wages[self.model.row]

    @cached_property
    def log_wages(self) -> Floats:
        """Logs of the wages, shape (rows of the model,)."""
        return np.log(self.wages)

    @cached_property
    def weights(self) -> Floats:
        """Weight of each row, shape (rows of the model,)."""
        return self.rows.weights.weights(self.rows.units[self.model.row])

    @cached_property
    def degrees_of_freedom(self) -> int:
        """Of the groups as a domain of the design; 0 without one."""
        if self.rows.sample is None:
            return 0
        inside = np.zeros(self.rows.use.size, bool)
        inside[self.model.row] = True
        return self.rows.sample.degrees_of_freedom(inside)

    def standard_errors(self, scores: Floats) -> Floats:
        """Of totals of scores, shape (rows of the model, K) to (K,)."""
        assert self.rows.sample is not None
        of_design = np.zeros((self.rows.use.size, scores.shape[1]))
        of_design[self.model.row] = scores
        variance = np.diag(self.rows.sample.covariance(of_design))
        return np.sqrt(np.maximum(variance, 0.0))


def gap_rows(
    data: Any,
    question: GapQuestion,
    wage: str,
    design: Design | None,
    on_bad_rows: OnBadRows,
    on_no_overlap: OnNoOverlap,
) -> GapRows:
    """Open the data and find the rows of both groups.

    Raises
    ------
    InputError, GapError
        As `decompose_gap`.
    """
    of_design = design.columns if design else ()
    table = opened(data, [question.group, wage, *question.columns, *of_design])
    rows = design_rows(
        table, wage, design, on_bad_rows, lambda t: regressor_faults(t, question, wage)
    )
    return GapRows(*comparable(rows, question, on_no_overlap))


def group_columns(use: GapRows, labels: tuple[str, str], design: Design | None) -> pa.Table:
    """One row a group: counts, weight and mean log wages."""
    in_first = use.model.in_first
    sides = (in_first, ~in_first)
    means = np.array([np.average(use.log_wages[s], weights=use.weights[s]) for s in sides])
    columns: dict[str, Any] = {"side": ["first", "second"], "group": list(labels)}
    columns["workers"] = np.array([s.sum() for s in sides], np.int64)
    if design and design.enterprise:
        code = encode_key("enterprise", use.rows.table[design.enterprise]).code[use.model.row]
        columns["enterprises"] = np.array([np.unique(code[s]).size for s in sides], np.int64)
    columns["weight"] = np.array([use.weights[s].sum() for s in sides])
    columns |= {"mean_log": means, "geometric_mean": np.exp(means)}
    return as_table(columns)


def design_notes(design: Design | None, df: int, method: str) -> list[str]:
    """What is said of standard errors; nothing without a design."""
    if design is None:
        return []
    unit = f"企业 {design.enterprise}" if design.enterprise else "每一行 row"
    return [
        f"括号内为标准误，{method}；抽样单位 sampling unit {unit}，自由度 df {df}，"
        f"{100 * LEVEL:g} % 置信区间 · In brackets standard errors; – cannot be estimated."
    ]
