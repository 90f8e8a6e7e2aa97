"""Grades: bounds and floors by hand, the presets, what no RSE can buy, and policies.

The bounds of the presets are those that the offices' own tables and pages show; each is
tried exactly on the line and on both sides of it.
"""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from wageguide.errors import InputError, PolicyError, SchemeError
from wageguide.policy import read_policy
from wageguide.tiers.estimate import estimate_tiers
from wageguide.tiers.grade_files import BUILT_IN, load_grading, read_grading
from wageguide.tiers.grade_places import grades
from wageguide.tiers.grade_reasons import why
from wageguide.tiers.grading import Floor, GradeClass, Grading
from wageguide.tiers.lowered import lowered
from wageguide.tiers.quality import (
    Figure,
    grade_codes,
    grade_columns,
    graded,
    relative_error,
    tail_share,
)
from wageguide.tiers.scheme import load_scheme

CN = load_grading("cn_enterprise")
LARGE = {"df": 200, "workers": 5_000, "enterprises": 300, "effective": 150.0}


def code(grading, rse, share=None, **cell) -> str:
    return grading.codes[int(grades(grading, rse=rse, share=share, **{**LARGE, **cell}))]


def just_over(x: float) -> float:
    return math.nextafter(x, 1)


def just_under(x: float) -> float:
    return math.nextafter(x, 0)


class TestPresets:
    def test_all_are_there(self):
        assert set(BUILT_IN) == {"cn_enterprise", "uk_ashe", "us_oews", "statcan"}

    @pytest.mark.parametrize("preset", ["uk_ashe", "cn_enterprise"])
    @pytest.mark.parametrize(
        ("rse", "expected"),
        [
            (0.0001, "A"),
            (0.05, "A"),
            (just_over(0.05), "B"),
            (0.10, "B"),
            (just_over(0.10), "C"),
            (0.20, "C"),
            (just_over(0.20), "x"),
            (7.0, "x"),
        ],
    )
    def test_the_bands_of_ashe_hold_their_upper_bound(self, preset, rse, expected):
        assert code(load_grading(preset), rse) == expected

    @pytest.mark.parametrize(
        ("rse", "expected"), [(0.299, "ok"), (just_under(0.30), "ok"), (0.30, "*"), (0.9, "*")]
    )
    def test_oews_publishes_below_thirty(self, rse, expected):
        assert code(load_grading("us_oews"), rse) == expected

    @pytest.mark.parametrize(
        ("rse", "expected"),
        [
            (0.165, "A-D"),
            (just_over(0.165), "E"),
            (0.166, "E"),
            (0.333, "E"),
            (just_over(0.333), "F"),
        ],
    )
    def test_statistics_canada(self, rse, expected):
        assert code(load_grading("statcan"), rse) == expected

    @pytest.mark.parametrize(
        ("preset", "shown"),
        [("cn_enterprise", "ABCDN"), ("uk_ashe", "ABC"), ("us_oews", ["ok"])],
    )
    def test_what_is_published(self, preset, shown):
        grading = load_grading(preset)

        assert [c.code for c in grading.classes if c.published] == list(shown)

    def test_our_own_numbers_are_called_ours(self):
        assert "our proposal" in CN.evidence_en
        assert "建议" in CN.title_zh
        assert "建议" in CN.evidence_zh

    @pytest.mark.parametrize("preset", BUILT_IN)
    def test_every_grade_is_text_in_both_languages(self, preset):
        for c in load_grading(preset).classes:
            assert c.code.isascii()
            assert c.label_zh
            assert c.label_en


