"""A plain list, one thing a row under one row of headings: CSV, workbook or Parquet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine as calamine
from pyarrow import parquet

from wageguide.errors import WeightError
from wageguide.provenance import Source, hash_file
from wageguide.survey.cells import number_text
from wageguide.survey.encodings import decode
from wageguide.survey.guard import WORKBOOKS, inspect


@dataclass(frozen=True)
class ListFile:
    """The cells of a list as text.

    Attributes
    ----------
    source
        The file and its hash.
    headings
        First row, blanks at the ends removed.
    rows
        Row of the file, from 1, to its cells, one a heading; rows without any text are left out.
    """

    source: Source
    headings: tuple[str, ...]
    rows: dict[int, list[str]]


def read_list(path: Path, what: str) -> ListFile:
    """Read a list.

    Parameters
    ----------
    path
        A CSV file (UTF-8, GBK or GB18030), the first sheet of a workbook, or Parquet.
    what
        What the list is, for messages: ``"The frame"``.

    Raises
    ------
    WeightError
        If it cannot be read, or has no rows below its headings.
    """
    if not path.is_file():
        raise WeightError(f"{what} {path} is not there. Give the path of the file.")
    lines = [[_text(v) for v in line] for line in _lines(path, what)]
    if not lines:
        raise WeightError(f"{what} {path.name} is empty.")
    headings = tuple(lines[0])
    width = len(headings)
    rows = {
        number: (line + [""] * width)[:width]
        for number, line in enumerate(lines[1:], 2)
        if any(line)
    }
    twice = sorted({h for h in headings if h and headings.count(h) > 1})
    if twice:
        raise WeightError(f"{what} {path.name} has two columns headed {', '.join(twice)}.")
    if not rows:
        raise WeightError(f"{what} {path.name} has headings, but no row below them.")
    return ListFile(hash_file(path), headings, rows)


def _lines(path: Path, what: str) -> list[list[Any]]:
    kind = path.suffix.casefold()
    try:
        if kind in WORKBOOKS:
            reason, detail = inspect(path.read_bytes())
            if reason:
                raise WeightError(f"{what} {path.name} is no workbook that can be read{detail}.")
            book = calamine.CalamineWorkbook.from_path(str(path))
            return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        if kind in (".parquet", ".pq"):
            table = parquet.read_table(path)
            return [table.column_names, *map(list, zip(*table.to_pydict().values(), strict=True))]
        return [*csv.reader(io.StringIO(decode(path.read_bytes()), newline=""))]
    except (pa.ArrowException, calamine.CalamineError, ValueError, csv.Error) as error:
        raise WeightError(
            f"{what} {path.name} cannot be read: it {error}. Save it as CSV in UTF-8 or as .xlsx."
        ) from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return number_text(float(value)) if isinstance(value, int | float) else str(value).strip()
