"""What the previous release printed: which figures it shows, and which it keeps back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wageguide.disclosure.attack_files import read_published
from wageguide.errors import ComparisonError
from wageguide.publish.compared import Previous
from wageguide.publish.growth_places import GROWTH_PLACES
from wageguide.publish.options import definitions_differ

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.publish.settings import ReleasePlan
    from wageguide.publish.tables import PriceTable
    from wageguide.tiers.correspondence import Correspondence

Key = tuple[str, ...]


@dataclass(frozen=True)
class PrintedBefore:
    """Printed figures by table, cell and figure; a missing one is NaN.

    Attributes
    ----------
    tables
        Id to the keys of the table, and by cell under this year's codes (all empty: all
        workers) the printed rows that are this cell now.
    """

    tables: Mapping[str, tuple[Key, Mapping[Key, Sequence[Mapping[str, float]]]]]

    def has(self, name: str, by: Sequence[str]) -> bool:
        """Whether the release had the table, by the same keys."""
        return name in self.tables and self.tables[name][0] == tuple(by)

    def cells(self, name: str) -> Mapping[Key, Sequence[Mapping[str, float]]]:
        """Printed rows of a table by cell."""
        return self.tables[name][1]

    def shows(self, name: str, key: Key, figure: str) -> bool:
        """Whether every row that is this cell now printed the figure."""
        rows = self.cells(name).get(key, ())
        return bool(rows) and all(not math.isnan(row.get(figure, math.nan)) for row in rows)

    def one(self, name: str, key: Key, figure: str) -> float:
        """The printed figure; several old codes that became one have none together."""
        rows = self.cells(name).get(key, ())
        return rows[0].get(figure, math.nan) if len(rows) == 1 else math.nan

    def revised(self, tables: Sequence[PriceTable]) -> pd.DataFrame:
        """Printed figures that an edition of the same year changes.

        Returns
        -------
        DataFrame
            ``table``, ``keys``, ``figure``, ``before``, ``now``; missing where not shown.
        """
        import pandas as pd

        lines = []
        for table in tables:
            name, by = table.settings.id, list(table.settings.by)
            if not self.has(name, by):
                continue
            for row in table.frame.to_dict("records"):
                key = tuple(str(row[k]) for k in by)
                for figure in table.figures:
                    now = math.nan if pd.isna(row[figure]) else float(row[figure])
                    before = self.one(name, key, figure)
                    if not (now == before or (math.isnan(now) and math.isnan(before))):
                        lines.append((name, " × ".join(key), figure, before, now))
        return pd.DataFrame(lines, columns=["table", "keys", "figure", "before", "now"])

    def refuse_unless_same(self, plan: ReleasePlan, previous: Previous) -> None:
        """Refuse printed figures that do not measure the same thing.

        Raises
        ------
        ComparisonError
            With every difference.
        """
        different = definitions_differ(plan, previous.manifest["options"])
        if different:
            raise ComparisonError(
                f"The figures of {previous.year} that {previous.folder} prints do not measure what "
                "this release measures, so no change can be read from them. Take a copy with its "
                "internal part, from which last year can be estimated again by this year's "
                "definitions, or leave --previous out:",
                different,
            )

    def growth_of_printed(self, table: PriceTable) -> pd.DataFrame:
        """Growth of printed figures, without error; as in `Edition.changes`."""
        import pandas as pd

        name, by = table.settings.id, list(table.settings.by)
        mine = [tuple(r) for r in table.frame[by].itertuples(index=False)]
        its = self.cells(name)
        lines = []
        for place, key in enumerate([*mine, *sorted(its.keys() - set(mine))]):
            printed = place < len(mine)
            cell = "lost" if not printed else "both" if key in its else "new"
            line: dict[str, Any] = {**dict(zip(by, key, strict=True)), "cell": cell}
            for figure in table.figures:
                now = table.frame[figure].iloc[place] if printed else None
                before = self.one(name, key, figure)
                known = now is not None and not pd.isna(now) and before > 0
                growth = int(now) / before - 1 if known and now is not None else math.nan
                line[f"growth_{figure}"] = round(growth, GROWTH_PLACES)
                line[f"low_growth_{figure}"] = line[f"high_growth_{figure}"] = math.nan
                line[f"reading_{figure}"] = ""
            lines.append(line)
        frame = pd.DataFrame(lines)
        frame[by] = frame[by].astype("string")
        return frame


def printed_before(previous: Previous, codes: Correspondence) -> PrintedBefore:
    """Read what a release printed from its public files.

    Parameters
    ----------
    previous
        The release.
    codes
        Codes that changed since.
    """
    tables: dict[str, tuple[Key, dict[Key, list[dict[str, float]]]]] = {}
    total: list[dict[str, float]] = []
    for table in read_published(previous.folder, previous.manifest["options"]):
        figures = [str(c) for c in table.frame.select_dtypes("number")]
        rows = [
            {name: float(value) for name, value in zip(figures, row, strict=True)}
            for row in table.frame[figures].itertuples(index=False, name=None)
        ]
        if not table.by:
            total = rows
            continue
        cells: dict[Key, list[dict[str, float]]] = {}
        columns = [
            [codes.renamed.get(key, {}).get(c, c) for c in table.frame[key].tolist()]
            for key in table.by
        ]
        for place, row in zip(zip(*columns, strict=True), rows, strict=True):
            cells.setdefault(tuple(place), []).append(row)
        tables[table.id] = (table.by, cells)
    for by, cells in tables.values():
        if len(by) == 1 and total:
            cells[("",)] = total
    return PrintedBefore(tables)
