"""Surveys for tests of protection, with their tables."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from wageguide.disclosure.protect import Protection, protect
from wageguide.disclosure.published import CONFIDENTIAL, PublishedTable
from wageguide.disclosure.settings import DisclosureSettings
from wageguide.survey.design import Design
from wageguide.tiers.estimate import estimate_tables
from wageguide.tiers.table import TierTable

TOTAL = "total"


def name(by) -> str:
    return "_".join(by) or TOTAL


@dataclass(frozen=True)
class District:
    """A survey with the tables of a release."""

    rows: pd.DataFrame
    groupings: tuple[tuple[str, ...], ...]
    tables: tuple[TierTable, ...]

    @classmethod
    def of(cls, rows: pd.DataFrame, groupings) -> District:
        groupings = tuple(tuple(g) for g in groupings)
        design = Design(weight="weight", enterprise="enterprise")
        tables = estimate_tables(
            rows, list(groupings), wage="wage", design=design, on_bad_rows="set_aside"
        )
        return cls(rows, groupings, tables)

    @property
    def ids(self) -> list[str]:
        return [name(g) for g in self.groupings]

    def protected(self, settings: DisclosureSettings, **options) -> Protection:
        return protect(
            self.rows,
            self.tables,
            ids=self.ids,
            settings=settings,
            enterprise="enterprise",
            wage="wage",
            weight="weight",
            **options,
        )

    def published(self, hidden=None, year=2025) -> tuple[PublishedTable, ...]:
        """The tables as printed exactly, without the rows that are hidden."""
        printed = []
        for n, (by, table) in enumerate(zip(self.groupings, self.tables, strict=True)):
            frame = table.frame[[*by, "workers", "enterprises", "weight", "mean"]].copy()
            frame[list(by)] = frame[list(by)].astype(str)
            frame["mark"] = ""
            if hidden is not None:
                figures = ["workers", "enterprises", "weight", "mean"]
                frame[figures] = frame[figures].astype(float)
                frame.loc[hidden[n], "mark"] = CONFIDENTIAL
                frame.loc[hidden[n], figures] = float("nan")
            printed.append(PublishedTable(name(by), year, by, frame, {}))
        return tuple(printed)


def hidden_of(protection: Protection) -> list:
    return [protection.confidential(n) for n in range(len(protection.ids))]


def rows_of(*lines, weight: float = 1.0) -> pd.DataFrame:
    """Rows from lines of (keys as dict, enterprise, wage)."""
    return pd.DataFrame(
        [{**keys, "enterprise": who, "wage": float(wage)} for keys, who, wage in lines]
    ).assign(weight=weight)
