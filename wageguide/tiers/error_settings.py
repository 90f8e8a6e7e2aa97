"""How sampling errors are asked for, and what a table says about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, get_args

from wageguide.errors import InputError
from wageguide.survey.design import Design, ReplicateWeights
from wageguide.tiers.intervals import IntervalMethod
from wageguide.tiers.sample import SampleDesign

#: How a variance is found: Taylor linearization; replicates made from the design; or the
#: replicate weights that came with the data.
ErrorMethod = Literal["linearized", "bootstrap", "jackknife", "jk1", "brr", "fay", "replicates"]

#: Where the errors of quantiles come from: the replicates' own quantiles, or Woodruff's
#: intervals on the variance of a share. A jackknife of quantiles is not consistent.
QuantileErrors = Literal["replicated", "woodruff"]


@dataclass(frozen=True)
class ErrorSettings:
    """How sampling errors are computed.

    Attributes
    ----------
    method
        ``linearized`` (Taylor, Woodruff); ``bootstrap`` (Rao and Wu's rescaled one, of
        enterprises); ``jackknife`` (one enterprise left out at a time), ``jk1`` (the same
        without strata); ``brr`` and ``fay`` (two enterprises a stratum); ``replicates``
        (the design's replicate weights).
    replicates
        Of the bootstrap; 0 for the other methods.
    seed
        Of the bootstrap's draws.
    rho
        Of Fay's method.
    interval
        How the limits of a share are set for Woodruff's intervals.
    quantiles
        Where errors of quantiles come from; None takes Woodruff's intervals with
        ``linearized``, ``jackknife`` and ``jk1``, the replicates' quantiles with the rest.
    level
        Confidence, 0.95 for 95 %.
    """

    method: ErrorMethod = "linearized"
    replicates: int = 0
    seed: int = 1
    rho: float = 0.0
    interval: IntervalMethod = "mean"
    quantiles: QuantileErrors | None = None
    level: float = 0.95

    def __post_init__(self) -> None:
        problems = [
            f"{name} = {value!r} is not one of {', '.join(get_args(choices))}"
            for name, value, choices in (
                ("method", self.method, ErrorMethod),
                ("interval", self.interval, IntervalMethod),
                ("quantiles", self.quantiles or "woodruff", QuantileErrors),
            )
            if value not in get_args(choices)
        ]
        if self.method == "bootstrap" and self.replicates < 2:
            problems.append(f"a bootstrap of {self.replicates} replicates has no variance")
        if self.method == "fay" and not 0 < self.rho < 1:
            problems.append(f"rho = {self.rho} of Fay's method should lie between 0 and 1")
        if self.method == "linearized" and self.quantiles == "replicated":
            problems.append("linearized errors have no replicates to take quantiles of")
        if not 0 < self.level < 1:
            problems.append(f"level = {self.level} should lie between 0 and 1, such as 0.95")
        if problems:
            raise InputError("Sampling errors cannot be computed so:", problems)

    @property
    def woodruff(self) -> bool:
        """Whether errors of quantiles are Woodruff's."""
        if self.quantiles is not None:
            return self.quantiles == "woodruff"
        return self.method in ("linearized", "jackknife", "jk1")


def error_settings(se: str | ErrorSettings | None) -> ErrorSettings | None:
    """Settings from their short form.

    ``none``, ``linearized``, ``bootstrap:200``, ``jackknife``, ``jk1``, ``brr``,
    ``fay:0.5``, ``replicates``.

    >>> error_settings("bootstrap:200").replicates
    200
    """
    if se is None or isinstance(se, ErrorSettings):
        return se
    name, _, number = se.partition(":")
    if name == "none" and not number:
        return None
    try:
        if name == "bootstrap":
            return ErrorSettings("bootstrap", int(number))
        if name == "fay":
            return ErrorSettings("fay", rho=float(number))
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        number = number or "nothing"
    for method in get_args(ErrorMethod):
        if name == method and not number:
            return ErrorSettings(method)
    raise InputError(
        f"Sampling errors {se!r} are not known. Write none, linearized, jackknife, jk1, brr, "
        "replicates, bootstrap:200 (with the number of replicates) or fay:0.5 (with rho)."
    )


def given_replicates(columns: str, scale: float | None, names: Sequence[str]) -> ReplicateWeights:
    """Replicate weights from their short form.

    Parameters
    ----------
    columns
        Names separated by commas; ``*`` stands for any characters, as in ``w*``.
    scale
        Factor of the squares.
    names
        Columns of the data.

    Raises
    ------
    InputError
        If no column fits a name, or the scale is not given.

    >>> given_replicates("r*", 0.5, ["wage", "r1", "r2"]).columns
    ('r1', 'r2')
    """
    patterns = [p.strip() for p in columns.split(",")]
    found = {p: [n for n in names if fnmatchcase(n, p)] for p in patterns}
    problems = [f"no column is called {p!r}" for p, fitting in found.items() if not fitting]
    if scale is None:
        problems.append(
            "the scale of the variance is not given: 1/(R-1) for a bootstrap of R replicates, "
            "(R-1)/R for a jackknife without strata"
        )
    if problems or scale is None:
        raise InputError("The replicate weights cannot be used:", problems)
    return ReplicateWeights(tuple(dict.fromkeys(n for f in found.values() for n in f)), scale)


_METHOD = {
    "linearized": (
        "泰勒线性化，分位数用 Woodruff 区间",
        "Taylor linearization, Woodruff intervals",
    ),
    "bootstrap": ("Rao–Wu 自助法 {n} 次", "Rao–Wu bootstrap, {n} replicates"),
    "jackknife": ("逐一剔除企业的刀切法", "delete-one-enterprise jackknife"),
    "jk1": ("逐一剔除企业的刀切法（不分层）", "delete-one jackknife without strata"),
    "brr": ("平衡半样本法", "balanced half samples"),
    "fay": ("Fay 平衡半样本法，rho = {rho:g}", "Fay's method, rho = {rho:g}"),
    "replicates": ("数据所附复制权数", "replicate weights of the data"),
}


def error_facts(
    settings: ErrorSettings | None, design: Design, sample: SampleDesign | None
) -> tuple[str, ...]:
    """What is printed under a table about its sampling errors."""
    if settings is None or sample is None:
        return ()
    zh, en = (
        text.format(n=settings.replicates, rho=settings.rho) for text in _METHOD[settings.method]
    )
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
