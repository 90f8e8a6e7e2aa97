"""Weights of a small survey, followed from the frame to the margins by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns import EDITING

import wageguide as wg
from wageguide.errors import PolicyError, WeightError
from wageguide.policy import Policy
from wageguide.provenance import data_dir
from wageguide.survey.inclusion import inclusion_probabilities
from wageguide.survey.nonresponse import respondents
from wageguide.survey.trimming import trimmed
from wageguide.survey.weight import weigh
from wageguide.survey.weight_settings import Nonresponse, read_weight_settings

WEIGHTS = {
    "frame": "frame.csv",
    "selection": "stratified",
    "strata": ["layer"],
    "workers": "all",
    "item_nonresponse": "none",
    "single_unit": "average",
}

#: Enterprise: stratum, workers in the frame, whether drawn, sector.
FRAME = {
    "A1": ("a", 10, 1, "x"), "A2": ("a", 20, 1, "x"), "A3": ("a", 30, 0, "x"),
    "A4": ("a", 40, 0, "y"), "B1": ("b", 50, 1, "y"), "B2": ("b", 60, 1, "y"),
    "B3": ("b", 70, 1, "x"), "B4": ("b", 80, 0, "y"), "B5": ("b", 90, 0, "x"),
    "B6": ("b", 15, 0, "y"), "C1": ("c", 300, 1, "y"),
}  # fmt: skip


def frame_table() -> pd.DataFrame:
    rows = [(e, *values) for e, values in FRAME.items()]
    return pd.DataFrame(rows, columns=["enterprise_id", "layer", "headcount", "selected", "sector"])


def rows_of(counts: dict[str, int], **changes) -> pd.DataFrame:
    """So many ordinary workers of each enterprise."""
    places = [(e, i) for e, n in counts.items() for i in range(n)]
    table = pd.DataFrame(places, columns=["enterprise_id", "worker_id"])
    table["worker_id"] += 1
    table["occupation"] = "2-02-10-03"
    table["sex"] = np.where(np.arange(len(table)) % 3 == 0, "女", "男")
    table["months_worked"] = 12
    table["annual_wage"] = 80_000 + 100 * np.arange(len(table)) % 7_000
    table["industry"], table["enterprise_size"] = "C", "S"
    table["headcount"] = table["enterprise_id"].map({e: v[1] for e, v in FRAME.items()})
    return table.assign(**changes)


@pytest.fixture
def office(tmp_path):
    """Weigh rows under settings, with a frame and totals beside the policy."""

    def weighed(rows, frame=None, totals=None, /, **settings):
        (frame_table() if frame is None else frame).to_csv(tmp_path / "frame.csv", index=False)
        if totals is not None:
            totals.to_csv(tmp_path / "totals.csv", index=False)
        rows.to_csv(tmp_path / "rows.csv", index=False)
        policy = Policy(
            tmp_path / "policy.toml", {"editing": EDITING, "weights": WEIGHTS | settings}
        )
        frame = wg.read_frame(tmp_path / "frame.csv")
        received = wg.read_survey(tmp_path / "rows.csv", reference_year=2025, progress=False)
        edited = wg.edit(received, policy, frame)
        assert edited.account.closes
        return weigh(edited, policy)

    return weighed


ALL_SIX = {"A1": 2, "A2": 3, "B1": 4, "B2": 2, "B3": 2, "C1": 5}


def of_enterprise(survey, column="weight") -> dict[str, float]:
    different = survey.workers[["enterprise_id", column]].drop_duplicates()
    assert different["enterprise_id"].is_unique
    return different.set_index("enterprise_id")[column].to_dict()


class TestDesign:
    def test_enterprises_of_the_stratum_over_those_drawn(self, office):
        survey = office(rows_of(ALL_SIX))

        assert of_enterprise(survey) == {"A1": 2, "A2": 2, "B1": 2, "B2": 2, "B3": 2, "C1": 1}
        assert of_enterprise(survey, "stratum_enterprises")["B1"] == 6
        assert survey.design == wg.Design(
            "weight", "enterprise_id", "stratum", "stratum_enterprises", single_unit="average"
        )
        assert survey.weighting.enterprises == {
            "frame": 11, "selected": 6, "responded": 6, "out_of_scope": 0, "silent": 0
        }  # fmt: skip
        assert "校准" not in repr(survey.weighting)

    def test_a_stratum_drawn_whole_has_no_error(self, office):
        survey = office(rows_of({"C1": 50}), frame_table().query("layer == 'c'"))
        table = wg.estimate_tiers(
            survey.workers, design=survey.design, se="linearized", on_bad_rows="set_aside"
        )
        assert np.isnan(table.frame["se_mean"]).all()

    def test_strata_of_two_columns(self, office):
        rows = rows_of(ALL_SIX)
        frame = frame_table().assign(sector=["x"] * 3 + ["y"] * 8)
        frame.loc[frame["enterprise_id"] == "A4", "selected"] = 1
        rows = pd.concat([rows, rows_of({"A4": 3})])
        survey = office(rows, frame, strata=["layer", "sector"])

        assert of_enterprise(survey)["A1"] == 1.5
        assert of_enterprise(survey)["A4"] == 1
        assert of_enterprise(survey, "stratum")["A4"] == "a / y"

    def test_probabilities_of_the_frame(self, office):
        frame = frame_table().assign(
            probability=[0.25, 0.5, 0.3, 0.3, 0.8, 0.5, 0.4, 0.1, 0.1, 0.1, 1]
        )
        survey = office(rows_of(ALL_SIX), frame, selection="pps")

        assert of_enterprise(survey) == {
            "A1": 4, "A2": 2, "B1": 1.25, "B2": 2, "B3": 2.5, "C1": 1
        }  # fmt: skip
        enterprises = of_enterprise(survey, "stratum_enterprises")
        assert enterprises["C1"] == 1
        assert np.isnan(enterprises["A1"])
        assert of_enterprise(survey, "stratum")["C1"] == "c 必抽"

    def test_in_proportion_to_size(self, office):
        survey = office(rows_of(ALL_SIX), selection="pps", size="headcount")

        # 2 of 100 workers' worth in a: 100/20 and 100/40; 3 of 365 in b; c for certain.
        expected = {"A1": 5, "A2": 2.5, "B1": 365 / 150, "B2": 365 / 180, "B3": 365 / 210, "C1": 1}
        assert of_enterprise(survey) == pytest.approx(expected)

    def test_a_sample_of_the_workers(self, office):
        survey = office(rows_of(ALL_SIX), workers="sample")

        expected = {e: (1 if e == "C1" else 2) * FRAME[e][1] / n for e, n in ALL_SIX.items()}
        assert of_enterprise(survey) == pytest.approx(expected)
        assert of_enterprise(survey, "enterprise_workers")["B2"] == 60
        assert survey.design.workers == "enterprise_workers"

    def test_two_stages_have_a_larger_error_than_one(self, office):
        rows = rows_of({**ALL_SIX, "C1": 40})
        tables = [
            wg.estimate_tiers(s.workers, design=s.design, se="linearized")
            for s in (office(rows, workers="sample"), office(rows, workers="all"))
        ]
        assert tables[0].frame["se_mean"][0] > 0
        assert tables[0].frame["weight"][0] > tables[1].frame["weight"][0]

    @pytest.mark.parametrize(
        ("change", "settings", "message"),
        [
            ({"selected": [0] * 2 + [0] * 2 + [1] * 7}, {}, "stratum a: 4 enterprises, none"),
            ({}, {"strata": ["zone"]}, "no column 'zone'"),
            ({}, {"selection": "pps"}, "needs the probability of every selected"),
            ({"headcount": 0}, {"selection": "pps", "size": "headcount"}, "Stratum a: 2 of 4"),
            ({"probability": 1.0}, {"selection": "pps"}, "are not selected: A3"),
            ({"headcount": 1}, {"workers": "sample"}, None),
        ],
    )
    def test_what_does_not_fit(self, office, change, settings, message):
        rows = rows_of(ALL_SIX)
        if message is None:
            rows, message = rows.assign(headcount=1), "A1: headcount 1, 2 rows"
        with pytest.raises(WeightError, match=message):
            office(rows, frame_table().assign(**change), **settings)


class TestReturnsAndFrame:
    def test_strangers_are_set_aside_with_a_reason(self, office):
        rows = pd.concat([rows_of(ALL_SIX), rows_of({"A3": 3, "Z9": 2})])
        survey = office(rows.assign(headcount=40))

        aside = survey.set_aside["reason"].value_counts().to_dict()
        assert aside == {"enterprise_not_selected": 3, "enterprise_not_in_frame": 2}
        found = survey.findings.frame.set_index("reason")
        assert "抽样框 frame.csv" in found.loc["enterprise_not_in_frame", "message_zh"]
        assert found.loc["enterprise_not_selected", "value"] == "A3"
        assert survey.account.received_rows == len(rows)

    def test_validation_with_a_frame_finds_them_too(self, tmp_path):
        rows_of({"Z9": 2}).to_csv(tmp_path / "rows.csv", index=False)
        frame_table().to_csv(tmp_path / "frame.csv", index=False)
        received = wg.read_survey(tmp_path / "rows.csv", reference_year=2025, progress=False)
        policy = Policy(tmp_path / "p.toml", {"editing": EDITING})
        found = wg.validate(received, policy, wg.read_frame(tmp_path / "frame.csv")).frame

        assert "enterprise_not_in_frame" in found["reason"].tolist()
        assert (
            "enterprise_not_in_frame" not in wg.validate(received, policy).frame["reason"].tolist()
        )

    def test_returns_with_weights_of_their_own(self, office):
        with pytest.raises(WeightError, match="carry weights of their own"):
            office(rows_of(ALL_SIX, weight=3))

    def test_a_survey_is_weighed_once_and_after_editing(self, tmp_path, office):
        survey = office(rows_of(ALL_SIX))
        policy = Policy(tmp_path / "policy.toml", {"editing": EDITING, "weights": WEIGHTS})
        with pytest.raises(WeightError, match="weighed already"):
            weigh(survey, policy)
        received = wg.read_survey(tmp_path / "rows.csv", reference_year=2025, progress=False)
        with pytest.raises(WeightError, match="after it has been edited"):
            weigh(received, policy)
        rows_of({"Z9": 2}).to_csv(tmp_path / "rows.csv", index=False)
        received = wg.read_survey(tmp_path / "rows.csv", reference_year=2025, progress=False)
        with pytest.raises(WeightError, match=r"not among those selected .*: Z9"):
            weigh(wg.edit(received, policy), policy)
        with pytest.raises(PolicyError, match=r"no section \[weights\]"):
            weigh(survey, Policy(tmp_path / "policy.toml", {}))


CLASSES = {"classes": ["layer"], "count": "enterprises", "min_respondents": 1}


class TestNonresponse:
    def test_respondents_stand_in_for_their_class(self, office):
        rows = rows_of({k: v for k, v in ALL_SIX.items() if k not in ("A2", "B3")})
        survey = office(rows, nonresponse=CLASSES)

        assert of_enterprise(survey) == {"A1": 4, "B1": 3, "B2": 3, "C1": 1}
        assert survey.weighting.enterprises["silent"] == 2

    def test_by_workers_the_large_ones_count_more(self, office):
        rows = rows_of({k: v for k, v in ALL_SIX.items() if k not in ("A2", "B3")})
        survey = office(rows, nonresponse=CLASSES | {"count": "workers"})

        assert of_enterprise(survey) == pytest.approx(
            {"A1": 2 * 30 / 10, "B1": 2 * 180 / 110, "B2": 2 * 180 / 110, "C1": 1}
        )

    def test_silence_without_an_adjustment_is_told(self, office):
        with pytest.raises(WeightError, match=r"1 of 6 selected .*: B3. Say how"):
            office(rows_of({k: v for k, v in ALL_SIX.items() if k != "B3"}))

    def test_without_a_worker_in_scope_an_enterprise_has_answered(self, office):
        rows = rows_of(ALL_SIX)
        rows.loc[rows["enterprise_id"] == "B3", "months_worked"] = 6
        survey = office(rows)

        assert of_enterprise(survey)["B1"] == 2
        assert survey.weighting.enterprises["out_of_scope"] == 1

    def test_rows_that_cannot_be_used_are_made_up_for(self, office):
        rows = rows_of(ALL_SIX).astype({"annual_wage": object})
        first = rows.index[rows["enterprise_id"] == "B1"][0]
        rows.loc[first, "annual_wage"] = "不详"
        lost = office(rows)
        made_up = office(rows, item_nonresponse="within_enterprise")

        assert of_enterprise(lost)["B1"] == 2
        assert of_enterprise(made_up)["B1"] == pytest.approx(2 * 4 / 3)
        assert made_up.workers["weight"].sum() == pytest.approx(2 * 13 + 5)

    def test_an_enterprise_all_of_whose_rows_are_lost_is_silent(self, office):
        rows = rows_of(ALL_SIX).astype({"annual_wage": object})
        rows.loc[rows["enterprise_id"] == "B1", "annual_wage"] = "不详"
        survey = office(rows, nonresponse=CLASSES)

        assert survey.weighting.enterprises["silent"] == 1
        assert of_enterprise(survey)["B2"] == 3


def selected(*lines) -> pd.DataFrame:
    """Lines of (class column, class column, answered)."""
    table = pd.DataFrame(lines, columns=["p", "q", "responded"]).astype({"responded": bool})
    return table.assign(enterprise_id=[f"E{i}" for i in range(len(table))], design_weight=1.0)


class TestClasses:
    ASKED = Nonresponse(("p", "q"), "enterprises", 2)

    def names(self, table) -> list[str]:
        respondents(table, self.ASKED)
        return table["class"].tolist()

    def test_thin_classes_are_merged_with_their_neighbours(self):
        table = selected(
            *[("a", "1", 1), ("a", "1", 0), ("a", "2", 1), ("a", "2", 1), ("a", "2", 0)],
            *[("b", "1", 1), ("b", "1", 1), ("b", "1", 0)],
        )
        assert self.names(table) == ["a / *"] * 5 + ["b / 1"] * 3

    def test_a_class_in_which_all_answered_is_left_alone(self):
        table = selected(
            *[("a", "1", 1), ("a", "2", 1), ("a", "2", 0), ("a", "3", 1), ("a", "3", 0)]
        )
        found = respondents(table, self.ASKED)

        assert table["class"].tolist() == ["a / 1"] + ["a / *"] * 4
        assert found.loc["a / 1", "factor"] == 1
        assert found.loc["a / *", "factor"] == 2

    def test_up_to_the_whole_where_nobody_else_can_stand_in(self):
        table = selected(("a", "1", 1), ("b", "1", 0), ("b", "2", 1), ("c", "1", 1))

        assert self.names(table) == ["* / *"] * 4

    def test_the_rate_counts_design_weights(self):
        table = selected(("a", "1", 1), ("a", "1", 1), ("a", "1", 0))
        table["design_weight"] = [1.0, 2.0, 3.0]

        assert respondents(table, self.ASKED)["rate"].tolist() == [0.5]

    def test_nobody_answered(self):
        with pytest.raises(WeightError, match="No selected enterprise"):
            respondents(selected(("a", "1", 0)), self.ASKED)

    @given(
        st.lists(
            st.tuples(st.sampled_from("abc"), st.sampled_from("12"), st.booleans()), min_size=1
        ),
        st.integers(1, 5),
    )
    def test_the_sum_of_weights_is_kept_and_classes_are_thick_enough(self, lines, least):
        table = selected(*lines)
        if not table["responded"].any():
            return
        found = respondents(table, Nonresponse(("p", "q"), "enterprises", least))
        after = table["responded"] * table["class"].map(found["factor"])

        assert after.sum() == pytest.approx(len(table))
        thin = found[(found["responded"] < least) & (found["responded"] < found["selected"])]
        assert set(thin.index) <= {"* / *"}


RAKING = {"method": "raking", "margins": [["sex"], ["sector"]], "totals": "totals.csv"}


class TestCalibration:
    TOTALS = pd.DataFrame(
        [("sex", "1", 30), ("sex", "2", 20), ("sector", "x", 18), ("sector", "y", 32)],
        columns=["margin", "category", "total"],
    )

    def test_margins_of_workers_and_of_the_frame(self, office, compared):
        survey = office(rows_of(ALL_SIX), None, self.TOTALS, calibration=RAKING)
        got = {
            (margin, c): w
            for margin in ("sex", "sector")
            for c, w in survey.workers.groupby(margin)["weight"].sum().items()
        }
        wanted = self.TOTALS.set_index(["margin", "category"])["total"]
        gap = max(abs(got[k] / t - 1) for k, t in wanted.items())

        compared("Weights", "a weighed survey: largest relative gap of a margin", gap, 1e-10)
        assert survey.design.calibration.base == "base_weight"
        assert survey.weighting.margins["gap"].abs().max() <= 1e-10
        assert (survey.workers["base_weight"] != survey.workers["weight"]).all()
        assert "raking" in repr(survey.weighting)
        assert "<table" in survey.weighting._repr_html_()

    @pytest.mark.parametrize("method", ["raking", "linear"])
    def test_errors_are_taken_from_the_residuals(self, office, method):
        asked = RAKING | {"method": method}
        survey = office(rows_of(ALL_SIX), None, self.TOTALS, calibration=asked)
        table = wg.estimate_tiers(survey.workers, ["sex"], design=survey.design, se="linearized")

        assert table.frame["weight"].round(6).tolist() == [30, 20]
        total = wg.estimate_totals(
            survey.workers.assign(one=1.0), ["one"], ["sex"], design=survey.design
        )
        # What weights were calibrated on has no sampling error.
        assert not (total.frame["se_total_one"] > 1e-6).any()

    def test_sums_of_a_column_of_the_frame_go_by_the_frame(self, office):
        asked = {"method": "poststratify", "margins": [["sector"]], "totals_column": "headcount"}
        survey = office(rows_of(ALL_SIX), calibration=asked)
        sums = survey.workers.groupby("frame_sector")["weight"].sum()

        assert sums.round(6).to_dict() == {"x": 10 + 20 + 30 + 70 + 90, "y": 545}
        assert survey.design.calibration.margins == (("frame_sector",),)

    def test_two_columns_crossed(self, office):
        totals = pd.DataFrame(
            [("sex/sector", "1/x", 10), ("sex/sector", "1 / y", 20), ("sex/sector", "2/x", 5),
             ("sex/sector", "2/y", 15)], columns=["边际", "类别", "总数"],
        )  # fmt: skip
        asked = {"method": "poststratify", "margins": [["sex", "sector"]], "totals": "totals.csv"}
        survey = office(rows_of(ALL_SIX), None, totals, calibration=asked)

        sums = survey.workers.groupby(["sex", "sector"])["weight"].sum()
        assert sums.round(9).tolist() == [10, 20, 5, 15]

    def test_a_number_has_a_total_too(self, office):
        totals = pd.concat(
            [self.TOTALS, pd.DataFrame([("months_worked", "", 600)], columns=self.TOTALS.columns)]
        )
        asked = RAKING | {"method": "linear", "numbers": ["months_worked"]}
        survey = office(rows_of(ALL_SIX), None, totals, calibration=asked)

        assert (survey.workers["weight"] * 12).sum() == pytest.approx(600)

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (lambda t: t.assign(total=[30, 25, 18, 32]), "add up to: sex 55, sector 50"),
            (lambda t: t.assign(category=["1", "3", "x", "y"]), "margin sex: 3 has a total of 20"),
            (lambda t: t.assign(category=["1", "3", "x", "y"]), "margin sex: 2 has 6 rows, but no"),
            (lambda t: t.assign(margin=["sex"] * 2 + ["zone"] * 2), "margin sector: there are no"),
            (lambda t: t.assign(total=["many", 20, 18, 32]), "row 2: total is 'many'"),
            (lambda t: t.assign(category=["1", "1", "x", "y"]), "sex = 1 has a total already"),
            (lambda t: t.drop(columns="total"), "no column 总数"),
            (lambda t: t.assign(total=[50, 0, 18, 32]), "margin sex: 2 has 6 rows, but no total"),
        ],
    )
    def test_totals_that_cannot_be_met_name_the_margin(self, office, change, told):
        with pytest.raises(WeightError, match=told):
            office(rows_of(ALL_SIX), None, change(self.TOTALS), calibration=RAKING)

    def test_a_margin_without_answers(self, office):
        rows = rows_of(ALL_SIX)
        rows.loc[0, "sex"] = ""
        with pytest.raises(WeightError, match="margin sex: 1 of 18 rows have no sex"):
            office(rows, None, self.TOTALS, calibration=RAKING)

    def test_bounds_that_cannot_be_kept(self, office):
        with pytest.raises(WeightError, match=r"largest gap is at (sex|sector) = .*bounds are too"):
            office(rows_of(ALL_SIX), None, self.TOTALS, calibration=RAKING | {"upper": 1.05})


class TestTrimming:
    def test_without_calibration_the_sum_is_kept(self, office):
        frame = frame_table()
        more = pd.DataFrame({"enterprise_id": [f"A{i}" for i in range(10, 60)], "layer": "a",
                             "headcount": 5, "selected": 0, "sector": "x"})  # fmt: skip
        rows = rows_of({"A1": 1, "A2": 1, "B1": 9, "B2": 9, "B3": 9, "C1": 9})
        survey = office(rows, pd.concat([frame, more]), trim_above_median=3)

        assert survey.weighting.cap == 6
        assert survey.workers["weight"].max() == 6
        assert survey.workers["weight"].sum() == pytest.approx(54 + 2 * 27 + 9)

    def test_with_calibration_the_margins_are_kept(self, office):
        totals = TestCalibration.TOTALS.assign(total=[43, 7, 12, 38])
        asked = RAKING
        free = office(rows_of(ALL_SIX), None, totals, calibration=asked)
        cut = office(rows_of(ALL_SIX), None, totals, calibration=asked, trim_above_median=2)

        assert free.workers["weight"].max() > cut.weighting.cap
        assert cut.workers["weight"].max() <= cut.weighting.cap * (1 + 1e-12)
        assert cut.weighting.margins["gap"].abs().max() <= 1e-10

    def test_a_cap_that_cannot_be_kept(self, office):
        totals = TestCalibration.TOTALS.assign(total=[49, 1, 12, 38])
        with pytest.raises(WeightError, match="raise trim_above_median"):
            office(
                rows_of(ALL_SIX), None, totals,
                calibration=RAKING, trim_above_median=1.01,
            )  # fmt: skip

    @given(
        st.lists(st.floats(0.1, 100), min_size=1, max_size=40),
        st.floats(1.01, 5),
        st.integers(1, 3),
    )
    def test_no_weight_is_above_the_cap_and_groups_keep_their_sums(self, weights, times, groups):
        w = np.array(weights)
        group = np.arange(w.size) % groups
        cap = times * (np.bincount(group, w) / np.bincount(group)).max()
        got = trimmed(w, cap, group)

        assert (got <= cap * (1 + 1e-12)).all()
        np.testing.assert_allclose(np.bincount(group, got), np.bincount(group, w), rtol=1e-12)
        assert (got[w <= cap] >= w[w <= cap] * (1 - 1e-12)).all()

    def test_a_group_that_cannot_carry_its_sum(self):
        with pytest.raises(WeightError, match="the 2 rows of category 1 carry 30"):
            trimmed(np.array([10.0, 20.0]), 14.0, np.zeros(2, int), "category")


class TestInclusion:
    @given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40), st.data())
    def test_probabilities_add_up_and_follow_size(self, size, data):
        drawn = data.draw(st.integers(0, len(size)))
        got = inclusion_probabilities(size, drawn)

        assert got.sum() == pytest.approx(drawn)
        assert ((got >= 0) & (got <= 1)).all()
        free = got < 1
        if free.any() and drawn:
            ratio = got[free] / np.array(size)[free]
            np.testing.assert_allclose(ratio, ratio[0], rtol=1e-9)
            assert np.array(size)[~free].min(initial=np.inf) >= np.array(size)[free].max()

    def test_too_few_with_a_size(self):
        with pytest.raises(WeightError, match="1 have a size"):
            inclusion_probabilities([0, 0, 5], 2)


class TestSettings:
    @pytest.mark.parametrize(
        ("settings", "told"),
        [
            ({"colour": 1}, "unknown key 'colour'"),
            ({"selection": "quota"}, "selection = 'quota' should be one of"),
            ({"size": "headcount"}, "size is for selection = 'pps'"),
            ({"trim_above_median": 1}, "should be above 1"),
            ({"nonresponse": CLASSES | {"min_respondents": 0}}, "min_respondents should be 1"),
            ({"nonresponse": {"classes": []}}, "missing key 'count'"),
            ({"calibration": {"method": "raking", "totals": "t"}}, "names no margins"),
            ({"calibration": {"method": "raking", "margins": [["a"]]}}, "give either totals"),
            (
                {"calibration": RAKING | {"method": "poststratify"}},
                "poststratify takes one margin",
            ),
            ({"calibration": RAKING | {"lower": 2}}, "lower = 2 should be from 0 to below 1"),
            ({"calibration": RAKING | {"upper": 1}}, "upper = 1 should be above 1"),
            (
                {"calibration": {"method": "linear", "numbers": ["a"], "totals_column": "t"}},
                "numbers need a file",
            ),
        ],
    )
    def test_every_contradiction_is_told(self, settings, told):
        policy = Policy(Path("p.toml"), {"weights": WEIGHTS | settings})
        with pytest.raises(PolicyError, match=told):
            read_weight_settings(policy)

    def test_no_section_is_no_weights(self):
        assert read_weight_settings(Policy(Path("p.toml"), {})) is None


def test_the_sample_is_weighed_to_the_full_year_workers_of_its_frame():
    sample = data_dir() / "sample"
    policy = wg.read_policy(sample / "policy.toml")
    frame = wg.read_frame(sample / "frame_2025.csv")
    received = wg.read_survey(sample / "returns" / "2025", reference_year=2025, progress=False)
    survey = weigh(wg.edit(received, policy, frame), policy, frame=frame)
    everyone = frame.numbers("全年在岗人数").sum()

    assert survey.workers["weight"].sum() == pytest.approx(everyone, rel=1e-10)
    assert (survey.workers["weight"] >= 1).all()
    assert survey.account.closes
