"""The quantile rules by their standard names: Hyndman and Fan's definitions with weights.

With values sorted, weights w, cumulative weights C and their sum W, the first two rules
are steps: hf1 is the smallest value at which C reaches pW, hf2 the same but the mean of
that value and the next where C hits pW exactly. The others run linearly through knots at
``C_k - beta * w_k`` and read off ``p * (W + gamma * w_n)``, w_n being the weight of the
largest value; outside the knots they are constant. With equal weights they are numpy's
and R's definitions of the same name. Tied values are ordered by weight, so that no rule
depends on the order of rows.

Source: R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, The American
Statistician 50 (1996); weighted forms as in R `survey::svyquantile`.
"""

from __future__ import annotations

from dataclasses import dataclass

from wageguide.errors import SchemeError

#: Common denominator of every beta and gamma below.
KNOT_UNIT = 24


@dataclass(frozen=True)
class QuantileRule:
    """One definition of a weighted quantile.

    Attributes
    ----------
    name, alias
        numpy's name, and Hyndman and Fan's number.
    label_zh, label_en
        What is printed under a table.
    averages
        Whether the two neighbours of an exact hit are averaged (hf2).
    beta, gamma
        Knot and target shifts in `KNOT_UNIT` ths; None for the two step rules.
    """

    name: str
    alias: str
    label_zh: str
    label_en: str
    averages: bool = False
    beta: int | None = None
    gamma: int = 0

    @property
    def interpolates(self) -> bool:
        """Whether the rule is linear between knots and not a step."""
        return self.beta is not None


RULES: tuple[QuantileRule, ...] = (
    QuantileRule(
        "inverted_cdf",
        "hf1",
        "累计权数首次达到该比例处的数值(定义1, 逆分布函数)",
        "smallest value with at least that share at or below it (inverted CDF, HF 1)",
    ),
    QuantileRule(
        "averaged_inverted_cdf",
        "hf2",
        "逆分布函数, 恰好命中时取相邻两值的平均(定义2)",
        "inverted CDF, averaged where the share is hit exactly (HF 2)",
        averages=True,
    ),
    QuantileRule(
        "interpolated_inverted_cdf",
        "hf4",
        "分布函数线性插值(定义4)",
        "linear interpolation of the CDF (HF 4)",
        beta=0,
    ),
    QuantileRule("hazen", "hf5", "线性插值, 节点居中(定义5)", "linear, mid-points (HF 5)", beta=12),
    QuantileRule("weibull", "hf6", "线性插值(定义6)", "linear, p(n+1) (HF 6)", beta=0, gamma=24),
    QuantileRule("linear", "hf7", "线性插值(定义7)", "linear, p(n-1)+1 (HF 7)", beta=24, gamma=-24),
    QuantileRule(
        "median_unbiased",
        "hf8",
        "线性插值, 近似中位数无偏(定义8)",
        "linear, median-unbiased (HF 8)",
        beta=8,
        gamma=8,
    ),
    QuantileRule(
        "normal_unbiased",
        "hf9",
        "线性插值, 正态近似无偏(定义9)",
        "linear, unbiased for the normal (HF 9)",
        beta=9,
        gamma=6,
    ),
)

_BY_NAME = {name: rule for rule in RULES for name in (rule.name, rule.alias)}


def quantile_rule(name: str) -> QuantileRule:
    """Look a rule up by numpy's name or by ``hf1`` … ``hf9``.

    >>> quantile_rule("hf7").name
    'linear'

    Raises
    ------
    SchemeError
        If there is no such rule.
    """
    try:
        return _BY_NAME[name]
    except KeyError:
        names = ", ".join(f"{rule.name} ({rule.alias})" for rule in RULES)
        raise SchemeError(f"Quantile rule {name!r} is not known. Choose one of: {names}.") from None
