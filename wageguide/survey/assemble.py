"""Chunks of returns to one survey: columns typed once, enterprises joined to workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from wageguide.survey.account import make_account
from wageguide.survey.cells import Cells, Column, join_cells
from wageguide.survey.columns import ENTERPRISE_COLUMNS, WORKER_COLUMNS
from wageguide.survey.enterprises import note_duplicates, note_years, read_enterprises
from wageguide.survey.findings import make_findings
from wageguide.survey.parse import Table, find_formulas, find_totals, typed
from wageguide.survey.reasons import Note
from wageguide.survey.sheets import Chunk, Return
from wageguide.survey.survey import CHANGE_COLUMNS, Survey
from wageguide.survey.words import is_formula
from wageguide.units import YUAN_PER

_ENTERPRISE = tuple(c.name for c in ENTERPRISE_COLUMNS)


def assemble(chunks: Sequence[Chunk], notes: Sequence[Note], year: int | None) -> Survey:
    """Put the chunks under one another and type their columns."""
    returns = [r for c in chunks for r in c.returns]
    table, belongs = _places(chunks, returns)
    received = _received(chunks)
    present = {n: np.array([n in r.present for r in returns])[belongs] for n in received}
    factors = {n: f for n in received if (f := _factor(n, returns, belongs)) is not None}
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
        findings=make_findings(every, enterprises),
        set_aside=workers.iloc[:0].assign(reason=pd.Series(dtype="str")),
        changes=pd.DataFrame({n: pd.Series(dtype="str") for n in CHANGE_COLUMNS}),
        account=make_account(workers["annual_wage"], pd.Series("", index=workers.index)),
        reference_year=year,
        sources=tuple(r.source for r in returns),
        extra=extra,
        cells=received,
        exact=table.exact,
    )


def _places(chunks: Sequence[Chunk], returns: Sequence[Return]) -> tuple[Table, NDArray[np.intp]]:
    belongs = np.repeat(np.arange(len(returns)), [r.rows for r in returns])
    files = np.array([r.source.name for r in returns], dtype=object)
    sheets = np.array([r.sheet for r in returns], dtype=object)
    rows = np.array([n for c in chunks for n in c.row], dtype=np.int64)
    flat = len(returns) == 1 and files[0].casefold().endswith((".csv", ".txt", ".parquet", ".pq"))
    return Table(files[belongs], sheets[belongs], rows, flat), belongs


def _received(chunks: Sequence[Chunk]) -> dict[str, Column]:
    order = [c.name for c in (*ENTERPRISE_COLUMNS, *WORKER_COLUMNS)]
    names = [n for n in order if any(n in c.columns for c in chunks)]
    sizes = [c.size for c in chunks]
    return {
        n: join_cells([c.columns.get(n) or _empty(c.size) for c in chunks], sizes) for n in names
    }


def _empty(size: int) -> Cells:
    return Cells(None, pa.array([""] * size, pa.string()))


def _factor(
    name: str, returns: Sequence[Return], belongs: NDArray[np.intp]
) -> NDArray[np.float64] | None:
    factors = np.array([YUAN_PER[r.units.get(name, "元")] for r in returns], dtype=np.float64)
    return factors[belongs] if (factors != 1).any() else None


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
