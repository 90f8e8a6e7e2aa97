"""Findings: what is wrong, where, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from wageguide.survey.form import RETURN, Form
from wageguide.survey.reasons import Note

#: Columns of a findings table.
FINDING_COLUMNS: tuple[str, ...] = (
    "enterprise_id",
    "enterprise_name",
    "file",
    "sheet",
    "row",
    "column",
    "value",
    "reason",
    "severity",
    "message_zh",
    "message_en",
)

_SHOWN = 60


@dataclass(frozen=True, repr=False)
class Findings:
    """A table of findings, sorted by file, sheet and row.

    Attributes
    ----------
    frame
        Columns `FINDING_COLUMNS`; `row` is the sheet's own number, missing for a whole file.
    form
        The form that was filled in.
    """

    frame: pd.DataFrame
    form: Form = RETURN

    def __len__(self) -> int:
        return len(self.frame)

    def summary(self) -> pd.DataFrame:
        """Counts by reason: how many findings, in how many files."""
        if self.frame.empty:
            return pd.DataFrame(columns=["reason", "title_zh", "severity", "findings", "files"])
        groups = self.frame.groupby(["reason", "severity"], sort=True)["file"]
        table = groups.agg(findings="size", files="nunique").reset_index()
        titles = [self.form.reasons[r].title_zh for r in table["reason"]]
        table.insert(1, "title_zh", titles)
        return table

    def __repr__(self) -> str:
        with pd.option_context("display.unicode.east_asian_width", True, "display.width", 120):
            table = self.summary().to_string(index=False)
        return f"{self._title()}\n\n{table}" if len(self) else self._title()

    def _repr_html_(self) -> str:
        return f"<p><b>{self._title()}</b></p>{self.summary().to_html(index=False)}"

    def _title(self) -> str:
        files = self.frame["file"].nunique()
        return f"核对结果 {len(self):,} 条，涉及 {files:,} 个文件 · {len(self):,} findings"


def make_findings(notes: Iterable[Note], enterprises: pd.DataFrame, form: Form) -> Findings:
    """Write the sentences of `notes` and name the enterprise of each.

    Parameters
    ----------
    notes
        In any order.
    enterprises
        Reads ``file``, ``enterprise_id`` and ``enterprise_name``; a file of many
        enterprises names none.
    form
        The form that was filled in; its headings name the columns.
    """
    alone = enterprises.drop_duplicates("file", keep=False)
    ids = dict(zip(alone["file"], alone["enterprise_id"], strict=True))
    names = dict(zip(alone["file"], alone["enterprise_name"], strict=True))
    ordered = sorted(notes, key=lambda n: (n.file, n.sheet, n.row, n.column, n.reason))
    rows = [
        (
            ids.get(n.file),
            names.get(n.file),
            n.file,
            n.sheet,
            n.row or None,
            n.column,
            n.value,
            n.reason,
            n.severity or form.reasons[n.reason].severity,
            *_sentences(n, form),
        )
        for n in ordered
    ]
    frame = pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
    for name in FINDING_COLUMNS:
        frame[name] = frame[name].astype("Int64" if name == "row" else "str")
    return Findings(frame, form)


def _sentences(note: Note, form: Form) -> tuple[str, str]:
    reason = form.reasons[note.reason]
    value = note.value if len(note.value) <= _SHOWN else note.value[:_SHOWN] + "…"
    facts = {
        "label": form.labels.get(note.column, note.column),
        "value": value,
        "detail": note.detail,
    }
    zh, en = reason.zh.format(**facts), reason.en.format(**facts)
    where_zh = f"{note.sheet}" + (f"第{note.row}行" if note.row else "")
    where_en = f"{note.sheet}" + (f" row {note.row}" if note.row else "")
    return (
        f"{where_zh or note.file}：{zh}。",
        f"{where_en or note.file}: {en}.",
    )


def merge_findings(first: Findings, second: Findings) -> Findings:
    """Two tables of findings as one, in the order of place."""
    frame = pd.concat([first.frame, second.frame], ignore_index=True)
    order = ["file", "sheet", "row", "column", "reason"]
    frame = frame.sort_values(order, kind="stable", na_position="first", ignore_index=True)
    return Findings(frame, first.form)
