"""Each rule for single cells, under, over and on its line, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from district import District

from wageguide.disclosure.contributions import SurveyRows, contributions, sides
from wageguide.disclosure.primary import needed_share, p_percent_width, ranked, unsafe
from wageguide.tiers.scheme import load_scheme


def cells_of(wages_by_enterprise, weight=1.0, owner=None):
    """One cell of enterprises, each with its wages."""
    lines = [(who, w) for who, wages in wages_by_enterprise.items() for w in wages]
    frame = pd.DataFrame(lines, columns=["enterprise", "wage"]).assign(weight=weight)
    if owner is not None:
        frame["owner"] = frame["enterprise"].map(owner)
    rows = SurveyRows.of(
        frame,
        [],
        enterprise="enterprise",
        wage="wage",
        weight="weight",
        owner="owner" if owner is not None else "",
    )
    return rows, contributions(rows, ())


def broken(found, settings):
    return {code for code, flags in unsafe(ranked(found, settings), settings).items() if flags[0]}


@pytest.mark.parametrize(("enterprises", "safe"), [(2, False), (3, True), (4, True)])
def test_enterprises_are_counted_once_each(rules, enterprises, safe):
    _, found = cells_of({f"E{n}": [100, 100] for n in range(enterprises)})
    assert (broken(found, rules()) == set()) is safe


@pytest.mark.parametrize(("workers", "safe"), [(9, False), (10, True)])
def test_workers_are_rows_and_not_weights(rules, workers, safe):
    _, found = cells_of({f"E{n}": [100] for n in range(workers)}, weight=50)
    assert (broken(found, rules(min_workers=10)) == set()) is safe


def test_enterprises_of_one_owner_are_one(rules):
    wages = {"A": [100], "B": [100], "C": [100]}
    _, apart = cells_of(wages)
    _, owned = cells_of(wages, owner={"A": "Holding", "B": "Holding"})
    assert broken(apart, rules()) == set()
    assert broken(owned, rules()) == {"few_enterprises"}


@pytest.mark.parametrize(("rest", "safe"), [(14, False), (15, True), (16, True)])
def test_dominance_is_more_than_its_share(rules, rest, safe):
    # 45 and 40 of 100 are the 85 per cent that the rule allows.
    _, found = cells_of({"A": [45], "B": [40], "C": [rest]})
    settings = rules(dominance_n=2, dominance_share=0.85)
    assert ("dominance" not in broken(found, settings)) is safe


@pytest.mark.parametrize(("rest", "safe"), [(9, False), (10, True), (11, True)])
def test_p_percent_on_the_line(rules, rest, safe):
    # B subtracts its own 50 and knows A's 100 to within what the rest holds.
    _, found = cells_of({"A": [100], "B": [50], "C": [rest]})
    settings = rules(p_percent=10)
    assert ("p_percent" not in broken(found, settings)) is safe
    assert p_percent_width(ranked(found, settings), settings)[0] == max(0, 10 - rest)


def test_p_percent_of_a_sample_weighs_the_total_alone(rules):
    # X = 2 x 155 = 310; unweighted 310 - 100 - 50 = 160 is far more than 10 per cent of 100.
    # With public weights 310 - 200 - 100 = 10 is less than 10 per cent of 200.
    _, found = cells_of({"A": [100], "B": [50], "C": [5]}, weight=2.0)
    assert broken(found, rules(p_percent=10)) == set()
    assert broken(found, rules(p_percent=10, weights_public=True)) == {"p_percent"}


def test_needed_width_is_of_the_widest_rule(rules):
    _, found = cells_of({"A": [100], "B": [50], "C": [4]})
    settings = rules(p_percent=10)
    cells = ranked(found, settings)
    share = needed_share(cells, unsafe(cells, settings), settings)
    assert share[0] == pytest.approx(6 / 154)
    settings = rules(p_percent=10, min_workers=4)
    share = needed_share(cells, unsafe(cells, settings), settings)
    assert share[0] == 0.1
    assert needed_share(cells, unsafe(cells, rules()), rules())[0] == 0


def test_sides_count_the_enterprises_on_either_side_of_a_tier():
    # Ten wages: A has the lowest two, B the middle six, C the highest two.
    wages = {"A": [1, 2], "B": [3, 4, 5, 6, 7, 8], "C": [9, 10]}
    rows, found = cells_of(wages)
    counts = sides(rows, found, load_scheme("percentiles").tiers)
    # p10 is the first wage: below and at it A; at and above it all three.
    assert {tier: int(c[0]) for tier, c in counts.items()} == {
        "p10": 1, "p25": 2, "p50": 2, "p75": 2, "p90": 1,
    }  # fmt: skip


def test_a_tier_of_too_few_enterprises_is_withheld_alone(rules):
    lines = [("A", 1), ("A", 2), *(("B", w) for w in range(3, 9)), ("C", 9), ("C", 10)]
    rows = pd.DataFrame(lines, columns=["enterprise", "wage"]).assign(weight=1.0)
    rows["wage"] = rows["wage"].astype(float)
    district = District.of(rows, [()])
    found = district.protected(rules(quantile_enterprises=2))
    assert {t: bool(f[0]) for t, f in found.withheld[0].items()} == {
        "p10": True, "p25": False, "p50": False, "p75": False, "p90": True,
    }  # fmt: skip
    assert not found.confidential(0)[0]
    topped = district.protected(rules(top_code_yuan=7))
    assert [t for t, f in topped.withheld[0].items() if f[0]] == ["p75", "p90"]


def test_the_blast_furnace_trap(rules):
    """24 workers of two enterprises, paid almost alike: precise, and two firms' secret."""
    rng = np.random.default_rng(1)
    lines = [("高炉工", f"F{n % 2}", 9000 + rng.normal(0, 3)) for n in range(24)]
    lines += [("焊工", f"E{n % 40}", 6000 + rng.normal(0, 900)) for n in range(800)]
    lines += [("电工", f"E{n % 35}", 6500 + rng.normal(0, 900)) for n in range(700)]
    rows = pd.DataFrame(lines, columns=["occupation", "enterprise", "wage"]).assign(weight=1.0)
    found = District.of(rows, [("occupation",), ()]).protected(rules(min_workers=10))
    trap = found.record[found.record["occupation"] == "高炉工"]
    assert trap["reasons_zh"].tolist() == ["企业数不足"]
    assert trap["workers"].tolist() == [24]
    # Hidden alone it is the total minus the rest; so another is hidden with it.
    assert len(found.record) == 2
    assert set(found.record["reasons_en"]) == {
        "too few enterprises",
        "could be worked out from totals otherwise",
    }


def test_rows_without_an_enterprise_or_a_wage_are_refused():
    table = pa.table({"enterprise": ["A", None], "wage": [1.0, 2.0]})
    with pytest.raises(Exception, match="1 rows have no enterprise, wage or weight"):
        SurveyRows.of(table, [], enterprise="enterprise", wage="wage")
    with pytest.raises(Exception, match="needs the columns owner"):
        SurveyRows.of(table, [], enterprise="enterprise", wage="wage", owner="owner")
