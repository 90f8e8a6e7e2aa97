"""What charts take out of an edition: rows with their names, the middle, the widest tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wageguide.publish.labels import heading, key_labels
from wageguide.publish.tables import ALL_WORKERS, PriceTable

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.publish.edition import Edition


@dataclass(frozen=True)
class Bar:
    """One row of a table with every figure shown.

    Attributes
    ----------
    name_zh, name_en
        Names of its codes.
    values
        Figures in yuan, by their names.
    workers
        Workers surveyed; 0 where no count is printed.
    """

    name_zh: str
    name_en: str
    values: dict[str, int]
    workers: int

    def name(self, lang: str) -> str:
        """Name in a language."""
        return self.name_zh if lang == "zh" else self.name_en


def middle_of(edition: Edition) -> str:
    """The figure that stands for a row: the median if the scheme has one, else the mean."""
    names = [t.name for t in edition.plan.scheme.tiers]
    if "p50" in names:
        return "p50"
    return next((t.name for t in edition.plan.scheme.tiers if t.kind == "middle_mean"), "mean")


def ends_of(edition: Edition) -> tuple[str, ...]:
    """Tiers from the lowest to the highest."""
    return tuple(t.name for t in edition.plan.scheme.tiers)


def figure_name(figure: str, edition: Edition, lang: str) -> str:
    """Printed name of a figure, on one line."""
    return heading(figure, edition.plan.scheme, "zh" if lang == "zh" else "en").replace("\n", "")


def table_by(edition: Edition, *keys: str) -> PriceTable | None:
    """The first table of just these keys."""
    return next((t for t in edition.tables if t.settings.by == keys), None)


def bars(table: PriceTable, figures: tuple[str, ...], *, total: bool = False) -> list[Bar]:
    """Rows that show all of some figures, in printed order."""
    import pandas as pd

    found = []
    rows = table.frame.to_dict("records")
    for place, row in enumerate(rows):
        if (place < table.total_rows) != total:
            continue
        if any(pd.isna(row[f]) for f in figures):
            continue
        values = {f: int(row[f]) for f in figures}
        workers = 0 if pd.isna(row["workers"]) else int(row["workers"])
        found.append(Bar(row_name(table, row, "zh"), row_name(table, row, "en"), values, workers))
    return found


def row_name(table: PriceTable, row: Any, lang: str) -> str:
    """Names of the codes of a row."""
    side = "zh" if lang == "zh" else "en"
    names = []
    for key in table.settings.by:
        code = str(row[key] or "")
        names.append(key_labels(key).codes.name(code, side) if code else ALL_WORKERS[side])
    return " × ".join(names)


def hidden_rows(frame: pd.DataFrame) -> int:
    """Confidential rows."""
    return int((frame["mark"] != "").sum())
