"""Odd values are flagged until somebody says why they are right."""

from __future__ import annotations

import pytest
from lawbook import HEAD, value, write_folder

import wageguide as wg
from wageguide.errors import LawError


def flags(tmp_path, *values, head=HEAD):
    return [str(f) for f in wg.read_law(folder=write_folder(tmp_path, *values, head=head)).flags()]


def rates(*pairs, **changes):
    return [value(**{"from": day, "value": v, "source": "older"}, **changes) for day, v in pairs]


def test_the_shipped_law_has_none():
    assert wg.read_law().flags() == []


def test_a_federal_rate_of_5_84_in_place_of_5_85(tmp_path):
    rows = ("2007-07-24", "5.84"), ("2008-07-24", "6.55"), ("2009-07-24", "7.25")
    assert any("5.84: no multiple of 0.05" in f for f in flags(tmp_path, *rates(*rows)))
    right = ("2007-07-24", "5.85"), *rows[1:]
    assert flags(tmp_path, *rates(*right)) == []


def test_the_fortieth_of_june_is_refused(tmp_path):
    with pytest.raises(LawError, match="2019-06-40"):
        flags(tmp_path, *rates(("2018-06-30", "100"), ("2019-06-40", "110")))


@pytest.mark.parametrize(("value_", "flagged"), [("140", False), ("141", True), ("59", True)])
def test_jumps_over_forty_percent(tmp_path, value_, flagged):
    found = flags(tmp_path, *rates(("2020-01-01", "100"), ("2021-01-01", value_)))

    assert any("changes by" in f for f in found) == flagged


@pytest.mark.parametrize(
    ("day", "flagged"),
    [("2019-11-19", False), ("2019-11-18", True), ("2021-01-23", False), ("2021-01-24", True)],
)
def test_a_day_far_from_the_issue_of_its_text(tmp_path, day, flagged):
    found = flags(tmp_path, value(**{"from": day}))

    assert any("from the issue of its text" in f for f in found) == flagged


def test_a_reason_lifts_the_flag(tmp_path):
    jump = ("2020-01-01", "100"), ("2021-01-01", "200")
    assert flags(tmp_path, *rates(*jump))
    assert flags(tmp_path, *rates(*jump, plausible="the notice says so")) == []
