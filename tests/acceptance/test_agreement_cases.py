"""The legal cases on collective wage agreements."""

from __future__ import annotations

import json

import pytest

from wageguide.bargaining.agreement import make_agreement
from wageguide.bargaining.agreement_check import check_agreement
from wageguide.bargaining.roster_read import make_roster

pytestmark = pytest.mark.acceptance


@pytest.fixture
def cases(shared):
    every = json.loads((shared / "acceptance" / "law_cases.json").read_text(encoding="utf-8"))
    return {c["id"]: c for c in every if c["id"].startswith("D")}


def checked(place="320115", roster=None, **given):
    return check_agreement(make_agreement({"name": "x", "place": place, **given}), roster=roster)


def of(check, rule):
    return [f.verdict for f in check.found if f.rule == rule]


def test_d01_filing(cases):
    check = checked(signed="2026-03-02", filed="2026-03-10")

    due = {str(d[1]) for d in check.days if d[0] == "filing"}
    assert due == {cases["D01"]["numbers"]["d7"], cases["D01"]["numbers"]["d10"]}
    assert sorted(of(check, "filing")) == ["lawful", "violation"]


def test_d02_silence(cases):
    check = checked(received="2026-03-09")

    days = {d[0]: str(d[1]) for d in check.days}
    assert days["review"] == cases["D02"]["numbers"]["eff"]
    assert days["publication"] == cases["D02"]["numbers"]["pub"]


def test_d04_outside_representatives(cases):
    assert "D04" in cases
    assert "violation" in of(checked(workers=8, workers_outside=3), "outside")
    assert "violation" not in of(checked(workers=9, workers_outside=3), "outside")


def test_d06_individual_contract(cases):
    assert "D06" in cases
    roster = make_roster([{"post": "p", "base": 290_000}], name="x")
    assert of(checked(levels={"p": 3000}, roster=roster), "individual") == ["violation"]


def test_d07_numbers_of_the_sides(cases):
    assert "D07" in cases
    assert of(checked("330106", company=7, workers=5), "company_not_more") == ["violation"]


def test_every_case_has_a_test(cases):
    assert set(cases) == {"D01", "D02", "D04", "D06", "D07"}
