"""Chunks of files under one another: every column as received, and where each row stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wageguide.survey.cells import Cells, Column, join_cells
from wageguide.survey.form import Form
from wageguide.survey.parse import Table
from wageguide.survey.sheets import Chunk, Return
from wageguide.units import YUAN_PER


@dataclass
class Joined:
    """Rows of all files.

    Attributes
    ----------
    returns
        The files, in order.
    belongs
        File of each row.
    table
        Place of each row, and findings so far.
    received
        Cells by column, for the columns that any file has.
    present
        Rows whose file has the column.
    factors
        Yuan in one of the units in which the row's file writes the column, where not 1.
    """

    returns: list[Return]
    belongs: NDArray[np.intp]
    table: Table
    received: dict[str, Column]
    present: dict[str, NDArray[np.bool_]]
    factors: dict[str, NDArray[np.float64]]


def join_chunks(chunks: Sequence[Chunk], form: Form) -> Joined:
    """Put chunks under one another."""
    returns = [r for c in chunks for r in c.returns]
    table, belongs = _places(chunks, returns, form)
    received = _received(chunks, form)
    present = {n: np.array([n in r.present for r in returns])[belongs] for n in received}
    factors = {n: f for n in received if (f := _factor(n, returns, belongs)) is not None}
    return Joined(returns, belongs, table, received, present, factors)


def _places(
    chunks: Sequence[Chunk], returns: Sequence[Return], form: Form
) -> tuple[Table, NDArray[np.intp]]:
    belongs = np.repeat(np.arange(len(returns)), [r.rows for r in returns])
    files = np.array([r.source.name for r in returns], dtype=object)
    sheets = np.array([r.sheet for r in returns], dtype=object)
    rows = np.array([n for c in chunks for n in c.row], dtype=np.int64)
    flat = len(returns) == 1 and files[0].casefold().endswith((".csv", ".txt", ".parquet", ".pq"))
    return Table(files[belongs], sheets[belongs], rows, flat, form.may_be_empty), belongs


def _received(chunks: Sequence[Chunk], form: Form) -> dict[str, Column]:
    order = [c.name for c in (*form.head, *form.table)]
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
