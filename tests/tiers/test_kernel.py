"""Tiers by hand at the boundary, against an oracle in exact fractions, and by property.

CONTRIBUTING lists which deliberate breaks each kind of test noticed.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import mean_between, quantile

from wageguide.errors import InputError
from wageguide.tiers.estimate import estimate_tiers
from wageguide.tiers.quantile import RULES
from wageguide.tiers.scheme import load_scheme

#: Interpolation and the last division round a few times.
RTOL = 4 * np.finfo(float).eps
#: Weights that fit no decimal scale are rounded to 2**-46 of their sum.
FIXED_POINT_RTOL = 1e-11

SHARES = ["0.1", "0.25", "0.5", "0.75", "0.9"]
TWENTY = [
    *(18000, 19500, 20000, 21000, 22000, 23000, 24000, 25000, 26000, 27000),
    *(28000, 29000, 30000, 32000, 34000, 36000, 40000, 45000, 60000, 120000),
]

wages = st.lists(st.integers(1, 40).map(lambda i: i * 2_500), min_size=1, max_size=60)


@st.composite
def cells(draw):
    """Wages with many ties, as reported, and whole-number weights."""
    x = draw(wages)
    w = draw(st.lists(st.integers(1, 9), min_size=len(x), max_size=len(x)))
    return x, w


def tiers(x, w=None, **options) -> pd.Series:
    frame = pd.DataFrame({"annual_wage": np.asarray(x, dtype=float)})
    if w is not None:
        frame["w"] = np.asarray(w, dtype=float)
    table = estimate_tiers(frame, weight=None if w is None else "w", **options)
    return table.frame.iloc[0]


class TestByHand:
    def test_percentiles_are_the_values_with_that_share_at_or_below(self):
        got = tiers(TWENTY)

        assert got[["p10", "p25", "p50", "p75", "p90"]].tolist() == [
            19500, 22000, 27000, 34000, 45000,
        ]  # fmt: skip

    def test_numpys_default_rule_by_name(self):
        got = tiers(TWENTY, quantile="linear")

        assert got[["p10", "p25", "p50", "p75", "p90"]].tolist() == [
            19950, 22750, 27500, 34500, 46500,
        ]  # fmt: skip

    def test_old_method_tail_means_and_averaged_median(self):
        got = tiers(TWENTY, scheme="tail_means", quantile="averaged_inverted_cdf")

        assert got["upper_tail_mean"] == 90000
        assert got["p50"] == 27500
        assert got["lower_tail_mean"] == 18750

    def test_mean_of_the_middle_forty_per_cent(self):
        assert tiers(TWENTY, scheme="middle_means")["middle_mean"] == 27625

    def test_equal_tiers_are_legal(self):
        got = tiers([5.2, 7.9, 7.9, 7.9])

        assert got["p50"] == got["p75"] == 7.9

    def test_whole_persons_rule_has_no_mean_of_nobody(self, tmp_path):
        file = tmp_path / "whole.toml"
        text = _scheme_text("tail_means").replace('"fractional"', '"whole_persons"')
        file.write_text(text, encoding="utf-8")

        for share in ("0.05", "0.1"):
            scheme = load_scheme(file).with_shares([share])
            got = tiers(TWENTY[:9], scheme=scheme)
            assert np.isnan(got["lower_tail_mean"])
            assert np.isnan(got["upper_tail_mean"])

    def test_fractional_rule_takes_part_of_the_boundary_worker(self):
        got = tiers([100, 200, 300], scheme=load_scheme("tail_means").with_shares(["0.5"]))

        assert got["lower_tail_mean"] == pytest.approx((100 + 0.5 * 200) / 1.5, rel=RTOL)
        assert got["upper_tail_mean"] == pytest.approx((300 + 0.5 * 200) / 1.5, rel=RTOL)

    @pytest.mark.parametrize(("rule", "expected"), [("hf1", 4000), ("hf2", 4500)])
    def test_an_exact_tie(self, rule, expected):
        assert tiers([3000, 4000, 5000, 8000], quantile=rule)["p50"] == expected

    def test_an_exact_tie_of_decimal_weights(self):
        # 0.1 + 0.2 is not 0.3 in floats; held as integers it is.
        assert tiers([1, 2, 3], [0.1, 0.2, 0.3], quantile="hf2")["p50"] == 2.5

    @pytest.mark.parametrize("rule", ["hf1", "hf2", "hf4"])
    def test_below_the_first_weight_stands_the_smallest_value(self, rule):
        # R gives the second value here, or extrapolates below the first.
        assert tiers([10, 20, 30], [9, 1, 1], quantile=rule)["p10"] == 10

    def test_one_worker(self):
        assert tiers([61234.56])[["mean", "p10", "p90"]].tolist() == [61234.56] * 3


def _scheme_text(name: str) -> str:
    from wageguide.tiers import scheme

    return (scheme._SCHEMES / f"{name}.toml").read_text(encoding="utf-8")


def test_a_table_whose_keys_are_all_missing_is_empty():
    frame = pd.DataFrame({"annual_wage": [1.0, 2.0], "post": [None, None]}, dtype=object)
    frame["annual_wage"] = frame["annual_wage"].astype(float)

    table = estimate_tiers(frame, ["post"], on_bad_rows="set_aside")

    assert len(table.frame) == 0
    assert table.left_out == {"key missing": 2}
    with pytest.raises(InputError, match="post is missing in 2 of 2 rows"):
        estimate_tiers(frame, ["post"])


class TestAgainstTheDefinitions:
    @pytest.mark.parametrize("rule", [r.alias for r in RULES])
    @given(cell=cells())
    def test_quantiles(self, rule, cell):
        x, w = cell
        scheme = load_scheme("percentiles").with_shares(SHARES)

        got = tiers(x, w, scheme=scheme, quantile=rule)

        for share in SHARES:
            expected = float(quantile(x, w, Fraction(share), rule))
            assert got[f"p{100 * float(share):g}"] == pytest.approx(expected, rel=RTOL)

    @given(cell=cells(), share=st.sampled_from(["0.05", "0.1", "0.333", "0.5"]))
    def test_tail_and_middle_means(self, cell, share):
        x, w = cell
        total, p = sum(w), Fraction(share)
        middle = load_scheme("middle_means").with_shares([share])

        tail = tiers(x, w, scheme=load_scheme("tail_means").with_shares([share]))
        mid = tiers(x, w, scheme=middle)

        for got, low, high in (
            (tail["lower_tail_mean"], Fraction(0), p),
            (tail["upper_tail_mean"], 1 - p, Fraction(1)),
            (mid["middle_mean"], (1 - p) / 2, (1 + p) / 2),
        ):
            expected = mean_between(x, w, low * total, high * total)
            assert got == pytest.approx(float(expected), rel=RTOL)

    @given(cell=cells())
    def test_equal_weights_are_numpys_methods(self, cell):
        x, _ = cell
        for rule in RULES:
            got = tiers(x, quantile=rule.name)
            expected = np.quantile(
                np.asarray(x, float), [0.1, 0.25, 0.5, 0.75, 0.9], method=rule.name
            )
            np.testing.assert_allclose(
                got[["p10", "p25", "p50", "p75", "p90"]].astype(float), expected, rtol=1e-12
            )

    def test_totals_past_64_bits(self):
        # 2**63 fen x weight units is reached by one cell of a few million rows; here by two.
        x = [9_999_999_999.99, 1_234_567_890.12, 5_555_555_555.55]
        w = [123_456_789.123456, 987_654_321.654321, 222_222_222.5]
        fen = [round(v * 100) for v in x]
        units = [round(v * 10**6) for v in w]
        expected = Fraction(sum(a * b for a, b in zip(fen, units, strict=True)), sum(units)) / 100

        assert tiers(x, w)["mean"] == pytest.approx(float(expected), rel=RTOL)
        assert sum(a * b for a, b in zip(fen, units, strict=True)) > 2**63


class TestProperties:
    @given(cell=cells(), seed=st.integers(0, 99))
    def test_row_order_does_not_matter(self, cell, seed):
        x, w = map(np.asarray, cell)
        order = np.random.default_rng(seed).permutation(len(x))
        for rule in RULES:
            assert tiers(x, w, quantile=rule.name).equals(
                tiers(x[order], w[order], quantile=rule.name)
            )

    @given(cell=cells())
    def test_a_weight_of_k_means_k_workers(self, cell):
        x, w = cell
        for rule in ("hf1", "hf2"):
            for scheme in ("percentiles", "tail_means", "middle_means"):
                weighted = tiers(x, w, quantile=rule, scheme=scheme)
                spread = tiers(np.repeat(x, w), quantile=rule, scheme=scheme)
                names = [n for n in weighted.index if n != "workers"]
                assert weighted[names].equals(spread[names])

    @given(cell=cells(), factor=st.sampled_from([0.1, 0.01, 7, 1 / 3, 2.5e-5, 1e6, np.pi]))
    def test_only_the_ratio_of_weights_matters(self, cell, factor):
        x, w = cell
        for rule in RULES:
            for scheme in ("percentiles", "tail_means"):
                plain = tiers(x, w, quantile=rule.name, scheme=scheme).drop(["weight"])
                scaled = tiers(x, np.asarray(w) * factor, quantile=rule.name, scheme=scheme)
                np.testing.assert_allclose(
                    scaled.drop(["weight"]).astype(float), plain.astype(float), rtol=RTOL
                )

    @given(cell=cells())
    def test_tiers_never_cross(self, cell):
        got = tiers(*cell)[["p10", "p25", "p50", "p75", "p90"]]
        assert got.is_monotonic_increasing

    @given(cell=cells(), place=st.integers(0, 59), raise_=st.integers(1, 10**6))
    def test_a_raise_for_one_worker_lowers_no_tier(self, cell, place, raise_):
        x, w = cell
        raised = list(x)
        raised[place % len(x)] += raise_
        for scheme in ("percentiles", "tail_means", "middle_means"):
            before, after = tiers(x, w, scheme=scheme), tiers(raised, w, scheme=scheme)
            assert (after >= before * (1 - RTOL)).all()

    @given(cell=cells(), seed=st.integers(0, 99))
    def test_weights_that_fit_no_decimal_scale(self, cell, seed):
        x, _ = cell
        w = np.random.default_rng(seed).lognormal(0, 1, len(x))
        got = tiers(x, w)
        assert got["mean"] == pytest.approx(float(np.average(x, weights=w)), rel=FIXED_POINT_RTOL)
        for share in SHARES:
            expected = float(quantile(x, w.tolist(), Fraction(share), "hf1"))
            assert got[f"p{100 * float(share):g}"] == expected