class TestFloors:
    @pytest.mark.parametrize(
        ("cell", "expected"),
        [
            ({"workers": 30}, "A"),
            ({"workers": 29}, "x"),
            ({"enterprises": 3}, "A"),
            ({"enterprises": 2}, "x"),
            ({"enterprises": 0}, "x"),
            ({"workers": math.nan}, "x"),
            ({"enterprises": math.nan}, "x"),
            ({"effective": 15}, "A"),
            ({"effective": just_under(15)}, "D"),
            ({"effective": math.nan}, "D"),
        ],
    )
    def test_of_a_mean(self, cell, expected):
        assert code(CN, 0.01, **cell) == expected

    @pytest.mark.parametrize(
        ("share", "cell", "expected"),
        [
            (0.5, {"enterprises": 5}, "A"),
            (0.5, {"enterprises": 4}, "x"),
            # n x min(p, 1 - p) = 10 and 5; in floats 100 x (1 - 0.9) is 9.999999999999998
            *((p, {"workers": 100}, "A") for p in (0.1, 0.9, Fraction(1, 10), "0.90")),
            *((p, {"workers": 99}, "D") for p in (0.1, 0.9)),
            *((p, {"workers": 50}, "D") for p in (0.1, 0.9)),
            *((p, {"workers": 49}, "x") for p in (0.1, 0.9)),
            (0.25, {"workers": 40}, "A"),
            (0.25, {"workers": 39}, "D"),
            (0.5, {"workers": 30}, "A"),
            (0.05, {"workers": 200}, "A"),
            (0.05, {"workers": 199}, "D"),
        ],
    )
    def test_of_a_percentile(self, share, cell, expected):
        assert code(CN, 0.01, share, **cell) == expected

    def test_a_floor_lowers_and_never_lifts(self):
        # D by its tail; but an RSE over 20 % stays what it is
        assert code(CN, 0.3, 0.1, workers=60) == "x"

    def test_a_tail_mean_rests_on_its_tail(self):
        low, middle, high = load_scheme("tail_means").tiers
        (middle_mean,) = load_scheme("middle_means").tiers

        assert tail_share(low) == tail_share(high) == Fraction(1, 10)
        assert tail_share(middle) == Fraction(1, 2)
        assert tail_share(middle_mean) is None

    @pytest.mark.parametrize("share", [None, 0.5])
    def test_of_degrees_of_freedom(self, share):
        got = [code(CN, 0.01, share, df=df) for df in (4, just_under(4), 1, just_under(1))]

        assert got == ["A", "D", "D", "N"]

    def test_a_share_is_between_nothing_and_all(self):
        with pytest.raises(SchemeError, match="between 0 and 1"):
            code(CN, 0.01, 10)


class TestNotEstimable:
    @pytest.mark.parametrize(
        ("rse", "cell"),
        [
            (0.0, {}),
            (1e-16, {}),  # a standard error of 0 after a million additions
            (math.nan, {}),
            (math.inf, {}),
            (0.01, {"df": 0}),
            (0.01, {"df": just_under(1)}),
            (0.01, {"df": math.nan}),
        ],
    )
    @pytest.mark.parametrize("preset", BUILT_IN)
    def test_is_never_precise(self, preset, rse, cell):
        grading = load_grading(preset)

        assert code(grading, rse, **cell) == grading.without_error == "N"
        assert not grading.classes[grading.place("N")].good

    def test_one_degree_of_freedom_is_an_error(self):
        without = dataclasses.replace(CN, floors=[f for f in CN.floors if f.measure != "df"])

        assert code(without, 0.01, df=1) == "A"

    def test_it_still_has_to_pass_the_floors(self):
        assert code(CN, 0.0, enterprises=2) == "x"
        assert code(CN, 0.0, 0.1, workers=60) == "N"

    def test_the_rse_of_an_estimate_of_nothing(self):
        got = relative_error([200.0, -200.0, 0.0, np.nan, 5.0], [10.0, 10.0, 0.0, 1.0, np.nan])

        np.testing.assert_array_equal(got, [0.05, 0.05, np.nan, np.nan, np.nan])

    def test_a_negative_rse_is_refused(self):
        with pytest.raises(InputError, match=r"cannot be negative; -0\.1"):
            grades(CN, rse=[0.1, -0.1], **LARGE)


ANY_RSE = st.one_of(st.floats(min_value=0, max_value=3), st.sampled_from([math.nan, math.inf]))
ANY_DF = st.floats(min_value=0, max_value=1e6)
ANY_COUNT = st.integers(0, 10**7)
ANY_SHARE = st.one_of(st.none(), st.sampled_from([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]))


SHARES = [None, "0.01", 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]


