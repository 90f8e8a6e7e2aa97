"""Types for the columns as received: numbers, yuan and codes, once over all rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.survey import columns as dictionary
from wageguide.survey.cells import Column, number_text
from wageguide.survey.codes import CodeList, codes
from wageguide.survey.reasons import Note
from wageguide.survey.words import (
    is_formula,
    is_nothing,
    is_plain_number,
    is_total,
    read_number,
)
from wageguide.units import FEN_PER_YUAN


@dataclass
class Table:
    """Rows of all returns while they are being typed.

    Attributes
    ----------
    file, sheet
        Names, one a row.
    row
        Sheet row, one a row.
    flat
        Whether the row comes from a text file, in which every number is text.
    may_be_empty
        Columns of which an empty answer is no finding.
    notes
        Findings so far.
    total
        Rows that hold totals.
    exact
        Money columns before they were rounded to the fen, yuan.
    """

    file: NDArray[np.object_]
    sheet: NDArray[np.object_]
    row: NDArray[np.int64]
    flat: bool
    may_be_empty: frozenset[str]
    notes: list[Note] = field(default_factory=list)
    total: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    exact: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def note(
        self,
        rows: NDArray[np.intp],
        name: str,
        values: list[str],
        reason: str,
        detail: list[str] | None = None,
        severity: str = "",
    ) -> None:
        """Note one finding a row."""
        details = detail or [""] * len(rows)
        for i, value, more in zip(rows.tolist(), values, details, strict=True):
            place = (self.file[i], self.sheet[i], int(self.row[i]))
            self.notes.append(Note(*place, name, value, reason, more, severity))


def find_totals(table: Table, received: dict[str, Column]) -> None:
    """Mark and note the rows that hold totals."""
    table.total = np.zeros(len(table.row), dtype=bool)
    for name, column in received.items():
        marks = np.array([is_total(w) for w in column.words] + [False])
        found = marks[column.codes] & ~table.total
        if found.any():
            rows = np.flatnonzero(found)
            table.note(rows, name, column.received(rows), "row_total")
            table.total |= found


def find_formulas(table: Table, received: dict[str, Column]) -> None:
    """Note every text that a spreadsheet might take for a formula."""
    for name, column in received.items():
        marks = np.array([is_formula(w) for w in column.words] + [False])
        if marks.any():
            rows = np.flatnonzero(marks[column.codes])
            table.note(rows, name, column.received(rows), "formula_text")


def numbers(
    question: dictionary.Column,
    column: Column,
    table: Table,
    asked: NDArray[np.bool_],
    factor: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Figures of a column; money in yuan, to the fen; NaN where there is none.

    Parameters
    ----------
    asked
        Rows whose return has the column; only these can lack an answer.
    factor
        Yuan in one of the units in which the row's return writes the column.
    """
    money = question.kind == "money"
    read = np.array([read_number(w, money=money) for w in column.words] + [np.nan])
    text = column.codes >= 0
    result = np.where(text, read[column.codes], column.numbers)
    result[~np.isfinite(result)] = np.nan
    own_unit = np.array([money and ("万" in w or "千" in w) for w in column.words] + [False])
    if factor is not None:
        result = np.where(own_unit[column.codes], result, result * factor)
    if money:
        table.exact[question.name] = result
        result = np.rint(result * FEN_PER_YUAN) / FEN_PER_YUAN
    usual = np.array([table.flat and is_plain_number(w) for w in column.words] + [True])
    mended = np.flatnonzero(text & ~np.isnan(result) & ~usual[column.codes] & ~table.total)
    shown = [number_text(v) for v in result[mended].tolist()]
    table.note(mended, question.name, column.received(mended), "text_number", shown)
    nothing = np.array([is_nothing(w) for w in column.words] + [False])[column.codes]
    _missing(question, column, table, np.isnan(result) & nothing & asked)
    wrong = np.flatnonzero(np.isnan(result) & ~nothing & ~table.total)
    severity = "" if question.required else "warning"
    values = column.received(wrong)
    table.note(wrong, question.name, values, "value_not_number", severity=severity)
    return result


def coded(
    question: dictionary.Column, column: Column, table: Table, asked: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Canonical codes of a column; None where the answer is empty or not in the list."""
    listed = codes(question.codes)
    found, nothing = zip(*[_code(listed, w) for w in (*column.words, "")], strict=True)
    result = np.array([*found[:-1], None], dtype=object)[column.codes]
    empty = np.array([*nothing[:-1], False])[column.codes]
    numeric = np.flatnonzero(column.codes < 0)
    if len(numeric):
        values, place = np.unique(column.numbers[numeric], return_inverse=True)
        result[numeric] = np.array(
            [_code(listed, number_text(v))[0] for v in values.tolist()] + [None], dtype=object
        )[place]
    unknown = np.array([v is None for v in result.tolist()], dtype=bool)
    _missing(question, column, table, unknown & empty & asked)
    rows = np.flatnonzero(unknown & ~empty & ~table.total)
    severity = "" if question.required else "warning"
    table.note(rows, question.name, column.received(rows), "code_unknown", severity=severity)
    return result


def _code(listed: CodeList, answer: str) -> tuple[str | None, bool]:
    """Code of an answer at the level that is asked, and whether there is no answer."""
    code = listed.find(answer) if answer.strip() else None
    if code is not None and listed.entries[code].level not in ("", "detailed"):
        code = None
    return code, code is None and is_nothing(answer)


def texts(column: Column) -> NDArray[np.object_]:
    """A column as text, None where the cell is empty."""
    words = np.array([*[w.strip() or None for w in column.words], None], dtype=object)
    result: NDArray[np.object_] = words[column.codes]
    numeric = np.flatnonzero(column.codes < 0)
    if len(numeric):
        result[numeric] = column.received(numeric)
    return result


def _missing(
    question: dictionary.Column, column: Column, table: Table, empty: NDArray[np.bool_]
) -> None:
    rows = np.flatnonzero(empty & ~table.total)
    if question.name not in table.may_be_empty:
        severity = "" if question.required else "warning"
        values = column.received(rows)
        table.note(rows, question.name, values, "value_missing", severity=severity)


def typed(
    questions: tuple[dictionary.Column, ...],
    received: dict[str, Column],
    table: Table,
    present: dict[str, NDArray[np.bool_]],
    factors: dict[str, NDArray[np.float64]],
) -> Iterator[tuple[str, pd.Series]]:
    """Each question's column with its type, whether or not any return has it.

    Yields
    ------
    tuple of str and Series
        ``float64`` for figures, text for codes and texts.
    """
    size = len(table.row)
    for question in questions:
        name, column = question.name, received.get(question.name)
        figures = question.kind not in ("text", "code")
        if column is None:
            empty = np.full(size, np.nan) if figures else np.full(size, None, dtype=object)
            yield name, pd.Series(empty, dtype="float64" if figures else "str")
        elif figures:
            values = numbers(question, column, table, present[name], factors.get(name))
            yield name, pd.Series(values)
        elif question.kind == "code":
            values_ = coded(question, column, table, present[name])
            yield name, pd.Series(values_, dtype="str")
        else:
            yield name, pd.Series(texts(column), dtype="str")
