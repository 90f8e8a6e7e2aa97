"""How the rows of a survey were sampled: what sampling errors rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from wageguide.errors import InputError

#: What a stratum with one sampled enterprise contributes to a variance.
#:
#: ``fail`` stops; ``certainty`` nothing (it was taken for certain); ``average`` the mean
#: of the other strata; ``adjust`` its squared distance from the mean of all enterprises.
SingleUnit = Literal["fail", "certainty", "average", "adjust"]


@dataclass(frozen=True)
class Calibration:
    """What weights were calibrated on, so that errors can be taken from the residuals.

    Attributes
    ----------
    base
        Column of the weights before calibration.
    margins
        Groups of columns; each combination of their values is one 0/1 auxiliary.
    numbers
        Columns that are auxiliaries themselves, such as a count or an amount.
    """

    base: str
    margins: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns named, each once."""
        margins = (c for m in self.margins for c in m)
        return tuple(dict.fromkeys((self.base, *margins, *self.numbers)))


@dataclass(frozen=True)
class ReplicateWeights:
    """Replicate weights that came with the data.

    The variance is ``scale sum_r rscale_r (theta_r - c)^2``.

    Attributes
    ----------
    columns
        Columns of the replicate weights.
    scale
        Such as 1 / (R - 1) of a bootstrap, (R - 1) / R of a jackknife, 1 / (R (1 - rho)^2)
        of Fay's method.
    rscales
        One for each column; empty is 1 each.
    mse
        Whether squares are taken about the full-sample estimate (c) and not about the
        mean of the replicates.
    """

    columns: tuple[str, ...]
    scale: float
    rscales: tuple[float, ...] = ()
    mse: bool = True

    def __post_init__(self) -> None:
        problems = []
        if len(self.columns) < 2:
            problems.append(f"{len(self.columns)} replicate weights have no variance")
        if self.rscales and len(self.rscales) != len(self.columns):
            problems.append(
                f"{len(self.rscales)} rscales are given for {len(self.columns)} columns"
            )
        if not self.scale > 0:
            problems.append(f"scale = {self.scale} should be above 0")
        if problems:
            raise InputError("The replicate weights cannot be used:", problems)


@dataclass(frozen=True)
class Design:
    """How rows were sampled, by the names of their columns.

    Attributes
    ----------
    weight
        Workers that a row stands for; None counts every row once.
    enterprise
        The sampling unit, within its stratum; None makes every row one.
    stratum
        None is a single stratum.
    population
        Enterprises in the population of the row's stratum; None (or a missing value) is
        without finite population correction. One that equals the enterprises sampled is a
        stratum taken for certain.
    workers
        Workers in the row's enterprise, of whom the rows are a simple random sample; None
        where all workers were asked.
    single_unit
        What a stratum with one sampled enterprise contributes.
    calibration
        What the weights were calibrated on; None where they were not.
    replicates
        Replicate weights that came with the data.
    """

    weight: str | None = None
    enterprise: str | None = None
    stratum: str | None = None
    population: str | None = None
    workers: str | None = None
    single_unit: SingleUnit = "fail"
    calibration: Calibration | None = None
    replicates: ReplicateWeights | None = None

    def __post_init__(self) -> None:
        problems = []
        if self.single_unit not in get_args(SingleUnit):
            choices = ", ".join(get_args(SingleUnit))
            problems.append(f"single_unit = {self.single_unit!r} is not one of {choices}")
        if self.workers is not None and self.enterprise is None:
            problems.append("workers are counted by enterprise, but no enterprise column is named")
        if self.workers is not None and self.population is None:
            problems.append(
                "the second stage counts only with the first: workers needs population, the "
                "number of enterprises in each stratum"
            )
        if self.calibration is not None and self.weight is None:
            problems.append("a calibration is named, but no weight column")
        if self.replicates is not None and self.weight is None:
            problems.append("replicate weights are named, but no weight column")
        if problems:
            raise InputError("The design contradicts itself:", problems)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns named, each once."""
        own = (self.weight, self.enterprise, self.stratum, self.population, self.workers)
        calibrated = self.calibration.columns if self.calibration else ()
        given = self.replicates.columns if self.replicates else ()
        return tuple(dict.fromkeys(c for c in (*own, *calibrated, *given) if c is not None))
