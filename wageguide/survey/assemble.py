"""Chunks of returns to one survey: columns typed once, enterprises joined to workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from wageguide.survey.account import make_account
from wageguide.survey.columns import ENTERPRISE_COLUMNS, WORKER_COLUMNS
from wageguide.survey.enterprises import note_duplicates, note_years, read_enterprises
from wageguide.survey.findings import make_findings
from wageguide.survey.form import RETURN
from wageguide.survey.joined import join_chunks
from wageguide.survey.parse import Table, find_formulas, find_totals, typed
from wageguide.survey.reasons import Note
from wageguide.survey.sheets import Chunk
from wageguide.survey.survey import CHANGE_COLUMNS, Survey
from wageguide.survey.words import is_formula

_ENTERPRISE = tuple(c.name for c in ENTERPRISE_COLUMNS)


def assemble(chunks: Sequence[Chunk], notes: Sequence[Note], year: int | None) -> Survey:
    """Put the chunks under one another and type their columns."""
    joined = join_chunks(chunks, RETURN)
    returns, table, belongs = joined.returns, joined.table, joined.belongs
    received, present, factors = joined.received, joined.present, joined.factors
    find_totals(table, received)
    find_formulas(table, received)
    columns = dict(typed(WORKER_COLUMNS, received, table, present, factors))
    asked = present.get("weight", np.zeros(len(belongs), dtype=bool))
    columns["weight"] = columns["weight"].where(asked, 1.0)
    forms, form_notes = read_enterprises(returns)
    merged = {n: forms[n].take(belongs).reset_index(drop=True) for n in _ENTERPRISE}
    if any(n in received for n in _ENTERPRISE):
        for name, own in typed(ENTERPRISE_COLUMNS, received, table, present, factors):
            merged[name] = merged[name].where(merged[name].notna(), own)
    place = {n: pd.Series(getattr(table, n)) for n in ("file", "sheet", "row")}
    workers = pd.DataFrame(merged | columns | place, copy=False)
    enterprises = _enterprises(workers, forms)
    year = _year(enterprises) if year is None else year
    extra = _extra(chunks, table)
    every = [*notes, *(n for r in returns for n in r.notes), *table.notes, *form_notes]
    every += note_duplicates(enterprises) + note_years(enterprises, year)
    every += _extra_formulas(extra)
    return Survey(
        workers=workers,
        enterprises=enterprises,
        findings=make_findings(every, enterprises, RETURN),
        set_aside=workers.iloc[:0].assign(reason=pd.Series(dtype="str")),
        changes=pd.DataFrame({n: pd.Series(dtype="str") for n in CHANGE_COLUMNS}),
        account=make_account(workers["annual_wage"], pd.Series("", index=workers.index)),
        reference_year=year,
        sources=tuple(r.source for r in returns),
        extra=extra,
        cells=received,
        exact=table.exact,
    )


def _enterprises(workers: pd.DataFrame, forms: pd.DataFrame) -> pd.DataFrame:
    """One row a return; a file that names the enterprise in each row holds many returns."""
    keys = ["file", "enterprise_id"]
    rows = workers[["file", *_ENTERPRISE]].drop_duplicates(keys)
    single = forms[forms["form"].ne("") | ~forms["file"].isin(rows["file"])]
    many = rows[~rows["file"].isin(single["file"])]
    table = pd.concat([single[["file", *_ENTERPRISE]], many], ignore_index=True)
    counts = workers.groupby(keys, dropna=False, sort=False).size().rename("workers")
    table = table.merge(counts.reset_index(), on=keys, how="left")
    table["workers"] = table["workers"].fillna(0).astype("int64")
    return table


def _year(enterprises: pd.DataFrame) -> int | None:
    years = enterprises["reference_year"].dropna().unique()
    return int(years[0]) if len(years) == 1 else None


def _extra(chunks: Sequence[Chunk], table: Table) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    before = 0
    for chunk in chunks:
        rows += [
            (table.file[before + i], table.sheet[before + i], table.row[before + i], h, v)
            for i, h, v in chunk.extra
        ]
        before += chunk.size
    return pd.DataFrame(rows, columns=["file", "sheet", "row", "heading", "value"])


def _extra_formulas(extra: pd.DataFrame) -> list[Note]:
    marks = np.array([is_formula(v) for v in extra["value"]], dtype=bool)
    found = extra[marks]
    return [
        Note(file, sheet, int(row), heading, value, "formula_text")
        for file, sheet, row, heading, value in found.itertuples(index=False, name=None)
    ]
