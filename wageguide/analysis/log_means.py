"""Direct estimates of mean log wages by cell, and their sampling variances.

The enterprise is the sampling unit. A cell's own variance is that of its enterprises'
linearised totals, as of a sample of enterprises with replacement:

    z_j = sum over the rows of j of w (y - mean) / W,    D = m / (m - 1) sum_j z_j^2

given the m enterprises that the cell has. It needs several of them to be worth much; for
the others it is smoothed by a variance function: with the variance between enterprises
and that within them, pooled over all cells by the analysis of variance,

    D = between * sum_j (W_j / W)^2 + within * sum_i (w_i / W)^2

Source of the pooled variances: expected mean squares of the nested classification with
unequal numbers (S. R. Searle, Linear Models, 1971, ch. 9 to 11; recalled).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wageguide.errors import InputError
from wageguide.tiers.scale import Floats, Ints

Codes = NDArray[np.int32] | Ints


@dataclass(frozen=True)
class LogMeans:
    """Mean log wages of cells.

    Attributes
    ----------
    workers, enterprises
        Unweighted counts, shape (cells,).
    mean
        Weighted mean of log wages.
    own
        Sampling variance from the cell's own enterprises; NaN for one enterprise.
    smoothed
        Sampling variance from the pooled variances.
    between, within
        Pooled variances of log wages between the enterprises of a cell and within them.
    """

    workers: Ints
    enterprises: Ints
    mean: Floats
    own: Floats
    smoothed: Floats
    between: float
    within: float


def log_means(log_wage: Floats, weight: Floats, cell: Codes, enterprise: Codes) -> LogMeans:
    """Estimate the mean log wage of every cell, with its variance.

    Parameters
    ----------
    log_wage, weight
        Shape (rows,).
    cell, enterprise
        Numbers from 0, shape (rows,); every cell has a row.

    Raises
    ------
    InputError
        If no cell has two enterprises, so that no variance can be pooled.
    """
    order = np.lexsort((weight, log_wage, enterprise, cell))  # the same sums in any row order
    y, w = log_wage[order], weight[order]
    cell, enterprise = cell[order], enterprise[order]
    first = np.r_[True, (np.diff(cell) != 0) | (np.diff(enterprise) != 0)]
    group = np.cumsum(first) - 1
    of = cell[first]
    total = np.bincount(cell, w)
    mean = np.bincount(cell, w * y) / total
    enterprises = np.bincount(of)
    z = np.bincount(group, w * (y - mean[cell])) / total[of]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(enterprises > 1, enterprises / (enterprises - 1), np.nan)
    between, within = pooled_variances(y, cell, group, of)
    shares = np.bincount(group, w) / total[of]
    return LogMeans(
        workers=np.bincount(cell),
        enterprises=enterprises,
        mean=mean,
        own=spread * np.bincount(of, z**2),
        smoothed=between * np.bincount(of, shares**2) + within * np.bincount(cell, w**2) / total**2,
        between=between,
        within=within,
    )


def pooled_variances(y: Floats, cell: Codes, group: Codes, of: Codes) -> tuple[float, float]:
    """Variance between the enterprises of a cell, and within them, over all cells.

    By the analysis of variance without weights, cells fixed; none below zero.

    Parameters
    ----------
    y
        Log wages, shape (rows,).
    cell, group
        Cell of each row, and its enterprise within the cell; numbers from 0.
    of
        Cell of each enterprise within a cell, shape (groups,).
    """
    in_group, in_cell = np.bincount(group), np.bincount(cell)
    group_mean, cell_mean = np.bincount(group, y) / in_group, np.bincount(cell, y) / in_cell
    inner = float(((y - group_mean[group]) ** 2).sum())
    outer = float((in_group * (group_mean - cell_mean[of]) ** 2).sum())
    inner_df, outer_df = y.size - in_group.size, in_group.size - in_cell.size
    if outer_df == 0:
        raise InputError(
            "No cell has workers of two enterprises, so nothing tells how much enterprises "
            "differ and no sampling variance can be estimated."
        )
    within = inner / inner_df if inner_df else 0.0
    size = y.size - float((in_group**2 / in_cell[of]).sum())
    return max(0.0, (outer - within * outer_df) / size), within
