"""Tier tables as results: what they say, what they refuse, what they are made of."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from wageguide.errors import ComparisonError, InputError, SchemeError
from wageguide.survey.design import Design
from wageguide.tiers import microdata
from wageguide.tiers.estimate import estimate_tables, estimate_tiers
from wageguide.tiers.scheme import load_scheme
from wageguide.tiers.stream import FileQuestion, estimate_file
from wageguide.tiers.table import TierFacts

THIS = pd.DataFrame({"post": ["a", "a", "b", "c"], "annual_wage": [60.0, 66.0, 50.0, 9.0]})
LAST = pd.DataFrame({"post": ["a", "a", "b", "d"], "annual_wage": [50.0, 55.0, 40.0, 9.0]})


class TestComparison:
    @pytest.mark.parametrize(
        ("changed", "phrase"),
        [
            ({"scheme": "tail_means"}, "scheme: percentiles here, tail_means there"),
            ({"scheme": load_scheme("percentiles").with_shares(["0.5"])}, "tiers: p10"),
            ({"quantile": "hf7"}, "quantile rule: inverted_cdf here, linear there"),
            ({"facts": TierFacts(unit="万元/年")}, "unit: 元/年 here, 万元/年 there"),
            ({"by": []}, "keys: post here, (total) there"),
        ],
    )
    def test_tables_that_measure_something_else_are_refused(self, changed, phrase):
        mine = estimate_tiers(THIS, ["post"])
        other = estimate_tiers(LAST, **{"by": ["post"], **changed})

        with pytest.raises(ComparisonError) as refused:
            mine.check_comparable(other)

        assert phrase in str(refused.value)

    def test_the_same_boundary_is_asked_too(self):
        tails = load_scheme("tail_means")
        whole = dataclasses.replace(tails, boundary="whole_persons")
        mine, other = (estimate_tiers(THIS, scheme=s) for s in (tails, whole))

        with pytest.raises(ComparisonError, match="boundary: fractional here"):
            mine.check_comparable(other)


class TestDisplay:
    def test_says_what_when_unit_counts_rule_and_source(self):
        facts = TierFacts(reference_year=2025, source="样例 sample")
        shown = repr(estimate_tiers(THIS, ["post"], facts=facts))

        for phrase in (
            "分位值",
            "2025",
            "元/年",
            "3 cells, 4 rows received",
            "inverted_cdf",
            "样例",
        ):
            assert phrase in shown

    def test_html_escapes_text_of_the_data(self):
        rows = THIS.assign(post=["<script>", "a", "b", "c"])
        shown = estimate_tiers(rows, ["post"])._repr_html_()

        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown

    def test_a_tier_without_value_is_a_dash(self):
        whole = dataclasses.replace(load_scheme("tail_means"), boundary="whole_persons")

        assert "–" in repr(estimate_tiers(THIS, scheme=whole))


class TestInput:
    def test_a_survey_stands_for_its_workers(self):
        @dataclasses.dataclass
        class Survey:
            workers: pd.DataFrame

        assert estimate_tiers(Survey(THIS)).columns.equals(estimate_tiers(THIS).columns)

    def test_a_frame_may_have_a_column_called_workers(self):
        rows = THIS.assign(workers=1)

        assert estimate_tiers(rows).columns.equals(estimate_tiers(THIS).columns)

    def test_columns_that_are_not_asked_for_may_hold_anything(self):
        rows = THIS.assign(note=["x", 1, None, object()])
        rows[5] = 1

        assert estimate_tiers(rows).columns.equals(estimate_tiers(THIS).columns)

    def test_a_key_of_mixed_kinds_is_named(self):
        with pytest.raises(InputError, match="'post' holds values of different kinds"):
            estimate_tiers(THIS.assign(post=["x", 1, "y", 2]), ["post"])

    def test_words_for_wages_are_shown(self):
        with pytest.raises(InputError, match="must hold numbers"):
            estimate_tiers(THIS.assign(annual_wage=["6万", "5", "4", "3"]))

    def test_a_tail_of_more_than_half_is_refused(self):
        with pytest.raises(SchemeError, match="at most half"):
            load_scheme("tail_means").with_shares(["0.6"])

    @pytest.mark.parametrize("large", [False, True])
    def test_a_table_whose_keys_are_all_missing_is_empty_beside_others(self, tmp_path, large):
        path = tmp_path / "rows.csv"
        path.write_text("x,k,post\n1,,a\n2,,b\n-3,,b\n", encoding="utf-8")
        data = microdata.open_microdata(path, ["x"], ["k", "post"])
        asked = FileQuestion((("k",), ("post",), ()), "x", on_bad_rows="set_aside")

        empty, full, total = estimate_file(dataclasses.replace(data, large=large), asked)

        assert [len(t.frame) for t in (empty, full, total)] == [0, 2, 1]
        assert empty.left_out == {"x is negative": 1, "key missing": 2}
        assert total.left_out == {"x is negative": 1}

    def test_several_tables_from_one_reading(self):
        both = estimate_tables(THIS, [["post"], []])

        assert [t.by for t in both] == [("post",), ()]
        assert both[0].frame["workers"].sum() == both[1].frame["workers"].item() == len(THIS)


def test_a_table_with_errors_shows_them_beside_the_figures():
    rows = pd.DataFrame(
        {"annual_wage": [50_000, 60_000, 70_000, 40_000], "firm": [1, 2, 3, 4], "k": list("aaab")}
    )

    shown = estimate_tiers(rows, ["k"], design=Design(enterprise="firm"), se="linearized")

    text = repr(shown)
    assert "rse mean" in text
    assert "泰勒线性化" in text
    assert "se_mean" not in text
    assert "rse p50" in shown._repr_html_()
    assert text.splitlines()[3].split()[-1] == "2"  # df
    assert text.splitlines()[4].split()[4:6] == ["40,000.00", "–"]  # one enterprise
