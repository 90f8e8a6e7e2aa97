"""Costs worked out on paper."""

from __future__ import annotations

from fractions import Fraction

import pytest

from wageguide.bargaining.assumptions import Assumptions, Contribution, make_assumptions
from wageguide.bargaining.cost import compare_offers, cost_offer
from wageguide.bargaining.curves import cost_curve
from wageguide.bargaining.gains import gains
from wageguide.bargaining.months import month_number
from wageguide.bargaining.offer import offer
from wageguide.bargaining.roster_read import make_roster, read_roster
from wageguide.errors import OfferError

ROSTER = make_roster(
    [
        {"post": "操作工", "group": "一线", "base": 400_000, "overtime": 40_000, "heads": 10,
         "sex": "2", "service": 5},
        {"post": "经理", "group": "管理", "base": 1_000_000, "allowance": 100_000, "sex": "1"},
    ],
    name="样例厂",
)  # fmt: skip


def yuan(cost, *keys):
    return (cost.by(*keys)["more"] / 100).tolist()


def test_five_per_cent_for_half_a_year():
    """Workers: 4,000 + 400 overtime become 4,200 + 420; managers 10,000 become 10,500."""
    cost = cost_offer(ROSTER, offer("a", "2026-07", "2026-12").percent("5%", "2026-07").done(),
                      Assumptions())  # fmt: skip

    assert yuan(cost, "post") == [220 * 10 * 6, 500 * 6]
    assert cost.annualised == (2200 + 500) * 12 * 100


def test_end_rate_and_cost_in_the_year_differ():
    """From October it costs three months this year, and twelve a year from then on."""
    made = offer("a", "2026-01", "2026-12").amount(100, "2026-10").done()
    cost = cost_offer(ROSTER, made, Assumptions(overtime_follows=False))

    assert cost.more == 11 * 100 * 3 * 100
    assert cost.annualised == 11 * 100 * 12 * 100


def test_back_pay_is_paid_at_once():
    """From July, first paid in October: three months are owed, and October itself."""
    made = offer("a", "2026-07", "2026-12").amount(100, "2026-07", paid="2026-10").done()
    cost = cost_offer(ROSTER, made, Assumptions(overtime_follows=False))

    assert yuan(cost, "month") == [0, 0, 0, 11 * 400, 1100, 1100]


def test_contributions_stop_at_the_ceiling_and_begin_at_the_floor():
    """10 % between 4,879 and 10,200: a worker pays on 4,879, a manager on 10,200 of 11,000."""
    law = Contribution("社保", month_number("2026-01"), Fraction(1, 10), 487_900, 1_020_000)
    made = offer("a", "2026-07", "2026-07").amount(500, "2026-07").done()
    rest = Assumptions((law,), overtime_follows=False)

    months = cost_offer(ROSTER, made, rest).months.set_index(["offer", "post"])["contributions"]

    assert months["nothing", "操作工"] == 48_790 * 10
    # 4,000 + 500 + 400 = 4,900 is above the floor.
    assert months["offer", "操作工"] == 49_000 * 10
    assert months["offer", "经理"] == months["nothing", "经理"] == 102_000


def test_the_minimum_wage_rises_in_the_middle_of_the_year():
    made = offer("a", "2026-07", "2026-12").minimum_wage("2026-07", factor="1.5").done()
    rest = make_assumptions(
        {"minimum_wage": {"2026-01": 2660, "2026-10": 2800}, "overtime_follows": False}
    )

    # 1.5 x 2,660 = 3,990 is below 4,000; 1.5 x 2,800 = 4,200 is above.
    assert yuan(cost_offer(ROSTER, made, rest), "month") == [0, 0, 0, 2000, 2000, 2000]


def test_a_minimum_wage_that_is_not_given_is_asked_for():
    made = offer("a", "2026-07", "2026-12").minimum_wage("2026-07").done()

    with pytest.raises(OfferError, match=r'minimum_wage = \{ "2026-07" = … \}'):
        cost_offer(ROSTER, made, Assumptions())


def test_prices_that_are_not_given_are_asked_for():
    made = offer("a", "2026-07", "2026-12").cpi("2026-07").done()

    with pytest.raises(OfferError, match="consumer prices of 2025, which are not given"):
        cost_offer(ROSTER, made, Assumptions())


