"""Joint scenarios of what nobody knows: prices, the minimum wage, sales, heads, turnover.

Each variable has a distribution of its own; a correlation matrix ties them by a Gaussian
copula; years may depend on the year before. Draws are seeded, each variable has a stream of
its own, and the same seed gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wageguide.errors import OfferError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

#: Variables that a simulation reads, with what they are.
VARIABLES: dict[str, tuple[str, str]] = {
    "cpi": ("居民消费价格涨幅", "growth of consumer prices"),
    "minimum_wage": ("最低工资涨幅", "growth of the minimum wage"),
    "sales": ("销售收入增幅", "growth of sales"),
    "headcount": ("人数变动", "growth of heads"),
    "turnover": ("流动率", "share of workers replaced"),
}
#: Parameters of each distribution.
_KINDS: dict[str, tuple[str, ...]] = {
    "fixed": ("value",),
    "normal": ("mean", "sd"),
    "triangular": ("least", "likely", "most"),
    "uniform": ("least", "most"),
    "paths": ("paths",),
}


@dataclass(frozen=True)
class Variable:
    """How one variable is distributed, as shares a year.

    Attributes
    ----------
    name
        Of `VARIABLES`.
    kind
        ``fixed``, ``normal``, ``triangular``, ``uniform``, or ``paths``: rows of one value a
        year, drawn with equal chance.
    values
        Parameters by name.
    persistence
        Correlation of a year with the year before, from 0 to below 1.
    """

    name: str
    kind: str
    values: Mapping[str, Any]
    persistence: float = 0.0


@dataclass(frozen=True)
class Scenarios:
    """Draws of every variable.

    Attributes
    ----------
    years
        Calendar years.
    draws
        By variable, shape (scenarios, years).
    seed
        From which they were drawn.
    """

    years: tuple[int, ...]
    draws: Mapping[str, Floats]
    seed: int

    @property
    def count(self) -> int:
        """Number of scenarios."""
        return int(next(iter(self.draws.values())).shape[0])

    def of(self, name: str) -> Floats:
        """Draws of a variable; zeros where it is not in the scenarios."""
        if name in self.draws:
            return self.draws[name]
        return np.zeros((self.count, len(self.years)))

    @property
    def frame(self) -> pd.DataFrame:
        """Mean, standard deviation and tenths of every variable and year."""
        import pandas as pd

        lines = []
        for name, values in self.draws.items():
            for place, year in enumerate(self.years):
                own = np.sort(values[:, place])
                low, middle, high = own[tenth_places(own.size)]
                lines.append((name, year, own.mean(), own.std(), low, middle, high))
        return pd.DataFrame(lines, columns=["name", "year", "mean", "sd", "p10", "p50", "p90"])


def tenth_places(count: int) -> NDArray[np.int64]:
    """Places of the 10th, 50th and 90th percentile: the smallest value that reaches the share."""
    return np.array([-(-count * s // 100) - 1 for s in (10, 50, 90)], dtype=np.int64)


def make_variables(given: Mapping[str, Mapping[str, Any]]) -> tuple[Variable, ...]:
    """Variables of plain values: ``cpi = { kind = "normal", mean = 0.02, sd = 0.01 }``.

    Raises
    ------
    OfferError
        With every problem.
    """
    problems, found = [], []
    for name, entry in given.items():
        own = _problems(name, entry)
        problems += own
        if not own:
            values = {k: entry[k] for k in _KINDS[entry["kind"]]}
            found.append(
                Variable(name, entry["kind"], values, float(entry.get("persistence", 0.0)))
            )
    if problems:
        raise OfferError("The scenarios cannot be drawn:", problems)
    return tuple(found)


def _problems(name: str, entry: object) -> list[str]:
    if name not in VARIABLES:
        return [f"{name!r} is no variable; there are {', '.join(VARIABLES)}"]
    if not isinstance(entry, Mapping) or entry.get("kind") not in _KINDS:
        return [f"{name}: kind should be one of {', '.join(_KINDS)}"]
    needed = _KINDS[entry["kind"]]
    problems = [f"{name}: {k} is missing" for k in needed if k not in entry]
    extra = sorted(set(entry) - {"kind", "persistence", *needed})
    problems += [f"{name}: unknown key {k!r}; it has {', '.join(needed)}" for k in extra]
    numbers = {k: entry[k] for k in needed if k != "paths" and k in entry}
    for key, value in {**numbers, "persistence": entry.get("persistence", 0.0)}.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            problems.append(f"{name}: {key} = {value!r} should be a number")
        elif not -1 < value < 1:
            problems.append(f"{name}: {key} = {value} is a share; for six per cent write 0.06")
    if problems:
        return problems
    if entry["kind"] == "normal" and entry["sd"] < 0:
        problems.append(f"{name}: sd = {entry['sd']} should be 0 or more")
    order = [entry[k] for k in ("least", "likely", "most") if k in entry]
    if order != sorted(order):
        problems.append(f"{name}: {' ≤ '.join(k for k in needed)} should hold; found {order}")
    if entry.get("persistence", 0.0) < 0:
        problems.append(f"{name}: persistence should be from 0 to below 1")
    return problems


def draw(
    variables: Sequence[Variable],
    years: Sequence[int],
    *,
    count: int,
    seed: int,
    correlation: Mapping[tuple[str, str], float] | None = None,
) -> Scenarios:
    """Draw joint scenarios.

    Parameters
    ----------
    variables
        Their distributions.
    years
        Calendar years.
    count
        Number of scenarios.
    seed
        Any whole number.
    correlation
        Between the normal scores of two variables in the same year; 0 for pairs left out.

    Raises
    ------
    OfferError
        If the correlations contradict each other, or paths are of other years.
    """
    names = [v.name for v in variables]
    root = _root(names, correlation or {})
    scores = np.empty((len(variables), count, len(years)))
    for place, variable in enumerate(variables):
        # A stream by name: adding a variable leaves the draws of the others' streams alone.
        stream = np.random.default_rng([seed, *variable.name.encode()])
        scores[place] = stream.standard_normal((count, len(years)))
    joint = np.einsum("ij,jcy->icy", root, scores)
    draws = {}
    for place, variable in enumerate(variables):
        own, keep = joint[place], variable.persistence
        for year in range(1, len(years)):
            own[:, year] = keep * own[:, year - 1] + np.sqrt(1 - keep**2) * own[:, year]
        draws[variable.name] = _values(variable, own, years)
    return Scenarios(tuple(years), draws, seed)


def _root(names: Sequence[str], correlation: Mapping[tuple[str, str], float]) -> Floats:
    """Lower root of the correlation matrix."""
    matrix = np.eye(len(names))
    problems = []
    for (one, two), value in correlation.items():
        astray = [n for n in (one, two) if n not in names]
        if astray or one == two or not -1 < value < 1:
            problems.append(
                f"correlation of {one} and {two} = {value}: both should be variables of the "
                "scenarios, and the value between -1 and 1"
            )
            continue
        a, b = names.index(one), names.index(two)
        matrix[a, b] = matrix[b, a] = value
    if not problems:
        least = float(np.linalg.eigvalsh(matrix)[0]) if names else 1.0
        if least < -1e-9:
            told = ", ".join(f"{a}–{b} {v:g}" for (a, b), v in correlation.items())
            problems.append(f"they contradict each other, no three can move like this: {told}")
    if problems:
        raise OfferError("The correlations cannot be used:", problems)
    values, vectors = np.linalg.eigh(matrix)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    # The same root as long as the matrix is: its lower triangle, signs up.
    _, upper = np.linalg.qr(root.T)
    signs = np.where(np.diag(upper) < 0, -1.0, 1.0)
    return np.asarray((upper * signs[:, None]).T)


def _values(variable: Variable, scores: Floats, years: Sequence[int]) -> Floats:
    """Values of a variable for its normal scores."""
    from scipy.special import ndtr

    values = variable.values
    if variable.kind == "fixed":
        return np.full(scores.shape, float(values["value"]))
    if variable.kind == "normal":
        return np.asarray(values["mean"] + values["sd"] * scores)
    share = ndtr(scores)
    if variable.kind == "uniform":
        return np.asarray(values["least"] + (values["most"] - values["least"]) * share)
    if variable.kind == "triangular":
        return _triangular(share, values["least"], values["likely"], values["most"])
    paths = np.asarray(values["paths"], dtype=np.float64)
    if paths.ndim != 2 or paths.shape[1] != len(years):
        raise OfferError(
            f"{variable.name}: paths should be rows of {len(years)} values, one a year; found "
            f"shape {paths.shape}."
        )
    # A path is drawn whole, by its first year's score.
    chosen = np.minimum((share[:, 0] * len(paths)).astype(np.int64), len(paths) - 1)
    return np.asarray(paths[chosen])


def _triangular(share: Floats, least: float, likely: float, most: float) -> Floats:
    span = most - least
    if span == 0:
        return np.full(share.shape, least)
    turn = (likely - least) / span
    low = least + np.sqrt(share * span * (likely - least))
    high = most - np.sqrt((1 - share) * span * (most - likely))
    return np.asarray(np.where(share < turn, low, high))
