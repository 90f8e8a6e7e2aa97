"""Residuals of linearised scores on what the weights were calibrated on.

A calibrated weight makes the totals of its auxiliaries certain, so the error of an
estimate is that of the residuals of its scores: e = z - x B, with B from the regression
weighted by the weights before calibration.

Source: J.-C. Deville and C.-E. Sarndal, Calibration estimators in survey sampling, JASA 87
(1992); as R `survey::calibrate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from wageguide.errors import InputError
from wageguide.survey.design import Calibration
from wageguide.tiers.arrow import to_floats
from wageguide.tiers.keys import combine, encode_key
from wageguide.tiers.scale import Floats, Ints

#: Eigenvalues below this part of the largest come from collinear auxiliaries.
_COLLINEAR = 1e-11


@dataclass(frozen=True)
class Auxiliaries:
    """Auxiliary variables of every row.

    Attributes
    ----------
    base
        Weights before calibration, shape (rows,).
    margins
        For each margin the category of each row, shape (rows,), and how many there are.
    numbers
        Numeric auxiliaries, each of shape (rows,).
    """

    base: Floats
    margins: tuple[tuple[Ints, int], ...]
    numbers: tuple[Floats, ...]

    @property
    def columns(self) -> int:
        """Number of auxiliaries."""
        return sum(size for _, size in self.margins) + len(self.numbers)

    def moments(self, values: Floats) -> Floats:
        """Sums of ``x values`` over rows: `values` of shape (rows,) to (columns,)."""
        parts = [np.bincount(code, values, minlength=size) for code, size in self.margins]
        parts += [np.array([number @ values]) for number in self.numbers]
        return np.concatenate(parts)

    def matrix(self) -> Floats:
        """All auxiliaries of every row, shape (rows, columns)."""
        rows = self.base.size
        parts = []
        for code, size in self.margins:
            part = np.zeros((rows, size))
            part[np.arange(rows), code] = 1.0
            parts.append(part)
        parts += [number[:, None] for number in self.numbers]
        return np.concatenate(parts, axis=1)

    @cached_property
    def inverse(self) -> Floats:
        """Inverse of X'DX (generalised: margins that share a total are collinear)."""
        product = np.stack([self.moments(self.base * x) for x in self._each()], axis=0)
        return inverse_products(product)

    def fitted(self, coefficients: Floats, rows: Ints | slice = slice(None)) -> Floats:
        """``X B`` of some rows: (columns, K) to (rows, K)."""
        out = np.zeros((self.base[rows].size, coefficients.shape[1]))
        first = 0
        for code, size in self.margins:
            out += coefficients[first : first + size][code[rows]]
            first += size
        for place, number in enumerate(self.numbers, first):
            out += number[rows][:, None] * coefficients[place]
        return out

    def residuals(self, scores: Floats, weights: Floats) -> Floats:
        """``w (z - X B)`` from ``w z``, shape (rows, K)."""
        z = scores / weights[:, None]
        right = np.stack([self.moments(self.base * z[:, k]) for k in range(z.shape[1])], axis=1)
        return np.asarray(scores - weights[:, None] * self.fitted(self.inverse @ right))

    def _each(self) -> list[Floats]:
        columns = []
        for code, size in self.margins:
            columns += [(code == c).astype(np.float64) for c in range(size)]
        return [*columns, *self.numbers]


def inverse_products(products: Floats) -> Floats:
    """Generalised inverse of matrices X'WX, shape (…, columns, columns).

    Columns are brought to one size first: heads and yuan may stand side by side.
    """
    size = np.sqrt(np.maximum(np.einsum("...qq->...q", products), 0.0))
    size = np.where(size > 0, size, 1.0)
    both = size[..., :, None] * size[..., None, :]
    inverse = np.linalg.pinv(products / both, rcond=_COLLINEAR, hermitian=True)
    return np.asarray(inverse / both)


def auxiliaries(table: pa.Table, calibration: Calibration) -> Auxiliaries:
    """Auxiliaries of the rows of a table.

    Raises
    ------
    InputError
        If a row lacks a category or a number.
    """
    problems = []
    margins = []
    for margin in calibration.margins:
        keys = [encode_key(name, table[name]) for name in margin]
        cells = combine(keys, len(table))
        number = np.asarray(cells.number, dtype=np.int64)
        lost = int((number < 0).sum())
        if lost:
            problems.append(f"margin {' × '.join(margin)}: {lost:,} rows have no category")
            continue
        present, code = np.unique(number, return_inverse=True)
        margins.append((code.astype(np.int64), int(present.size)))
    numbers = []
    for name in calibration.numbers:
        values = to_floats(table[name])
        if not np.isfinite(values).all():
            problems.append(f"auxiliary {name}: {int((~np.isfinite(values)).sum()):,} rows lack it")
        numbers.append(values)
    base = to_floats(table[calibration.base])
    if not (base > 0).all():
        problems.append(f"{calibration.base} is missing or not above 0 in some rows")
    if problems:
        raise InputError("The rows lack what the weights were calibrated on:", problems)
    return Auxiliaries(base, tuple(margins), tuple(numbers))
