"""The reweighted quantile gap against a plain logit, by hand, and by its identities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wageguide.analysis.gap_model import GapError
from wageguide.analysis.gap_reweight import decompose_quantile_gap
from wageguide.errors import InputError
from wageguide.survey.design import Design
from wageguide.tiers.estimate import estimate_tiers
from wageguide.tiers.scheme import load_scheme

DESIGN = Design(weight="w", enterprise="firm", stratum="layer", single_unit="certainty")
SHARES = [0.1, 0.5, 0.9]


def made(seed: int = 0, n: int = 600, firms: int = 40) -> pd.DataFrame:
    """Workers of two sexes in three posts, with schooling; wages in odd figures."""
    rng = np.random.default_rng([43, seed])
    firm = rng.integers(0, firms, n)
    sex = rng.choice(["m", "f"], n, p=[0.55, 0.45])
    post = np.where(rng.random(n) < np.where(sex == "m", 0.5, 0.3), "a", rng.choice(["b", "c"], n))
    school = rng.integers(6, 20, n).astype(float) + (sex == "f")
    log_wage = 10.5 + 0.05 * school + 0.2 * (post == "a") + 0.1 * (sex == "m")
    log_wage += rng.normal(0, 0.15, firms)[firm] + rng.normal(0, 0.3, n)
    return pd.DataFrame(
        {
            "annual_wage": np.exp(log_wage).round(2),
            "sex": sex,
            "post": post,
            "school": school,
            "w": rng.integers(4, 80, n) / 4,
            "firm": firm,
            "layer": firm % 3,
        }
    )


def parts(gap, column: str = "yuan") -> dict[tuple[float, str], float]:
    return gap.frame.set_index(["share", "part"])[column].to_dict()


def logit(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Newton's method, nothing more."""
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x
        beta += np.linalg.solve(hessian, x.T @ (w * (y - p)))
    return x @ beta


def smallest_reaching(wage: np.ndarray, weight: np.ndarray, share: float) -> float:
    order = np.argsort(wage, kind="stable")
    cumulated = np.cumsum(weight[order])
    return float(wage[order][np.searchsorted(cumulated, share * cumulated[-1] * (1 - 1e-12))])


@pytest.mark.parametrize("reweight", ["first", "second"])
@pytest.mark.parametrize("seed", range(4))
def test_as_a_plain_logit_has_it(reweight, seed):
    rows = made(seed)
    x = np.column_stack([np.ones(len(rows)), rows["post"] == "b", rows["post"] == "c",
                         rows["school"]]).astype(float)  # fmt: skip
    wage, w = rows["annual_wage"].to_numpy(), rows["w"].to_numpy()
    m = (rows["sex"] == "m").to_numpy()
    own, target = (m, ~m) if reweight == "first" else (~m, m)
    weight = w * np.exp(logit(x, target.astype(float), w))
    got = decompose_quantile_gap(
        rows, "sex", "m", "f", ["post", "school"], shares=SHARES, design=DESIGN,
        reweight=reweight, replicates=0,
    )  # fmt: skip
    found = parts(got)
    for share in SHARES:
        q1, q2 = (smallest_reaching(wage[g], w[g], share) for g in (m, ~m))
        middle = smallest_reaching(wage[own], weight[own], share)
        explained = q1 - middle if reweight == "first" else middle - q2
        assert found[share, "gap"] == pytest.approx(q1 - q2, rel=1e-12)
        assert found[share, "explained"] == pytest.approx(explained, rel=1e-9, abs=1e-6)


def test_quantiles_of_the_groups_are_those_of_the_price_table():
    rows = made(7)
    got = decompose_quantile_gap(
        rows, "sex", "m", "f", ["post"], shares=SHARES, design=DESIGN, replicates=0
    )
    scheme = load_scheme("percentiles").with_shares([str(s) for s in SHARES])
    table = estimate_tiers(rows, ["sex"], weight="w", scheme=scheme).frame.set_index("sex")

    for share, name in zip(SHARES, ("p10", "p50", "p90"), strict=True):
        assert parts(got)[share, "gap"] == table.loc["m", name] - table.loc["f", name]


def test_of_the_same_characteristics_nothing_is_explained():
    """Both sexes hold the posts in the same proportions."""
    rows = pd.DataFrame(
        {
            "sex": ["m"] * 6 + ["f"] * 6,
            "post": ["a", "b"] * 6,
            "annual_wage": [50_000.0, 90_000.0] * 3 + [40_000.0, 80_000.0] * 3,
        }
    )
    got = parts(decompose_quantile_gap(rows, "sex", "m", "f", ["post"], shares=[0.5], min_rows=2))

    assert got == {(0.5, "gap"): 10_000, (0.5, "explained"): 0, (0.5, "unexplained"): 10_000}


