"""The rule by which a cell is too thin for its own figure: `[small_cells]` of a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from wageguide.analysis.gap_rows import design_of
from wageguide.errors import InputError, PolicyError
from wageguide.policy import Policy
from wageguide.survey.design import Design

#: Fewer enterprises are never enough: of two, each can work out the other's wages.
LEAST_ENTERPRISES = 3

#: A variance between enterprises needs two of them.
LEAST_FOR_VARIANCE = 2


@dataclass(frozen=True)
class SmallCells:
    """When a cell is too thin for its own figure: the `[small_cells]` section of a policy.

    Attributes
    ----------
    min_workers, min_enterprises
        Unweighted counts from which a cell has a figure of its own.
    variance_enterprises
        Enterprises from which a cell's own sampling variance is used in a model; below,
        it is smoothed over all cells. A variance from m enterprises has itself a relative
        error of about ``sqrt(2 / (m - 1))``: from five, one in sixteen is under a fifth of
        what it should be, and its cell would seem to need no help.

    Raises
    ------
    PolicyError
        If a number is too small to protect or to estimate anything.
    """

    min_workers: int
    min_enterprises: int
    variance_enterprises: int

    def __post_init__(self) -> None:
        least = {
            "min_workers": 1,
            "min_enterprises": LEAST_ENTERPRISES,
            "variance_enterprises": LEAST_FOR_VARIANCE,
        }
        problems = [
            f"{name} = {getattr(self, name)} should be {number} or more"
            for name, number in least.items()
            if getattr(self, name) < number
        ]
        if problems:
            raise PolicyError("The rule for small cells cannot be used:", problems)

    def large_enough(self, workers: ArrayLike, enterprises: ArrayLike) -> NDArray[np.bool_]:
        """Whether cells have a figure of their own; a missing count is not enough."""
        return np.asarray(
            (np.asarray(workers) >= self.min_workers)
            & (np.asarray(enterprises) >= self.min_enterprises)
        )


def read_small_cells(policy: Policy) -> SmallCells:
    """Read the `[small_cells]` section; all three numbers must be there.

    Raises
    ------
    PolicyError
        If the section is missing, or has unknown, missing or impossible entries.
    """
    try:
        return policy.section("small_cells", SmallCells)
    except PolicyError as error:
        where = f"{policy.path.name} [small_cells]"
        if where in str(error) or not error.problems:
            raise
        raise PolicyError(f"{where} cannot be used:", error.problems) from error


def with_key(key: str, values: pa.Array, columns: Mapping[str, pa.Array]) -> pa.Table:
    """The key column and after it the others, none of which may have its name."""
    if key in columns:
        raise InputError(f"Key column {key!r} has the name of a result; rename it.")
    return pa.Table.from_arrays([values, *columns.values()], [key, *columns])


def cluster_design(
    data: Any, design: Design | None, weight: str | None, enterprise: str | None
) -> Design:
    """The design that counts and errors rest on: as named, or else a survey's own.

    Raises
    ------
    InputError
        If no enterprise column is named, or weight or enterprise are named twice and
        differently.
    """
    found = design_of(data, design) or Design(weight=weight, enterprise=enterprise)
    for role, name, named in (
        ("weight", weight, found.weight),
        ("enterprise", enterprise, found.enterprise),
    ):
        if name is not None and name != named:
            raise InputError(
                f"{role} = {name!r}, but the design says {named!r}. Name it once, in the design."
            )
    if found.enterprise is None:
        raise InputError(
            "The rule for small cells counts enterprises, and no column of enterprises is "
            "named; name it (enterprise='enterprise_id', or in the design)."
        )
    return found
