"""Where the table and the form stand on a sheet: headings, units, first row of data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wageguide.survey.columns import heading_unit
from wageguide.survey.form import Form

#: A heading stands among the first rows of a sheet; what comes later is data.
HEADING_ROWS = 30

#: A row with fewer known headings than this is not a heading.
_MIN_HEADINGS = 3

#: Rows without a better heading after which the best one so far is taken.
_PATIENCE = 3

_SHEET_UNIT = re.compile(r"单位:?\s*(?:人民币)?\s*(千元|万元|元)")


@dataclass(frozen=True)
class Layout:
    """Where the worker table stands on a sheet.

    Attributes
    ----------
    first
        Position of the first row of data, from 0.
    columns
        Canonical name to position, from 0.
    extra
        Heading to position of the columns that are not on the form.
    units
        Canonical name of a money column to the unit named for it, where that is not 元.
    """

    first: int
    columns: dict[str, int]
    extra: dict[str, int]
    units: dict[str, str]


def find_table(rows: Sequence[Sequence[Any]], form: Form) -> Layout | None:
    """Find the heading of a worker table, in one row or in two.

    Parameters
    ----------
    rows
        The sheet from its first row and column, empty cells as empty text.
    form
        The form whose headings are looked for.

    Returns
    -------
    Layout or None
        None where no row holds at least three known headings.
    """
    best, place, lines = 0, -1, 1
    for i, row in enumerate(rows[:HEADING_ROWS]):
        if place >= 0 and i > place + _PATIENCE:
            break
        one = _known(row, form)
        if one > best:
            best, place, lines = one, i, 1
        if one >= 1 and i + 1 < len(rows):
            two = _known(_merged(row, rows[i + 1]), form)
            if two > best:
                best, place, lines = two, i, 2
    if best < _MIN_HEADINGS:
        return None
    upper = rows[place]
    headings = upper if lines == 1 else _merged(upper, rows[place + 1])
    return _layout(headings, upper, rows[:place], place + lines, form)


def _known(row: Sequence[Any], form: Form) -> int:
    return len({form.table_column(v) for v in row if type(v) is str and v} - {""})


def _merged(upper: Sequence[Any], lower: Sequence[Any]) -> list[Any]:
    return [b if b != "" else a for a, b in zip(upper, lower, strict=True)]


def _layout(
    headings: Sequence[Any],
    upper: Sequence[Any],
    above: Sequence[Sequence[Any]],
    first: int,
    form: Form,
) -> Layout:
    columns: dict[str, int] = {}
    extra: dict[str, int] = {}
    units: dict[str, str] = {}
    sheet_unit, group = _unit_above(above), ""
    for i, heading in enumerate(headings):
        group = upper[i] if upper[i] != "" else group
        text = str(heading).strip()
        name = form.table_column(text) if text else ""
        if name and name not in columns:
            columns[name] = i
            unit = heading_unit(text) or heading_unit(str(group)) or sheet_unit
            if name in form.money and unit not in ("", "元"):
                units[name] = unit
        elif text:
            extra[text if text not in extra else f"{text} ({i + 1})"] = i
    return Layout(first, columns, extra, units)


def _unit_above(rows: Sequence[Sequence[Any]]) -> str:
    for row in rows:
        for value in row:
            if type(value) is str and "单位" in value:
                found = _SHEET_UNIT.search(unicodedata.normalize("NFKC", value))
                if found and len(value) <= 40:  # a caption; an instruction is longer
                    return found.group(1)
    return ""


def read_form(rows: Sequence[Sequence[Any]], form: Form) -> dict[str, tuple[int, Any]]:
    """Answers of a vertical form: canonical name to row (from 1) and value.

    The answer is the next cell to the right of its heading that is not empty.
    """
    answers: dict[str, tuple[int, Any]] = {}
    for number, row in enumerate(rows, 1):
        for i, value in enumerate(row):
            name = form.head_column(value) if type(value) is str and value else ""
            if name and name not in answers:
                answer = next((v for v in row[i + 1 :] if v != ""), "")
                answers[name] = (number, answer)
                break
    return answers
