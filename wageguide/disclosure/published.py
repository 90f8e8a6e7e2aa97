"""Tables as a reader has them: what is shown, and what is marked confidential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: Mark of a row that is kept confidential. A reader does not learn by which rule.
CONFIDENTIAL = "c"


@dataclass(frozen=True)
class PublishedTable:
    """One table of a release, and nothing that is not printed.

    Attributes
    ----------
    id
        Its id in the release.
    year
        Reference year.
    by
        Key columns; empty for the row of all workers.
    frame
        One row a cell: the key columns as text, ``mark`` (empty, or `CONFIDENTIAL`), and the
        figures as floats, NaN where they are not shown: ``workers`` and ``enterprises`` (rows
        and enterprises surveyed), ``weight`` (workers represented), ``mean`` and the tiers.
        A confidential row shows no figure at all. ``mark_mean``, if there, is `CONFIDENTIAL`
        where the mean alone is kept back; ``growth_`` columns are printed rates of change.
    rounding
        Unit of which each figure is a multiple, halves rounded up: 1 for whole workers and
        10 for wages in tens of yuan. A count of rows or enterprises is exact: 0.
    """

    id: str
    year: int
    by: tuple[str, ...]
    frame: pd.DataFrame
    rounding: Mapping[str, float]

    @property
    def keys(self) -> list[str]:
        """Keys of each row, joined by ×; empty for the row of all workers."""
        if not self.by:
            return [""] * len(self.frame)
        columns = (self.frame[key].tolist() for key in self.by)
        return [" × ".join(codes) for codes in zip(*columns, strict=True)]
