"""Offers written down: what is read, and what is said of what cannot be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from wageguide.bargaining.clauses import Bands, Escalator, Floor, Percent
from wageguide.bargaining.months import month_number
from wageguide.bargaining.offer import changed, make_offer, offer, read_offers
from wageguide.errors import OfferError

MONTHS = {"start": "2026-07", "end": "2027-12"}


def made(*clauses, **more):
    return make_offer({"name": "方案", **MONTHS, "clauses": list(clauses), **more},
                      posts=["操作工", "经理"], groups=["一线"])  # fmt: skip


def refused(*clauses, **more):
    with pytest.raises(OfferError) as error:
        made(*clauses, **more)
    return str(error.value)


def test_three_ways_of_writing_are_one_thing(tmp_path):
    path = tmp_path / "offers.toml"
    path.write_text(
        """
[[offer]]
name = "方案"
side = "workers"
start = "2026-07"
end = "2027-12"

[[offer.clauses]]
kind = "percent"
rate = "5.5%"
from = "2026-07"
posts = ["操作工"]

[[offer.clauses]]
kind = "floor"
amount = 3200
from = "2027-01"
""",
        encoding="utf-8",
    )
    from_dict = make_offer(
        {"name": "方案", "side": "workers", **MONTHS,
         "clauses": [{"kind": "percent", "rate": 0.055, "from": "2026-07", "posts": "操作工"},
                     {"kind": "floor", "amount": "3,200.00", "from": "2027-01"}]}
    )  # fmt: skip
    fluent = (
        offer("方案", "2026-07", "2027-12", "workers")
        .percent("5.5%", "2026-07", posts=["操作工"])
        .floor(3200, "2027-01")
        .done()
    )

    assert read_offers(path) == (from_dict,)
    assert fluent == from_dict
    assert isinstance(fluent.clauses[0], Percent)
    assert fluent.clauses[0].rate == Fraction(11, 200)


def test_stages_are_one_clause_at_several_dates():
    found = made(
        {"kind": "percent", "stages": [{"from": "2026-07", "rate": "3%"},
                                       {"from": "2027-01", "rate": "2%"}]}
    )  # fmt: skip

    assert [(c.start, c.rate) for c in found.clauses] == [
        (month_number("2026-07"), Fraction(3, 100)),
        (month_number("2027-01"), Fraction(2, 100)),
    ]


def test_bands_and_escalators_are_read():
    found = made(
        {"kind": "bands", "from": "2026-07",
         "bands": [{"upto": 4000, "rate": "8%"}, {"rate": "3%"}]},
        {"kind": "cpi", "from": "2027-01", "part": 0.5, "least": 0, "most": "3%"},
    )  # fmt: skip

    bands, escalator = found.clauses
    assert isinstance(bands, Bands)
    assert bands.limits == (400_000,)
    assert isinstance(escalator, Escalator)
    assert escalator.most == Fraction(3, 100)


@pytest.mark.parametrize(
    ("clause", "phrase"),
    [
        ({"kind": "percent", "rate": 6, "from": "2026-07"}, "for 6 per cent write 0.06 or 6%"),
        ({"kind": "percent", "rate": "six", "from": "2026-07"}, 'write 0.055 or "5.5%"'),
        ({"kind": "percent", "from": "2026-07"}, "rate is missing"),
        ({"kind": "percent", "rate": 0.05}, "write it like 2026-07"),
        ({"kind": "percent", "rate": 0.05, "from": "2026-13"}, "'2026-13' is no month"),
        ({"kind": "percent", "rate": 0.05, "from": "2028-01"}, "is after the end, 2027-12"),
        ({"kind": "percent", "rate": 0.05, "from": "2026-01"}, "is before the start, 2026-07"),
        ({"kind": "percent", "rate": 0.05, "from": "2026-09", "paid": "2026-08"},
         "paid = 2026-08 is before from = 2026-09"),
        ({"kind": "percent", "rate": 0.05, "from": "2026-07", "posts": ["操作员"]},
         "posts '操作员' are not in the roster; it has 操作工, 经理"),
        ({"kind": "raise", "from": "2026-07"}, "should be one of percent, amount, bands"),
        ({"kind": "amount", "amount": -5, "from": "2026-07"}, "should be 0 yuan or more"),
        ({"kind": "amount", "amount": "1.005", "from": "2026-07"}, "finer than a fen"),
        ({"kind": "amount", "amount": 5, "from": "2026-07", "ammount": 3},
         "unknown key 'ammount'; it has from, amount"),
        ({"kind": "bands", "from": "2026-07", "bands": [{"upto": 1, "rate": 0.1}]},
         "every band but the last has upto"),
        ({"kind": "bands", "from": "2026-07",
          "bands": [{"upto": 5, "rate": 0.1}, {"upto": 4, "rate": 0.1}, {"rate": 0}]},
         "upto should rise"),
        ("5%", "should be a table with kind and from"),
    ],
)  # fmt: skip
def test_bad_clauses_say_what_to_write(clause, phrase):
    assert phrase in refused(clause)


def test_all_problems_are_told_at_once():
    text = refused(
        {"kind": "percent", "rate": 6, "from": "2026-07"}, {"kind": "floor", "from": "x"},
        side="union", end="2026-01",
    )  # fmt: skip

    for phrase in ("side = 'union'", "end = 2026-01 is before start", "clause 1 (percent)",
                   "clause 2 (floor): amount is missing", "'x' is no month"):  # fmt: skip
        assert phrase in text


def test_clauses_that_contradict_each_other_are_refused():
    floor = {"kind": "floor", "from": "2026-07"}

    text = refused({**floor, "amount": 3000}, {**floor, "amount": 3500})
    assert "clauses 1 and 2 are both a floor from 2026-07" in text
    # For other workers they are two different things.
    assert (
        len(made({**floor, "amount": 3000, "posts": "经理"}, {**floor, "amount": 3500}).clauses)
        == 2
    )


def test_one_parameter_is_changed_and_the_rest_stays():
    first = made({"kind": "floor", "amount": 3000, "from": "2026-07"})

    second = changed(first, "1.amount", 350_000)

    assert isinstance(second.clauses[0], Floor)
    assert second.clauses[0].amount == 350_000
    assert first.clauses[0].amount == 300_000
    with pytest.raises(OfferError, match="Write the number of the clause and its field"):
        changed(first, "2.amount", 1)


def test_offers_of_a_file_need_names_of_their_own(tmp_path):
    path = tmp_path / "offers.toml"
    one = '[[offer]]\nname = "a"\nstart = "2026-07"\nend = "2026-12"\n'
    path.write_text(one + one, encoding="utf-8")

    with pytest.raises(OfferError, match="two offers are called 'a'"):
        read_offers(path)
    path.write_text("name = 1", encoding="utf-8")
    with pytest.raises(OfferError, match=r"should hold \[\[offer\]\] tables"):
        read_offers(path)
    path.write_text("[[", encoding="utf-8")
    with pytest.raises(OfferError, match="cannot be read"):
        read_offers(path)
