"""The plans of the sample district: all that was planted is found, and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

import wageguide as wg
from wageguide.provenance import data_dir

SAMPLE = data_dir() / "sample"


@pytest.fixture(scope="module")
def reviewed():
    return wg.review(wg.read_plan(SAMPLE / "plans" / "2026-03", progress=False))


def test_what_was_planted_and_nothing_else(reviewed):
    truth = pd.read_csv(SAMPLE / "truth" / "plans_2026-03.csv")
    planted = set(truth.itertuples(index=False, name=None))
    columns = ["enterprise_id", "worker_id", "rule"]
    found = set(reviewed.violations[columns].itertuples(index=False, name=None))
    aside = reviewed.plan.set_aside.rename(columns={"reason": "rule"})[columns]
    found |= set(aside.itertuples(index=False, name=None))

    assert len(planted) == 20
    assert found == planted


def test_the_enterprises_that_are_in_order_comply(reviewed):
    complying = reviewed.enterprises[reviewed.enterprises["complies"]]
    assert sorted(complying["enterprise_name"]) == ["样例计划企业11", "样例计划企业12"]
