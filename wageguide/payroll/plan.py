"""A payroll plan as read: rows that can be reviewed, rows set aside, and why."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from wageguide.provenance import Source
from wageguide.survey.findings import Findings


@dataclass(frozen=True, repr=False)
class Plan:
    """Payroll plans of one or many enterprises.

    Attributes
    ----------
    rows
        One row a worker and period that can be reviewed: the columns of the dictionary
        (money in yuan of the period, NaN where nothing was said), ``enterprise_id``,
        ``enterprise_name``, ``place``, ``period``, and ``file``, ``sheet``, ``row``.
    enterprises
        One row an enterprise and file: the answers of the head, and the number of rows.
    set_aside
        Rows that cannot be reviewed, with ``reason``.
    findings
        All that is wrong with files and cells.
    present
        Columns that the file of each enterprise has: rows of `enterprises` by column, bool.
    sources
        The files and their hashes.
    """

    rows: pd.DataFrame
    enterprises: pd.DataFrame
    set_aside: pd.DataFrame
    findings: Findings
    present: pd.DataFrame
    sources: tuple[Source, ...]

    @property
    def received(self) -> int:
        """Rows received: those used and those set aside."""
        return len(self.rows) + len(self.set_aside)

    def __repr__(self) -> str:
        return "\n".join([self._title(), *self._lines()])

    def _repr_html_(self) -> str:
        return f"<p><strong>{self._title()}</strong></p><p>{'<br>'.join(self._lines())}</p>"

    def _title(self) -> str:
        return (
            f"工资计划 {len(self.enterprises):,} 户，{self.received:,} 行 · Payroll plans of "
            f"{len(self.enterprises):,} enterprises, {self.received:,} rows"
        )

    def _lines(self) -> list[str]:
        lines = [f"可审核 {len(self.rows):,} 行 · {len(self.rows):,} rows can be reviewed"]
        for reason, count in self.set_aside["reason"].value_counts(sort=False).items():
            titles = self.findings.form.reasons[str(reason)]
            lines.append(f"剔除 {count:,} 行：{titles.title_zh} · set aside: {titles.title_en}")
        return lines
