"""Read payroll plans: workbooks, CSV or Parquet; name all that is wrong at its cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from wageguide.errors import InputError
from wageguide.law.law import Law
from wageguide.law.load import read_law
from wageguide.payroll.check_rows import RowCheck
from wageguide.payroll.columns import HEAD_COLUMNS, PLAN, ROW_COLUMNS
from wageguide.payroll.plan import Plan
from wageguide.survey.enterprises import read_enterprises
from wageguide.survey.files import read_files
from wageguide.survey.findings import make_findings
from wageguide.survey.joined import Joined, join_chunks
from wageguide.survey.parse import find_formulas, find_totals, typed
from wageguide.survey.reasons import Note
from wageguide.survey.sheets import Chunk

_HEAD = tuple(c.name for c in HEAD_COLUMNS)
_PLACE = ("file", "sheet", "row")


def read_plan(
    *paths: Path | str,
    place: str | None = None,
    period: str | None = None,
    law: Law | None = None,
    processes: int | None = None,
    progress: bool = True,
) -> Plan:
    """Read payroll plans; drop and mend nothing.

    Parameters
    ----------
    paths
        Workbooks, CSV or Parquet files, or folders of workbooks, one enterprise a workbook.
    place, period
        Place and month or year of the plans that do not name their own.
    law
        Law that knows the places; the package's own where it is left out.
    processes, progress
        As in `read_survey`.

    Returns
    -------
    Plan
        Every row, used or set aside, and every finding.

    Raises
    ------
    SurveyError
        If a path is absent.
    InputError
        If nothing at all could be read.
    """
    if not paths:
        raise InputError("No payroll plan was named. Give a workbook, a file or a folder.")
    chunks: list[Chunk] = []
    notes: list[Note] = []
    for path in map(Path, paths):
        read, noted, _ = read_files(path, PLAN, processes, progress)
        chunks += read
        notes += noted
    law = read_law() if law is None else law
    return _assemble(chunks, notes, law, place or "", period or "")


def _assemble(
    chunks: Sequence[Chunk], notes: list[Note], law: Law, place: str, period: str
) -> Plan:
    joined = join_chunks(chunks, PLAN)
    table, belongs = joined.table, joined.belongs
    find_totals(table, joined.received)
    find_formulas(table, joined.received)
    columns = dict(typed(ROW_COLUMNS, joined.received, table, joined.present, joined.factors))
    forms, form_notes = read_enterprises(joined.returns, PLAN)
    head = {n: forms[n].take(belongs).reset_index(drop=True) for n in _HEAD}
    if any(n in joined.received for n in _HEAD):
        in_table = typed(HEAD_COLUMNS, joined.received, table, joined.present, joined.factors)
        for name, own in in_table:
            head[name] = head[name].where(head[name].notna(), own)
    where = {n: pd.Series(getattr(table, n)) for n in _PLACE}
    rows = pd.DataFrame(head | columns | where, copy=False)
    check = RowCheck(rows, joined, law, place, period)
    reasons = check.reasons()
    every = [*notes, *(n for r in joined.returns for n in r.notes), *form_notes]
    every += [n for n in table.notes if not _said_better(n)]
    findings = make_findings(every, _one_a_file(joined, rows, forms), PLAN)
    aside = reasons != ""
    return Plan(
        rows=check.rows[~aside].reset_index(drop=True),
        enterprises=_enterprises(check.rows[~table.total], forms),
        set_aside=check.rows[aside].assign(reason=reasons[aside]).reset_index(drop=True),
        findings=findings,
        present=_present(joined),
        sources=tuple(r.source for r in joined.returns),
    )


def _said_better(note: Note) -> bool:
    """Whether the check of rows says the same of the cell."""
    return note.reason == "value_not_number" or (
        note.column in PLAN.required and note.reason in ("value_missing", "code_unknown")
    )


def _present(joined: Joined) -> pd.DataFrame:
    names = sorted({n for r in joined.returns for n in (*r.present, *r.answers)})
    has = {n: [n in r.present or n in r.answers for r in joined.returns] for n in names}
    return pd.DataFrame(has, index=[r.source.name for r in joined.returns], dtype=bool)


def _one_a_file(joined: Joined, rows: pd.DataFrame, forms: pd.DataFrame) -> pd.DataFrame:
    """Enterprise of each file, for findings; a file of many has several rows."""
    if "enterprise_id" in joined.received:
        keys = ["file", "enterprise_id", "enterprise_name"]
        return rows[keys].drop_duplicates(["file", "enterprise_id"])
    return forms[["file", "enterprise_id", "enterprise_name"]]


def _enterprises(rows: pd.DataFrame, forms: pd.DataFrame) -> pd.DataFrame:
    keys = ["file", "enterprise_id"]
    many = rows[["file", *_HEAD]].drop_duplicates(keys)
    empty = forms[forms["form"].ne("") & ~forms["file"].isin(many["file"])][["file", *_HEAD]]
    table = pd.concat([many, empty], ignore_index=True)
    counts = rows.groupby(keys, dropna=False, sort=False).size().rename("rows").reset_index()
    table = table.merge(counts, on=keys, how="left")
    table["rows"] = table["rows"].fillna(0).astype(np.int64)
    return table.sort_values(keys, kind="stable", na_position="last", ignore_index=True)