@pytest.mark.parametrize("preset", BUILT_IN)
def test_no_error_of_any_size_makes_two_enterprises_good(preset):
    grading = load_grading(preset)
    bounds = [c.rse_max for c in grading.classes if c.rse_max is not None]
    errors = [*np.geomspace(1e-12, 2, 60), *bounds, *map(just_under, bounds), math.nan, 0.0]
    sizes = [0, 1, 2, math.nan]
    rse, df, workers, enterprises = np.meshgrid(
        errors, [0, 1, 2, 4, 1e6], [0, 1, 30, 1e3, 1e9], sizes
    )
    good = np.array([c.good for c in grading.classes])
    for share in SHARES:
        cells = {"df": df, "workers": workers, "enterprises": enterprises, "share": share}
        cells["effective"] = 1e3
        assert not good[grades(grading, rse=rse, **cells)].any()
        # and it is the enterprises that decide
        assert good[grades(grading, rse=rse, **{**cells, "enterprises": 9})].any()


@st.composite
def gradings(draw) -> Grading:
    """Gradings of all kinds that a file may hold: three to seven classes, some floors."""
    goods, cautions, hidden = (draw(st.integers(least, 3)) for least in (1, 0, 1))
    bounds = sorted(draw(st.sets(st.integers(1, 99), min_size=goods, max_size=goods + cautions)))
    codes = [f"g{i}" for i in range(goods + cautions + hidden)]
    classes = tuple(
        GradeClass(
            code,
            "甲",
            "a",
            good=i < goods,
            published=i < goods + cautions,
            rse_max=bounds[i] / 100 if i < len(bounds) else None,
        )
        for i, code in enumerate(codes)
    )
    floors = st.builds(
        Floor,
        st.sampled_from(["workers", "enterprises", "effective", "df", "tail"]),
        st.sampled_from(["all", "quantiles"]),
        st.integers(1, 40),
        st.sampled_from(codes),
    )
    try:
        return Grading(
            "any",
            "甲",
            "a",
            "甲",
            "a",
            rse_bound=draw(st.sampled_from(["at_most", "below"])),
            without_error=draw(st.sampled_from(codes)),
            classes=classes,
            floors=tuple(draw(st.lists(floors, min_size=1, max_size=6))),
        )
    except PolicyError:
        reject()


class TestProperties:
    @settings(suppress_health_check=[HealthCheck.filter_too_much], max_examples=300)
    @given(gradings(), ANY_RSE, ANY_DF, ANY_COUNT, st.sampled_from([0, 1, 2]), ANY_SHARE)
    @pytest.mark.slow
    def test_no_grading_is_admitted_in_which_two_enterprises_are_good(
        self, grading, rse, df, workers, few, share
    ):
        cell = {"df": df, "workers": workers, "effective": few, "share": share}
        lucky = {"df": 1e6, "workers": 1e9, "effective": 1e3, "share": share}
        for error, of in ((rse, cell), (1e-6, lucky)):
            place = int(grades(grading, rse=error, enterprises=few, **of))
            assert not grading.classes[place].good

    @pytest.mark.parametrize("preset", BUILT_IN)
    @given(rse=ANY_RSE, df=ANY_DF, workers=ANY_COUNT, few=st.integers(0, 2), share=ANY_SHARE)
    def test_two_enterprises_never_have_a_good_grade(self, preset, rse, df, workers, few, share):
        grading = load_grading(preset)
        cell = {"df": df, "workers": workers, "enterprises": few, "effective": 1e3}
        place = grades(grading, rse=rse, share=share, **cell)

        assert not grading.classes[int(place)].good
        assert not grading.classes[int(place)].published

    @pytest.mark.parametrize("preset", BUILT_IN)
    @given(rse=st.floats(1e-6, 2), df=st.floats(1, 1e6), n=ANY_COUNT, m=ANY_COUNT, share=ANY_SHARE)
    def test_more_of_anything_and_less_error_never_lower_it(self, preset, rse, df, n, m, share):
        grading = load_grading(preset)
        place = grades(
            grading,
            rse=[rse, rse, rse, rse, rse / 2],
            df=df,
            workers=[n, n + 1, n, n, n],
            enterprises=[m, m, m + 1, m, m],
            effective=[m / 2, m / 2, m / 2, m / 2 + 1, m / 2],
            share=share,
        )

        assert (place[1:] <= place[0]).all()

    @pytest.mark.parametrize("preset", BUILT_IN)
    @given(rse=ANY_RSE, df=ANY_DF, n=ANY_COUNT, m=ANY_COUNT, share=ANY_SHARE)
    def test_the_reason_is_that_of_the_grade(self, preset, rse, df, n, m, share):
        grading = load_grading(preset)
        cell = {"rse": rse, "df": df, "workers": n, "enterprises": m, "share": share}
        cell["effective"] = 0.75 * m
        told, given_code = why(grading, **cell), grading.codes[int(grades(grading, **cell))]

        for text, colon in ((told.en, ": "), (told.zh, "：")):
            assert text.startswith(given_code)
            assert text.split(colon, 1)[1]

    def test_a_table_is_graded_cell_by_cell(self):
        rng = np.random.default_rng(20250808)
        n = 4_000
        rse = np.where(rng.random(n) < 0.1, np.nan, rng.choice([0.0, 0.05, 0.1, 0.2, 0.21], n))
        df, workers, enterprises = (rng.integers(0, top, n) for top in (5, 120, 8))
        effective = rng.choice([2, 14.5, 15], n)
        columns = {"rse": rse, "df": df, "workers": workers, "enterprises": enterprises}
        columns["effective"] = effective
        together = grades(CN, share=0.1, **columns)
        alone = [
            int(grades(CN, share=0.1, **dict(zip(columns, cell, strict=True))))
            for cell in zip(*columns.values(), strict=True)
        ]

        assert together.tolist() == alone
        assert set(grade_codes(CN, together)) == set("ABCDNx")


