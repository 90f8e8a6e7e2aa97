"""Looks of a worker sheet: titles, two-row headings, other words, other orders, more columns."""

from __future__ import annotations

import numpy as np

from wageguide.survey.columns import PAY_PARTS, WORKER_COLUMNS

from .forms import QUESTIONS, Layout, Return

_EXTRA = ("备注", "部门", "联系电话", "是否在岗")
_HEADINGS = {c.name: c.headings for c in WORKER_COLUMNS}


def draw_layout(rng: np.random.Generator, form: Return) -> Layout:
    """Draw the looks of a return; half of them are the office's own form with a title."""
    plain = rng.random() < 0.35
    title, note, two, words, order, extra = rng.random(6)
    role, _, unit = form.role.partition(":")
    columns = QUESTIONS
    reordered = bool(order < 0.25 and not plain)
    if reordered:
        columns = _reorder(rng)
    if role == "column_missing":
        columns = tuple(c for c in columns if c != "months_worked")
    # A slip is silent: the heading of such a return names no unit or the wrong one.
    shown = unit if role == "unit_declared" else ("元" if rng.random() < 0.5 else "")
    return Layout(
        title=bool(title < 0.6),
        note=bool(note < 0.3 and not plain),
        two_row_heading=bool(two < 0.3 and not plain),
        synonym_headings=bool(words < 0.3 and not plain),
        reordered_columns=reordered,
        extra_columns=_extras(rng) if extra < 0.25 and not plain else (),
        money_unit=shown,
        columns=columns,
    )


def _extras(rng: np.random.Generator) -> tuple[str, ...]:
    count = int(rng.integers(1, 3))
    return tuple(str(e) for e in rng.choice(_EXTRA, size=count, replace=False))


def _reorder(rng: np.random.Generator) -> tuple[str, ...]:
    """Shuffle the questions; the pay parts stay together, as on every payroll."""
    blocks = [(c,) for c in QUESTIONS if c not in PAY_PARTS] + [PAY_PARTS]
    shuffled = [blocks[int(i)] for i in rng.permutation(len(blocks))]
    return tuple(c for block in shuffled for c in block)


def heading(rng: np.random.Generator, column: str, layout: Layout) -> str:
    """Heading of a column in this layout, with its unit where the layout shows one."""
    choices = _HEADINGS[column]
    chinese = [h for h in choices if not h.isascii()]
    words = chinese[int(rng.integers(len(chinese)))] if layout.synonym_headings else choices[0]
    money = column in PAY_PARTS or column == "annual_wage"
    return f"{words}（{layout.money_unit}）" if money and layout.money_unit else words
