"""The enterprise forms of all returns, typed, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from wageguide.survey.cells import join_cells, make_cells, number_text
from wageguide.survey.columns import Column
from wageguide.survey.form import RETURN, Form
from wageguide.survey.parse import Table, find_formulas, typed
from wageguide.survey.reasons import Note
from wageguide.survey.sheets import Return

_RIGHT = {
    "code_unknown": (
        "不在代码表中，请填写代码表中的代码或名称",
        "the code list does not have it; give a code or name of the list",
    ),
    "value_not_number": ("不是数字，请只填数字", "not a number; give a number alone"),
    "value_missing": ("必填，请补填", "it is required; fill it in"),
}


def read_enterprises(
    returns: Sequence[Return], form: Form = RETURN
) -> tuple[pd.DataFrame, list[Note]]:
    """Type the answers of all enterprise forms.

    Parameters
    ----------
    returns
        The files as read.
    form
        The form whose head they answer.

    Returns
    -------
    tuple of DataFrame and list of Note
        One row a file, in the order given: ``file``, ``form`` (sheet, empty where there
        is none) and the enterprise columns; and the findings.
    """
    files = np.array([r.source.name for r in returns], dtype=object)
    forms = np.array([r.form for r in returns], dtype=object)
    columns: dict[str, pd.Series] = {"file": pd.Series(files), "form": pd.Series(forms)}
    has_form = np.array([bool(r.form) for r in returns])
    notes: list[Note] = []
    for question in form.head:
        answers = [r.answers.get(question.name, (0, "")) for r in returns]
        column = join_cells([make_cells([v for _, v in answers])], [len(answers)])
        table = Table(files, forms, np.array([n for n, _ in answers]), False, frozenset())
        table.total = ~has_form
        received = {question.name: column}
        find_formulas(table, received)
        columns.update(typed((question,), received, table, {question.name: has_form}, {}))
        if question.kind == "text" and question.required:
            empty = np.flatnonzero(columns[question.name].isna().to_numpy() & has_form)
            table.note(empty, question.name, [""] * len(empty), "value_missing")
        notes += [found for n in table.notes if (found := _as_field(n, question))]
    return pd.DataFrame(columns), notes


def _as_field(note: Note, question: Column) -> Note | None:
    if note.reason not in _RIGHT:
        return note
    if note.reason == "value_missing" and not question.required:
        return None
    severity = "error" if question.required else "warning"
    detail = _RIGHT[note.reason]
    return replace(note, reason="enterprise_field", detail=detail, severity=severity)


def note_duplicates(enterprises: pd.DataFrame) -> list[Note]:
    """Note every file that sends an enterprise which an earlier file has sent."""
    sent = enterprises[enterprises["enterprise_id"].notna() & enterprises["workers"].gt(0)]
    earliest = sent.drop_duplicates("enterprise_id")
    first = dict(zip(earliest["enterprise_id"], earliest["file"], strict=True))
    later = sent[sent.duplicated("enterprise_id")]
    return [
        Note(file, "", 0, "enterprise_id", key, "enterprise_duplicate", first[key])
        for file, key in zip(later["file"], later["enterprise_id"], strict=True)
    ]


def note_years(enterprises: pd.DataFrame, year: int | None) -> list[Note]:
    """Note every return that is about another year than the survey."""
    if year is None:
        return []
    other = enterprises[
        enterprises["reference_year"].notna() & enterprises["reference_year"].ne(year)
    ]
    detail = (f"应为 {year} 年", f"it should be {year}")
    return [
        Note(file, "", 0, "reference_year", number_text(found), "enterprise_field", detail)
        for file, found in zip(other["file"], other["reference_year"], strict=True)
    ]
