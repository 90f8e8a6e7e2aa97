"""What the office keeps of its protection: every confidential row, and what stays visible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from wageguide.disclosure.contributions import Contributions, Floats, Ints
from wageguide.disclosure.primary import REASONS
from wageguide.disclosure.relations import Relations
from wageguide.disclosure.witness import Flags

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.tiers.table import TierTable


def record_of(tied: Relations, lines: Ints, needed: Floats) -> dict[str, Floats]:
    """What is known of some cells inside, each of shape (lines,)."""
    top = np.concatenate([_top_share(t) for t in tied.tables])
    who = np.concatenate([t.contributors for t in tied.tables])
    columns = {
        "workers": tied.rows,
        "enterprises": who,
        "weight": tied.weight,
        "payroll": tied.payroll,
        "top_share": top,
        "needed": needed,
    }
    return {name: values[lines] for name, values in columns.items()}


def _top_share(table: Contributions) -> Floats:
    largest = np.zeros(table.cells)
    np.maximum.at(largest, table.pair_cell, table.payroll)
    total = table.total(table.payroll)
    return np.divide(largest, total, out=np.ones(table.cells), where=total > 0)


def confidential_rows(
    tables: Sequence[TierTable],
    ids: Sequence[str],
    broken: Sequence[Mapping[str, Flags]],
    known: Sequence[Mapping[str, Floats]],
) -> pd.DataFrame:
    """One line for each confidential row, with its reasons; see `Protection.record`."""
    import pandas as pd

    keys = list(dict.fromkeys(key for table in tables for key in table.by))
    parts = []
    for name, table, flags, values in zip(ids, tables, broken, known, strict=True):
        rows = np.flatnonzero(np.any(list(flags.values()), axis=0))
        part = pd.DataFrame({"table": [name] * rows.size})
        for key in keys:
            codes = table.frame[key].iloc[rows].tolist() if key in table.by else [None] * rows.size
            part[key] = pd.Series(codes, dtype="string")
        for n, lang in enumerate(("zh", "en")):
            texts = [
                "；".join(REASONS[c][n] for c in REASONS if flags[c][row]) for row in rows.tolist()
            ]
            part[f"reasons_{lang}"] = texts if n == 0 else [t.replace("；", "; ") for t in texts]
        for column, all_rows in values.items():
            part[column] = all_rows[rows]
        parts.append(part)
    record = pd.concat(parts, ignore_index=True)
    return record.astype({"workers": "int64", "enterprises": "int64"})


def shown_part(
    tables: Sequence[TierTable], ids: Sequence[str], broken: Sequence[Mapping[str, Flags]]
) -> pd.DataFrame:
    """What part of the rows and of their workers each table shows; see `Protection.summary`."""
    import pandas as pd

    lines = []
    for name, table, flags in zip(ids, tables, broken, strict=True):
        hidden = np.any(list(flags.values()), axis=0)
        workers = table.frame["workers"].to_numpy(dtype=np.float64)
        lines.append(
            {
                "table": name,
                "rows": len(hidden),
                "confidential": int(hidden.sum()),
                "primary": int((hidden & ~flags["secondary"]).sum()),
                "workers_shown": float(workers[~hidden].sum() / workers.sum()),
            }
        )
    return pd.DataFrame(lines)


def needed_ranges(record: pd.DataFrame, known: float) -> pd.DataFrame:
    """Ranges that must stay possible, and what a reader is taken to know beforehand.

    Parameters
    ----------
    record
        As in `Protection`.
    known
        Share to which every value is taken to be known beforehand.

    Returns
    -------
    DataFrame
        ``table``, ``keys`` (joined by ×), ``measure``, ``low``, ``high``, ``prior_low``,
        ``prior_high``; a row that is hidden for others needs its own value to be possible.
    """
    import pandas as pd

    columns = list(record.columns)
    keys = columns[1 : columns.index("reasons_zh")]
    codes = (record[key].astype(object).where(record[key].notna(), "").tolist() for key in keys)
    texts = [" × ".join(code for code in row if code) for row in zip(*codes, strict=True)]
    parts = [
        pd.DataFrame(
            {
                "table": record["table"],
                "keys": texts,
                "measure": measure,
                "low": record[measure] * (1 - record["needed"]),
                "high": record[measure] * (1 + record["needed"]),
                "prior_low": record[measure] * (1 - known),
                "prior_high": record[measure] * (1 + known),
            }
        )
        for measure in ("weight", "payroll")
    ]
    return pd.concat(parts, ignore_index=True)
