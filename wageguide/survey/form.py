"""A form that enterprises fill in: its two sheets and the columns that each may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from wageguide.survey.columns import (
    ENTERPRISE_COLUMNS,
    ENTERPRISE_SHEET,
    WORKER_COLUMNS,
    WORKER_SHEET,
    Column,
    plain_heading,
)
from wageguide.survey.reasons import REASONS, Reason

_plain = lru_cache(maxsize=1 << 16)(plain_heading)


@dataclass(frozen=True)
class Form:
    """A form of two sheets: answers of the enterprise, and a table of workers.

    Attributes
    ----------
    head, table
        Columns of the vertical form and of the table. A column of the form may also stand
        in the table, as in a file of many enterprises.
    head_sheet, table_sheet
        Names that the office's form gives to the two sheets.
    may_be_empty
        Columns that many rightly leave open; an empty answer is no finding.
    needed
        What a file without known headings is told to have.
    own_reasons
        What may be wrong with this form only.
    """

    head: tuple[Column, ...]
    table: tuple[Column, ...]
    head_sheet: str
    table_sheet: str
    may_be_empty: frozenset[str]
    needed: str
    own_reasons: Mapping[str, Reason] = field(default_factory=dict)

    @cached_property
    def reasons(self) -> Mapping[str, Reason]:
        """All that may be wrong, by code."""
        return {**REASONS, **self.own_reasons}

    @cached_property
    def head_names(self) -> dict[str, str]:
        """Column of the vertical form by plain heading."""
        return {_plain(h): c.name for c in self.head for h in (c.name, *c.headings)}

    @cached_property
    def table_names(self) -> dict[str, str]:
        """Column by plain heading of the table."""
        own = {_plain(h): c.name for c in self.table for h in (c.name, *c.headings)}
        return self.head_names | own

    @cached_property
    def money(self) -> frozenset[str]:
        """Columns of money in the table."""
        return frozenset(c.name for c in self.table if c.kind == "money")

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Columns without which a table cannot be used."""
        return tuple(c.name for c in self.table if c.required)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The office's heading by column."""
        return {c.name: c.label_zh for c in (*self.head, *self.table)}

    def head_column(self, heading: str) -> str:
        """Column that a heading of the vertical form asks for, or nothing."""
        return self.head_names.get(_plain(heading), "")

    def table_column(self, heading: str) -> str:
        """Column that a heading of the table asks for, or nothing."""
        return self.table_names.get(_plain(heading), "")


#: The return of the wage survey.
RETURN = Form(
    ENTERPRISE_COLUMNS,
    WORKER_COLUMNS,
    ENTERPRISE_SHEET,
    WORKER_SHEET,
    frozenset(
        {
            *("worker_id", "occupation_name", "post_level", "skill_level", "weight"),
            *("pay_base", "pay_bonus", "pay_allowance", "pay_overtime", "pay_special"),
        }
    ),
    "the enterprise, the occupation, the months worked and the annual wage",
)
