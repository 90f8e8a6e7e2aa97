"""The gap between two groups' mean log wages, and what characteristics explain of it.

See `gap_parts` for the parts and their sources. Enterprises are the sampling units, and the
two groups are a domain of the full design: standard errors are those of the totals of each
row's linearised contribution, mean characteristics counting as estimated too.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from wageguide.analysis.gap_model import Regressors, gap_question
from wageguide.analysis.gap_model import Side as SideOfGap
from wageguide.analysis.gap_overlap import OnNoOverlap
from wageguide.analysis.gap_parts import (
    PARTS,
    WITH_CONSTANT,
    Gradient,
    Reference,
    TwoSides,
    two_sides,
    with_constant_and_total,
)
from wageguide.analysis.gap_rows import design_of, notes_on_rows
from wageguide.analysis.gap_sides import GapRows, design_notes, gap_rows, group_columns
from wageguide.analysis.gap_tables import (
    NOTHING,
    GapDecomposition,
    as_table,
    known,
    log_point_columns,
)
from wageguide.survey.design import Design
from wageguide.tiers.checks import OnBadRows
from wageguide.tiers.scale import Floats
from wageguide.tiers.table import TierFacts

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.survey.survey import Survey

_REFERENCES = {
    "first": "第一组的系数 coefficients of the first group",
    "second": "第二组的系数 coefficients of the second group",
    "pooled": "两组合并回归的系数 coefficients of both groups together",
    "pooled_with_group": "含组别常数的合并回归系数 coefficients of both groups together, with a "
    "constant for each",
}


def decompose_gap(
    data: pd.DataFrame | pa.Table | Survey,
    group: str,
    first: SideOfGap,
    second: SideOfGap,
    regressors: Regressors,
    *,
    wage: str = "annual_wage",
    design: Design | None = None,
    reference: Reference = "pooled_with_group",
    categories: Collection[str] = (),
    min_rows: int = 30,
    on_no_overlap: OnNoOverlap = "refuse",
    facts: TierFacts | None = None,
    on_bad_rows: OnBadRows = "refuse",
) -> GapDecomposition:
    """Decompose the gap of mean log wages of two groups (Oaxaca-Blinder).

    The gap is the first group less the second. A part of 0.10 log points is a factor of
    exp(0.10) in geometric mean wages; log points of the parts add up, per cents do not.

    Parameters
    ----------
    data
        One row a worker: a pandas frame, an Arrow table, or a survey. All rows of the
        sample, since the two groups are a domain of the full design. It is not changed.
    group
        Column that tells the groups apart, such as ``sex``, ``enterprise_size`` or
        ``registration_type``.
    first, second
        Value of each side, or several: ``"large"`` against ``["small", "micro"]``.
    regressors
        Columns, each a term of its own; or terms by name, each with its columns, as in
        ``{"job": ["occupation"], "person": ["education", "age", "age_squared"]}``. Text is
        a category, and a number a number unless `categories` names it.
    wage
        Column of wages, finite and above 0 in both groups.
    design
        Columns of weight, enterprise, stratum and population. None takes a survey's own;
        without that every row counts once and there are no errors.
    reference
        Whose coefficients value the difference in characteristics in the two-fold parts:
        ``pooled_with_group``, ``pooled``, ``first`` or ``second``.
    categories
        Columns of numbers that are codes.
    min_rows
        Rows that each group must have.
    on_no_overlap
        ``refuse`` stops where a value of a category occurs in one group only;
        ``set_aside`` leaves those rows out and states how many.
    facts
        What the result says about itself.
    on_bad_rows
        ``refuse`` stops with a list of all rows that cannot be used; ``set_aside`` leaves
        them out and states how many and why.

    Raises
    ------
    InputError
        If a column is missing, a row cannot be used (with ``refuse``), the arguments
        contradict each other or the design does not fit the rows.
    GapError
        If a value of a group does not occur, a group is too small, regressors do not vary
        or determine each other, or a value of a category occurs in one group only.

    Notes
    -----
    Categories enter by deviation contrasts, so no term depends on a value that is left out
    (Yun 2005). What a number contributes to ``unexplained`` and ``coefficients`` still
    depends on where it is 0: a constant moves between that term and ``constant``, and only
    their sum has a meaning.

    Explained is not justified: a regressor such as occupation may carry the very treatment
    that is asked about.

    Examples
    --------
    Men earn 10 % more in either post, and hold more of the better paid one:

    >>> import pandas as pd
    >>> rows = pd.DataFrame({
    ...     "sex": ["m"] * 4 + ["f"] * 4,
    ...     "post": ["a", "b", "b", "b", "a", "a", "a", "b"],
    ...     "annual_wage": [55_000] + [88_000] * 3 + [50_000] * 3 + [80_000],
    ... })
    >>> gap = decompose_gap(rows, "sex", "m", "f", ["post"], min_rows=4)
    >>> totals = gap.frame[gap.frame["term"] == "total"].set_index("part")
    >>> totals["percent"].round(2).to_dict()["unexplained"]
    10.0
    >>> abs(gap.total("explained") + gap.total("unexplained") - gap.total("gap")) < 1e-12
    True

    Large enterprises against small ones, and state-owned against private, are the same
    question of another column: ``decompose_gap(rows, "enterprise_size", "large", ["small",
    "micro"], ["occupation", "education"])`` and ``decompose_gap(rows,
    "registration_type", "110", "170", ["occupation", "enterprise_size"])``.
    """
    design = design_of(data, design)
    question = gap_question(group, first, second, regressors, categories, min_rows)
    use = gap_rows(data, question, wage, design, on_bad_rows, on_no_overlap)
    model = use.model
    labels = question.labels
    sides = two_sides(
        model.matrix, use.log_wages, use.weights, model.in_first, reference, model.source, labels
    )
    df = use.degrees_of_freedom
    return GapDecomposition(
        group=group,
        labels=labels,
        columns=_parts(sides, use),
        group_columns=group_columns(use, labels, design),
        facts=facts or TierFacts(),
        rows_received=use.rows.received,
        left_out=use.rows.left_out,
        how=(
            *notes_on_rows(use.rows.received, use.rows.left_out, use.rows.weights, design),
            f"双重分解参照 Two-fold reference · {_REFERENCES[reference]}.",
            "分类变量按 Yun 规范化，不取决于基准类 · Categories are normalised (Yun): no term "
            "depends on a value left out. 可解释不等于合理 Explained is not justified.",
            *design_notes(design, df, "泰勒线性化 by Taylor linearization"),
        ),
        coefficient_columns=_coefficients(sides, use),
        reference=reference,
    )


def _parts(sides: TwoSides, use: GapRows) -> pa.Table:
    """The gap and all parts by term."""
    terms = use.model.terms
    gap = sides.gap
    fold, part, term = [""], ["gap"], ["total"]
    values, errors = [np.array([gap])], [_errors(sides, use, sides.gap_gradient())]
    for name, (estimate, gradient) in sides.parts(use.model.in_term).items():
        constant = None
        if name in WITH_CONSTANT:
            constant = sides.first.constant - sides.second.constant
        whole, moved = with_constant_and_total(estimate, gradient, constant)
        named = [*terms, *([] if constant is None else ["constant"]), "total"]
        fold += [PARTS[name]] * len(named)
        part += [name] * len(named)
        term += named
        values.append(whole)
        errors.append(_errors(sides, use, moved))
    log_points = np.concatenate(values)
    columns: dict[str, Any] = {"fold": fold, "part": part, "term": term}
    if use.rows.sample is None:
        columns |= log_point_columns(log_points, None, 0)
    else:
        df = use.degrees_of_freedom
        columns |= log_point_columns(log_points, np.concatenate(errors), df)
        columns["df"] = np.full(log_points.size, df, np.int64)
    columns["share_of_gap"] = log_points / (gap if abs(gap) > NOTHING else np.nan)
    return as_table(columns)


def _errors(sides: TwoSides, use: GapRows, gradient: Gradient) -> Floats:
    """Standard errors of K figures, shape (K,); NaN without a design."""
    if use.rows.sample is None:
        return np.full(gradient.constant.size, np.nan)
    return use.standard_errors(sides.scores(gradient, use.log_wages))


def _coefficients(sides: TwoSides, use: GapRows) -> pa.Table:
    expand = use.model.expand
    names, values = zip(*use.model.coefficients, strict=True)
    columns: dict[str, Any] = {"column": names, "value": values}
    fits = {
        "first": ("b1", sides.first.fit),
        "second": ("b2", sides.second.fit),
        "reference": ("reference", sides.reference),
    }
    for name, (of, fit) in fits.items():
        columns[name] = expand @ fit.slopes
        if use.rows.sample is not None:
            found = _errors(sides, use, sides.slope_gradient(expand, of))
            columns[f"se_{name}"] = known(found, use.degrees_of_freedom)
    return as_table(columns)
