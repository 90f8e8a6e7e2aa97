"""The parts of an Oaxaca-Blinder decomposition, and how each row moves them.

With mean log wages ``y1 = a1 + x1'b1`` and ``y2 = a2 + x2'b2`` of two groups, x their mean
characteristics and b* the reference coefficients:

    two-fold    explained    (x1 - x2)'b*
                unexplained  x1'(b1 - b*) + x2'(b* - b2) + (a1 - a2)
    three-fold  endowments   (x1 - x2)'b2
                coefficients x2'(b1 - b2) + (a1 - a2)
                interaction  (x1 - x2)'(b1 - b2)

Every part is a function of the weights of the rows, through x, a, b and b*; the score of a
row is the derivative by its weight, times the weight.

Sources: R. Oaxaca, International Economic Review 14 (1973); A. Blinder, Journal of Human
Resources 8 (1973); D. Neumark, Journal of Human Resources 23 (1988); B. Jann, The
Blinder-Oaxaca decomposition for linear regression models, Stata Journal 8 (2008).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from wageguide.analysis.gap_fit import Regression, check_independent, regression
from wageguide.errors import InputError
from wageguide.tiers.checks import Flags
from wageguide.tiers.scale import Floats

#: Whose coefficients value the difference in characteristics.
#:
#: ``first`` and ``second`` are those of one group; ``pooled`` those of both together
#: (Neumark); ``pooled_with_group`` the same with a constant for each group (Jann), so that
#: the gap itself does not enter the coefficients.
Reference = Literal["first", "second", "pooled", "pooled_with_group"]

#: Fold and name of each part.
PARTS = {
    "explained": "two",
    "unexplained": "two",
    "endowments": "three",
    "coefficients": "three",
    "interaction": "three",
}
#: Parts that the difference of the constants belongs to.
WITH_CONSTANT = ("unexplained", "coefficients")


@dataclass(frozen=True)
class Gradient:
    """K linear functions of small changes: arrays of shape (columns, K), `constant` (K,).

    Attributes
    ----------
    x1, x2, b1, b2, reference
        By mean characteristics, by coefficients, and by reference coefficients.
    constant
        By the difference of the constants.
    """

    x1: Floats
    x2: Floats
    b1: Floats
    b2: Floats
    reference: Floats
    constant: Floats


@dataclass(frozen=True)
class Side:
    """One group: rows (flags), mean characteristics, mean of y, weight, regression."""

    rows: Flags
    mean_x: Floats
    mean_y: float
    weight: float
    fit: Regression

    @property
    def constant(self) -> float:
        """The constant of the group's regression."""
        return self.mean_y - float(self.mean_x @ self.fit.slopes)


@dataclass(frozen=True)
class TwoSides:
    """Both groups and the reference.

    Attributes
    ----------
    first, second
        The groups.
    reference
        Regression whose slopes are b*.
    reference_rows
        Rows that it was run on.
    """

    first: Side
    second: Side
    reference: Regression
    reference_rows: Flags

    @property
    def gap(self) -> float:
        """Difference of the means of y."""
        return self.first.mean_y - self.second.mean_y

    def parts(self, in_term: Floats) -> dict[str, tuple[Floats, Gradient]]:
        """Each part by term: estimates of shape (terms,), and their gradients.

        Parameters
        ----------
        in_term
            1 where a column belongs to a term, shape (columns, terms).
        """
        x1, x2 = self.first.mean_x, self.second.mean_x
        b1, b2, ref = self.first.fit.slopes, self.second.fit.slopes, self.reference.slopes
        by_column = {
            "explained": _Column((x1 - x2) * ref, x1=ref, x2=-ref, reference=x1 - x2),
            "unexplained": _Column(
                x1 * (b1 - ref) + x2 * (ref - b2),
                x1=b1 - ref, x2=ref - b2, b1=x1, b2=-x2, reference=x2 - x1,
            ),
            "endowments": _Column((x1 - x2) * b2, x1=b2, x2=-b2, b2=x1 - x2),
            "coefficients": _Column(x2 * (b1 - b2), x2=b1 - b2, b1=x2, b2=-x2),
            "interaction": _Column(
                (x1 - x2) * (b1 - b2), x1=b1 - b2, x2=b2 - b1, b1=x1 - x2, b2=x2 - x1
            ),
        }  # fmt: skip
        return {name: column.by_term(in_term) for name, column in by_column.items()}

    def gap_gradient(self) -> Gradient:
        """Gradient of the gap, ``x1'b1 + a1 - x2'b2 - a2``."""
        one, two = self.first, self.second
        return Gradient(
            x1=one.fit.slopes[:, None],
            x2=-two.fit.slopes[:, None],
            b1=one.mean_x[:, None],
            b2=-two.mean_x[:, None],
            reference=np.zeros((one.mean_x.size, 1)),
            constant=np.ones(1),
        )

    def slope_gradient(self, expand: Floats, of: str) -> Gradient:
        """Gradient of coefficients ``expand b`` of ``b1``, ``b2`` or ``reference``."""
        zero = np.zeros((expand.shape[1], expand.shape[0]))
        nothing = Gradient(zero, zero, zero, zero, zero, np.zeros(expand.shape[0]))
        by_name: dict[str, Gradient] = {
            "b1": replace(nothing, b1=expand.T),
            "b2": replace(nothing, b2=expand.T),
            "reference": replace(nothing, reference=expand.T),
        }
        return by_name[of]

    def scores(self, gradient: Gradient, y: Floats) -> Floats:
        """``w z`` of every row, shape (rows, K), from a gradient of K figures."""
        out = np.zeros((y.size, gradient.constant.size))
        for side, sign, of_x, of_b in (
            (self.first, 1.0, gradient.x1, gradient.b1),
            (self.second, -1.0, gradient.x2, gradient.b2),
        ):
            constant = sign * gradient.constant
            # a = mean y - mean x'b, so a change of a is one of mean y, of mean x and of b.
            by_x = of_x - np.outer(side.fit.slopes, constant)
            by_b = of_b - np.outer(side.mean_x, constant)
            off = np.outer(y[side.rows] - side.mean_y, constant) + side.fit.centred @ by_x
            out[side.rows] += side.fit.scores(by_b) + off * side.fit.weights[:, None] / side.weight
        out[self.reference_rows] += self.reference.scores(gradient.reference)
        return out