class TestWhy:
    @pytest.mark.parametrize(
        ("cell", "en", "zh"),
        [
            ({"rse": 0.042}, "A, precise: RSE 4.2%, at most 5%", "相对标准误 4.2%，不超过 5%"),
            ({"rse": 0.25}, "x, unreliable, not published: RSE 25%, over 20%", "超过 20%"),
            ({"rse": 0}, "N, sampling error not estimable: the standard error is 0", "标准误为 0"),
            ({"rse": math.nan}, "there is no standard error", "没有标准误"),
            ({"rse": 0.1, "df": 0}, "0 degrees of freedom, fewer than 1", "自由度 0，不足 1"),
            (
                {"rse": 0.25, "workers": 12, "enterprises": 2},
                "RSE 25%, over 20%; 12 workers, at least 30 needed; 2 enterprises, at least 3",
                "人数 12，至少应为 30；企业数 2，至少应为 3",
            ),
            (
                {"rse": 0.01, "workers": 61, "share": 0.9},
                "D, use with caution: 6.1 workers on the shorter side (10 % of 61), at least 10",
                "较短一侧 6.1 人（61 人的 10%），至少应有 10 人",
            ),
            ({"rse": 0.01, "enterprises": math.nan}, "enterprises not known", "企业数不明"),
            (
                {"rse": 0.01, "effective": 4.25},
                "D, use with caution: 4.25 effective enterprises, at least 15 needed",
                "等效企业数 4.25，至少应为 15",
            ),
        ],
    )
    def test_every_bound_that_decided_is_named(self, cell, en, zh):
        told = why(CN, **{**LARGE, **cell})

        assert en in told.en
        assert zh in told.zh

    def test_an_open_bound_is_told_as_one(self):
        oews = load_grading("us_oews")

        assert "RSE 30%, not below 30%" in why(oews, rse=0.3, **LARGE).en
        assert "低于 30%" in why(oews, rse=0.1, **LARGE).zh


def test_columns_of_a_table():
    figures = {
        "mean": Figure(np.array([100.0, 100.0]), np.array([5.0, 0.0]), np.array([9.0, 9.0])),
        "p10": Figure(np.array([50.0, np.nan]), np.array([6.0, np.nan]), np.array([9.0, 9.0]), 0.1),
    }
    counts = {"workers": [100, 40], "enterprises": [10, 10], "effective": [15, 15]}
    got = grade_columns(CN, figures, counts)

    assert {name: codes.tolist() for name, codes in got.items()} == {
        "mean": ["A", "N"],
        "p10": ["C", "x"],
    }


