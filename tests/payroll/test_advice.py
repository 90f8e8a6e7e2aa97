"""Advice: growth, equal pay, prices. It is never a violation."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import reviewed

from wageguide.errors import InputError
from wageguide.payroll.advice.growth import (
    Lines,
    against_lines,
    average_growth,
    growth,
    lines_of,
    recommended,
    state_linkage,
    two_below,
)

LINES = Lines(upper=Decimal(12), baseline=Decimal(8), lower=Decimal(3))


@pytest.mark.parametrize(
    ("planned", "code"),
    [
        ("2.99", "below_lower"),
        ("3", "below_baseline"),
        ("7.99", "below_baseline"),
        ("8", "on_baseline"),
        ("8.01", "baseline_to_upper"),
        ("12", "baseline_to_upper"),
        ("12.01", "above_upper"),
    ],
)
def test_a_growth_beside_three_lines(planned, code):
    said = against_lines(Fraction(planned), LINES)
    assert said.code == code
    assert said.advice == (code in ("below_lower", "above_upper"))


@pytest.mark.parametrize(
    ("lines", "planned", "code"),
    [
        (Lines(baseline=Decimal(7)), "20", "no_upper_line"),
        (Lines(baseline=Decimal(7)), "-3", "below_baseline"),
        (Lines(upper=Decimal(16)), "5", "no_baseline"),
        (Lines(baseline=Decimal(8), baseline_high=Decimal("8.5")), "8.5", "on_baseline"),
        (Lines(lower=Decimal(0)), "0", "no_baseline"),
        (Lines(lower=Decimal(0)), "-0.01", "below_lower"),
    ],
)
def test_a_line_that_was_not_published_is_not_zero(lines, planned, code):
    assert against_lines(Fraction(planned), lines).code == code


@pytest.mark.parametrize(
    ("share", "planned", "advice"),
    [
        ("0.79", 10, False),
        ("0.79", 7, True),
        ("0.8", 8, False),
        ("0.8", 9, True),
        ("2", 8, False),
        ("2.01", 8, True),
        ("2.01", "7.9", False),
    ],
)
def test_what_is_recommended_by_the_level_of_last_year(share, planned, advice):
    assert recommended(Fraction(planned), LINES, Decimal(share)).advice == advice


def test_a_recommendation_needs_its_lines():
    with pytest.raises(InputError, match="needs the baseline"):
        recommended(Fraction(5), Lines(lower=Decimal(3)), Decimal(1))


@pytest.mark.parametrize(
    ("total", "average", "advice"),
    [("7.99", "4.99", (False, False)), ("8", "5", (True, True)), ("9", "4", (True, False))],
)
def test_two_below_is_strict(total, average, advice):
    said = two_below(Fraction(total), Fraction(average), Fraction(8), Fraction(5))
    assert tuple(s.advice for s in said) == advice


@pytest.mark.parametrize(
    ("total", "benefit", "productivity", "advice"),
    [
        (8, 8, 1, False),
        ("8.01", 8, 1, True),
        ("5.6", 8, 0, False),
        ("5.61", 8, 0, True),
        (0, -5, 1, False),
        (1, -5, 1, True),
    ],
)
def test_linkage_of_state_owned_enterprises(total, benefit, productivity, advice):
    said = state_linkage(Fraction(total), Fraction(benefit), Fraction(productivity), Decimal("0.7"))
    assert said.advice == advice


@given(*[st.integers(1, 10**9)] * 4)
def test_average_growth_is_that_of_the_average(before, after, heads_before, heads_after):
    mine = average_growth(before, after, heads_before, heads_after)
    total, heads = growth(before, after), growth(heads_before, heads_after)
    assert float(mine) == pytest.approx(float((100 + total) / (100 + heads) * 100 - 100), abs=1e-6)


@pytest.mark.parametrize("wrong", [(0, 1, 1, 1), (1, 1, 0, 1), (1, 1, 1, 0)])
def test_nothing_grows_from_nothing(wrong):
    with pytest.raises(InputError):
        average_growth(*wrong)


def test_lines_by_hand():
    assert lines_of({"upper": "16.5"}).upper == Decimal("16.5")
    for wrong in ({}, {"top": 3}):
        with pytest.raises(InputError):
            lines_of(wrong)


GROWN = {"payroll_before": 100, "payroll_planned": 125, "heads_before": 10, "heads_planned": 10}


def test_growth_is_advice_and_no_violation(tmp_path):
    review = reviewed(tmp_path, GROWN, lines={"upper": 12, "baseline": 8})
    said = review.findings[review.findings["rule"] == "guideline_line"]
    assert said["verdict"].tolist() == ["advice"]
    assert review.totals["violations"] == 0


def test_lines_that_are_not_known_are_said_to_be_missing(tmp_path):
    review = reviewed(tmp_path, GROWN)
    missing = review.not_checkable.set_index("rule")["missing"]
    assert "No guideline line of 2026 is known" in missing["guideline_line"]
    assert "benefit_growth" in missing["two_below"]


class TestEqualPay:
    def rows(self, own, sent, **changes):
        return [{"base_pay": p, "post": "操作工"} for p in own] + [
            {"base_pay": p, "post": "操作工", "work_form": "dispatched"} | changes for p in sent
        ]

    def said(self, tmp_path, *rows):
        review = reviewed(tmp_path, *rows)
        return review.findings[review.findings["rule"] == "equal_pay"]

    def test_less_on_average(self, tmp_path):
        said = self.said(tmp_path, *self.rows([6000, 7000], [6499.99]))
        assert said[["compared", "limit"]].values.tolist() == [[6499.99, 6500.0]]

    def test_as_much_or_more(self, tmp_path):
        assert self.said(tmp_path, *self.rows([6000, 7000], [6500])).empty

    def test_overtime_is_left_out(self, tmp_path):
        assert len(self.said(tmp_path, *self.rows([6500], [6000], overtime_pay=900))) == 1

    def test_without_a_post_it_cannot_be_checked(self, tmp_path):
        review = reviewed(tmp_path, {}, {"work_form": "dispatched"})
        assert "equal_pay" in set(review.not_checkable["rule"])


class TestPrices:
    def release(self, tmp_path):
        folder = tmp_path / "release" / "tables"
        folder.mkdir(parents=True)
        lines = [("occupation", "2-02-10-03", None, "p10", 90_000),
                 ("occupation", "2-02-10-03", None, "p90", 300_000),
                 ("occupation", "2-06-03-00", None, "p10", None),
                 ("occupation", "2-06-03-00", None, "p90", 200_000),
                 ("occupation", "2-02-10-03", "skill_level", "p10", 1)]  # fmt: skip
        table = pd.DataFrame(lines, columns=["key1", "code1", "key2", "measure", "value"])
        table.to_csv(folder / "prices_long.csv", index=False)
        return folder.parent

    @pytest.mark.parametrize(
        ("wage", "word"), [(89_999, "低于"), (90_000, ""), (300_000, ""), (300_001, "高于")]
    )
    def test_outside_the_prices_of_the_occupation(self, tmp_path, wage, word):
        row = {"occupation": "2-02-10-03", "annual_wage": wage}
        review = reviewed(tmp_path, row, prices=self.release(tmp_path))
        said = review.findings[review.findings["rule"] == "price_table"]
        assert len(said) == bool(word)
        assert word in "".join(said["text_zh"])

    def test_an_occupation_without_prices_and_a_worker_without_wage(self, tmp_path):
        rows = [{"occupation": "2-06-03-00", "annual_wage": 1}, {"occupation": "2-02-10-03"}]
        review = reviewed(tmp_path, *rows, prices=self.release(tmp_path))
        assert "price_table" not in set(review.findings["rule"])
        assert "price_table" in set(review.not_checkable["rule"])

    def test_a_folder_that_is_no_release(self, tmp_path):
        with pytest.raises(InputError, match="holds no prices_long"):
            reviewed(tmp_path, {}, prices=tmp_path)
