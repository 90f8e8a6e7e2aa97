"""Findings: both sides of every line between saying and not saying something."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from made import made_edition
from years import two_years

from wageguide.publish.findings import findings


@pytest.fixture
def edition(survey, policy):
    return two_years(made_edition(survey, policy))


def said(edition, lang="zh"):
    return " ".join(f.text(lang) for f in findings(edition))


def with_frame(edition, name, change):
    """The edition with one table's frame changed."""
    tables = []
    for table in edition.tables:
        frame = table.frame.copy()
        if table.settings.id == name:
            change(frame)
        tables.append(replace(table, frame=frame))
    return replace(edition, tables=tuple(tables))


def test_the_middle_of_all_workers_with_its_interval(edition):
    row = edition.tables[0].frame.iloc[0]

    text = f"全部从业人员工资的中位数为{row['p50']:,}元/年（95%置信区间{row['low_p50']:,}至"
    assert text in said(edition)


def test_a_confidential_total_is_not_told(edition):
    def hide(frame):
        frame.loc[0, ["mean", "p50", "p10", "p90"]] = pd.NA

    changed = edition
    for table in edition.tables:
        changed = with_frame(changed, table.settings.id, hide)
    assert "全部从业人员工资的中位数为" not in said(changed)
    assert "倍" not in said(changed)


@pytest.mark.parametrize(("low", "apart"), [(70_001, True), (70_000, False), (69_999, False)])
def test_classes_differ_only_where_their_intervals_do_not_meet(edition, low, apart):
    def place(frame):
        rows = frame.index[1:]
        frame.loc[rows, "p50"] = [90_000 - 10_000 * n for n in range(len(rows))]
        frame.loc[rows, "low_p50"] = low
        frame.loc[rows, "high_p50"] = 70_000

    text = said(with_frame(edition, "education", place))

    assert ("差别超出误差" in text) is apart
    assert ("差别在误差范围内" in text) is not apart


@pytest.mark.parametrize(
    ("reading", "zh", "en"),
    [
        ("up", "比上年上升11.1%", "rose by 11.1%"),
        ("down", "比上年下降11.1%", "fell by 11.1%"),
        ("noise", "变化在误差范围内", "is within the error"),
    ],
)
def test_a_change_is_told_as_it_was_read(edition, reading, zh, en):
    changes = {k: v.copy() for k, v in edition.changes.items()}
    first = next(iter(changes))
    changes[first].loc[0, "reading_p50"] = reading
    if reading == "down":
        changes[first].loc[0, "growth_p50"] = -0.111
    changed = replace(edition, changes=changes)

    assert zh in said(changed)
    assert en in said(changed, "en")


def test_nothing_is_read_where_there_is_no_error(edition):
    changes = {k: v.copy() for k, v in edition.changes.items()}
    for frame in changes.values():
        frame[[c for c in frame if c.startswith("reading_")]] = ""
    text = said(replace(edition, changes=changes))

    assert "上年" not in text


def test_rises_and_falls_are_counted(edition):
    first = edition.tables[0].settings.id
    frame = edition.changes[first].iloc[1:]
    up = (frame["reading_p50"] == "up").sum()
    noise = (frame["reading_p50"] == "noise").sum()

    assert f"上升的有{up}类，下降的有0类，变化在误差范围内的有{noise}类" in said(edition)


def test_confidential_rows_are_counted(edition):
    def hide(frame):
        frame.loc[1, "mark"] = "c"

    assert "其中1行为保护企业和个人而保密" in said(with_frame(edition, "education", hide))
    assert "保密" not in said(edition)
