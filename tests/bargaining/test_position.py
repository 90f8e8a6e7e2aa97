"""Where an enterprise stands: each figure by hand."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from wageguide.bargaining.market import Price, read_market
from wageguide.bargaining.position import FACTORS, position
from wageguide.bargaining.roster_read import make_roster
from wageguide.bargaining.structure import compression, growth_by_group, sex_gap
from wageguide.errors import OfferError
from wageguide.law.load import read_law

PRICE = Price("occupation", ("6-18-01-01",),
              ((0.1, 60_000), (0.25, 70_000), (0.5, 80_000), (0.75, 100_000)))  # fmt: skip


@pytest.fixture
def release(tmp_path):
    """A release with an occupation at one level, its total, and a confidential cell."""
    (tmp_path / "tables").mkdir()
    manifest = {"options": {"year": 2025, "tiers": {"p25": "quantile 0.25", "p50": "quantile 0.5",
                                                    "top": "upper_tail_mean 0.1"}}}  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    lines = ["table,key1,code1,key2,code2,measure,value,mark"]
    for level, p25, p50 in (("W0", "66000", "72000"), ("T1", "", "")):
        for measure, value in (("p25", p25), ("p50", p50), ("top", "1")):
            mark = "" if value else "c"
            lines.append(f"ol,occupation,6-18-01-01,post_level,{level},{measure},{value},{mark}")
    lines += ["o,occupation,6-18-01-01,,,p25,70000,", "o,occupation,6-18-01-01,,,p50,80000,"]
    text = "\ufeff" + "\n".join(lines) + "\n"
    (tmp_path / "tables" / "prices_long.csv").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("yuan", "between", "percentile"),
    [
        (59_999, "< P10", None),
        (60_000, "P10", 0.1),
        (65_000, "P10–P25", 0.175),
        (80_000, "P50", 0.5),
        (90_000, "P50–P75", 0.625),
        (100_000, "P75", 0.75),
        (100_001, "> P75", None),
    ],
)
def test_a_wage_lies_between_printed_tiers(yuan, between, percentile):
    found = PRICE.place(yuan)

    assert found[0] == between
    assert found[1] == (None if percentile is None else pytest.approx(percentile))


def test_prices_are_found_by_level_and_else_by_occupation(release):
    market = read_market(release)

    assert market.find("6-18-01-01", "W0").at(0.5) == 72_000
    # The cell of T1 is confidential: the occupation's own price is taken.
    assert market.find("6-18-01-01", "T1").table == "o"
    assert market.find("9-99", "W0") is None
    with pytest.raises(OfferError, match="is no release"):
        read_market(release / "none")


def roster():
    return make_roster(
        [
            {"post": "钳工", "occupation": "6-18-01-01", "level": "W0", "base": 500_000,
             "heads": 2, "sex": "1", "group": "一线"},
            {"post": "钳工", "occupation": "6-18-01-01", "level": "W0", "base": 700_000,
             "sex": "2", "group": "一线"},
            {"post": "经理", "base": 1_500_000, "level": "M1", "sex": "1", "group": "管理"},
        ],
        name="厂",
    )  # fmt: skip


def stood(release=None, **options):
    market = read_market(release) if release else None
    options = {"law": read_law(), "place": "320115", "on": dt.date(2026, 4, 1)} | options
    return position(roster(), market=market, **options)


def test_posts_against_the_prices(release):
    """Two at 60,000 and one at 84,000 a year: 68,000 on average, below the median of 72,000."""
    row = stood(release).posts.iloc[0]

    assert row["average"] == 68_000
    assert row["compa"] == pytest.approx(68 / 72)
    assert row["between"] == "P25–P50"
    assert row["to_p25"] == 2 * 6_000
    assert row["to_p50"] == 2 * 12_000


def test_a_post_without_a_price_says_so(release):
    row = stood(release).posts.iloc[1]

    assert row["between"] == "缺"
    assert np.isnan(row["compa"])
    assert stood().posts["between"].tolist() == ["缺", "缺"]


def test_the_minimum_wage_now_and_as_announced():
    found = position(
        make_roster([{"post": "p", "base": 266_000}, {"post": "p", "base": 265_999, "heads": 3}],
                    name="x"),
        market=None, law=read_law(), place="320115", on=dt.date(2026, 4, 1),
        announced=dt.date(2035, 1, 1),
    ).minimum  # fmt: skip

    assert found["standard"].iloc[0] == 2660
    assert found["below"].iloc[0] == 3
    assert found["short"].iloc[0] == pytest.approx(0.03)
    # Nobody knows the standard of 2035: it is not guessed.
    assert np.isnan(found["standard"].iloc[1])


def test_what_is_not_known_of_the_factors_says_so(release):
    found = stood(release, facts={"cpi": ("0.1 %", "统计公报")}, last=roster()).factors

    values = dict(zip(found["key"], found["value"], strict=True))
    assert list(values) == list(FACTORS)
    assert values["cpi"] == "0.1 %"
    assert values["prices"] == "2025"
    assert "人均 96,000.00 元" in values["last_year"]
    assert values["assets"] == values["labour_cost"] == "缺"


def test_levels_and_groups():
    now = roster()
    levels = compression(now)

    assert levels["level"].tolist() == ["M1", "W0"]
    assert levels["to_next"].iloc[0] == pytest.approx(15_000 / (17_000 / 3))
    last = make_roster([{"post": "钳工", "group": "一线", "base": 500_000}], name="x")
    groups = growth_by_group(now, last)
    assert groups["growth"].iloc[0] == pytest.approx(17_000 / 3 / 5_000 - 1)
    assert np.isnan(groups["growth"].iloc[1])


def test_the_sex_gap_within_posts():
    """In both posts women are paid nine tenths; more of them are in the worse paid one."""
    rows = [
        {"post": post, "sex": sex, "base": int(base * (0.9 if sex == "2" else 1)), "heads": n}
        for post, base, women, men in (("a", 500_000, 8, 2), ("b", 1_000_000, 2, 8))
        for sex, n in (("2", women), ("1", men))
    ]
    gap = sex_gap(make_roster(rows, name="x"))

    assert gap.controlled == pytest.approx(-0.1)
    assert gap.raw == pytest.approx(0.9 * (8 * 5 + 2 * 10) / (2 * 5 + 8 * 10) - 1)
    assert (gap.women, gap.men) == (10, 10)


def test_no_control_where_posts_are_of_one_sex():
    rows = [{"post": "a", "sex": "2", "base": 5}, {"post": "b", "sex": "1", "base": 10}]

    assert sex_gap(make_roster(rows, name="x")).controlled is None
    assert sex_gap(make_roster(rows[:1], name="x")) is None
