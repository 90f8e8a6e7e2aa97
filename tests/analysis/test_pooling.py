"""Pooling of thin cells: by hand on a small tree, every level, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wageguide.analysis.levels import Level, groups_above
from wageguide.analysis.occupations import OCCUPATION, parents
from wageguide.analysis.pooling import pool_small_cells
from wageguide.analysis.small_cells import SmallCells, read_small_cells
from wageguide.errors import InputError, PolicyError
from wageguide.policy import read_policy
from wageguide.survey.design import Design
from wageguide.survey.read import read_survey
from wageguide.tiers.estimate import estimate_tiers

RULE = SmallCells(min_workers=4, min_enterprises=3, variance_enterprises=2)
SAMPLE = Path(__file__).parents[2] / "data" / "sample"

# 6-18-01-01 passes. 6-18-01-02 has too few workers, its small group passes. 6-18-02-01 has
# too few enterprises, so has its small group; the middle group passes. 4-01-01-01 has many
# workers of two enterprises, and nothing above it has a third.
ROWS = pd.DataFrame(
    [
        ("6-18-01-01", "a", 50_000.0, 2),
        ("6-18-01-01", "b", 54_000.0, 1),
        ("6-18-01-01", "c", 58_000.0, 1),
        ("6-18-01-01", "a", 62_000.0, 4),
        ("6-18-01-02", "a", 80_000.0, 1),
        ("6-18-01-02", "b", 90_000.0, 3),
        ("6-18-02-01", "a", 40_000.0, 2),
        ("6-18-02-01", "b", 42_000.0, 2),
        ("6-18-02-01", "b", 44_000.0, 2),
        ("6-18-02-01", "b", 46_000.0, 2),
        *[("4-01-01-01", firm, 30_000.0 + 1_000 * i, 1) for i, firm in enumerate("ababab")],
    ],
    columns=["occupation", "firm", "annual_wage", "w"],
)


def pooled(data=ROWS, **options):
    options = {"rule": RULE, "weight": "w", "enterprise": "firm", **options}
    return pool_small_cells(data, **options)


def by_code(result) -> pd.DataFrame:
    return result.frame.set_index(result.key)


class TestByHand:
    FOUND = by_code(pooled())

    def test_every_cell_stands_at_the_lowest_level_that_is_large_enough(self):
        assert self.FOUND[["level_used", "code"]].to_dict("index") == {
            "4-01-01-01": {"level_used": "none", "code": ""},
            "6-18-01-01": {"level_used": "细类", "code": "6-18-01-01"},
            "6-18-01-02": {"level_used": "小类", "code": "6-18-01"},
            "6-18-02-01": {"level_used": "中类", "code": "6-18"},
        }

    def test_counts_are_those_of_the_cell_and_of_the_group(self):
        names = ["workers", "enterprises", "pooled_workers", "pooled_enterprises", "pooled_weight"]

        assert self.FOUND.loc["6-18-01-01", names].tolist() == [4, 3, 4, 3, 8]
        assert self.FOUND.loc["6-18-01-02", names].tolist() == [2, 2, 6, 3, 12]
        assert self.FOUND.loc["6-18-02-01", names].tolist() == [4, 2, 10, 3, 20]
        assert self.FOUND.loc["4-01-01-01", names[:4]].tolist() == [6, 2, 0, 0]

    def test_figures_are_those_of_the_whole_group(self):
        # 100 + 54 + 58 + 248 thousand over 8; with 80 + 270 over 12; with 344 over 20
        assert self.FOUND.loc["6-18-01-01", "mean"] == 460_000 / 8
        assert self.FOUND.loc["6-18-01-02", "mean"] == 810_000 / 12
        assert self.FOUND.loc["6-18-02-01", "mean"] == 1_154_000 / 20
        # weights up to 50,000: 10 of 20, half exactly
        assert self.FOUND.loc["6-18-02-01", "p50"] == 50_000
        assert self.FOUND.loc["6-18-01-02", "p50"] == 62_000

    def test_a_cell_without_a_level_has_no_figure(self):
        figures = ["mean", "p10", "p25", "p50", "p75", "p90", "pooled_weight"]

        assert self.FOUND.loc["4-01-01-01", figures].isna().all()

    def test_every_figure_is_marked(self):
        marks = self.FOUND[["mark_zh", "mark_en"]]

        assert marks.loc["6-18-01-01"].tolist() == [
            "本细类数据",
            "the detailed occupation's own figure",
        ]
        assert marks.loc["6-18-01-02"].tolist() == [
            "合并数据：小类 6-18-01",
            "pooled: small group 6-18-01",
        ]
        assert marks.loc["6-18-02-01"].tolist() == [
            "合并数据：中类 6-18",
            "pooled: middle group 6-18",
        ]
        assert marks.loc["4-01-01-01"].tolist() == [
            "样本不足：合并至中类仍未达到要求，无数据",
            "too thin: no figure even pooled to the middle group",
        ]

    @pytest.mark.parametrize(
        ("workers", "enterprises", "used"),
        [
            (2, 3, "小类"),
            (6, 3, "小类"),
            (7, 3, "中类"),
            (10, 3, "中类"),
            (11, 3, "none"),
            (2, 4, "none"),
        ],
    )
    def test_the_rule_holds_its_own_numbers(self, workers, enterprises, used):
        rule = SmallCells(workers, enterprises, 2)

        assert by_code(pooled(rule=rule)).loc["6-18-01-02", "level_used"] == used


class TestTables:
    def test_the_direct_table_is_the_one_without_pooling(self, unchanged):
        with unchanged(ROWS):
            own = pooled().tables[0]
        direct = estimate_tiers(ROWS, ["occupation"], weight="w", enterprise="firm")

        pd.testing.assert_frame_equal(own.frame, direct.frame)
        assert own.notes == direct.notes

    def test_errors_are_those_of_the_group(self):
        found = by_code(pooled(se="linearized"))
        above = ROWS.assign(small=ROWS["occupation"].str[:7], middle=ROWS["occupation"].str[:4])
        for code, column, group in [
            ("6-18-01-01", "occupation", "6-18-01-01"),
            ("6-18-01-02", "small", "6-18-01"),
            ("6-18-02-01", "middle", "6-18"),
        ]:
            table = estimate_tiers(
                above, [column], weight="w", enterprise="firm", se="linearized"
            ).frame.set_index(column)
            for name in ("mean", "p50", "se_mean", "se_p50", "low_p90", "df"):
                np.testing.assert_equal(found.loc[code, name], table.loc[group, name], name)
        assert np.isnan(found.loc["4-01-01-01", ["se_mean", "df"]].astype(float)).all()

    def test_options_go_to_the_tables(self):
        found = pooled(scheme="tail_means", quantile="hf2")

        assert found.tables[1].quantile.name == "averaged_inverted_cdf"
        assert "upper_tail_mean" in found.frame

    def test_an_arrow_table_and_a_frame_give_the_same(self):
        arrow = pa.Table.from_pandas(ROWS, preserve_index=False)
        coded = ROWS.astype({"occupation": "category", "firm": "category"})

        pd.testing.assert_frame_equal(pooled(arrow).frame, pooled().frame)
        pd.testing.assert_frame_equal(pooled(coded).frame, pooled().frame)

    @given(st.permutations(range(len(ROWS))))
    def test_the_order_of_rows_does_not_matter(self, order):
        pd.testing.assert_frame_equal(pooled(ROWS.iloc[order]).frame, pooled().frame)

    @given(st.sampled_from([2, 7, 10]))
    def test_only_the_ratio_of_weights_matters(self, times):
        one, other = pooled().frame, pooled(ROWS.assign(w=times * ROWS["w"])).frame

        same = [c for c in one if c != "pooled_weight"]
        pd.testing.assert_frame_equal(one[same], other[same])

    @given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(3, 6))
    def test_no_group_below_the_one_used_is_large_enough(self, seed, workers, enterprises):
        rng = np.random.default_rng(seed)
        codes = [f"6-{m:02}-{s:02}-{d:02}" for m in (1, 2) for s in (1, 2) for d in (1, 2, 3)]
        rows = pd.DataFrame(
            {
                "occupation": rng.choice(codes, 40, p=rng.dirichlet(np.ones(12))),
                "firm": rng.integers(0, 8, 40),
                "annual_wage": rng.integers(30_000, 90_000, 40),
            }
        )
        rule = SmallCells(workers, enterprises, 2)
        found = pool_small_cells(rows, rule=rule, enterprise="firm").frame
        assert set(found["occupation"]) == set(rows["occupation"])
        for cell in found.to_dict("records"):
            code = cell["occupation"]
            line = [code, *parents(code)[:2]]
            inside = [rows[rows["occupation"].str.startswith(group)] for group in line]
            large = [len(r) >= workers and r["firm"].nunique() >= enterprises for r in inside]
            place = large.index(True) if any(large) else -1
            assert cell["code"] == (line[place] if place >= 0 else "")
            if place >= 0:
                assert cell["mean"] == pytest.approx(inside[place]["annual_wage"].mean())


class TestLevels:
    def test_parents_are_the_codes_above(self):
        assert parents("6-18-01-01") == ("6-18-01", "6-18", "6")
        assert parents("6") == ()

    def test_a_code_of_a_higher_level_has_no_group_below_it(self):
        above = groups_above(pa.table({"o": ["6-18", "6-18-01-01", None]}), "o", OCCUPATION)

        assert above == [
            {"6-18": None, "6-18-01-01": "6-18-01"},
            {"6-18": "6-18", "6-18-01-01": "6-18"},
        ]

    def test_levels_may_be_columns(self):
        rows = ROWS.assign(team=ROWS["occupation"].str[:1])
        levels = (OCCUPATION[0], Level("大类", "major group", "team"))
        found = by_code(pooled(rows, levels=levels))

        assert found["code"].tolist() == ["", "6-18-01-01", "6", "6"]
        assert found.loc["6-18-01-02", "mark_en"] == "pooled: major group 6"

    def test_a_cell_without_a_group_is_not_pooled_with_others_without_one(self):
        rows = ROWS.assign(team=None)
        found = pooled(rows, levels=(OCCUPATION[0], Level("组", "team", "team"))).frame

        assert (found["level_used"] == "none").sum() == 3

    @pytest.mark.parametrize(
        ("codes", "phrase"),
        [
            (["6-18-01-01", "weaver"], "'weaver' is no occupation code"),
            (["6-18-01-01", "9-18-01-01"], "'9-18-01-01' is no occupation code"),
            (["6-18-01-01", "6-18-1-1"], "'6-18-1-1' is no occupation code"),
        ],
    )
    def test_a_code_outside_the_classification_is_refused(self, codes, phrase):
        rows = pd.DataFrame({"occupation": codes, "firm": "a", "annual_wage": 5e4})

        with pytest.raises(InputError) as refused:
            pool_small_cells(rows, rule=RULE, enterprise="firm")
        assert phrase in str(refused.value)

    def test_groups_that_cut_across_are_refused(self):
        table = pa.table({"o": ["1", "2", "3"], "a": ["x", "x", "y"], "b": ["p", "q", "q"]})
        levels = (OCCUPATION[0], Level("甲", "team", "a"), Level("乙", "shop", "b"))

        with pytest.raises(InputError, match="Each team must lie within one shop") as refused:
            groups_above(table, "o", levels)
        assert refused.value.problems == ("x: p, q",)

    def test_a_code_with_two_groups_is_refused(self):
        rows = ROWS.assign(team=ROWS["firm"])

        with pytest.raises(InputError, match="should hold one code for each occupation"):
            pooled(rows, levels=(OCCUPATION[0], Level("组", "team", "team")))

    @pytest.mark.parametrize(
        ("levels", "phrase"),
        [
            (OCCUPATION[:1], "at least one above it"),
            ((OCCUPATION[0], OCCUPATION[0]), "names of their own"),
            ((OCCUPATION[0], replace(OCCUPATION[1], label_zh="none")), "cannot be called 'none'"),
            ((OCCUPATION[0], Level("组", "team", "occupation")), "the key column"),
        ],
    )
    def test_levels_that_say_nothing_are_refused(self, levels, phrase):
        with pytest.raises(InputError, match=phrase):
            pooled(levels=levels)


class TestRefused:
    def test_enterprises_must_be_named(self):
        with pytest.raises(InputError, match="no column of enterprises is named"):
            pool_small_cells(ROWS, rule=RULE)

    def test_a_column_named_twice_differently(self):
        with pytest.raises(InputError, match="weight = 'w', but the design says 'v'"):
            pooled(design=Design(weight="v", enterprise="firm"))

    def test_a_key_with_the_name_of_a_result(self):
        with pytest.raises(InputError, match="'level_used' has the name of a result"):
            pooled(ROWS.rename(columns={"occupation": "level_used"}), key="level_used")

    def test_bad_rows_are_refused_or_set_aside(self):
        rows = pd.concat([ROWS, ROWS.head(2).assign(annual_wage=np.nan)], ignore_index=True)
        rows = pd.concat([rows, ROWS.head(1).assign(occupation=None)], ignore_index=True)

        with pytest.raises(InputError, match="annual_wage is missing in 2"):
            pooled(rows)
        found = pooled(rows, on_bad_rows="set_aside")
        pd.testing.assert_frame_equal(found.frame, pooled().frame)
        assert "2 left out (annual_wage is missing)" in "".join(found.notes)


class TestDisplay:
    def test_says_what_it_is_and_by_what_rule(self):
        text = repr(pooled())

        assert "人数少于 4 人或企业少于 3 家" in text
        assert "under 4 workers or 3 enterprises" in text
        assert "细类 1 · 小类 1 · 中类 1 · none 1" in text
        assert "合并数据：小类 6-18-01" in text
        assert "本细类数据" not in text

    def test_names_are_escaped(self):
        levels = (OCCUPATION[0], Level("<b>", "<i>", lambda code: code[:1]))

        assert "<b>" not in pooled(levels=levels)._repr_html_()

    def test_the_small_cells_are_those_that_miss_the_rule(self):
        assert pooled().small["occupation"].tolist() == ["4-01-01-01", "6-18-01-02", "6-18-02-01"]


class TestSurvey:
    def test_brings_its_own_weights_and_enterprises(self):
        survey = read_survey(SAMPLE / "returns")
        workers = survey.workers[survey.workers["annual_wage"] > 0]
        workers = workers.assign(weight=1.0 + np.arange(len(workers)) % 3)
        survey = replace(survey, workers=workers)
        rule = SmallCells(30, 3, 5)
        options = {"rule": rule, "on_bad_rows": "set_aside", "se": "linearized"}
        found = pool_small_cells(survey, **options)
        named = pool_small_cells(workers, weight="weight", enterprise="enterprise_id", **options)

        pd.testing.assert_frame_equal(found.frame, named.frame)
        assert {"细类", "小类", "中类", "none"} == set(found.frame["level_used"])
        direct = estimate_tiers(
            survey, ["occupation"], on_bad_rows="set_aside", se="linearized"
        ).frame.set_index("occupation")
        own = by_code(found)[by_code(found)["level_used"] == "细类"]
        pd.testing.assert_series_equal(own["p90"], direct.loc[own.index, "p90"])
        pd.testing.assert_series_equal(own["se_mean"], direct.loc[own.index, "se_mean"])


class TestPolicy:
    def rule(self, tmp_path, text):
        path = tmp_path / "policy.toml"
        path.write_text(text, encoding="utf-8")
        return read_small_cells(read_policy(path))

    GOOD = "[small_cells]\nmin_workers = 30\nmin_enterprises = 3\nvariance_enterprises = 6\n"

    def test_states_all_three_numbers(self, tmp_path):
        assert self.rule(tmp_path, self.GOOD) == SmallCells(30, 3, 6)

    @pytest.mark.parametrize(
        ("was", "now", "phrase"),
        [
            (GOOD, "", "has no section [small_cells]"),
            ("min_workers = 30\n", "", "missing key 'min_workers'"),
            ("min_workers", "min_worker", "unknown key 'min_worker'"),
            ("= 30", "= 30.5", "min_workers = 30.5 should be a whole number"),
            ("= 30", "= 0", "min_workers = 0 should be 1 or more"),
            ("= 3\n", "= 2\n", "min_enterprises = 2 should be 3 or more"),
            ("= 6", "= 1", "variance_enterprises = 1 should be 2 or more"),
        ],
    )
    def test_what_it_cannot_say(self, tmp_path, was, now, phrase):
        with pytest.raises(PolicyError) as refused:
            self.rule(tmp_path, self.GOOD.replace(was, now))

        assert phrase in str(refused.value)
        assert "policy.toml" in str(refused.value)

    def test_all_problems_are_told_at_once(self, tmp_path):
        with pytest.raises(PolicyError) as refused:
            self.rule(tmp_path, self.GOOD.replace("30", "0").replace("= 3\n", "= 1\n"))

        assert len(refused.value.problems) == 2


def test_a_cold_command_does_not_wait_for_pandas():
    code = (
        "import sys; from wageguide.analysis import pooling, shrinkage; "
        "sys.exit('pandas' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
