"""Rounding, order and names of the printed tables."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.publish.made import made_tables
from wageguide.errors import PolicyError, SchemeError
from wageguide.policy import Policy
from wageguide.publish.settings import read_release_plan
from wageguide.publish.tables import round_half_up
from wageguide.survey.codes import codes


@pytest.mark.parametrize(
    ("yuan", "unit", "right"),
    [
        (0.5, 1, 1),
        (1.5, 1, 2),
        (2.5, 1, 3),
        (math.nextafter(0.5, 0), 1, 0),
        (math.nextafter(2.5, 0), 1, 2),
        (56325.0, 10, 56330),
        (math.nextafter(56325.0, 0), 10, 56320),
        (150.0, 100, 200),
        (0.0, 1, 0),
        (1e12, 1, 10**12),
    ],
)
def test_halves_go_up_and_the_number_just_below_goes_down(yuan, unit, right):
    assert round_half_up(yuan, unit) == right


def test_no_figure_stays_none():
    assert round_half_up(math.nan, 1) is None


@given(st.floats(0, 1e9), st.sampled_from([1, 10, 100, 1000]))
def test_a_rounded_figure_is_the_nearest_multiple(yuan, unit):
    rounded = round_half_up(yuan, unit)

    assert rounded % unit == 0
    assert -unit <= 2 * (Decimal(yuan) - rounded) < unit


def test_rows_follow_the_classification_with_all_workers_first(survey, policy):
    table = made_tables(survey, policy)[0].frame
    listed = list(codes("occupation").entries)

    assert table["occupation_name"][0] == "全部"
    assert table["workers"][0] == len(survey.workers)
    places = [listed.index(code) for code in table["occupation"][1:]]
    assert places == sorted(places)
    assert table["occupation_name"][1] == codes("occupation").name(table["occupation"][1], "zh")


def test_levels_follow_the_reference_order(survey, policy):
    table = made_tables(survey, policy)[2].frame
    listed = [c for c in codes("education").entries if c in set(table["education"])]

    assert list(table["education"][1:]) == listed


def test_rows_without_a_key_are_left_out_of_that_table_alone_and_counted(survey, policy):
    by_occupation, by_skill, _ = made_tables(survey, policy)

    assert by_occupation.left_out == 0
    assert by_skill.left_out == survey.workers["skill_level"].isna().sum()
    assert by_skill.frame["workers"].sum() == len(survey.workers) - by_skill.left_out


def test_figures_are_the_rounded_estimates(survey, policy):
    table = made_tables(survey, policy)[2]
    row = table.frame.iloc[1]
    estimate = table.tiers.frame.set_index("education").loc[row["education"]]

    for name in ("mean", "p10", "p50", "p90"):
        assert row[name] == round_half_up(estimate[name], 10)


def _changed(policy: Policy, **release) -> Policy:
    sections = dict(policy.sections)
    sections["release"] = {**sections["release"], **release}
    return Policy(policy.path, sections)


def test_a_policy_says_all_that_is_wrong_at_once(policy):
    sections = dict(policy.sections)
    sections["table"] = [{"id": "a b", "by": ["wage"], "title_zh": "甲", "title_en": "a"}] * 2

    with pytest.raises(PolicyError) as caught:
        read_release_plan(Policy(policy.path, sections))

    text = str(caught.value)
    for part in ("plain letters", "'wage' is not a key", "two tables have the id", "title"):
        assert part in text


def test_unknown_scheme_file_and_rule_are_refused(policy):
    with pytest.raises(SchemeError, match="no such file"):
        read_release_plan(_changed(policy, scheme="absent.toml"))
    with pytest.raises(SchemeError, match="hf7"):
        read_release_plan(_changed(policy, quantile="linaer"))
    with pytest.raises(PolicyError, match="rounding_yuan = 0"):
        read_release_plan(_changed(policy, rounding_yuan=0))
