"""Agreements beside the law: each deadline on its day and after it, each number on its line."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
from click.testing import CliRunner

from wageguide.bargaining.agreement import CONTENTS, make_agreement, read_agreement
from wageguide.bargaining.agreement_check import check_agreement
from wageguide.bargaining.agreement_rules import agreement_rules, rules_of
from wageguide.bargaining.assumptions import read_assumptions
from wageguide.bargaining.calendar_file import calendar_text, write_calendar
from wageguide.bargaining.cost import cost_offer
from wageguide.bargaining.deadlines import last_day
from wageguide.bargaining.offer import read_offers
from wageguide.bargaining.roster_read import make_roster, read_roster
from wageguide.bargaining.wages import roster_paid
from wageguide.cli import commands
from wageguide.errors import LawError, OfferError
from wageguide.law.evidence import EVIDENCE
from wageguide.law.load import read_law
from wageguide.provenance import data_dir

BASE = {"name": "样例厂", "place": "320115"}


def verdicts(rule, **given):
    found = check_agreement(make_agreement({**BASE, **given})).found
    return {(f.verdict, f.source.partition("（")[0]) for f in found if f.rule == rule}


@pytest.mark.parametrize(
    ("filed", "by_seven", "by_ten"),
    [
        ("2026-03-09", "lawful", "lawful"),
        ("2026-03-10", "violation", "lawful"),
        ("2026-03-12", "violation", "lawful"),
        ("2026-03-13", "violation", "violation"),
    ],
)
def test_two_texts_on_filing_are_both_checked(filed, by_seven, by_ten):
    found = verdicts("filing", signed="2026-03-02", filed=filed)

    assert found == {(by_seven, "工资集体协商试行办法"), (by_ten, "集体合同规定")}


def test_silence_of_fifteen_days_brings_it_into_force():
    check = check_agreement(make_agreement({**BASE, "received": "2026-03-09"}))

    days = {rule: day for rule, day, *_ in check.days}
    assert days["review"] == dt.date(2026, 3, 24)
    assert days["publication"] == dt.date(2026, 3, 29)


@pytest.mark.parametrize(
    ("day", "verdict"), [("2026-03-23", "violation"), ("2026-03-24", "lawful")]
)
def test_it_is_not_in_force_before_the_review_ends(day, verdict):
    found = check_agreement(
        make_agreement({**BASE, "received": "2026-03-09", "in_force": day})
    ).found

    assert [f.verdict for f in found if f.rule == "review"] == [verdict]


def test_an_objection_stops_it():
    found = verdicts("review", received="2026-03-09", objected=True)

    assert found == {("advice", "")}


@pytest.mark.parametrize(("many", "verdict"), [(8, "violation"), (9, "lawful")])
def test_a_third_may_be_from_outside(many, verdict):
    found = check_agreement(make_agreement({**BASE, "workers": many, "workers_outside": 3})).found

    assert verdict in {f.verdict for f in found if f.rule == "outside"}
    assert ("violation" in {f.verdict for f in found if f.rule == "outside"}) is (many == 8)


def test_what_is_recalled_is_never_a_violation():
    found = verdicts("representatives", workers=2, company=2)

    assert {v for v, _ in found} == {"advice"}


@pytest.mark.parametrize(("company", "verdict"), [(7, "violation"), (5, "lawful")])
def test_in_hangzhou_the_company_does_not_outnumber_the_workers(company, verdict):
    found = check_agreement(
        make_agreement({"name": "x", "place": "330106", "company": company, "workers": 5})
    ).found

    assert [f.verdict for f in found if f.rule == "company_not_more"] == [verdict]
    assert not verdicts("company_not_more", company=7, workers=5)


def test_a_place_of_its_own_goes_before_the_nation():
    assert [r.value for r in rules_of("answer", "330106")] == [10]
    assert [r.unit for r in rules_of("answer", "330106")] == ["working"]
    assert [r.value for r in rules_of("answer", "320115")] == [20]


def test_working_days_skip_holidays_and_count_make_up_days():
    calendar = read_law().calendar

    # From Friday 2026-09-25 (a holiday) over the National Day week.
    last = last_day(dt.date(2026, 9, 30), 3, "working", calendar)
    between = [dt.date(2026, 9, 30) + dt.timedelta(days=n) for n in range(1, 20)]
    working = [d for d in between if calendar.workdays(d, d)]
    assert last == working[2]
    with pytest.raises(LawError, match="no unit of a term"):
        last_day(dt.date(2026, 1, 1), 1, "days", calendar)


def test_levels_are_held_against_the_minimum_wage_on_the_line():
    minimum = float(read_law().look_up("minimum_wage_monthly", "320115", "2026-04-01").value)
    for yuan, verdict in ((minimum, "lawful"), (minimum - 0.01, "violation")):
        found = verdicts("minimum_wage", start="2026-04-01", levels={"操作工": f"{yuan:.2f}"})
        assert found == {(verdict, "劳动合同法第五十五条")}


def test_individual_pay_yields_to_the_agreement():
    roster = make_roster([{"post": "操作工", "base": 290_000, "heads": 2},
                          {"post": "操作工", "base": 300_000}], name="x")  # fmt: skip
    agreement = make_agreement({**BASE, "levels": {"操作工": 3000}})

    found = [f for f in check_agreement(agreement, roster=roster).found if f.rule == "individual"]

    assert [f.verdict for f in found] == ["violation"]
    assert "2人" in found[0].zh


def test_contents_and_congress():
    everything = [c for c in CONTENTS if c != "other"]

    assert verdicts("contents", contents=everything) == {("lawful", "工资集体协商试行办法")}
    assert (
        len([f for f in check_agreement(make_agreement(BASE)).found if f.rule == "contents"]) == 8
    )
    assert {v for v, _ in verdicts("congress", congress=False)} == {"violation"}
    assert {v for v, _ in verdicts("congress")} == {"not_checkable"}


def test_it_complies_only_if_all_was_checked():
    whole = {
        **BASE, "requested": "2026-01-05", "answered": "2026-01-20", "signed": "2026-03-02",
        "filed": "2026-03-05", "received": "2026-03-09", "in_force": "2026-03-24",
        "published": "2026-03-27", "start": "2026-04-01", "end": "2027-03-31",
        "workers": 6, "workers_outside": 0, "company": 6, "company_outside": 1, "congress": True,
        "contents": list(CONTENTS), "levels": {"*": 3000},
    }  # fmt: skip

    assert check_agreement(make_agreement(whole)).complies
    del whole["published"]
    assert not check_agreement(make_agreement(whole)).complies


def test_bad_agreements_are_told_at_once():
    with pytest.raises(OfferError) as error:
        make_agreement(
            {"name": "x", "place": "南京", "signed": "2026-3-2", "filed": "2026-03-02",
             "received": "2026-03-01", "workers": 2, "workers_outside": 3, "company": -1,
             "congress": "yes", "contents": ["pay"], "levels": {"p": 0}, "note": 1}
        )  # fmt: skip

    for phrase in (
        "a code of six digits",
        "'2026-3-2' is no day",
        "received = 2026-03-01 is before filed",
        "workers_outside = 3 is more than workers = 2",
        "company = -1",
        "should be true or false",
        "contents pay should be of",
        "levels: p",
        "unknown key 'note'",
    ):
        assert phrase in str(error.value), phrase


def test_it_is_read_from_a_file(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text('name = "厂"\nplace = "320115"\nsigned = 2026-03-02\n', encoding="utf-8")

    assert read_agreement(path).signed == dt.date(2026, 3, 2)
    path.write_text("x", encoding="utf-8")
    with pytest.raises(OfferError, match="cannot be read"):
        read_agreement(path)


def test_the_calendar_file_is_what_programs_read(tmp_path):
    agreement = make_agreement(
        {"name": "厂，; 名" * 12, "place": "320115", "signed": "2026-03-02", "end": "2027-03-31"}
    )
    check = check_agreement(agreement)
    write_calendar(check, tmp_path / "a.ics")

    data = (tmp_path / "a.ics").read_bytes()
    text = data.decode("utf-8")
    assert data == calendar_text(check).encode("utf-8")
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert max(len(line.encode("utf-8")) for line in lines) <= 75
    assert text.count("BEGIN:VEVENT") == len(check.days) == 3
    assert "DTSTART;VALUE=DATE:20260309" in text
    unfolded = text.replace("\r\n ", "")
    assert "厂，\\; 名" in unfolded
    assert len({line for line in unfolded.split("\r\n") if line.startswith("UID:")}) == 3


def test_every_rule_has_a_source_and_a_mark():
    rules = agreement_rules()

    assert len(rules) > 10
    assert all(r.source and r.evidence in EVIDENCE for r in rules)


SAMPLE = data_dir() / "sample" / "consultation"


def run(*arguments):
    return CliRunner().invoke(commands, ["agreement", *map(str, arguments)], catch_exceptions=False)


def test_the_command_checks_and_writes(tmp_path):
    result = run(SAMPLE / "agreement.toml", "--out", tmp_path / "out")

    assert result.exit_code == 0
    assert "违法" not in result.output
    with (tmp_path / "out" / "checklist.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["verdict_text"] for line in lines} == {"合法"}
    assert (tmp_path / "out" / "deadlines.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    before = [p.read_bytes() for p in sorted((tmp_path / "out").iterdir())]
    run(SAMPLE / "agreement.toml", "--out", tmp_path / "out")
    assert before == [p.read_bytes() for p in sorted((tmp_path / "out").iterdir())]


def test_pay_below_the_agreed_level_is_a_violation_of_the_command():
    """Of the sample's assemblers three have less than 3,800 before the agreement."""
    result = run(SAMPLE / "agreement.toml", "--roster", SAMPLE / "roster.csv")

    assert result.exit_code == 1
    assert "装配工：3人的工资低于协议标准3,800.00元" in result.output


def test_nobody_is_below_after_the_compromise():
    people = read_roster(SAMPLE / "roster.csv")
    compromise = read_offers(SAMPLE / "offers.toml")[2]
    cost = cost_offer(people, compromise, read_assumptions(SAMPLE / "assumptions.toml"))
    after = roster_paid(people, cost.last)

    assert (after.pay == cost.last.regular).all()
    assert after.heads == people.heads
    found = check_agreement(read_agreement(SAMPLE / "agreement.toml"), roster=after)
    assert found.complies
