"""How far the figures of two years move together, because enterprises are in both samples.

Scores of a cell's figure are summed by enterprise in each year, as for its standard error:
u_j = sum w z / W. With s_h the factor of stratum h, (1 - f) n / (n - 1), and the means over
all sampled enterprises of the stratum, t_j = sqrt(s_h) (u_j - mean_h u), so that each year's
variance is the sum of t_j^2. The covariance of the two years is the sum of t1_j t2_j over the
enterprises that are in both, and the correlation is

    rho = sum_both t1 t2 / sqrt(sum t1^2 sum t2^2),   never beyond -1 or 1.

Scores are those of the first stage and before calibration. For quantiles they are those of
the share below the quantile: the density that leads from shares to wages cancels out.

Source: C.-E. Sarndal, B. Swensson and J. Wretman, Model Assisted Survey Sampling (1992),
sec. 9.9, for samples that overlap; L. Kish, Survey Sampling (1965), sec. 12.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from scipy import sparse

from wageguide.errors import InputError
from wageguide.survey.design import Design
from wageguide.tiers.arrow import to_floats
from wageguide.tiers.estimate import estimate_tables
from wageguide.tiers.keys import combine, encode_key
from wageguide.tiers.sample import SampleDesign
from wageguide.tiers.sampling import sample_design
from wageguide.tiers.scale import Floats, Ints
from wageguide.tiers.scheme import Tier

if TYPE_CHECKING:
    from wageguide.tiers.table import TierTable


@dataclass(frozen=True)
class YearRows:
    """The rows of one year's survey as a table was estimated from them.

    Attributes
    ----------
    table
        Arrow table of the rows.
    wage
        Wages, shape (rows,), in the unit of the tables.
    sample
        The design.
    """

    table: pa.Table
    wage: Floats
    sample: SampleDesign

    @classmethod
    def of(cls, rows: Any, design: Design, wage: str) -> YearRows:
        """Take rows from a frame or an Arrow table; all of them must be usable."""
        table = rows if isinstance(rows, pa.Table) else pa.Table.from_pandas(rows, None, False)
        return cls(table, to_floats(table[wage]), sample_design(table, design))


@dataclass(frozen=True)
class UnitScores:
    """Scores t of one year, by cell and sampled enterprise.

    Attributes
    ----------
    names
        Enterprise of each unit.
    scores
        For each figure ``sqrt(s) u``, shape (cells, units), sparse.
    shift
        For each figure ``- sqrt(s) mean u``, shape (cells, strata).
    stratum
        Stratum of each unit.
    sampled
        Units of each stratum.
    """

    names: list[Any]
    scores: list[sparse.csr_array]
    shift: list[Floats]
    stratum: Ints
    sampled: Ints


def unit_scores(rows: YearRows, table: TierTable) -> UnitScores:
    """Scores of the mean and every tier of each cell of a table.

    Raises
    ------
    InputError
        If the rows are not those that the table was estimated from.
    """
    cell, cells = _cells(rows, table)
    use = cell >= 0
    where, x, weight = cell[use], rows.wage[use], rows.sample.weights[use]
    unit = rows.sample.unit[use]
    total = np.bincount(where, weight, cells)
    root = np.sqrt(rows.sample.spread)[rows.sample.stratum_of]
    strata = sparse.csr_array(
        (np.ones(root.size), (np.arange(root.size), rows.sample.stratum_of)),
        shape=(root.size, rows.sample.sampled.size),
    )
    scores, shift = [], []
    for z in _figure_scores(rows, table, where, x, weight):
        off = z - (np.bincount(where, weight * z, cells) / total)[where]
        summed = sparse.csr_array((weight * off / total[where], (where, unit)), (cells, root.size))
        summed.sum_duplicates()
        scaled = sparse.csr_array(summed @ sparse.diags_array(root))
        scores.append(scaled)
        shift.append(-np.asarray((scaled @ strata).todense()) / rows.sample.sampled)
    return UnitScores(
        rows.sample.unit_names.to_pylist(),
        scores,
        shift,
        np.asarray(rows.sample.stratum_of, dtype=np.int64),
        rows.sample.sampled,
    )


def _cells(rows: YearRows, table: TierTable) -> tuple[Ints, int]:
    """Cell of each row in the order of the table, -1 for none."""
    keys = [encode_key(k, rows.table[k]) for k in table.by]
    number = np.asarray(combine(keys, len(rows.table)).number, dtype=np.int64)
    present = np.unique(number[number >= 0])
    cell = np.where(number >= 0, np.searchsorted(present, number), -1)
    counted = np.bincount(cell[cell >= 0], minlength=present.size)
    if not np.array_equal(counted, table.columns["workers"].to_numpy()):
        raise InputError(
            f"The table by {', '.join(table.by) or 'nothing'} has {len(table.columns):,} cells and "
            f"the rows give {present.size:,}, or other numbers of workers. Change with its error "
            "needs the very rows from which the table was estimated."
        )
    return cell, int(present.size)


def _figure_scores(
    rows: YearRows, table: TierTable, cell: Ints, x: Floats, weight: Floats
) -> list[Floats]:
    """What is averaged in the score of each figure: z up to its mean in the cell, by row."""
    found = [x]
    cuts = _cuts(rows, table)
    for tier in table.scheme.tiers:
        if tier.kind == "quantile":
            at = table.columns[tier.name].to_numpy().astype(np.float64)
            found.append((x <= at[cell]).astype(np.float64))
            continue
        low, high = tier.bounds
        found.append((_part(x, high, cuts, cell) - _part(x, low, cuts, cell)) / float(high - low))
    return found


def _part(x: Floats, share: Fraction, cuts: dict[Fraction, Floats], cell: Ints) -> Floats:
    """``(x - q) 1(x <= q) + p q``; see `linearized`."""
    if share in (0, 1):
        return x * float(share)
    cut = cuts[share][cell]
    return np.asarray(np.minimum(x - cut, 0.0) + float(share) * cut)


def _cuts(rows: YearRows, table: TierTable) -> dict[Fraction, Floats]:
    """Quantiles at which means are cut, by share."""
    tiers = table.scheme.tiers
    shares = sorted({b for t in tiers if t.kind != "quantile" for b in t.bounds if 0 < b < 1})
    if not shares:
        return {}
    asked = tuple(Tier(f"cut{n}", "quantile", s, "", "") for n, s in enumerate(shares))
    cut = pa.table(
        {
            **{k: rows.table[k] for k in table.by},
            "_wage": pa.array(rows.wage),
            "_weight": pa.array(rows.sample.weights),
        }
    )
    scheme = replace(table.scheme, tiers=asked, boundary="fractional")
    found = estimate_tables(
        cut, [table.by], wage="_wage", weight="_weight", scheme=scheme, on_bad_rows="set_aside"
    )[0]
    return {s: found.columns[t.name].to_numpy() for s, t in zip(shares, asked, strict=True)}


def correlations(this: UnitScores, last: UnitScores, pairs: tuple[Ints, Ints]) -> Floats:
    """Correlation of each figure of the cells of one year with those of the other.

    Parameters
    ----------
    this, last
        Scores of the two years.
    pairs
        Cells of `this` and of `last` that are compared, each of shape (pairs,).

    Returns
    -------
    array, shape (pairs, figures)
        0 where a figure does not vary between enterprises.
    """
    place = {name: n for n, name in enumerate(last.names)}
    both = [(n, place[name]) for n, name in enumerate(this.names) if name in place]
    mine, its = (np.array([b[side] for b in both], dtype=np.int64) for side in (0, 1))
    result = np.zeros((pairs[0].size, len(this.scores)))
    for k in range(len(this.scores)):
        one, two = this.scores[k][pairs[0]], last.scores[k][pairs[1]]
        a, b = this.shift[k][pairs[0]], last.shift[k][pairs[1]]
        size = np.sqrt(_squares(one, a, this) * _squares(two, b, last))
        if not both:
            continue
        part, other = one[:, mine], two[:, its]
        in_a = _indicator(this.stratum[mine], a.shape[1])
        in_b = _indicator(last.stratum[its], b.shape[1])
        together = np.asarray((part * other).sum(axis=1))
        together = together + (np.asarray((part @ in_b).todense()) * b).sum(axis=1)
        together = together + (np.asarray((other @ in_a).todense()) * a).sum(axis=1)
        together = together + ((a @ np.asarray((in_a.T @ in_b).todense())) * b).sum(axis=1)
        result[:, k] = np.divide(together, size, out=np.zeros(size.size), where=size > 0)
    return np.clip(result, -1.0, 1.0)


def _squares(scores: sparse.csr_array, shift: Floats, year: UnitScores) -> Floats:
    """Sum of the squares of t over all sampled enterprises, by cell."""
    return np.asarray((scores * scores).sum(axis=1) - (shift**2 * year.sampled).sum(axis=1))


def _indicator(group: Ints, groups: int) -> sparse.csr_array:
    return sparse.csr_array(
        (np.ones(group.size), (np.arange(group.size), group)), shape=(group.size, groups)
    )
