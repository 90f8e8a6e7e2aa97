"""Which rows and figures of a release may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wageguide.disclosure.contributions import (
    Contributions,
    Floats,
    Ints,
    SurveyRows,
    contributions,
    sides,
)
from wageguide.disclosure.earlier import Earlier
from wageguide.disclosure.exact import cheapest_pattern
from wageguide.disclosure.joined import Joined
from wageguide.disclosure.primary import needed_share, ranked, unsafe
from wageguide.disclosure.record import confidential_rows, needed_ranges, record_of, shown_part
from wageguide.disclosure.relations import Relations, relations
from wageguide.disclosure.secondary import Problem, hide
from wageguide.disclosure.settings import DisclosureSettings
from wageguide.disclosure.witness import Flags, Freedom
from wageguide.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.tiers.table import TierTable


@dataclass(frozen=True)
class Protection:
    """What stays confidential in a release, and why.

    Attributes
    ----------
    settings
        The rules.
    ids
        Id of each table.
    broken
        For each table, by code of a rule (`primary.REASONS`) the rows that break it, in the
        order of the table's frame; ``secondary`` are those hidden for the sake of others.
    withheld
        For each table, by tier the rows whose tier alone is not shown.
    record
        One line for each confidential row, for the office: ``table``, its keys,
        ``reasons_zh``, ``reasons_en``, ``workers``, ``enterprises``, ``weight``, ``payroll``
        (yuan), ``top_share`` (part of its largest contributor) and ``needed`` (share of the
        payroll by which it must stay uncertain; 0 for one hidden for others).
    summary
        One line a table: ``table``, ``rows``, ``confidential``, ``primary`` and
        ``workers_shown``, the part of its workers in rows that are shown.
    contributors
        Contributors of every row of every table, for the next edition of the same year.
    """

    settings: DisclosureSettings
    ids: tuple[str, ...]
    broken: tuple[Mapping[str, Flags], ...]
    withheld: tuple[Mapping[str, Flags], ...]
    record: pd.DataFrame
    summary: pd.DataFrame
    contributors: Earlier

    def confidential(self, table: int) -> Flags:
        """Whether each row of a table is confidential, shape (rows,)."""
        return np.asarray(np.any(list(self.broken[table].values()), axis=0))

    @property
    def needed(self) -> pd.DataFrame:
        """What must stay possible of each confidential row, as `audit` asks for it."""
        return needed_ranges(self.record, self.settings.intruder_share)

    def __repr__(self) -> str:
        return self.summary.to_string(index=False)

    def _repr_html_(self) -> str:
        return str(self.summary.to_html(index=False))


def protect(
    rows: Any,
    tables: Sequence[TierTable],
    *,
    ids: Sequence[str],
    settings: DisclosureSettings,
    enterprise: str,
    wage: str,
    weight: str | None = None,
    nested: Mapping[str, str] | None = None,
    earlier: Earlier | None = None,
) -> Protection:
    """Find what must stay confidential so that nobody's pay can be worked out.

    The rules for single rows find those that are unsafe by themselves. Where figures add up
    (``method = "suppress"``), further rows are hidden until each unsafe row stays uncertain
    by what it needs, whatever a reader adds and subtracts across all tables; see
    ``docs/disclosure.md``.

    Parameters
    ----------
    rows
        The surveyed workers from which `tables` were estimated: a frame or an Arrow table.
    tables
        All tables of the release, the one of all workers (no keys) among them.
    ids
        Id of each table, by which `earlier` knows them.
    settings
        The rules.
    enterprise, wage, weight
        Columns of the enterprise, the yearly wage in yuan, and the weight (None: all 1).
    nested
        Coarser key by finer where two keys are levels of one classification.
    earlier
        Contributors of an earlier edition of the same reference year.

    Raises
    ------
    InputError
        If a table holds rows that the survey does not give, or a column is missing.
    """
    keys = sorted({key for table in tables for key in table.by})
    survey = SurveyRows.of(
        rows, keys, enterprise=enterprise, wage=wage, weight=weight, owner=settings.owner
    )
    found = [contributions(survey, table.by) for table in tables]
    places = [_places(t, f, i) for t, f, i in zip(tables, found, ids, strict=True)]
    now = Earlier.of(ids, found, survey.names)
    tied = relations(survey, found, nested or {})
    broken, needed = _rules(tied, settings)
    for table, flags in enumerate(now.revised(earlier, settings.revision_enterprises)):
        changed = int(tied.start[table]) + np.flatnonzero(flags)
        broken["revision"][changed] = True
        needed[changed] = np.maximum(needed[changed], settings.protect_share)
    primary = np.any(list(broken.values()), axis=0)
    hidden = _pattern(tied, primary, needed, settings)
    broken["secondary"] = hidden & ~primary
    lines = [int(tied.start[t]) + place for t, place in enumerate(places)]
    by_table = tuple({code: flags[line] for code, flags in broken.items()} for line in lines)
    return Protection(
        settings,
        tuple(ids),
        by_table,
        tuple(
            {tier: flags[place] for tier, flags in _withheld(survey, f, t, settings).items()}
            for f, t, place in zip(found, tables, places, strict=True)
        ),
        confidential_rows(tables, ids, by_table, [record_of(tied, n, needed) for n in lines]),
        shown_part(tables, ids, by_table),
        now,
    )


def _places(table: TierTable, found: Contributions, name: str) -> Ints:
    """Cell of each row of a table, shape (rows,)."""
    import pandas as pd

    if not table.by:
        return np.zeros(len(table.frame), np.int64)
    cells = {codes: n for n, codes in enumerate(zip(*found.codes.values(), strict=True))}
    rows = table.frame[list(table.by)].itertuples(index=False, name=None)
    places = [cells.get(tuple("" if pd.isna(v) else str(v) for v in row), -1) for row in rows]
    lost = sum(place < 0 for place in places)
    if lost or len(places) != found.cells:
        raise InputError(
            f"Table {name} has {len(places):,} rows, and the surveyed workers give {found.cells:,} "
            f"cells of {', '.join(table.by)}; {lost:,} rows have no worker. Protection needs the "
            "same workers from which the table was estimated."
        )
    return np.array(places, dtype=np.int64)


def _rules(tied: Relations, settings: DisclosureSettings) -> tuple[dict[str, Flags], Floats]:
    """By rule the cells that break it, and how uncertain they must stay, each (cells,)."""
    broken: list[dict[str, Flags]] = []
    needed = []
    for table in tied.tables:
        cells = ranked(table, settings)
        broken.append(unsafe(cells, settings))
        needed.append(needed_share(cells, broken[-1], settings))
    every = {code: np.concatenate([b[code] for b in broken]) for code in broken[0]}
    return {**every, "revision": np.zeros(tied.cells, bool)}, np.concatenate(needed)


def _pattern(
    tied: Relations, primary: Flags, needed: Floats, settings: DisclosureSettings
) -> Flags:
    """Cells to keep confidential, shape (cells,)."""
    printed = np.arange(tied.cells) < tied.shown
    if settings.method == "quantiles_only" or not primary.any():
        return primary & printed
    cost = {"workers": tied.rows, "payroll": tied.payroll, "rows": np.ones(tied.cells)}
    share = settings.intruder_share
    problem = Problem(
        tied,
        tuple(Freedom.of(tied.matrix, v, share) for v in (tied.weight, tied.payroll)),
        tied.payroll,
        needed,
        primary & printed,
        cost[settings.cost],
        Joined.of(tied, settings).unsafe,
    )
    exact = cheapest_pattern(problem) if tied.cells <= settings.exact_cells else None
    return hide(problem) if exact is None else exact


def _withheld(
    rows: SurveyRows, found: Contributions, table: TierTable, settings: DisclosureSettings
) -> dict[str, Flags]:
    """By tier, the cells whose tier rests on too few enterprises or is above the top code."""
    few = {
        tier: counts < settings.quantile_enterprises
        for tier, counts in sides(rows, found, table.scheme.tiers).items()
    }
    if not settings.top_code_yuan:
        return few
    places = _places(table, found, "")
    for tier, flags in few.items():
        above = table.frame[tier].to_numpy(dtype=np.float64) > settings.top_code_yuan
        flags[places[above]] = True
    return few
