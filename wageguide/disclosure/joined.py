"""Several cells taken as one: the hidden parts of a known sum are known together."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wageguide.disclosure.contributions import Contributions, Floats, Ints
from wageguide.disclosure.primary import ranked, unsafe
from wageguide.disclosure.relations import Relations
from wageguide.disclosure.settings import DisclosureSettings


@dataclass(frozen=True)
class Joined:
    """The lines of all cells of a release, by cell, so that any of them can be put together.

    Attributes
    ----------
    settings
        Rules that cells taken as one must meet.
    start
        First line of each cell, and one past the last, shape (cells + 1,).
    who
        Contributor of each line, shape (lines,).
    values
        ``rows``, ``weight``, ``plain`` and ``payroll`` of each line, shape (4, lines).
    """

    settings: DisclosureSettings
    start: Ints
    who: Ints
    values: Floats
    _known: dict[bytes, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, relations: Relations, settings: DisclosureSettings) -> Joined:
        """Lines of all cells of all tables."""
        tables = relations.tables
        cell = np.concatenate(
            [t.pair_cell + first for t, first in zip(tables, relations.start, strict=False)]
        )
        return cls(
            settings,
            np.searchsorted(cell, np.arange(relations.cells + 1)).astype(np.int64),
            np.concatenate([t.pair_who for t in tables]),
            np.array(
                [
                    np.concatenate([getattr(t, name) for t in tables])
                    for name in ("rows", "weight", "plain", "payroll")
                ]
            ),
        )

    def unsafe(self, cells: Ints) -> bool:
        """Whether cells that have no worker in common break a rule as one cell."""
        key = cells.tobytes()
        if key not in self._known:
            lines = np.concatenate(
                [np.arange(self.start[c], self.start[c + 1]) for c in cells.tolist()]
            )
            who, line = np.unique(self.who[lines], return_inverse=True)
            rows, weight, plain, payroll = (
                np.bincount(line, values[lines], who.size) for values in self.values
            )
            one = Contributions(
                (),
                {},
                np.zeros(0, np.int64),
                np.zeros(0, np.int64),
                np.zeros(who.size, np.int64),
                who,
                rows.astype(np.int64),
                weight.astype(np.float64),
                plain.astype(np.float64),
                payroll.astype(np.float64),
                1,
            )
            broken = unsafe(ranked(one, self.settings), self.settings)
            self._known[key] = any(bool(flags[0]) for flags in broken.values())
        return self._known[key]
