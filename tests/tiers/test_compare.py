"""Growth since the year before: by hand, against a plain oracle, and its properties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import t as student

from wageguide.errors import ComparisonError, InputError
from wageguide.survey.design import Design
from wageguide.tiers.compare import compare_tables, growth, read
from wageguide.tiers.compare_surveys import compare_surveys, decompose_change
from wageguide.tiers.correspondence import Correspondence
from wageguide.tiers.estimate import estimate_tables
from wageguide.tiers.overlap import YearRows, correlations, unit_scores
from wageguide.tiers.scheme import load_scheme
from wageguide.tiers.table import TierFacts

DESIGN = Design(weight="w", enterprise="e", stratum="s", population="n")


def district(seed: int, *, shift: int = 0, enterprises: int = 24) -> pd.DataFrame:
    """Enterprises e0 … of three strata; `shift` leaves so many out and takes others in."""
    rng = np.random.default_rng(seed)
    lines = []
    for number in range(shift, enterprises + shift):
        level = rng.normal(0, 0.3)
        for _ in range(int(rng.integers(2, 9))):
            wage = round(float(np.exp(11 + level + rng.normal(0, 0.3))), 2)
            lines.append((f"e{number:03}", f"s{number % 3}", 40.0, rng.choice(list("ab")), wage))
    rows = pd.DataFrame(lines, columns=["e", "s", "n", "k", "wage"])
    return rows.assign(w=rng.integers(1, 5, len(rows)).astype(float))


def estimated(rows, year, by=("k",), scheme="percentiles", design=DESIGN):
    return estimate_tables(
        rows, [by], wage="wage", design=design, se="linearized", scheme=scheme,
        facts=TierFacts(year),
    )[0]  # fmt: skip


def scored(rows, table, design=DESIGN):
    return unit_scores(YearRows.of(rows, design, "wage"), table)


def compared(this, last, **options):
    tables = estimated(this, 2025, **options), estimated(last, 2024, **options)
    return compare_tables(*tables, (scored(this, tables[0]), scored(last, tables[1])))


class TestGrowthByHand:
    def test_independent_samples(self):
        # 110 on 100: errors of 3 % and 4 %; se = 1.1 x 5 %.
        found = growth(*(np.array([v]) for v in (110.0, 100.0, 3.3, 4.0, 0.0, 10.0)))

        assert_allclose(found["growth"], 0.10)
        assert_allclose(found["se_growth"], 1.1 * 0.05)
        assert_allclose(found["high_growth"], 0.10 + student.ppf(0.975, 10) * 0.055)

    def test_overlap_takes_off_twice_the_covariance(self):
        found = growth(*(np.array([v]) for v in (110.0, 100.0, 3.3, 4.0, 0.5, 10.0)))

        assert_allclose(found["se_growth"], 1.1 * np.sqrt(0.03**2 + 0.04**2 - 0.03 * 0.04))

    @pytest.mark.parametrize(
        ("values", "what"),
        [
            ((110.0, 0.0, 3.3, 4.0, 0.0, 10.0), "growth"),
            ((110.0, 100.0, np.nan, 4.0, 0.0, 10.0), "se_growth"),
            ((110.0, 100.0, 3.3, 4.0, 0.0, 0.0), "se_growth"),
            # Everybody's pay rose alike, in all enterprises: there is no spread to see.
            ((110.0, 100.0, 4.4, 4.0, 1.0, 10.0), "se_growth"),
        ],
    )
    def test_what_cannot_be_estimated_is_not(self, values, what):
        assert np.isnan(growth(*(np.array([v]) for v in values))[what]).all()

    def test_a_rise_is_one_beyond_the_error_only(self):
        low, high = np.array([0.001, 0.0, -0.2, -0.2, np.nan]), np.array([0.2, 0.2, 0, -0.1, 1])

        assert read(low, high) == ["up", "noise", "noise", "down", ""]


class TestOverlap:
    def test_disjoint_samples_are_independent(self):
        found = compared(district(1), district(2, shift=500)).frame

        assert (found[[c for c in found if c.startswith("rho_")]] == 0).all().all()

    def test_the_same_survey_twice_moves_together(self):
        rows = district(3)
        found = compared(rows.assign(wage=rows["wage"] * 2), rows).frame

        assert_allclose(found[[c for c in found if c.startswith("rho_")]], 1.0)
        assert_allclose(found["growth_mean"], 1.0)
        assert (found["reading_mean"] == "").all()

    @pytest.mark.parametrize("scheme", ["percentiles", "tail_means", "middle_means"])
    @pytest.mark.parametrize("seed", range(6))
    def test_the_correlation_is_that_of_plain_sums(self, seed, scheme):
        this, last = district(seed), district(seed + 50, shift=5)
        this = this.assign(s=this["s"].where(this["e"] != "e007", "s0"))  # moved to another
        tables = estimated(this, 2025, scheme=scheme), estimated(last, 2024, scheme=scheme)
        scores = scored(this, tables[0]), scored(last, tables[1])
        places = np.arange(2)

        found = correlations(*scores, (places, places))

        t = [plain(rows, table) for rows, table in zip((this, last), tables, strict=True)]
        names = [sorted(rows["e"].unique()) for rows in (this, last)]
        both = sorted({*names[0]} & {*names[1]})
        mine, its = ([n.index(b) for b in both] for n in names)
        for cell in places:
            for k in range(found.shape[1]):
                a, b = t[0][cell][k], t[1][cell][k]
                expected = (a[mine] * b[its]).sum() / np.sqrt((a**2).sum() * (b**2).sum())
                assert found[cell, k] == pytest.approx(expected, abs=1e-12)

    def test_scores_give_the_variance_of_the_mean(self):
        rows = district(8)
        table = estimated(rows, 2025)

        scores = scored(rows, table)

        squares = (scores.scores[0] ** 2).sum(axis=1) - (scores.shift[0] ** 2 * scores.sampled).sum(
            axis=1
        )
        assert_allclose(np.sqrt(squares), table.frame["se_mean"])

    def test_errors_shrink_where_enterprises_are_in_both(self):
        last = district(9, enterprises=40)
        rng = np.random.default_rng(1)
        this = last.assign(wage=(last["wage"] * rng.uniform(1.0, 1.1, len(last))).round(2))
        tables = estimated(this, 2025), estimated(last, 2024)

        apart = compare_tables(*tables).frame["se_growth_mean"]
        together = compared(this, last).frame["se_growth_mean"]

        assert (together < 0.3 * apart).all()

    def test_other_rows_than_those_of_the_table_are_refused(self):
        rows = district(1)

        with pytest.raises(InputError, match="the very rows"):
            scored(rows.iloc[1:], estimated(rows, 2025))


def plain(rows, table):
    """t of every cell, figure and enterprise, one at a time."""
    names = sorted(rows["e"].unique())
    home = rows.drop_duplicates("e").set_index("e")["s"]
    sampled = home.value_counts()
    result = []
    for line in table.frame.to_dict("records"):
        cell = rows["k"] == line["k"]
        figures = []
        for z in figure_scores(rows[cell], table, line):
            own = pd.Series(0.0, index=names)
            weighted = rows.loc[cell, "w"] * (z - np.average(z, weights=rows.loc[cell, "w"]))
            sums = (weighted / rows.loc[cell, "w"].sum()).groupby(rows.loc[cell, "e"]).sum()
            own[sums.index] = sums
            values = []
            for name in names:
                n = sampled[home[name]]
                mean = own[[m for m in names if home[m] == home[name]]].mean()
                values.append(np.sqrt((1 - n / 40) * n / (n - 1)) * (own[name] - mean))
            figures.append(np.array(values))
        result.append(figures)
    return result


def figure_scores(rows, table, line):
    x = rows["wage"].to_numpy()
    yield x
    for tier in table.scheme.tiers:
        if tier.kind == "quantile":
            yield (x <= line[tier.name]).astype(float)
            continue
        parts = []
        for share in map(float, tier.bounds):
            if share in (0.0, 1.0):
                parts.append(share * x)
                continue
            order = np.argsort(x, kind="stable")
            running = np.cumsum(rows["w"].to_numpy()[order])
            q = x[order][np.searchsorted(running, share * running[-1] - 1e-9)]
            parts.append(np.minimum(x - q, 0) + share * q)
        yield (parts[1] - parts[0]) / float(tier.bounds[1] - tier.bounds[0])


class TestComparison:
    def test_new_and_lost_cells_are_told(self):
        this, last = district(1), district(2)
        last.loc[last["k"] == "b", "k"] = "c"

        found = compared(this, last).frame

        assert dict(zip(found["k"], found["cell"], strict=True)) == {
            "a": "both", "b": "new", "c": "lost",
        }  # fmt: skip
        assert found.loc[1:, "growth_mean"].isna().all()
        assert found.loc[1, "mean"] > 0
        assert found.loc[2, "last_mean"] > 0

    @pytest.mark.parametrize("sizes", [(24, 9), (9, 24)])
    def test_limits_take_the_degrees_of_freedom_of_the_smaller_sample(self, sizes):
        years = [district(n, enterprises=size) for n, size in enumerate(sizes)]
        found = compared(*years).frame

        smaller = min((estimated(y, 2024).frame for y in years), key=lambda f: f["df"].max())
        half = (found["high_growth_mean"] - found["low_growth_mean"]) / 2
        assert_allclose(half, student.ppf(0.975, smaller["df"]) * found["se_growth_mean"])

    def test_the_total_has_no_keys(self):
        found = compared(district(1), district(2), by=())

        assert len(found.frame) == 1
        assert found.frame["cell"].tolist() == ["both"]

    def test_tables_that_measure_something_else_are_refused(self):
        tails = load_scheme("tail_means")

        with pytest.raises(ComparisonError, match="percentiles here, tail_means there"):
            compare_tables(estimated(district(1), 2025), estimated(district(1), 2024, scheme=tails))

    def test_two_editions_of_a_year_have_no_growth(self):
        table = estimated(district(1), 2025)

        with pytest.raises(ComparisonError, match="two editions of a year"):
            compare_tables(table, table)

    def test_the_largest_changes_come_first(self):
        found = compared(district(1), district(2, shift=3))

        looked_at = found.to_look_at(6)

        assert len(looked_at) == 6
        assert looked_at["times"].dropna().is_monotonic_decreasing
        every = found.to_look_at(1000)["times"].max()
        assert looked_at["times"].iloc[0] == every

    def test_says_what_it_is(self):
        shown = repr(compared(district(1), district(2, shift=4)))

        for phrase in ("2024–2025", "20 家", "20 enterprises in both samples", "mean"):
            assert phrase in shown

    def test_nothing_is_changed_in_place(self, unchanged):
        this, last = district(1), district(2)

        with unchanged(this, last):
            compared(this, last)


class TestSurveys:
    def test_two_frames_are_compared_as_their_tables_are(self):
        this, last = district(1), district(2, shift=4)

        found = compare_surveys(this, last, ["k"], wage="wage", design=DESIGN)

        pd.testing.assert_frame_equal(found.frame, compared(this, last).frame)

    def test_renamed_codes_are_joined(self):
        this, last = district(1), district(2)
        codes = Correspondence({"k": {"old": "b"}})

        found = compare_surveys(
            this, last.replace({"k": {"b": "old"}}), ["k"], wage="wage", design=DESIGN,
            correspondence=codes,
        )  # fmt: skip

        assert found.frame["cell"].tolist() == ["both", "both"]
        assert "k: 1 个代码改用新代码" in " ".join(found.notes)

    def test_the_change_of_the_mean_is_split(self):
        this, last = district(1), district(2)

        split = decompose_change(this, last, ["k"], wage="wage", design=DESIGN)

        mean = [np.average(rows["wage"], weights=rows["w"]) for rows in (this, last)]
        assert split.wage + split.composition + split.turnover == pytest.approx(mean[0] - mean[1])

    def test_rows_without_a_design_are_refused(self):
        with pytest.raises(InputError, match="Name the design"):
            compare_surveys(district(1), district(2), ["k"], wage="wage")