def workers_of(posts: dict[str, tuple[int, int]]) -> pd.DataFrame:
    """Rows of posts, each so many workers in so many enterprises; the wages of one repeat."""
    rng = np.random.default_rng(20250808)
    parts = [
        pd.DataFrame(
            {
                "post": post,
                "firm": np.arange(workers) % enterprises,
                "annual_wage": 50_000.0 if post == "level" else rng.normal(60_000, 3_000, workers),
            }
        )
        for post, (workers, enterprises) in posts.items()
    ]
    return pd.concat(parts, ignore_index=True)


class TestTable:
    ROWS = workers_of({"large": (400, 20), "level": (400, 20), "two": (400, 2), "thin": (60, 15)})
    TABLE = estimate_tiers(ROWS, ["post"], enterprise="firm", se="linearized")

    def test_every_figure_has_an_rse_and_a_grade(self):
        frame = graded(self.TABLE, CN).to_pandas().set_index("post")

        assert [c for c in frame if c.startswith(("rse", "grade"))] == [
            f"{part}_{name}"
            for name in ("mean", *self.TABLE.tier_names)
            for part in ("rse", "grade")
        ]
        assert frame.loc["large", ["grade_mean", "grade_p10", "grade_p90"]].tolist() == ["A"] * 3
        assert frame.loc["level", ["grade_mean", "grade_p50"]].tolist() == ["N"] * 2
        assert (
            frame.loc["two", [f"grade_{n}" for n in ("mean", "p10", "p50")]].tolist() == ["x"] * 3
        )
        assert frame.loc["thin", ["grade_mean", "grade_p10", "grade_p50"]].tolist() == [
            "A",
            "D",
            "A",
        ]
        assert np.isnan(frame.loc["level", "rse_mean"])
        assert frame["rse_p50"].dropna().to_numpy() == pytest.approx(
            (frame["se_p50"] / frame["p50"]).dropna().to_numpy(), rel=1e-15
        )

    @pytest.mark.parametrize("preset", BUILT_IN)
    @pytest.mark.parametrize("scheme", ["percentiles", "tail_means", "middle_means"])
    def test_is_graded_figure_by_figure(self, preset, scheme):
        grading = load_grading(preset)
        table = estimate_tiers(
            self.ROWS, ["post"], enterprise="firm", se="linearized", scheme=scheme
        )
        got = graded(table, grading).to_pandas()
        told = lowered(table, grading).to_pandas().set_index(["row", "figure"])
        shares = {"mean": None, **{t.name: tail_share(t) for t in table.scheme.tiers}}
        for row, cell in enumerate(got.to_dict("records")):
            for name, share in shares.items():
                counts = {n: cell[n] for n in ("df", "workers", "enterprises")}
                counts["effective"] = cell["effective_enterprises"]
                rse = float(relative_error(cell[name], cell[f"se_{name}"]))
                place = int(grades(grading, rse=rse, **counts, share=share))
                assert cell[f"grade_{name}"] == grading.codes[place]
                assert ((row, name) in told.index) == (not grading.classes[place].good)
                if (row, name) in told.index:
                    reason = why(grading, rse=rse, **counts, share=share)
                    assert told.loc[(row, name), ["why_zh", "why_en"]].tolist() == [*reason]

    def test_what_is_lowered_is_told_with_its_reason(self):
        told = lowered(self.TABLE, CN).to_pandas().set_index(["post", "figure"])

        assert "large" not in told.index.get_level_values("post")
        assert told.loc[("two", "p50"), "why_en"] == (
            "x, unreliable, not published: 2 enterprises, at least 5 needed"
        )
        assert told.loc[("thin", "p10"), "why_zh"] == (
            "D 谨慎使用：较短一侧 6 人（60 人的 10%），至少应有 10 人"
        )
        assert "there is no standard error" in told.loc[("level", "mean"), "why_en"]

    def test_effective_enterprises_are_those_of_equal_weight(self):
        rng = np.random.default_rng(20250809)
        rows = self.ROWS.assign(weight=rng.integers(1, 9, len(self.ROWS)))
        table = estimate_tiers(rows, ["post"], weight="weight", enterprise="firm", se="linearized")
        of_firm = rows.groupby(["post", "firm"])["weight"].sum()
        by_hand = of_firm.groupby("post").sum() ** 2 / (of_firm**2).groupby("post").sum()
        equal = self.TABLE.frame.set_index("post")["effective_enterprises"]

        got = table.frame.set_index("post")["effective_enterprises"]
        assert got.to_numpy() == pytest.approx(by_hand[got.index].to_numpy(), rel=1e-9)
        assert equal.to_dict() == {"large": 20, "level": 20, "two": 2, "thin": 15}

    def test_a_good_grade_under_a_floor_is_told_too(self):
        floors = (*CN.floors, Floor("workers", "all", 1_000, "B"))
        told = lowered(self.TABLE, dataclasses.replace(CN, floors=floors)).to_pandas()

        large = told[(told["post"] == "large") & (told["figure"] == "mean")]
        assert large["why_zh"].tolist() == ["B 较精确：人数 400，至少应为 1000"]

    def test_a_table_where_nothing_is_lowered(self):
        rows = workers_of({"large": (400, 20)})
        table = estimate_tiers(rows, ["post"], enterprise="firm", se="linearized")

        assert lowered(table, CN).num_rows == 0
        assert lowered(table, CN).column_names[:2] == ["row", "post"]

    @pytest.mark.parametrize(
        ("options", "absent"),
        [
            ({"enterprise": "firm"}, "effective_enterprises, df, se_mean"),
            ({"se": "linearized"}, "enterprises"),
        ],
    )
    def test_a_table_without_errors_or_enterprises_has_no_grades(self, options, absent):
        table = estimate_tiers(self.ROWS, ["post"], **options)

        with pytest.raises(InputError, match=f"lacks {absent}"):
            graded(table, CN)

    def test_an_error_of_nothing_is_no_rse(self):
        place = self.TABLE.columns.column_names.index("se_mean")
        none = self.TABLE.columns.set_column(place, "se_mean", pa.array([0.0] * 4))
        got = graded(dataclasses.replace(self.TABLE, columns=none), CN).to_pandas()

        assert got["rse_mean"].isna().all()
        assert set(got["grade_mean"]) == {"N", "x"}

    def test_a_key_is_not_overwritten(self):
        rows = self.ROWS.rename(columns={"post": "grade_p50"})
        table = estimate_tiers(rows, ["grade_p50"], enterprise="firm", se="linearized")

        with pytest.raises(InputError, match="'grade_p50' has the name of a result"):
            graded(table, CN)


