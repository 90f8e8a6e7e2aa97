"""One group weighted to the characteristics of the other, and the quantiles that result.

With p(x) the share of the target group among the workers with characteristics x, a row of
the other group gets the factor ``p(x) / (1 - p(x))``, scaled so that the group keeps its
weight: its characteristics then are the target's. p is a logit fitted by the weights.

Quantiles are the inverted CDF of the kernel, on weights held as integers.

Source: J. DiNardo, N. M. Fortin and T. Lemieux, Labor market institutions and the
distribution of wages, 1973-1992: a semiparametric approach, Econometrica 64 (1996).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wageguide.analysis.gap_fit import Logit, logit
from wageguide.analysis.gap_model import GapModel
from wageguide.tiers.cells import Question, SortedCells
from wageguide.tiers.checks import Flags
from wageguide.tiers.intervals import quantiles_at
from wageguide.tiers.scale import Floats, Ints, WageScale

#: Share of the weight by which a sum may miss a target and still reach it: factors are
#: exact to rounding only. As with replicate weights.
_HIT = 1e-12
#: Bits of the integer that a group's weight becomes; three of them fit 63.
_BITS = 60


@dataclass(frozen=True)
class Counterfactual:
    """Rows of two groups, of which one is weighted to the characteristics of the other.

    Attributes
    ----------
    design
        Constant and standardised regressors of each pattern, shape (patterns, 1 + columns).
    pattern, in_target
        Pattern of each row, and whether it is in the group whose characteristics are taken;
        shape (rows,).
    order
        Rows by wage: those of the first group, of the second, and of the reweighted one
        once more; shape (rows + reweighted rows,).
    start
        First place in `order` of each of the three, and the end of the last, shape (4,).
    code
        Wage code of each row, shape (rows,).
    """

    design: Floats
    pattern: Ints
    in_target: Flags
    order: Ints
    start: Ints
    code: Ints

    @classmethod
    def of(cls, model: GapModel, code: Ints, weight: Floats, *, first: bool) -> Counterfactual:
        """Prepare rows: the first group is reweighted, or else the second.

        Parameters
        ----------
        code, weight
            Wage code and weight of each row of the model, shape (rows,).
        """
        matrix = np.empty((model.patterns, model.matrix.shape[1]))
        matrix[model.pattern] = model.matrix
        share = np.bincount(model.pattern, weight, minlength=model.patterns) / weight.sum()
        off = matrix - share @ matrix
        spread = np.sqrt(share @ off**2)
        by_wage = np.argsort(code, kind="stable")
        one, two = by_wage[model.in_first[by_wage]], by_wage[~model.in_first[by_wage]]
        parts = [one, two, one if first else two]
        return cls(
            design=np.column_stack([np.ones(model.patterns), off / spread]),
            pattern=model.pattern,
            in_target=~model.in_first if first else model.in_first,
            order=np.concatenate(parts),
            start=np.cumsum([0, *(p.size for p in parts)]).astype(np.int64),
            code=code,
        )

    def membership(self, weight: Floats, start: Floats | None = None) -> Logit:
        """Log odds of the target group in each pattern, under weights of the rows."""
        size = self.design.shape[0]
        inside = np.where(self.in_target, weight, 0.0)
        yes, total = (
            np.bincount(self.pattern, w, minlength=size).astype(np.float64)
            for w in (inside, weight)
        )
        return logit(self.design, yes, total, start)

    def reweighted(self, weight: Floats, log_odds: Floats) -> Floats:
        """Weights of the rows of the group that is not the target; 0 for the others."""
        other = ~self.in_target & (weight > 0)
        odds = log_odds[self.pattern]
        made = np.where(other, weight * np.exp(odds - odds[other].max()), 0.0)
        return np.asarray(made * (weight[other].sum() / made.sum()))

    def quantiles(self, weight: Floats, reweighted: Floats, question: Question) -> Floats:
        """Quantiles of the first group, the second and the counterfactual, yuan.

        Parameters
        ----------
        weight, reweighted
            Of each row, shape (rows,).
        question
            Its scheme names the shares.

        Returns
        -------
        array, shape (3, shares)
        """
        held = weight[self.order]
        again = slice(int(self.start[2]), None)
        held[again] = reweighted[self.order[again]]
        totals = np.repeat(np.add.reduceat(held, self.start[:-1]), np.diff(self.start))
        exponent = _BITS - np.frexp(totals)[1]
        units = np.rint(np.ldexp(held, exponent)).astype(np.int64)
        cells = SortedCells(self.start, _Rows(self.code[self.order], units))
        shares = np.array([float(s) for s in question.quantile_shares]) - _HIT
        return quantiles_at(cells, np.broadcast_to(shares, (3, shares.size)), question)


class _Rows:
    """Rows sorted by cell and wage, some of them without weight."""

    def __init__(self, code: Ints, weight: Ints) -> None:
        self.code = code
        self.weight = weight
        self.unit_weights = False
        self.cumulative: Ints = np.cumsum(weight)

    def code_at(self, index: Ints | slice) -> Ints:
        return self.code[index]

    def weight_at(self, index: Ints | slice) -> Ints:
        return self.weight[index]

    def products(self, wages: WageScale, total: Ints, largest: Ints) -> tuple[list[Ints], int]:
        raise NotImplementedError("no mean is taken of these rows")