def test_heads_and_replacements():
    """Half the positions change hands in a year, at 80 %: after twelve months a tenth is saved."""
    rest = make_assumptions({"turnover": "50%", "entry_ratio": "80%", "headcount": {2027: 1.2}})
    cost = cost_offer(ROSTER, offer("a", "2026-01", "2027-01").done(), rest)

    nothing = cost.by("month")["nothing"].tolist()
    base = (440_000 * 10) + 1_100_000
    assert nothing[11] == round(base * 0.9)
    assert nothing[12] == round(base * 1.2 * (1 - 0.5 * 13 / 12 * 0.2))


def test_present_value_discounts_by_the_month():
    made = offer("a", "2026-01", "2026-12").amount(100, "2026-01").done()
    cost = cost_offer(ROSTER, made, Assumptions(overtime_follows=False, discount=Fraction(1, 20)))

    assert cost.present_value == pytest.approx(sum(1100 * 1.05 ** (-m / 12) for m in range(12)))


def test_offers_side_by_side():
    offers = [
        offer(n, "2026-07", "2026-12", side).percent(r, "2026-07").done()
        for n, side, r in (("工会", "workers", "8%"), ("企业", "enterprise", "3%"))
    ]

    table = compare_offers(ROSTER, offers, Assumptions())

    assert table["offer"].tolist() == ["工会", "企业"]
    assert table["more"].tolist() == [(352 * 10 + 800) * 6, (132 * 10 + 300) * 6]
    assert table["lowest"].tolist() == [4320.0, 4120.0]


def test_the_curve_is_the_cost_at_every_value():
    made = offer("a", "2026-07", "2026-12").percent("5%", "2026-07").done()
    values = [Fraction(n, 100) for n in (0, 5, 10)]

    curve = cost_curve(ROSTER, made, Assumptions(), "1.rate", values)

    assert curve["value"].tolist() == [0.0, 0.05, 0.1]
    assert curve["more"].tolist() == [0, (220 * 10 + 500) * 6, (440 * 10 + 1000) * 6]


def test_who_gains():
    made = offer("a", "2026-07", "2026-12").amount(300, "2026-07").done()
    cost = cost_offer(ROSTER, made, Assumptions(overtime_follows=False))

    found = gains(ROSTER, cost, minimum=410_000)

    assert found.posts["gain"].tolist() == [300.0, 300.0]
    assert found.posts["rise"].tolist() == pytest.approx([300 / 4400, 300 / 11000])
    measures = found.measures.set_index("measure_en")
    assert measures.loc["women's to men's average", "after"] == pytest.approx(4700 / 11300)
    assert measures.loc["base wages below the minimum wage"].tolist()[1:] == [10.0, 0.0]
    assert measures.loc["highest to lowest", "before"] == pytest.approx(2.5)


def test_a_roster_is_read_and_bad_rows_are_set_aside(tmp_path):
    path = tmp_path / "厂.csv"
    path.write_text(
        "工号,岗位,类别,基本工资（元）,津贴补贴,人数,备注\n"
        "1,操作工,一线,\"4,000\",200,2,\n2,,一线,4000,0,1,\n3,经理,管理,abc,0,x,\n\n4,经理,管理,9000.5,,,\n",
        encoding="gb18030",
    )  # fmt: skip

    roster = read_roster(path)

    assert roster.name == "厂"
    assert roster.heads == 3
    assert roster.frame["base"].tolist() == [400_000, 900_050]
    assert roster.set_aside["line"].tolist() == [3, 4]
    assert "岗位 is empty" in roster.set_aside["reason"].iloc[0]
    assert "'abc' is no amount" in roster.set_aside["reason"].iloc[1]
    assert "'x' should be a whole number" in roster.set_aside["reason"].iloc[1]


def test_a_roster_without_its_columns_is_told(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("姓名,工资\n甲,1\n", encoding="utf-8")

    with pytest.raises(OfferError, match="no column 岗位"):
        read_roster(path)
    with pytest.raises(OfferError, match="cannot be read"):
        read_roster(tmp_path / "none.xlsx")


def test_bad_assumptions_are_told_at_once():
    law = {"name": "x", "from": "2026-01", "rate": 16, "floor": 5, "ceiling": 3}
    with pytest.raises(OfferError) as error:
        make_assumptions(
            {"turnover": 5, "cpi": {"26": 0.02}, "base": 1, "base_month": 13, "contribution": [law]}
        )

    text = str(error.value)
    for phrase in (
        "turnover: 5 is outside",
        "'26' is no year",
        "unknown key 'base'",
        "from 1 to 12",
        "for 16 per cent write 0.16",
        "ceiling is below the floor",
    ):
        assert phrase in text