class _Column:
    """A part by column of the matrix, and its derivatives by column."""

    def __init__(self, value: Floats, **by: Floats) -> None:
        self.value = value
        self.by = by

    def by_term(self, in_term: Floats) -> tuple[Floats, Gradient]:
        zero = np.zeros_like(self.value)
        moved = {
            name: self.by.get(name, zero)[:, None] * in_term
            for name in ("x1", "x2", "b1", "b2", "reference")
        }
        return self.value @ in_term, Gradient(**moved, constant=np.zeros(in_term.shape[1]))


def with_constant_and_total(
    estimate: Floats, gradient: Gradient, constant: float | None
) -> tuple[Floats, Gradient]:
    """Append the difference of the constants (where the part has it) and the total."""
    values = estimate if constant is None else np.append(estimate, constant)
    extra = 0 if constant is None else 1

    def widened(by: Floats) -> Floats:
        return np.column_stack([by, np.zeros((len(by), extra)), by.sum(axis=1)])

    ends = np.zeros(values.size + 1)
    if constant is not None:
        ends[-2:] = 1.0
    names = ("x1", "x2", "b1", "b2", "reference")
    wide = Gradient(**{n: widened(getattr(gradient, n)) for n in names}, constant=ends)
    return np.append(values, values.sum()), wide


def two_sides(
    x: Floats,
    y: Floats,
    w: Floats,
    first: Flags,
    reference: Reference,
    source: tuple[str, ...],
    labels: tuple[str, str],
) -> TwoSides:
    """Regress both groups and the reference.

    Parameters
    ----------
    x, y, w
        Regressors without the constant, log wages and weights, shapes (rows, columns),
        (rows,), (rows,).
    first
        Rows of the first group; the others are the second.
    reference
        Whose coefficients value the difference in characteristics.
    source, labels
        Data column of each column, and names of the groups, for messages.
    """
    if reference not in get_args(Reference):
        raise InputError(f"Reference {reference!r} is not one of {', '.join(get_args(Reference))}.")
    sides = []
    for rows, label in zip((first, ~first), labels, strict=True):
        check_independent(x[rows], w[rows], source, label)
        fit = regression(x[rows], y[rows], w[rows], np.zeros(int(rows.sum()), np.int64))
        weight = float(w[rows].sum())
        mean_x, mean_y = w[rows] @ x[rows] / weight, float(w[rows] @ y[rows]) / weight
        sides.append(Side(rows, mean_x, mean_y, weight, fit))
    one, two = sides
    if reference == "first":
        return TwoSides(one, two, one.fit, one.rows)
    if reference == "second":
        return TwoSides(one, two, two.fit, two.rows)
    group = np.where(first, 0, 1) if reference == "pooled_with_group" else np.zeros(first.size, int)
    return TwoSides(one, two, regression(x, y, w, group), np.ones(first.size, bool))
