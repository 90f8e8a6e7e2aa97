"""The worked cases of price tables (E05, E07 to E10), by the command line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.acceptance

AREA = "table"


@pytest.fixture
def cases(shared) -> dict[str, dict]:
    text = (shared / "acceptance" / "law_cases.json").read_text(encoding="utf-8")
    found = {c["id"]: c for c in json.loads(text) if c["area"] == AREA}
    assert set(found) == {"E05", "E07", "E08", "E09", "E10"}
    return found


@pytest.fixture
def twenty(cases) -> list[int]:
    """The twenty annual wages of E05, which the other cases share."""
    wages = [int(n) for n in re.findall(r"\b\d{5,6}\b", cases["E05"]["inputs"])]
    assert len(wages) == 20
    return wages


def tiers(wages, folder: Path, *options: str) -> pd.Series:
    source, out = folder / "wages.csv", folder / "tiers.csv"
    pd.DataFrame({"wage": wages}).to_csv(source, index=False)
    command = [sys.executable, "-m", "wageguide", "tiers", source, "--wage", "wage", "--by", ""]
    subprocess.run([*command, *options, "--out", out], check=True, capture_output=True)
    return pd.read_csv(out).iloc[0]


def test_e05_old_method_at_ten_per_cent(cases, twenty, tmp_path):
    rule = ("--quantile", "averaged_inverted_cdf")
    got = tiers(twenty, tmp_path, "--scheme", "tail_means", "--probs", "0.1", *rule)

    expected = cases["E05"]["numbers"]
    assert got["upper_tail_mean"] == expected["high"]
    assert got["p50"] == expected["mid"]
    assert got["lower_tail_mean"] == expected["low"]


def test_e07_mean_of_the_middle(cases, twenty, tmp_path):
    got = tiers(twenty, tmp_path, "--scheme", "middle_means")

    assert got["middle_mean"] == cases["E07"]["numbers"]["mid40"]


@pytest.mark.parametrize(("rule", "key"), [("inverted_cdf", "icdf"), ("linear", "linear")])
def test_e08_percentiles(cases, twenty, tmp_path, rule, key):
    got = tiers(twenty, tmp_path, "--quantile", rule)

    assert got[["p10", "p25", "p50", "p75", "p90"]].tolist() == cases["E08"]["numbers"][key]


def test_e09_equal_tiers_pass(tmp_path):
    got = tiers([4.1, 7.9, 7.9, 7.9], tmp_path)

    assert got["p50"] == got["p75"] == 7.9


def test_e10_no_mean_of_less_than_one_person(tmp_path, twenty):
    from wageguide.tiers import scheme

    text = (Path(scheme.__file__).parent / "schemes" / "tail_means.toml").read_text("utf-8")
    whole = tmp_path / "whole.toml"
    whole.write_text(text.replace('"fractional"', '"whole_persons"'), encoding="utf-8")

    for share in ("0.05", "0.1"):
        got = tiers(twenty[:9], tmp_path, "--scheme", str(whole), "--probs", share)
        assert pd.isna(got["lower_tail_mean"])
        assert pd.isna(got["upper_tail_mean"])
        assert got["workers"] == 9
