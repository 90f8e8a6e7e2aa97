"""Oaxaca-Blinder against plain least squares, by its identities, and its errors by derivatives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wageguide.analysis.gap import decompose_gap
from wageguide.analysis.gap_model import GapError
from wageguide.analysis.gap_parts import Side, two_sides, with_constant_and_total
from wageguide.errors import InputError
from wageguide.survey.design import Calibration, Design
from wageguide.tiers.sampling import sample_design

DESIGN = Design(
    weight="w", enterprise="firm", stratum="layer", population="frame", single_unit="certainty"
)
REFERENCES = ["first", "second", "pooled", "pooled_with_group"]
TERMS = ["post", "school", "size"]
KEYS = ["fold", "part", "term"]


def made(seed: int = 0, n: int = 400, firms: int = 60) -> pd.DataFrame:
    """Workers of two sexes (and some unknown) in three posts, with schooling and firm size."""
    rng = np.random.default_rng([41, seed])
    firm = rng.integers(0, firms, n)
    layer_of = np.arange(firms) % 4
    sex = rng.choice(["m", "f", "x"], n, p=[0.5, 0.4, 0.1])
    post = np.where(rng.random(n) < np.where(sex == "m", 0.5, 0.2), "a", rng.choice(["b", "c"], n))
    school = rng.integers(6, 20, n) + (sex == "f")
    size = np.array([1, 2, 3])[firm % 3]
    log_wage = (
        10.5 + 0.05 * school + 0.2 * (post == "a") - 0.1 * (post == "c") + 0.08 * size
        + 0.12 * (sex == "m") * (post != "c") + rng.normal(0, 0.2, firms)[firm]
        + rng.normal(0, 0.3, n)
    )  # fmt: skip
    return pd.DataFrame(
        {
            "annual_wage": np.exp(log_wage).round(),
            "sex": sex,
            "post": post,
            "school": school,
            "size": size,
            "w": rng.integers(4, 80, n) / 4,
            "firm": firm,
            "layer": layer_of[firm],
            "frame": np.array([40, 50, 60, 20])[layer_of[firm]],
        }
    )


def decompose(rows, regressors=TERMS, **more):
    return decompose_gap(
        rows, "sex", "m", "f", regressors,
        **{"design": DESIGN, "categories": ["size"] if "size" in str(regressors) else (), **more},
    )  # fmt: skip


def log_points(result) -> dict[tuple[str, str], float]:
    frame = result.frame
    return dict(
        zip(zip(frame["part"], frame["term"], strict=True), frame["log_points"], strict=True)
    )


class Plain:
    """Least squares on 0/1 columns, with any value left out; nothing of the package."""

    def __init__(self, rows: pd.DataFrame, left_out: dict[str, object]) -> None:
        self.rows = rows
        columns, self.term = [np.ones(len(rows))], ["constant"]
        self.values: list[object] = [None]
        for name in TERMS:
            if name in left_out:
                for value in sorted(set(rows[name]) - {left_out[name]}):
                    columns.append((rows[name] == value).to_numpy(float))
                    self.term.append(name)
                    self.values.append(value)
            else:
                columns.append(rows[name].to_numpy(float))
                self.term.append(name)
                self.values.append(None)
        self.x = np.stack(columns, axis=1)

    def fit(self, rows: np.ndarray, extra: np.ndarray | None = None):
        x = self.x if extra is None else np.column_stack([self.x, extra])
        y, w = np.log(self.rows["annual_wage"].to_numpy()), self.rows["w"].to_numpy()
        root = np.sqrt(w[rows])
        b = np.linalg.lstsq(x[rows] * root[:, None], y[rows] * root, rcond=None)[0]
        return b[: self.x.shape[1]]

    def mean(self, rows: np.ndarray) -> np.ndarray:
        return np.average(self.x[rows], axis=0, weights=self.rows["w"].to_numpy()[rows])

    def by_term(self, parts: np.ndarray) -> dict[str, float]:
        return {t: float(parts[[s == t for s in self.term]].sum()) for t in ["constant", *TERMS]}


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return made()


@pytest.fixture(scope="module")
def sides(rows):
    both = rows[rows["sex"] != "x"].reset_index(drop=True)
    plain = Plain(both, {"post": "a", "size": 1})
    m = (both["sex"] == "m").to_numpy()
    return both, plain, m


@pytest.mark.parametrize("reference", REFERENCES)
def test_two_fold_is_that_of_plain_least_squares(rows, sides, reference):
    both, plain, m = sides
    b1, b2, x1, x2 = plain.fit(m), plain.fit(~m), plain.mean(m), plain.mean(~m)
    ref = {
        "first": b1,
        "second": b2,
        "pooled": plain.fit(m | ~m),
        "pooled_with_group": plain.fit(m | ~m, extra=m.astype(float)),
    }[reference]

    got = log_points(decompose(rows, reference=reference))

    logs, w = np.log(both["annual_wage"]), both["w"]
    gap = np.average(logs[m], weights=w[m]) - np.average(logs[~m], weights=w[~m])
    assert got["gap", "total"] == pytest.approx(gap, abs=1e-12)
    explained = plain.by_term((x1 - x2) * ref)
    for term in TERMS:
        assert got["explained", term] == pytest.approx(explained[term], abs=1e-11)
    assert got["explained", "total"] == pytest.approx(sum(explained.values()), abs=1e-11)
    assert got["unexplained", "total"] == pytest.approx(gap - sum(explained.values()), abs=1e-11)
    # A number has no value to leave out: its part can be told by hand.
    k = plain.term.index("school")
    by_hand = x1[k] * (b1[k] - ref[k]) + x2[k] * (ref[k] - b2[k])
    assert got["unexplained", "school"] == pytest.approx(by_hand, abs=1e-11)


def test_three_fold_is_that_of_plain_least_squares(rows, sides):
    _, plain, m = sides
    b1, b2, x1, x2 = plain.fit(m), plain.fit(~m), plain.mean(m), plain.mean(~m)

    got = log_points(decompose(rows))

    for term, part in plain.by_term((x1 - x2) * b2).items():
        if term != "constant":
            assert got["endowments", term] == pytest.approx(part, abs=1e-11)
    assert got["coefficients", "total"] == pytest.approx(float(x2 @ (b1 - b2)), abs=1e-11)
    interaction = plain.by_term((x1 - x2) * (b1 - b2))
    for term in TERMS:
        assert got["interaction", term] == pytest.approx(interaction[term], abs=1e-11)


@pytest.mark.parametrize("post", ["a", "b", "c"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_no_term_depends_on_the_value_left_out(rows, sides, post, size):
    """Normalised by hand: coefficients less their mean over all values, the one left out too."""
    both, _, m = sides
    plain = Plain(both, {"post": post, "size": size})
    w = both["w"].to_numpy()

    def normalised(b):
        out = {("constant", None): b[0]}
        for (term, value), c in zip(zip(plain.term, plain.values, strict=True), b, strict=True):
            out[term, value] = c
        for name, left in (("post", post), ("size", size)):
            values = sorted(set(both[name]))
            out[name, left] = 0.0
            mean = np.mean([out[name, v] for v in values])
            for v in values:
                out[name, v] -= mean
            out["constant", None] += mean
        return out

    def share(rows_, name, value):
        column = both[name] if value is None else both[name] == value
        return float(np.average(column[rows_], weights=w[rows_]))

    b1, b2 = normalised(plain.fit(m)), normalised(plain.fit(~m))
    result = decompose(rows, reference="second")
    got = log_points(result)

    for term in TERMS:
        keys = [k for k in b1 if k[0] == term]
        unexplained = sum(share(m, *k) * (b1[k] - b2[k]) for k in keys)
        assert got["unexplained", term] == pytest.approx(unexplained, abs=1e-10)
        coefficients = sum(share(~m, *k) * (b1[k] - b2[k]) for k in keys)
        assert got["coefficients", term] == pytest.approx(coefficients, abs=1e-10)
    constant = b1["constant", None] - b2["constant", None]
    assert got["unexplained", "constant"] == pytest.approx(constant, abs=1e-10)
    assert got["coefficients", "constant"] == pytest.approx(constant, abs=1e-10)
    table = result.coefficients.set_index(["column", "value"])
    for (name, value), b in b1.items():
        if name != "constant":
            at = (name, "" if value is None else str(value))
            assert table.loc[at, "first"] == pytest.approx(b, abs=1e-10)
            assert table.loc[at, "second"] == pytest.approx(b2[name, value], abs=1e-10)
            assert table.loc[at, "reference"] == table.loc[at, "second"]


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("seed", range(5))
def test_parts_add_up(seed, reference):
    got = log_points(decompose(made(seed), reference=reference))

    gap = got["gap", "total"]
    whole = {p: got[p, "total"] for p, t in got if t == "total"}
    assert whole["explained"] + whole["unexplained"] == pytest.approx(gap, abs=1e-13)
    three = whole["endowments"] + whole["coefficients"] + whole["interaction"]
    assert three == pytest.approx(gap, abs=1e-13)
    for part, total in whole.items():
        if part != "gap":
            terms = sum(v for (p, t), v in got.items() if p == part and t != "total")
            assert terms == pytest.approx(total, abs=1e-13)


def test_references_are_related():
    """With the second group's coefficients explained is endowments; with the first's, both."""
    rows = made(3)
    first, second = (
        log_points(decompose(rows, reference=r)) for r in ("first", "second")
    )  # fmt: skip

    for term in [*TERMS, "total"]:
        assert second["explained", term] == pytest.approx(second["endowments", term], abs=1e-13)
        both = first["endowments", term] + first["interaction", term]
        assert first["explained", term] == pytest.approx(both, abs=1e-13)


class TestScores:
    """The score of a row is its weight times the derivative by its weight."""

    rng = np.random.default_rng(17)
    n = 60
    X = np.column_stack([rng.normal(size=n), rng.integers(0, 2, n), rng.normal(3, 2, n)])
    FIRST = rng.random(n) < 0.4
    Y = X @ [0.3, 0.5, -0.1] + FIRST * 0.2 * X[:, 0] + rng.normal(0, 0.5, n)
    W = rng.uniform(0.5, 4, n)
    IN_TERM = np.array([[1.0, 0], [1, 0], [0, 1]])

    def sides(self, w, reference):
        return two_sides(self.X, self.Y, w, self.FIRST, reference, ("a", "b", "c"), ("m", "f"))

    def check(self, of, scores):
        for i in range(self.n):
            step = np.zeros(self.n)
            step[i] = 1e-4 * self.W[i]
            moved = (of(self.W + step) - of(self.W - step)) / 2e-4
            np.testing.assert_allclose(scores[i], moved, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(scores.sum(axis=0), 0, atol=1e-10)

    @pytest.mark.parametrize("reference", REFERENCES)
    @pytest.mark.parametrize(
        "part", ["explained", "unexplained", "endowments", "coefficients", "interaction"]
    )
    def test_of_parts(self, part, reference):
        def figures(w):
            sides = self.sides(w, reference)
            constant = None
            if part in ("unexplained", "coefficients"):
                constant = sides.first.constant - sides.second.constant
            return sides, *with_constant_and_total(*sides.parts(self.IN_TERM)[part], constant)

        sides, _, gradient = figures(self.W)
        self.check(lambda w: figures(w)[1], sides.scores(gradient, self.Y))

    def test_of_the_gap(self):
        sides = self.sides(self.W, "pooled")

        scores = sides.scores(sides.gap_gradient(), self.Y)

        self.check(lambda w: np.array([self.sides(w, "pooled").gap]), scores)
        side: Side = sides.first
        off = np.where(self.FIRST, self.Y - side.mean_y, 0) * self.W / side.weight
        np.testing.assert_allclose(scores[self.FIRST, 0], off[self.FIRST], atol=1e-13)

    @pytest.mark.parametrize("reference", REFERENCES)
    @pytest.mark.parametrize("of", ["b1", "b2", "reference"])
    def test_of_coefficients(self, of, reference):
        expand = np.array([[1.0, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1]])

        def slopes(w):
            sides = self.sides(w, reference)
            fits = {"b1": sides.first.fit, "b2": sides.second.fit, "reference": sides.reference}
            return expand @ fits[of].slopes

        sides = self.sides(self.W, reference)
        self.check(slopes, sides.scores(sides.slope_gradient(expand, of), self.Y))


class TestErrors:
    def test_the_gaps_error_is_that_of_a_difference_of_domain_means(self, rows):
        logs, w = np.log(rows["annual_wage"]), rows["w"]
        scores = np.zeros(len(rows))
        for sex, sign in (("m", 1), ("f", -1)):
            here = rows["sex"] == sex
            mean = np.average(logs[here], weights=w[here])
            scores += sign * (here * w * (logs - mean) / w[here].sum()).to_numpy()
        for design in (
            DESIGN,
            replace(DESIGN, population=None),
            Design(weight="w"),
            replace(DESIGN, calibration=Calibration("w", (("sex",),), ("school",))),
        ):
            sample = sample_design(pa.Table.from_pandas(rows), design)

            got = decompose(rows, design=design).frame.iloc[0]

            assert got["se"] == pytest.approx(float(np.sqrt(sample.covariance(scores)[0, 0])))
            assert got["df"] == sample.degrees_of_freedom((rows["sex"] != "x").to_numpy())

    def test_all_errors_are_near_those_of_a_jackknife(self):
        """Every part is computed anew without each enterprise."""
        rows = made(8, n=1500, firms=80)
        design = Design(weight="w", enterprise="firm")

        got = decompose(rows, design=design)

        plain = Design(weight="w")
        again = [decompose(rows[rows["firm"] != firm], design=plain) for firm in range(80)]
        for name, figures in (("frame", ["log_points"]), ("coefficients", ["first", "reference"])):
            for figure in figures:
                found = np.array([getattr(one, name)[figure] for one in again])
                spread = np.sqrt(79 / 80 * ((found - found.mean(axis=0)) ** 2).sum(axis=0))
                se = "se" if figure == "log_points" else f"se_{figure}"
                np.testing.assert_allclose(getattr(got, name)[se], spread, rtol=0.12)

    def test_limits_and_per_cent(self, rows):
        from scipy.stats import t

        frame = decompose(rows).frame

        reach = t.ppf(0.975, frame["df"]) * frame["se"]
        np.testing.assert_allclose(frame["high"] - frame["log_points"], reach)
        np.testing.assert_allclose(frame["log_points"] - frame["low"], reach)
        for name, of in (
            ("percent", "log_points"),
            ("percent_low", "low"),
            ("percent_high", "high"),
        ):
            np.testing.assert_allclose(frame[name], 100 * (np.exp(frame[of]) - 1))
        np.testing.assert_allclose(
            frame["share_of_gap"] * frame["log_points"].iloc[0], frame["log_points"]
        )

    def test_one_enterprise_has_no_error(self, rows):
        frame = decompose(
            rows.assign(firm=1), design=Design(enterprise="firm", single_unit="certainty")
        ).frame

        assert frame[["se", "low", "high", "percent_low"]].isna().all(axis=None)
        assert frame["df"].eq(0).all()

    def test_without_a_design_there_is_none(self, rows):
        result = decompose(rows, design=None)

        assert not {"se", "low", "high", "df"} & set(result.frame)
        assert "se_first" not in result.coefficients
        assert "No design given" in repr(result)


FIGURES = ["log_points", "se", "low", "high", "percent", "df"]


def same(one, other, columns=FIGURES) -> None:
    assert one.frame[KEYS].equals(other.frame[KEYS])
    for name in columns:
        np.testing.assert_allclose(
            one.frame[name], other.frame[name], rtol=1e-7, atol=1e-10, err_msg=name
        )


@st.composite
def samples(draw) -> pd.DataFrame:
    return made(draw(st.integers(0, 10_000)), draw(st.integers(250, 400)))


class TestProperties:
    @given(rows=samples(), seed=st.integers(0, 1000))
    @settings(max_examples=10)
    def test_the_order_of_rows_changes_nothing(self, rows, seed):
        same(decompose(rows), decompose(rows.sample(frac=1, random_state=seed)))

    @given(rows=samples(), factor=st.sampled_from([0.5, 3, 1000]))
    @settings(max_examples=10)
    def test_the_scale_of_weights_changes_nothing(self, rows, factor):
        same(decompose(rows), decompose(rows.assign(w=rows["w"] * factor)))

    @given(rows=samples(), which=st.integers(0, 200))
    @settings(max_examples=10)
    def test_two_halves_of_a_row_in_its_enterprise_are_that_row(self, rows, which):
        halves = pd.concat([rows, rows.iloc[[which]]], ignore_index=True)
        halves.loc[[which, len(halves) - 1], "w"] /= 2

        same(decompose(rows), decompose(halves))

    @given(rows=samples(), factor=st.sampled_from([0.1, 7]))
    @settings(max_examples=10)
    def test_the_unit_of_wages_changes_nothing(self, rows, factor):
        scaled = rows.assign(annual_wage=rows["annual_wage"] * factor)

        same(decompose(rows), decompose(scaled))

    @given(rows=samples())
    @settings(max_examples=10)
    def test_the_unit_of_a_number_and_the_names_of_values_change_nothing(self, rows):
        other = rows.assign(
            school=rows["school"] * 12,
            post=rows["post"].map({"a": "z", "b": "y", "c": "x"}),
        )

        same(decompose(rows), decompose(other))

    @given(rows=samples())
    @settings(max_examples=10)
    def test_where_a_number_is_zero_moves_only_a_constant(self, rows):
        one, other = decompose(rows), decompose(rows.assign(school=rows["school"] - 12))

        got, moved = log_points(one), log_points(other)
        for part, term in got:
            if part in ("unexplained", "coefficients") and term in ("school", "constant"):
                continue
            assert moved[part, term] == pytest.approx(got[part, term], abs=1e-10)
        both = ("school", "constant")
        assert sum(moved["unexplained", t] for t in both) == pytest.approx(
            sum(got["unexplained", t] for t in both), abs=1e-10
        )

    @given(rows=samples(), reference=st.sampled_from(["pooled", "pooled_with_group"]))
    @settings(max_examples=10)
    def test_the_other_way_round_is_the_negative(self, rows, reference):
        one = decompose(rows, reference=reference).frame.query("fold != 'three'")
        other = decompose_gap(
            rows, "sex", "f", "m", TERMS, design=DESIGN, reference=reference, categories=["size"]
        ).frame.query("fold != 'three'")

        np.testing.assert_allclose(one["log_points"], -other["log_points"], atol=1e-10)
        np.testing.assert_allclose(one["se"], other["se"], rtol=1e-6)


def test_a_term_of_several_columns_is_their_sum(rows):
    one = log_points(decompose(rows))
    result = decompose(rows, {"job": ["post", "size"], "person": "school"})
    other = log_points(result)

    for part in ("explained", "unexplained", "endowments", "interaction"):
        together = one[part, "post"] + one[part, "size"]
        assert other[part, "job"] == pytest.approx(together, abs=1e-12)
        assert other[part, "person"] == pytest.approx(one[part, "school"], abs=1e-12)
    assert set(result.frame["term"]) == {"job", "person", "constant", "total"}


def test_groups_alike_have_no_gap(rows):
    half = rows[rows["sex"] == "f"]
    twins = pd.concat([half.assign(sex="m"), half], ignore_index=True)

    got = log_points(decompose(twins))

    assert max(map(abs, got.values())) < 1e-12


def test_a_premium_in_wages_alone_is_unexplained(rows):
    half = rows[rows["sex"] == "f"]
    paid = half.assign(sex="m", annual_wage=half["annual_wage"] * 1.5)

    got = log_points(decompose(pd.concat([paid, half], ignore_index=True)))

    assert got["unexplained", "constant"] == pytest.approx(np.log(1.5))
    assert got["unexplained", "total"] == pytest.approx(np.log(1.5))
    assert got["explained", "total"] == pytest.approx(0, abs=1e-12)


def test_sides_may_be_of_several_values(rows):
    one = decompose_gap(rows, "size", 3, [1, 2], ["post", "school"], design=DESIGN)
    rows = rows.assign(big=np.where(rows["size"] == 3, "yes", "no"))
    other = decompose_gap(rows, "big", "yes", "no", ["post", "school"], design=DESIGN)

    same(one, other)
    assert one.labels == ("3", "1、2")


def test_gaps_of_registration_types_on_a_saturated_job():
    """By hand: with one category the explained part is standardisation of cell means."""
    rows = made(5).rename(columns={"sex": "registration_type"})

    got = log_points(
        decompose_gap(rows, "registration_type", "m", "f", ["post"], design=DESIGN,
                      reference="first")
    )  # fmt: skip

    logs = np.log(rows["annual_wage"])
    cell = {}
    for kind in "mf":
        here = rows["registration_type"] == kind
        for post in "abc":
            at = here & (rows["post"] == post)
            mean = np.average(logs[at], weights=rows["w"][at])
            cell[kind, post] = mean, rows["w"][at].sum() / rows["w"][here].sum()
    explained = sum((cell["m", p][1] - cell["f", p][1]) * cell["m", p][0] for p in "abc")
    assert got["explained", "total"] == pytest.approx(explained, abs=1e-12)


class TestRowsOfTheDesign:
    def test_a_third_group_counts_in_the_design_and_not_in_the_gap(self, rows):
        without = rows.assign(annual_wage=rows["annual_wage"].where(rows["sex"] != "x"))

        result = decompose(without, on_bad_rows="set_aside")

        same(decompose(rows), result)
        assert result.left_out == {"annual_wage is missing": int((rows["sex"] == "x").sum())}

    def test_faults_are_refused_or_counted(self, rows):
        rows = rows.astype({"school": float}).copy()
        inside = rows.index[rows["sex"] == "m"][:4]
        rows.loc[inside[0], "school"] = np.nan
        rows.loc[inside[1], "post"] = None
        rows.loc[inside[2], "annual_wage"] = 0
        rows.loc[inside[3], "sex"] = None
        with pytest.raises(InputError) as caught:
            decompose(rows)
        said = str(caught.value)
        for part in ("school is missing", "post is missing", "sex is missing", "no logarithm"):
            assert part in said

        result = decompose(rows, on_bad_rows="set_aside")

        assert sum(result.left_out.values()) == 4
        same(result, decompose(rows.drop(inside)), ["log_points"])
        assert "sex is missing" in repr(result)

    def test_arrow_survey_and_pandas_agree(self, rows, unchanged):
        class OfSurvey:
            workers = rows
            design = DESIGN

        with unchanged(rows):
            one = decompose(rows)

        same(one, decompose(pa.Table.from_pandas(rows)))
        same(one, decompose(OfSurvey(), design=None))


class TestErrorsThatTeach:
    def said(self, rows, error=GapError, **more) -> str:
        asked = {"group": "sex", "first": "m", "second": "f", "regressors": ["post"]} | more
        with pytest.raises(error) as caught:
            decompose_gap(rows, **asked)
        return str(caught.value)

    def test_a_value_that_does_not_occur(self, rows):
        said = self.said(rows, first="M")

        assert "'f', 'm', 'x'" in said
        assert "'M'" in said

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"regressors": []}, "no regressor"),
            ({"regressors": ["post", "post"]}, "'post' stands twice"),
            ({"regressors": ["sex"]}, "cannot explain"),
            ({"regressors": {"constant": ["post"]}}, "may not be called 'constant'"),
            ({"regressors": {"job": []}}, "term 'job' has no column"),
            ({"categories": ["size"]}, "category 'size' is no regressor"),
            ({"second": "m"}, "m stands on both sides"),
            ({"second": []}, "each side needs"),
            ({"min_rows": 0}, "min_rows = 0"),
            ({"reference": "third"}, "'third' is not one of first"),
            ({"on_no_overlap": "ignore"}, "'ignore'"),
            ({"regressors": ["nothing"]}, "'nothing' is not there"),
            ({"wage": "pay"}, "'pay' is not there"),
        ],
    )
    def test_arguments_that_contradict_each_other(self, rows, more, said):
        assert said in self.said(rows, InputError, **more)

    def test_all_problems_at_once(self, rows):
        said = self.said(rows, InputError, second="m", categories=["z"], min_rows=0)

        assert said.count("  - ") == 3

    def test_a_small_group(self, rows):
        said = self.said(rows[(rows["sex"] != "f") | (np.arange(len(rows)) < 20)])

        assert "f has" in said
        assert "at least 30" in said

    def test_a_value_in_one_group_only_is_refused_or_set_aside(self, rows):
        rows = rows.copy()
        here = rows.index[rows["sex"] == "m"][:7]
        rows.loc[here, "post"] = "d"
        said = self.said(rows)
        assert "post: d only in m" in said
        assert "on_no_overlap = set_aside" in said

        result = decompose(rows, ["post"], on_no_overlap="set_aside", categories=())

        assert result.left_out == {"post = d only in m": 7}
        assert "7 left out (post = d only in m)" in repr(result)
        part = rows.assign(annual_wage=rows["annual_wage"].where(rows["post"] != "d"))
        same(result, decompose(part, ["post"], categories=(), on_bad_rows="set_aside"))

    def test_setting_rows_aside_goes_on_until_both_groups_have_all_values(self, rows):
        rows = rows.assign(town="t").copy()
        men, women = (rows.index[rows["sex"] == s] for s in "mf")
        rows.loc[men[:3], ["post", "town"]] = ["d", "u"]
        rows.loc[women[:2], "town"] = "u"  # without post d, u is left to women

        result = decompose(rows.assign(town2=rows["town"] + rows["size"].astype(str)),
                           ["post", "town2"], on_no_overlap="set_aside")  # fmt: skip

        assert result.left_out["post = d only in m"] == 3
        assert sum(v for k, v in result.left_out.items() if "only in f" in k) == 2

    def test_nothing_in_common(self, rows):
        apart = rows.assign(post=rows["sex"] + rows["post"])

        said = self.said(apart, on_no_overlap="set_aside")

        assert "m has 0 rows" in said
        assert "f has 0 rows" in said

    def test_a_regressor_that_does_not_vary(self, rows):
        assert "one is the same in all rows" in self.said(rows.assign(one=1), regressors=["one"])
        said = self.said(rows.assign(one="k"), regressors=["one", "post"])
        assert "one is k in all rows" in said

    def test_a_regressor_that_does_not_vary_in_one_group(self, rows):
        held = rows.assign(school=rows["school"].where(rows["sex"] != "f", 12))

        said = self.said(held, regressors=["school"])

        assert "In f" in said
        assert "school does not vary" in said

    def test_regressors_that_determine_each_other(self, rows):
        twice = rows.assign(months=rows["school"] * 12 + 3)

        said = self.said(twice, regressors=["post", "school", "months"])

        assert "months, school determine each other" in said
        nested = twice.assign(kind=twice["post"].map({"a": "k", "b": "k", "c": "l"}))
        said = self.said(nested, regressors=["post", "kind"])
        assert "kind, post determine each other" in said


class TestWhatIsSaid:
    def test_text_and_html(self, rows):
        result = decompose(rows)

        text = repr(result)
        assert "工资差距分解" in text.splitlines()[0]
        assert "sex: m − f" in text.splitlines()[0]
        for word in ("可解释 explained", "交互 interaction", "Yun", "Explained is not justified"):
            assert word in text
        assert "几何平均工资 Geometric mean" in text
        assert "<table" in result._repr_html_()

    def test_groups(self, rows):
        groups = decompose(rows).groups.set_index("side")

        women = rows[rows["sex"] == "f"]
        assert groups.loc["second", "workers"] == len(women)
        assert groups.loc["second", "enterprises"] == women["firm"].nunique()
        assert groups.loc["second", "weight"] == women["w"].sum()
        mean = np.average(np.log(women["annual_wage"]), weights=women["w"])
        assert groups.loc["second", "mean_log"] == pytest.approx(mean)
        assert groups.loc["second", "geometric_mean"] == pytest.approx(np.exp(mean))

    def test_total(self, rows):
        result = decompose(rows)

        assert result.total("gap") == result.frame["log_points"][0]
