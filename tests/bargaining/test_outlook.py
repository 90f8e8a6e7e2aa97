"""Limits under uncertainty: how often they hold, counted by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from wageguide.bargaining.assumptions import make_assumptions
from wageguide.bargaining.constraints import make_constraints
from wageguide.bargaining.offer import offer
from wageguide.bargaining.outlook import limit_chances, outlook
from wageguide.bargaining.packages import packages
from wageguide.bargaining.roster_read import make_roster
from wageguide.bargaining.scenarios import Scenarios
from wageguide.bargaining.scenarios_read import make_uncertainty, read_uncertainty
from wageguide.bargaining.simulate import simulate
from wageguide.bargaining.zone import find_zone
from wageguide.errors import OfferError
from wageguide.provenance import data_dir

#: Ten workers at 5,000; prices are followed from 2027 on.
ROSTER = make_roster([{"post": "p", "base": 500_000, "heads": 10}], name="厂")
OFFER = offer("a", "2026-07", "2027-12").cpi("2027-01").done()
REST = make_assumptions({"sales": {"2026": 3_000_000, "2027": 2_400_000}})
#: Prices of 2026 and sales of 2027 are what differs.
SCENARIOS = Scenarios(
    (2026, 2027),
    {"cpi": np.array([[0.01, 0], [0.02, 0], [0.03, 0], [0.04, 0]]),
     "sales": np.array([[0, 0], [0, 0.1], [0, 0], [0.1, -0.2]])},
    0,
)  # fmt: skip


def limits(*entries):
    keys = ("name", "side", "measure", "limit")
    return make_constraints([dict(zip(keys, e, strict=True)) for e in entries])


def test_chances_are_shares_of_scenarios():
    """Pay 50,000 a month for six months, then 50,500 … 52,000 for twelve."""
    found = simulate(ROSTER, OFFER, SCENARIOS, REST)
    # 2026 gives half a year of sales: 1.5 million. Sales: 3.9, 4.14, 3.9, 1.65 + 2.112 million.
    shares = [906_000 / 3.9e6, 912_000 / 4.14e6, 918_000 / 3.9e6, 924_000 / 3.762e6]
    chances = limit_chances(
        found,
        limits(
            ("物价", "workers", "growth", 0.02),
            ("最低", "workers", "lowest", 5150),
            ("平均", "workers", "average", 5200),
            ("成本", "enterprise", "cost", 18_000),
            ("增幅", "enterprise", "cost_share", 0.007),
            ("占比", "enterprise", "labour_share", 0.2324),
            ("占比上限", "enterprise", "labour_share", 0.24),
        ),
        ROSTER, OFFER, REST,
    ).set_index("name")  # fmt: skip

    assert (np.array(shares) <= 0.2324).tolist() == [True, True, False, False]
    assert (np.array(shares) <= 0.24).tolist() == [True, True, True, False]
    assert chances["chance"].to_dict() == {
        "物价": 0.75, "最低": 0.5, "平均": 0.25, "成本": 0.75, "增幅": 0.25, "占比": 0.5,
        "占比上限": 0.75,
    }  # fmt: skip
    assert chances.loc["占比", "error"] == pytest.approx(0.25)


def test_the_share_of_sales_of_packages_is_exact():
    grid = packages(
        ROSTER, offer("a", "2026-07", "2027-12").percent("2%", "2027-01").done(), REST,
        {"1.rate": [Fraction(0), Fraction(1, 50)]},
    )  # fmt: skip

    assert grid["labour_share"].tolist() == pytest.approx([900_000 / 3.9e6, 912_000 / 3.9e6])


def test_a_limit_on_sales_needs_sales():
    bare, own = make_assumptions({}), limits(("占比", "enterprise", "labour_share", 0.3))
    grid = packages(ROSTER, OFFER, make_assumptions({"cpi": {"2026": "1%"}}),
                    {"1.part": [Fraction(1)]})  # fmt: skip

    with pytest.raises(OfferError, match=r"2026, 2027 are not given.*sales = \{ 2026"):
        limit_chances(simulate(ROSTER, OFFER, SCENARIOS, bare), own, ROSTER, OFFER, bare)
    with pytest.raises(OfferError, match=r"The limit 占比 .* no sales are given"):
        find_zone(grid, [*own, *limits(("物价", "workers", "growth", 0.0))])


def test_the_outlook_of_the_sample_file():
    given = read_uncertainty(data_dir() / "sample" / "consultation" / "scenarios.toml")
    found = outlook(ROSTER, OFFER, REST, given, limits(("物价", "workers", "growth", 0.005)))

    assert found.simulation.cost.shape == (10_000, 2)
    assert 0 < found.chances["chance"].iloc[0] < 1
    assert set(found.tornado["name"]) == {v.name for v in given.variables}
    assert "10,000 个情景" in repr(found)
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize(
    ("given", "phrases"),
    [
        ({}, ["seed = None should be a whole number", "variables is missing"]),
        (
            {"seed": 1, "variables": {"cpi": {"kind": "fixed", "value": 2}}, "years": 3},
            ["unknown key 'years'", "for six per cent write 0.06"],
        ),
        (
            {"seed": 1, "count": 5, "variables": {"cpi": {"kind": "fixed", "value": 0}},
             "correlation": [{"between": ["cpi"], "value": 1}]},
            ["count = 5 should be", "correlation 1: write"],
        ),
        (
            {"seed": 1, "variables": {"cpi": {"kind": "normal", "mean": 0, "sd": 0.1}},
             "correlation": [{"between": ["cpi", "sales"], "value": 0.5}]},
            ["correlation of cpi and sales"],
        ),
    ],
)  # fmt: skip
def test_bad_scenarios_are_told(given, phrases):
    with pytest.raises(OfferError) as caught:
        make_uncertainty(given)

    for phrase in phrases:
        assert phrase in str(caught.value)


def test_a_file_that_is_none_is_told(tmp_path):
    with pytest.raises(OfferError, match="cannot be read"):
        read_uncertainty(tmp_path / "none.toml")
