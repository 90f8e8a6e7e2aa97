"""What is uncertain in a consultation, read from plain values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wageguide.bargaining.scenarios import Scenarios, Variable, draw, make_variables
from wageguide.errors import OfferError

#: Scenarios if their number is not given: tenths are then good to about a third of a per cent.
COUNT = 10_000
_KEYS = {"count", "seed", "variables", "correlation"}


@dataclass(frozen=True)
class Uncertainty:
    """Distributions of what nobody knows, ready to be drawn for the years of an offer.

    Attributes
    ----------
    variables
        Their distributions.
    count, seed
        Number of scenarios, and the seed that makes them the same every time.
    correlation
        Between two variables in the same year.
    """

    variables: tuple[Variable, ...]
    count: int
    seed: int
    correlation: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def draw(self, years: Sequence[int]) -> Scenarios:
        """Draw the scenarios of some calendar years."""
        return draw(
            self.variables, years, count=self.count, seed=self.seed, correlation=self.correlation
        )


def make_uncertainty(given: Mapping[str, Any]) -> Uncertainty:
    """Make it of plain values, as a TOML file holds them.

    Parameters
    ----------
    given
        ``seed``, ``count`` (10,000 without it), ``variables`` (see `make_variables`), and
        ``correlation``: a list of ``between`` (two names) and ``value``.

    Raises
    ------
    OfferError
        With every problem.
    """
    problems = [f"unknown key {k!r}; there are {', '.join(sorted(_KEYS))}"
                for k in sorted(set(given) - _KEYS)]  # fmt: skip
    seed, count = given.get("seed"), given.get("count", COUNT)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        problems.append(
            f"seed = {seed!r} should be a whole number from 0 on, such as 20260701: with it, "
            "everybody draws the same scenarios"
        )
    if isinstance(count, bool) or not isinstance(count, int) or not 100 <= count <= 1_000_000:
        problems.append(f"count = {count!r} should be a whole number from 100 to 1000000")
    variables = given.get("variables")
    made: tuple[Variable, ...] = ()
    if not isinstance(variables, Mapping) or not variables:
        problems.append("variables is missing; write [variables.cpi] with kind and its values")
    else:
        try:
            made = make_variables(variables)
        except OfferError as error:
            problems += error.problems
    correlation = _correlation(given.get("correlation", []), problems)
    if not problems:
        try:
            draw(made, (2000,), count=1, seed=0, correlation=correlation)
        except OfferError as error:
            problems += error.problems or [str(error)]
    if problems:
        raise OfferError("The scenarios cannot be drawn:", problems)
    return Uncertainty(made, int(count), int(seed or 0), correlation)


def _correlation(listed: object, problems: list[str]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for number, entry in enumerate(listed if isinstance(listed, Sequence) else [None], 1):
        pair = entry.get("between") if isinstance(entry, Mapping) else None
        value = entry.get("value") if isinstance(entry, Mapping) else None
        named = isinstance(pair, list) and len(pair) == 2
        if not named or isinstance(value, bool) or not isinstance(value, int | float):
            problems.append(
                f"correlation {number}: write [[correlation]] with "
                'between = ["cpi", "minimum_wage"] and value = 0.5'
            )
            continue
        one, two = map(str, pair or ())
        found[one, two] = float(value)
    return found


def read_uncertainty(path: Path | str) -> Uncertainty:
    """Read it from a TOML file; see `make_uncertainty`."""
    path = Path(path)
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OfferError(f"The scenarios {path} cannot be read: {error}.") from error
    return make_uncertainty(given)
