"""Model-assisted figures: from rows to marked estimates, limits, coverage, what is refused.

The algebra of the model is checked in test_nested.py and the direct estimates in
test_log_means.py; here, that they are put together as they say.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wageguide.analysis.levels import Level
from wageguide.analysis.occupations import OCCUPATION
from wageguide.analysis.shrinkage import shrink_small_cells
from wageguide.analysis.small_cells import SmallCells
from wageguide.errors import InputError
from wageguide.survey.read import read_survey
from wageguide.tiers.checks import BadRows

RULE = SmallCells(min_workers=20, min_enterprises=3, variance_enterprises=6)
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
#: Student's t with 9 degrees of freedom, and the normal, at 97.5 %: as in any table.
T_975_9 = 2.2621571628
Z_975 = 1.959963984540054


def district(seed: int = 1, between: float = 0.15) -> pd.DataFrame:
    """Twelve occupations in six small and three middle groups; the odd ones are thin."""
    rng = np.random.default_rng(seed)
    parts = []
    for cell in range(12):
        middle, small, detail = cell // 4 + 1, cell // 2 % 2 + 1, cell % 2 + 1
        firms = 10 if cell % 2 == 0 else (1, 2, 4, 3, 2, 1)[cell // 2]
        each = 8 if cell % 2 == 0 else 3
        firm = np.repeat(np.arange(firms) + 20 * cell, each)
        level = 11 + 0.5 * middle + 0.2 * small + 0.1 * detail
        effect = rng.normal(0, between, firms).repeat(each)
        parts.append(
            pd.DataFrame(
                {
                    "occupation": f"6-{middle:02}-{small:02}-{detail:02}",
                    "firm": [f"f{f}" for f in firm],
                    "annual_wage": np.exp(level + effect + rng.normal(0, 0.2, firm.size)).round(2),
                    "w": rng.integers(1, 9, firm.size),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


ROWS = district()


def shrunk(data=ROWS, **options):
    return shrink_small_cells(
        data, **{"rule": RULE, "weight": "w", "enterprise": "firm", **options}
    )


def by_code(result) -> pd.DataFrame:
    return result.frame.set_index(result.key)


class TestPutTogether:
    FOUND = shrunk()

    def test_large_cells_have_their_direct_estimate(self):
        frame = self.FOUND.frame
        large = frame["occupation"].str.endswith("01")

        assert (frame.loc[large, "method"] == "direct").all()
        assert (frame.loc[~large, "method"] == "eb").all()
        for row in frame[large].to_dict("records"):
            own = ROWS[ROWS["occupation"] == row["occupation"]]
            log = np.average(np.log(own["annual_wage"]), weights=own["w"])
            assert row["typical_wage"] == pytest.approx(np.exp(log), rel=1e-12)

    def test_thin_cells_are_the_matrix_form_of_the_model(self):
        # G and V as in the model: effects of cell, small group and middle group.
        frame, tau = self.FOUND.frame, self.FOUND.fit.tau
        groups = [frame["occupation"].str[:n].to_numpy() for n in (10, 7, 4)]
        shared = sum(t * (g[:, None] == g) for t, g in zip(tau, groups, strict=True))
        v = shared + np.diag(frame["direct_variance"])
        w, y = np.linalg.inv(v), frame["direct_log"].to_numpy()
        mean = w.sum(0) @ y / w.sum()
        expected = mean + shared @ w @ (y - mean)

        assert [level.label_zh for level in self.FOUND.levels] == ["细类", "小类", "中类"]
        np.testing.assert_allclose(frame["eb_log"], expected, rtol=1e-10)
        thin = frame["method"] == "eb"
        np.testing.assert_allclose(frame["typical_wage"][thin], np.exp(expected)[thin], rtol=1e-9)
        between = frame["gamma"] * frame["direct_log"] + (1 - frame["gamma"]) * frame["parent_log"]
        np.testing.assert_allclose(between, frame["eb_log"], rtol=1e-12)

    def test_sampling_variances_are_the_cells_own_from_enough_enterprises(self):
        frame, direct = self.FOUND.frame, self.FOUND.direct
        enough = frame["enterprises"] >= 6

        assert (frame["variance_from"] == np.where(enough, "own", "smoothed")).all()
        expected = np.where(enough, direct.own, direct.smoothed)
        np.testing.assert_array_equal(frame["direct_variance"], expected)

    @pytest.mark.parametrize(("least", "origin"), [(10, "own"), (11, "smoothed")])
    def test_just_enough_enterprises_are_enough(self, least, origin):
        frame = by_code(shrunk(rule=replace(RULE, variance_enterprises=least)))

        assert frame.loc["6-01-01-01", ["enterprises", "variance_from"]].tolist() == [10, origin]

    def test_limits_are_t_for_an_own_variance_and_normal_for_a_model(self):
        frame = self.FOUND.frame
        direct = frame["method"] == "direct"
        se = np.sqrt(np.where(direct, frame["direct_variance"], frame["eb_mse"]))
        reach = np.where(direct, T_975_9, Z_975) * se

        log = np.log(frame["typical_wage"])
        np.testing.assert_allclose(np.log(frame["low_typical_wage"]), log - reach, rtol=1e-10)
        np.testing.assert_allclose(np.log(frame["high_typical_wage"]), log + reach, rtol=1e-10)

    def test_every_row_is_marked(self):
        frame = self.FOUND.frame
        marks = frame.groupby("method")[["mark_zh", "mark_en"]].agg(set)

        assert marks.loc["eb"].tolist() == [
            {"模型辅助估计（经验贝叶斯收缩）"},
            {"model-assisted estimate (empirical Bayes)"},
        ]
        assert marks.loc["direct"].tolist() == [{"直接估计"}, {"direct estimate"}]
        text = repr(self.FOUND)
        assert "不得与直接估计混用" in text
        assert "model-assisted" in text
        assert "direct 6, eb 6" in text
        assert "模型辅助估计" in self.FOUND._repr_html_()

    def test_thin_cells_gain(self):
        # Not each of them: what twelve cells tell of three variances is little, and counts.
        thin = self.FOUND.frame[self.FOUND.frame["method"] == "eb"]

        assert thin["eb_mse"].mean() < 0.9 * thin["direct_variance"].mean()


class TestLimits:
    def test_a_given_variance_takes_the_place_of_a_cells_own(self):
        code = "6-01-01-02"
        sure = by_code(shrunk(variance={code: 1e-12})).loc[code]
        blank = by_code(shrunk(variance={code: 1e9})).loc[code]

        assert sure["variance_from"] == blank["variance_from"] == "given"
        assert np.log(sure["typical_wage"]) == pytest.approx(sure["direct_log"], abs=1e-6)
        assert np.log(blank["typical_wage"]) == pytest.approx(blank["parent_log"], abs=1e-6)

    def test_a_cell_leans_on_the_nearest_of_its_groups(self):
        # Alike within small groups, far apart between them: a thin cell that strays
        # returns to its neighbour, not to the mean of all.
        rows = district(between=0.01)
        code, neighbour = "6-01-01-02", "6-01-01-01"
        astray = rows["occupation"] == code
        rows.loc[astray, "annual_wage"] *= 2
        blank = by_code(shrunk(rows, variance={code: 1e3}))

        distance = np.log(blank["typical_wage"][code] / blank["typical_wage"][neighbour])
        assert abs(distance) < 0.15
        assert np.log(blank["typical_wage"][code] / blank["typical_wage"].median()) < -0.3

    def test_levels_that_cells_cannot_tell_apart_have_no_effect(self):
        found = shrunk(ROWS[ROWS["occupation"].str.endswith("01")])

        # one cell a small group: the small group is the cell
        assert [level.label_zh for level in found.levels] == ["细类", "中类"]
        assert [level.label_zh for level in found.dropped] == ["小类"]
        assert "不能单独估计的层级 Levels not told apart: 小类" in repr(found)

    def test_without_groups_all_cells_are_one(self):
        found = shrunk(levels=OCCUPATION[:1])

        assert found.fit.tau.size == 1
        assert found.dropped == ()
        np.testing.assert_allclose(found.fit.parent, found.fit.mean, rtol=1e-12)

    def test_a_cell_without_a_group_leans_on_what_is_above(self):
        up = {c: c[:7] for c in ROWS["occupation"].unique()} | {"6-01-01-02": None}
        levels = (
            OCCUPATION[0],
            Level("组", "team", up.get),
            Level("中类", "middle", lambda c: c[:4]),
        )
        found = shrunk(levels=levels)
        frame = by_code(found)

        assert [level.label_en for level in found.levels[1:]] == ["team", "middle"]
        own = frame.index.str.startswith("6-01")
        near = abs(frame["parent_log"]["6-01-01-02"] - frame["direct_log"][own].mean())
        assert near < abs(frame["parent_log"]["6-01-01-02"] - found.fit.mean)

    def test_cells_without_a_group_are_no_group(self):
        alone = ("6-01-01-02", "6-03-02-02")
        up = {c: None if c in alone else c[:7] for c in ROWS["occupation"].unique()}
        own = {c: g or c for c, g in up.items()}
        none, by_itself = (
            shrunk(levels=(OCCUPATION[0], Level("组", "team", of.get))).frame for of in (up, own)
        )

        pd.testing.assert_frame_equal(none, by_itself)


class TestRows:
    def test_an_arrow_table_and_a_frame_give_the_same(self, unchanged):
        with unchanged(ROWS):
            found = shrunk().frame
        arrow = shrunk(pa.Table.from_pandas(ROWS, preserve_index=False)).frame

        pd.testing.assert_frame_equal(found, arrow)

    @given(st.integers(0, 2**32 - 1))
    def test_the_order_of_rows_does_not_matter(self, seed):
        rows = ROWS.sample(frac=1, random_state=seed % 2**31)

        pd.testing.assert_frame_equal(shrunk(rows).frame, shrunk().frame)

    @pytest.mark.parametrize("times", [0.125, 3.0, 1000.0])
    def test_only_the_ratio_of_weights_matters(self, times):
        rows = ROWS.assign(w=times * ROWS["w"])

        pd.testing.assert_frame_equal(shrunk(rows).frame, shrunk().frame, rtol=1e-6)

    @pytest.mark.parametrize("times", [0.5, 12.0])
    def test_another_unit_of_wages_gives_the_same_in_that_unit(self, times):
        one, other = (
            by_code(shrunk(r)) for r in (ROWS, ROWS.assign(annual_wage=times * ROWS["annual_wage"]))
        )

        for name in ("typical_wage", "low_typical_wage", "high_typical_wage"):
            np.testing.assert_allclose(other[name], times * one[name], rtol=1e-6)
        np.testing.assert_allclose(other["eb_mse"], one["eb_mse"], rtol=1e-5)

    def test_a_survey_brings_its_own_weights_and_enterprises(self):
        survey = read_survey(SAMPLE / "returns")
        workers = survey.workers[survey.workers["annual_wage"] > 0]
        workers = workers.assign(weight=1.0 + np.arange(len(workers)) % 3)
        options = {"rule": RULE, "on_bad_rows": "set_aside"}
        found = shrink_small_cells(replace(survey, workers=workers), **options)
        named = shrink_small_cells(workers, weight="weight", enterprise="enterprise_id", **options)

        pd.testing.assert_frame_equal(found.frame, named.frame)
        assert found.left_out["occupation is missing"] > 0
        assert set(found.frame["method"]) == {"direct", "eb"}


class TestRefused:
    def test_a_wage_of_nothing_has_no_logarithm(self):
        rows = pd.concat([ROWS, ROWS.head(1).assign(annual_wage=0.0)], ignore_index=True)

        with pytest.raises(BadRows, match="annual_wage is zero in 1"):
            shrunk(rows)
        found = shrunk(rows, on_bad_rows="set_aside")
        pd.testing.assert_frame_equal(found.frame, shrunk().frame)
        assert found.left_out == {"annual_wage is zero": 1}
        assert "1 (annual_wage is zero)" in "".join(found.notes)

    def test_a_cell_borrows_from_others(self):
        with pytest.raises(InputError, match="2 cells are too few"):
            shrunk(ROWS[ROWS["occupation"].str.startswith("6-01-01")])

    def test_wages_that_do_not_differ(self):
        with pytest.raises(InputError, match="none has a sampling error"):
            shrunk(ROWS.assign(annual_wage=50_000.0))

    def test_a_single_enterprise_in_every_cell(self):
        with pytest.raises(InputError, match="No cell has workers of two enterprises"):
            shrunk(ROWS.assign(firm=ROWS["occupation"]))

    @pytest.mark.parametrize(
        ("given", "phrase"),
        [
            ({"6-01-01-02": 0.0}, "6-01-01-02: 0.0 should be a number above 0"),
            ({"6-01-01-02": float("nan")}, "nan should be a number above 0"),
            ({"6-09-09-09": 1.0}, "6-09-09-09: there is no such cell"),
        ],
    )
    def test_a_given_variance_that_is_none(self, given, phrase):
        with pytest.raises(InputError) as refused:
            shrunk(variance=given)

        assert phrase in str(refused.value)

    def test_a_code_outside_the_classification(self):
        with pytest.raises(InputError, match="'weaver' is no occupation code"):
            shrunk(ROWS.replace("6-01-01-02", "weaver"))

    def test_a_key_with_the_name_of_a_result(self):
        with pytest.raises(InputError, match="'method' has the name of a result"):
            shrunk(ROWS.rename(columns={"occupation": "method"}), key="method")

    def test_enterprises_must_be_named(self):
        with pytest.raises(InputError, match="no column of enterprises is named"):
            shrink_small_cells(ROWS, rule=RULE)


def test_limits_of_the_model_hold_the_truth_as_often_as_they_say():
    # 40 occupations of eight groups, three enterprises of four workers each: all thin.
    rng = np.random.default_rng(20250808)
    cells, firms, each = 40, 3, 4
    codes = np.array(
        [f"6-{1 + c // 20:02}-{1 + c // 5 % 4:02}-{1 + c % 5:02}" for c in range(cells)]
    )
    cell = np.repeat(np.arange(cells), firms * each)
    firm = np.repeat(np.arange(cells * firms), each)
    held, error, direct_error = [], [], []
    for _ in range(150):
        small = rng.normal(0, 0.25, 8)[np.arange(cells) // 5]
        truth = 11 + small + rng.normal(0, 0.15, cells)
        log = truth[cell] + rng.normal(0, 0.25, cells * firms)[firm] + rng.normal(0, 0.2, cell.size)
        rows = pd.DataFrame({"occupation": codes[cell], "firm": firm, "annual_wage": np.exp(log)})
        frame = shrink_small_cells(rows, rule=SmallCells(30, 5, 6), enterprise="firm").frame
        low, high = np.log(frame["low_typical_wage"]), np.log(frame["high_typical_wage"])
        held.append(((low <= truth) & (truth <= high)).mean())
        error.append(((np.log(frame["typical_wage"]) - truth) ** 2).mean())
        direct_error.append(((frame["direct_log"] - truth) ** 2).mean())

    # 6,000 intervals; those of one draw hang together, so a bound of two points is wide
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)
    assert np.mean(error) < 0.65 * np.mean(direct_error)