def test_of_the_same_wages_in_a_post_everything_is_explained():
    rows = pd.DataFrame(
        {
            "sex": ["m"] * 10 + ["f"] * 10,
            "post": ["a"] * 3 + ["b"] * 7 + ["a"] * 7 + ["b"] * 3,
            "annual_wage": [50_000.0] * 3 + [90_000.0] * 7 + [50_000.0] * 7 + [90_000.0] * 3,
        }
    )
    got = parts(decompose_quantile_gap(rows, "sex", "m", "f", ["post"], shares=[0.5], min_rows=2))

    assert got == {(0.5, "gap"): 40_000, (0.5, "explained"): 40_000, (0.5, "unexplained"): 0}


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), reweight=st.sampled_from(["first", "second"]))
def test_identities(seed, reweight):
    rows = made(seed, n=160)
    asked = {"shares": SHARES, "design": DESIGN, "replicates": 0, "min_rows": 5}
    asked["reweight"] = reweight
    got = decompose_quantile_gap(rows, "sex", "m", "f", ["post", "school"], **asked)
    other = decompose_quantile_gap(
        rows.sample(frac=1, random_state=seed), "sex", "f", "m", ["post", "school"],
        **{**asked, "reweight": "second" if reweight == "first" else "first"},
    )  # fmt: skip
    scaled = decompose_quantile_gap(
        rows.assign(annual_wage=rows["annual_wage"] * 3), "sex", "m", "f", ["post", "school"],
        **asked,
    )  # fmt: skip
    for column in ("yuan", "log_points"):
        mine, turned = parts(got, column), parts(other, column)
        for share in SHARES:
            whole = mine[share, "explained"] + mine[share, "unexplained"]
            assert whole == pytest.approx(mine[share, "gap"], abs=1e-7)
            for part in ("gap", "explained", "unexplained"):
                # the same workers are reweighted; only the sign is another
                assert turned[share, part] == pytest.approx(-mine[share, part], abs=1e-7)
    for key, value in parts(got).items():
        assert parts(scaled)[key] == pytest.approx(3 * value, rel=1e-9, abs=1e-6)


class TestErrors:
    def test_are_those_of_the_bootstrap_and_the_same_every_time(self):
        rows = made(3)
        asked = {"shares": [0.5], "design": DESIGN, "replicates": 40}
        one = decompose_quantile_gap(rows, "sex", "m", "f", ["post"], **asked, seed=5)
        two = decompose_quantile_gap(rows, "sex", "m", "f", ["post"], **asked, seed=5)
        other = decompose_quantile_gap(rows, "sex", "m", "f", ["post"], **asked, seed=6)

        pd.testing.assert_frame_equal(one.frame, two.frame)
        assert (one.frame["se_yuan"] > 0).all()
        assert (one.frame["se_yuan"] != other.frame["se_yuan"]).any()
        assert (one.frame["low_yuan"] < one.frame["yuan"]).all()
        assert (one.frame["df"] == rows["firm"].nunique() - 3).all()

    def test_one_enterprise_has_none(self):
        rows = made(3).assign(firm=1, layer=1)
        got = decompose_quantile_gap(rows, "sex", "m", "f", ["post"], design=DESIGN, replicates=20)

        assert got.frame["se_yuan"].isna().all()

    def test_of_wages_without_spread_there_are_none(self):
        rows = made(3).assign(annual_wage=lambda r: np.where(r["sex"] == "m", 9e4, 8e4))
        got = decompose_quantile_gap(
            rows, "sex", "m", "f", ["post"], shares=[0.5], design=DESIGN, replicates=20
        )
        assert got.frame["se_yuan"].isna().all()


class TestOverlap:
    @pytest.fixture
    def rows(self):
        rows = made(5)
        rows.loc[rows["post"] == "c", "sex"] = "m"
        return rows

    def test_a_post_of_one_sex_is_refused_with_its_name(self, rows):
        with pytest.raises(GapError, match="post"):
            decompose_quantile_gap(rows, "sex", "m", "f", ["post"], replicates=0)

    def test_or_set_aside_and_counted(self, rows):
        got = decompose_quantile_gap(
            rows, "sex", "m", "f", ["post"], replicates=0, on_no_overlap="set_aside"
        )
        kept = decompose_quantile_gap(
            rows[rows["post"] != "c"], "sex", "m", "f", ["post"], replicates=0
        )
        assert parts(got) == parts(kept)
        assert sum(got.left_out.values()) == (rows["post"] == "c").sum()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"reweight": "both"}, "should be first or second"),
        ({"replicates": 1}, "should be 0"),
        ({"shares": [1.0]}, "1"),
        ({"min_rows": 10_000}, "10,000"),
    ],
)
def test_what_cannot_be_asked(more, told):
    with pytest.raises(InputError, match=told):
        decompose_quantile_gap(made(), "sex", "m", "f", ["post"], **{"replicates": 0, **more})
