"""Columns of coarser levels that follow from detailed codes."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from wageguide.survey import code_levels
from wageguide.survey.code_levels import CODE_LEVELS, detailed, with_levels
from wageguide.survey.codes import codes


@pytest.fixture
def survey(monkeypatch):
    """What is read of a survey: its workers."""
    monkeypatch.setattr(code_levels, "replace", lambda s, workers: SimpleNamespace(workers=workers))
    return SimpleNamespace(workers=pd.DataFrame({"occupation": ["6-03-01-02", "6-03", None, "6"]}))


def test_a_code_begins_with_the_code_of_its_class(survey):
    found = with_levels(survey, ["occupation_small", "occupation_middle", "occupation_major"])

    small, middle, major = (
        found.workers[c].fillna("").tolist()
        for c in ("occupation_small", "occupation_middle", "occupation_major")
    )
    assert small == ["6-03-01", "", "", ""]
    assert middle == ["6-03", "6-03", "", ""]
    assert major == ["6", "6", "", "6"]
    assert list(survey.workers.columns) == ["occupation"]


def test_nothing_is_added_that_is_not_asked_for(survey):
    assert with_levels(survey, ["occupation", "industry"]) is survey


def test_the_code_list_has_the_same_levels():
    listed = codes("occupation").entries
    names = {
        "occupation_small": "small",
        "occupation_middle": "middle",
        "occupation_major": "major",
    }
    assert set(names) == set(CODE_LEVELS)
    for column, (_, length) in CODE_LEVELS.items():
        at = {code for code, entry in listed.items() if entry.level == names[column]}
        assert at
        below = {code[:length] for code in listed if len(code) >= length}
        assert below == at


def test_every_level_goes_back_to_one_detailed_column():
    assert {detailed(column) for column in CODE_LEVELS} == {"occupation"}
