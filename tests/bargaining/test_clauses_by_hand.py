"""Each kind of clause on one wage, on its boundary and beside it, worked out on paper."""

from __future__ import annotations

from fractions import Fraction

import pytest

from wageguide.bargaining.assumptions import Assumptions
from wageguide.bargaining.cost import cost_offer
from wageguide.bargaining.months import month_number
from wageguide.bargaining.offer import offer
from wageguide.bargaining.roster_read import make_roster

MONTH, NEXT = "2026-07", "2027-01"
REST = Assumptions(
    minimum_wage={month_number("2026-01"): 266_000, month_number(NEXT): 280_000},
    cpi={2025: Fraction(2, 1000), 2026: Fraction(5, 100)},
)
BANDS = [{"upto": 5000, "rate": "6%"}, {"rate": "3%"}]


def wages(given, bases, **columns):
    """Base wages in the last month, fen."""
    rows = [
        {"post": "装配工", "base": b} | {k: v[n] for k, v in columns.items()}
        for n, b in enumerate(bases)
    ]
    return cost_offer(make_roster(rows, name="厂"), given.done(), REST).last.base.tolist()


def begun(end=MONTH):
    return offer("x", MONTH, end)


@pytest.mark.parametrize(
    ("base", "expected"),
    [(400_001, 422_001), (1, 1), (9, 9), (10, 11)],  # 9 x 1.055 is 9.495, 10 x 1.055 is 10.55
)
def test_a_percentage_is_rounded_once(base, expected):
    assert wages(begun().percent("5.5%", MONTH), [base]) == [expected]


def test_half_a_fen_goes_up():
    assert wages(begun().percent("50%", MONTH), [1, 2, 3]) == [2, 3, 5]


def test_a_wage_on_the_limit_belongs_to_the_lower_band():
    assert wages(begun().bands(BANDS, MONTH), [499_999, 500_000, 500_001]) == [
        529_999, 530_000, 515_001,
    ]  # fmt: skip


def test_a_floor_lifts_what_is_below_it():
    assert wages(begun().floor(3800, MONTH), [379_999, 380_000, 380_001]) == [
        380_000, 380_000, 380_001,
    ]  # fmt: skip


def test_the_minimum_wage_is_followed_when_it_rises():
    """2,660 x 1.1 is 2,926; from January 2,800 x 1.1 is 3,080."""
    assert wages(begun().minimum_wage(MONTH, factor=1.1), [292_599, 292_600]) == [292_600, 292_600]
    assert wages(begun(NEXT).minimum_wage(MONTH, factor=1.1), [292_600, 308_001]) == [
        308_000, 308_001,
    ]  # fmt: skip


def test_years_of_service_count_up_to_the_most():
    made = begun().seniority(10, MONTH, most=15)

    assert wages(made, [400_000] * 4, service=[0, 14, 15, 16]) == [
        400_000, 414_000, 415_000, 415_000,
    ]  # fmt: skip


def test_a_pool_is_given_out_to_the_last_fen():
    """1 % of 4.50 yuan is 4.5 fen, 5 rounded: one fen each, and one more for the first two."""
    assert wages(begun().merit_pool("1%", MONTH), [150, 150, 150]) == [152, 152, 151]


def test_the_largest_remainder_comes_first():
    """1 % of 1.20, 1.90 and 2.00: 1.2, 1.9 and 2 fen; the pool of 5.1 is 5, the second gets 2."""
    assert wages(begun().merit_pool("1%", MONTH), [120, 190, 200]) == [121, 192, 202]


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    # Prices of 2025 rose by 0.2 %, below the least; those of 2026 by 5 %, above the most.
    [(MONTH, MONTH, 404_000), (NEXT, NEXT, 416_000)],
)
def test_prices_of_the_year_before_between_two_bounds(begin, end, expected):
    made = begun(end).cpi(begin, part="100%", least="1%", most="4%")

    assert wages(made, [400_000]) == [expected]


def test_a_part_of_the_prices():
    assert wages(begun(NEXT).cpi(NEXT, part="50%"), [400_000]) == [410_000]


def test_what_is_paid_once_and_allowances_leave_the_base():
    made = begun(NEXT).lump_sum(1200, MONTH).allowance(300, MONTH).done()
    cost = cost_offer(make_roster([{"post": "p", "base": 400_000}], name="厂"), made, REST)

    assert cost.last.base.tolist() == [400_000]
    assert (cost.by("month")["more"] / 100).tolist() == [1500, *[300] * 6]


def test_clauses_of_one_month_work_in_their_order():
    first = begun().percent("5%", MONTH).floor(3800, MONTH)
    second = begun().floor(3800, MONTH).percent("5%", MONTH)

    assert wages(first, [370_000]) == [388_500]
    assert wages(second, [370_000]) == [399_000]


def test_an_earlier_month_works_first_whatever_the_order():
    made = begun(NEXT).percent("5%", NEXT).floor(3800, MONTH)

    assert wages(made, [370_000]) == [399_000]
