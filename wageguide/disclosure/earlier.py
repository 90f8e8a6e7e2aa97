"""Who was in each row of an earlier edition of the same year, for the office alone.

A second edition that differs in one or two enterprises gives them away: the difference of
two sums is theirs. So a row is not printed anew where its enterprises changed by only a few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wageguide.disclosure.contributions import Contributions
from wageguide.errors import InputError

if TYPE_CHECKING:
    from wageguide.disclosure.witness import Flags

_SEPARATOR = "\x1f"
_COLUMNS = ("table", "row", "contributor", "payroll")


@dataclass(frozen=True)
class Earlier:
    """What each contributor gave to each row of each table.

    Attributes
    ----------
    tables
        Ids of the tables.
    rows
        For each table, the keys of its rows as one text.
    given
        For each table and row, yuan by contributor.
    """

    tables: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    given: tuple[tuple[dict[str, float], ...], ...]

    @classmethod
    def of(
        cls, ids: Sequence[str], found: Sequence[Contributions], names: Sequence[str]
    ) -> Earlier:
        """From the contributions to the cells of each table."""
        rows, given = [], []
        for table in found:
            codes = list(zip(*table.codes.values(), strict=True)) if table.by else [()]
            rows.append(tuple(_SEPARATOR.join(c) for c in codes[: table.cells]))
            inside: list[dict[str, float]] = [{} for _ in range(table.cells)]
            for cell, who, yuan in zip(
                table.pair_cell.tolist(),
                table.pair_who.tolist(),
                table.plain.tolist(),
                strict=True,
            ):
                inside[cell][names[who]] = yuan
            given.append(tuple(inside))
        return cls(tuple(ids), tuple(rows), tuple(given))

    def revised(self, earlier: Earlier | None, least: int) -> list[Flags]:
        """Rows of each table in which 1 … least - 1 contributors are not what they were.

        A contributor counts if it came, went, or gave another sum of wages.
        """
        flags = [np.zeros(len(rows), bool) for rows in self.rows]
        if earlier is None:
            return flags
        then = dict(zip(earlier.tables, range(len(earlier.tables)), strict=True))
        for n, name in enumerate(self.tables):
            if name not in then:
                continue
            old = dict(zip(earlier.rows[then[name]], earlier.given[then[name]], strict=True))
            for row, code in enumerate(self.rows[n]):
                before, now = old.get(code, {}), self.given[n][row]
                changed = sum(before.get(w) != now.get(w) for w in {*before, *now})
                flags[n][row] = 0 < changed < least
        return flags

    def save(self, path: Path) -> None:
        """Write it as Parquet into an internal folder; the same content gives the same bytes."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        lines = [
            (name, row, who, yuan)
            for name, rows, given in zip(self.tables, self.rows, self.given, strict=True)
            for row, inside in zip(rows, given, strict=True)
            for who, yuan in inside.items()
        ]
        columns = list(zip(*lines, strict=True)) if lines else [(), (), (), ()]
        types = (pa.string(), pa.string(), pa.string(), pa.float64())
        pq.write_table(
            pa.table({n: pa.array(c, t) for n, c, t in zip(_COLUMNS, columns, types, strict=True)}),
            path,
        )

    @classmethod
    def load(cls, path: Path) -> Earlier:
        """Read what `save` wrote.

        Raises
        ------
        InputError
            If the file is not there or is another one.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            table = pq.read_table(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise InputError(
                f"{path}: the contributors of the earlier edition cannot be read ({error}). "
                "Without them a second edition of the same year could give enterprises away."
            ) from error
        if tuple(table.column_names) != _COLUMNS:
            raise InputError(
                f"{path} has the columns {', '.join(table.column_names)}; the contributors of an "
                f"edition have {', '.join(_COLUMNS)}."
            )
        found: dict[str, dict[str, dict[str, float]]] = {}
        for name, row, who, yuan in zip(*(table[c].to_pylist() for c in _COLUMNS), strict=True):
            found.setdefault(name, {}).setdefault(row, {})[who] = yuan
        return cls(
            tuple(found),
            tuple(tuple(rows) for rows in found.values()),
            tuple(tuple(rows.values()) for rows in found.values()),
        )
