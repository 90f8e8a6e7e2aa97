"""Workbooks of one chunk of files: opened, laid out, handed over column by column."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any

import python_calamine as calamine

from wageguide.provenance import Source
from wageguide.survey.cells import Cells, make_cells, number_text
from wageguide.survey.form import Form
from wageguide.survey.guard import MAX_FILE_BYTES, inspect
from wageguide.survey.layout import Layout, find_table, read_form
from wageguide.survey.reasons import Note


@dataclass
class Return:
    """One file as read.

    Attributes
    ----------
    source
        The file and its hash.
    answers
        Enterprise column to sheet row and value as received.
    form, sheet
        Names of the enterprise sheet and the worker sheet.
    present
        Worker columns that the table has.
    units
        Money column to the unit that the heading names.
    rows
        Workers.
    notes
        What was found wrong on the way.
    """

    source: Source
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    form: str = ""
    sheet: str = ""
    present: tuple[str, ...] = ()
    units: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    notes: list[Note] = field(default_factory=list)


@dataclass
class Chunk:
    """Some files, their worker rows under one another.

    Attributes
    ----------
    returns
        One a file, in the order given.
    size
        Worker rows of all files.
    columns
        Canonical column to its cells.
    row
        Sheet row of each worker, from 1.
    extra
        Position of the worker row, heading and text of each filled cell that the form
        does not ask for.
    """

    returns: list[Return]
    size: int
    columns: dict[str, Cells]
    row: list[int]
    extra: list[tuple[int, str, str]]


class Gatherer:
    """Collects the columns of file after file."""

    def __init__(self) -> None:
        self.size = 0
        self.values: dict[str, list[Any]] = {}
        self.row: list[int] = []
        self.extra: list[tuple[int, str, str]] = []

    def add(self, layout: Layout, rows: list[list[Any]], numbers: Sequence[int]) -> None:
        """Put the rows of one table under those before it."""
        by_column = list(zip(*rows, strict=True))
        for name, place in layout.columns.items():
            values = self.values.setdefault(name, [])
            values.extend(repeat("", self.size - len(values)))
            values.extend(by_column[place])
        for heading, place in layout.extra.items():
            for i, value in enumerate(by_column[place], self.size):
                if value != "":
                    text = number_text(float(value)) if type(value) is float else str(value)
                    self.extra.append((i, heading, text))
        self.row.extend(numbers)
        self.size += len(rows)

    def chunk(self, returns: list[Return]) -> Chunk:
        """All that was collected."""
        return Chunk(returns, self.size, self._columns(), self.row, self.extra)

    def _columns(self) -> dict[str, Cells]:
        for values in self.values.values():
            values.extend(repeat("", self.size - len(values)))
        return {name: make_cells(values) for name, values in self.values.items()}


def read_chunk(files: Sequence[tuple[str, str]], form: Form) -> Chunk:
    """Read workbooks of a form, each given by its path and by the name to call it."""
    gathered = Gatherer()
    returns = [_read_return(Path(path), name, form, gathered) for path, name in files]
    return gathered.chunk(returns)


def _read_return(path: Path, name: str, form: Form, gathered: Gatherer) -> Return:
    if path.stat().st_size > MAX_FILE_BYTES:
        result = Return(Source(name, "", path.stat().st_size))
        detail = f"（{result.source.size:,} bytes > {MAX_FILE_BYTES:,}）"
        result.notes.append(Note(name, "", 0, "", "", "file_too_large", detail))
        return result
    data = path.read_bytes()
    result = Return(Source(name, hashlib.sha256(data).hexdigest(), len(data)))
    reason, detail = inspect(data)
    if not reason:
        try:
            _read_sheets(_open(path, data), form, result, gathered)
        except calamine.PasswordError:
            reason = "file_encrypted"
        except (calamine.CalamineError, ValueError, OSError) as error:
            reason, detail = "file_truncated", f"（{error}）"
        except BaseException as error:  # the reader's own panics are no Exception
            if type(error).__name__ != "PanicException":
                raise
            reason = "file_truncated"
    if reason:
        result.notes.append(Note(name, "", 0, "", "", reason, detail))
    return result


def _open(path: Path, data: bytes) -> calamine.CalamineWorkbook:
    """Open a workbook by what it is, not by what its name says; the plain case is faster."""
    if path.suffix.casefold() == ".xlsx" and data.startswith(b"PK"):
        return calamine.CalamineWorkbook.from_path(path)
    return calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))


def _read_sheets(
    book: calamine.CalamineWorkbook, form: Form, result: Return, gathered: Gatherer
) -> None:
    tables: list[tuple[bool, int, str, list[list[Any]], Layout]] = []
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        layout = None if sheet == form.head_sheet else find_table(rows, form)
        if layout is not None:
            tables.append((sheet == form.table_sheet, len(layout.columns), sheet, rows, layout))
            continue
        answers = read_form(rows, form)
        if len(answers) > len(result.answers):
            result.answers, result.form = answers, sheet
    if tables:
        _, _, result.sheet, rows, layout = max(tables, key=lambda t: t[:2])
        read_table(rows, layout, form, result, gathered)
    else:
        found = "、".join(book.sheet_names)
        _note(result, "sheet_missing", form.table_sheet, found, f"（现有 found: {found}）")
    if not result.answers and "enterprise_id" not in result.present:
        _note(result, "sheet_missing", form.head_sheet, "", "")


def read_table(
    rows: list[list[Any]], layout: Layout, form: Form, result: Return, gathered: Gatherer
) -> None:
    """Hand over the worker rows of a sheet and note what its headings tell."""
    data = rows[layout.first :]
    while data and _blank(data[-1]):
        data.pop()
    numbers: Sequence[int] = range(layout.first + 1, layout.first + 1 + len(data))
    blanks = {i for i, row in enumerate(data) if not row[0] and _blank(row)}
    if blanks:
        for i in sorted(blanks):
            note = Note(result.source.name, result.sheet, numbers[i], "", "", "row_empty")
            result.notes.append(note)
        numbers = [n for i, n in enumerate(numbers) if i not in blanks]
        data = [row for i, row in enumerate(data) if i not in blanks]
    result.present, result.units = tuple(layout.columns), layout.units
    result.rows = len(data)
    note_headings(result, layout, form)
    if data:
        gathered.add(layout, data, numbers)
    else:
        _note(result, "no_worker_rows", "")


def note_headings(result: Return, layout: Layout, form: Form) -> None:
    """Note required columns that are absent, unknown ones, and units that are named."""
    for name in form.required:
        if name not in layout.columns:
            _note(result, "column_missing", name)
    for heading in layout.extra:
        _note(result, "column_unknown", heading, heading)
    for name, unit in layout.units.items():
        _note(result, "unit_declared", name, unit)


def _blank(row: Sequence[Any]) -> bool:
    return not any(row) and all(v == "" for v in row)


def _note(result: Return, reason: str, column: str, value: str = "", detail: str = "") -> None:
    note = Note(result.source.name, result.sheet, 0, column, value, reason, detail)
    result.notes.append(note)