OWN = """
id = "own"
title_zh = "本局等级"
title_en = "Our grades"
evidence_zh = "办法第三条"
evidence_en = "method, clause 3"
rse_bound = "below"
without_error = "no"
[[grade]]
code = "yes"
label_zh = "发布"
label_en = "published"
good = true
published = true
rse_max = 0.15
[[grade]]
code = "no"
label_zh = "不发布"
label_en = "not published"
good = false
published = false
[[floor]]
measure = "enterprises"
figures = "all"
at_least = 3
at_best = "no"
"""


class TestPolicy:
    def policy(self, tmp_path, text):
        path = tmp_path / "policy.toml"
        path.write_text(text, encoding="utf-8")
        return read_policy(path)

    def test_names_a_preset(self, tmp_path):
        policy = self.policy(tmp_path, '[quality]\npreset = "cn_enterprise"')

        assert read_grading(policy) == CN

    def test_the_path_of_a_file_is_relative_to_the_policy(self, tmp_path, monkeypatch):
        (tmp_path / "grades").mkdir()
        (tmp_path / "grades" / "own.toml").write_text(OWN, encoding="utf-8")
        policy = self.policy(tmp_path, '[quality]\ngrading = "grades/own.toml"')
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")

        assert read_grading(policy).id == "own"

    def test_names_a_file_beside_it(self, tmp_path):
        (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
        grading = read_grading(self.policy(tmp_path, '[quality]\ngrading = "own.toml"'))

        assert code(grading, just_under(0.15)) == "yes"
        assert code(grading, 0.15) == "no"

    def test_states_all_bounds_itself(self, tmp_path):
        text = "[quality]\n" + OWN.replace("[[", "[[quality.")
        grading = read_grading(self.policy(tmp_path, text))

        assert grading.codes == ("yes", "no")
        assert grading == load_grading(self.written(tmp_path, OWN))

    def written(self, tmp_path, text):
        path = tmp_path / "grading.toml"
        path.write_text(text, encoding="utf-8")
        return path

    @pytest.mark.parametrize(
        ("text", "phrase"),
        [
            ("", "has no section [quality]"),
            ("[quality]", "either a preset or a file"),
            ('[quality]\npreset = "statcan"\ngrading = "own.toml"', "either a preset or a file"),
            ('[quality]\npreset = "strict"', "is not one of cn_enterprise"),
            ('[quality]\npreset = "own.toml"', "named with grading = 'my.toml'"),
            ('[quality]\ngrading = "none.toml"', "relative to the policy"),
            ('[quality]\ngrading = "policy.txt"', "no TOML file"),
            ('[quality]\npreset = "statcan"\nfloor = []', "unknown key 'floor'"),
            ('[quality]\npresett = "statcan"', "unknown key 'presett'"),
            ("quality = 3", "must be a table of settings"),
        ],
    )
    def test_what_a_policy_cannot_say(self, tmp_path, text, phrase):
        with pytest.raises(PolicyError) as refused:
            read_grading(self.policy(tmp_path, text))

        assert phrase in str(refused.value)

    @pytest.mark.parametrize(
        ("was", "now", "phrase"),
        [
            ("at_least = 3", "at_least = 2", "from fewer than 3 enterprises"),
            ('at_best = "no"', 'at_best = "yes"', "from fewer than 3 enterprises"),
            ('figures = "all"', 'figures = "quantiles"', "from fewer than 3 enterprises"),
            ("at_least = 3", "at_least = nan", "at_least = nan should be a number above 0"),
            ('at_best = "no"', 'at_best = "none"', "at_best = 'none' is no grade"),
            ('measure = "enterprises"', 'measure = "tail"', "a mean has no tail"),
            ('measure = "enterprises"', 'measure = "firms"', "measure = 'firms' should be one of"),
            ("rse_max = 0.15", "rse_max = 15", "five per cent is 0.05"),
            ("rse_max = 0.15", "", "is good and needs rse_max"),
            ("published = true", "published = false", "'yes' is good and is not published"),
            ('rse_bound = "below"', 'rse_bound = "under"', "rse_bound = 'under' should be one of"),
            ('without_error = "no"', 'without_error = "yes"', "no error is no merit"),
            ('without_error = "no"', 'without_error = "?"', "without_error = '?' is no grade"),
            ('code = "no"', 'code = "yes"', "two grades are called 'yes'"),
            ('label_zh = "发布"', 'label_zh = ""', "stands in the table as text"),
            ('label_en = "published"', 'label = "published"', "[[grade]] 1: unknown key 'label'"),
            ('id = "own"', 'id = "own"\nse_max = 3', "unknown key 'se_max'"),
        ],
    )
    def test_a_grading_that_contradicts_itself(self, tmp_path, was, now, phrase):
        assert was in OWN

        with pytest.raises(PolicyError) as refused:
            load_grading(self.written(tmp_path, OWN.replace(was, now, 1)))

        assert phrase in str(refused.value)

    def test_grades_stand_from_best_to_worst(self, tmp_path):
        best, worst = OWN.index("[[grade]]"), OWN.rindex("[[grade]]")
        floor = OWN.index("[[floor]]")
        text = OWN[:best] + OWN[worst:floor] + OWN[best:worst] + OWN[floor:]

        with pytest.raises(PolicyError) as refused:
            load_grading(self.written(tmp_path, text))

        assert "grade 'yes' is good, and the better 'no' is not" in refused.value.problems
        assert "the last grade 'yes' takes all the rest and has no rse_max" in str(refused.value)

    def test_all_problems_are_told_at_once(self, tmp_path):
        text = OWN.replace("0.15", "0").replace("at_least = 3", "at_least = -1")

        with pytest.raises(PolicyError) as refused:
            load_grading(self.written(tmp_path, text))

        assert len(refused.value.problems) == 3

    def test_a_file_that_is_no_toml(self, tmp_path):
        with pytest.raises(PolicyError, match="not TOML"):
            load_grading(self.written(tmp_path, "id ="))


def test_a_cold_command_does_not_wait_for_pandas():
    modules = "quality, grade_files, lowered"
    code = f"import sys; from wageguide.tiers import {modules}; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
