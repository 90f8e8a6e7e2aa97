"""Cleaning the sample, held against the truth file of its generator."""

from __future__ import annotations

import pandas as pd
import pytest

import wageguide as wg
from wageguide.provenance import data_dir
from wageguide.survey.columns import PAY_PARTS

SAMPLE = data_dir() / "sample"
RETURNS = SAMPLE / "returns" / "2025"

#: Share of planted faults that must be found by reason and place.
RECALL = 0.99

CHAPTER = "Cleaning the sample district"

PLACE = ["file", "row"]


@pytest.fixture(scope="module")
def faults() -> pd.DataFrame:
    path = SAMPLE / "truth" / "2025_faults.csv"
    if not path.is_file():
        pytest.skip("the sample district has not been made: run data/sample/generate.py")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table[table["reason"] != "layout"]


@pytest.fixture(scope="module")
def survey(faults) -> wg.Survey:
    return wg.read_survey(RETURNS, reference_year=2025, progress=False)


@pytest.fixture(scope="module")
def edited(survey) -> wg.Survey:
    return wg.edit(survey, wg.read_policy(SAMPLE / "policy.toml"))


def places(table: pd.DataFrame) -> set[tuple[str, str, str]]:
    """File, row and reason; the row of a form or of a whole file does not count."""
    row = table["row"].astype("str").replace("<NA>", "").fillna("")
    on_form = table["sheet"].ne("从业人员工资")
    row = row.where(~on_form, "")
    return set(zip(table["file"], row, table["reason"], strict=True))


def test_the_truth_is_not_empty(faults):
    assert len(faults) > 500
    assert faults["reason"].nunique() > 25


def test_planted_faults_are_found_by_reason_and_place(faults, edited, compared):
    planted, found = places(faults), places(edited.findings.frame)
    missed = sorted(planted - found)
    what = f"share of {len(planted)} planted faults ({faults['reason'].nunique()} reasons) found"

    compared(CHAPTER, what, 1 - len(missed) / len(planted), RECALL, at_least=True)


def test_nothing_is_found_that_was_not_planted_but_outliers_to_look_at(faults, edited, compared):
    twice = set(faults.loc[faults["reason"].eq("enterprise_duplicate"), "file"])
    extra = places(edited.findings.frame) - places(faults)
    asked = sum(e[2] == "wage_outlier" for e in extra)
    compared(CHAPTER, "true wages flagged as outliers, to be asked about and kept", asked, 40)
    extra = {e for e in extra if e[2] != "wage_outlier" and e[0] not in twice}

    compared(CHAPTER, "other findings where nothing was planted", len(extra), 0)


def test_no_value_that_was_right_was_changed(faults, edited, compared):
    truth = pd.read_parquet(SAMPLE / "truth" / "2025_workers.parquet").dropna(subset=["row"])
    truth["row"] = truth["row"].astype("int64")
    both = edited.workers.merge(truth, on=PLACE, suffixes=("", "_true"), how="left")
    assert len(both) == len(edited.workers)
    known = set(zip(faults["file"], faults["row"], strict=True))
    known_files = set(faults.loc[faults["row"].eq(""), "file"])
    on_form = faults["sheet"].ne("从业人员工资")
    known_files |= set(faults.loc[on_form, "file"])
    columns = [c.removesuffix("_true") for c in both.columns if c.endswith("_true")]
    assert {"annual_wage", "occupation", *PAY_PARTS} <= set(columns)
    changed = []
    for column in columns:
        right, got = both[f"{column}_true"], both[column]
        differs = ~(right.eq(got) | (right.isna() & got.isna()))
        wrong = both.loc[differs, PLACE]
        changed += [
            (column, f, r)
            for f, r in wrong.itertuples(index=False)
            if (f, str(r)) not in known and f not in known_files
        ]
    assert changed == []
    what = f"right values changed, of {len(both) * len(columns):,}"
    compared(CHAPTER, what, len(changed), 0)


def test_money_after_editing_is_the_true_money(faults, edited):
    """Converted units and texts give the true fen, outside of outliers kept to be asked about."""
    truth = pd.read_parquet(SAMPLE / "truth" / "2025_workers.parquet").dropna(subset=["row"])
    truth["row"] = truth["row"].astype("int64")
    both = edited.workers.merge(truth, on=PLACE, suffixes=("", "_true"))
    wrong = both[both["annual_wage"].ne(both["annual_wage_true"])]
    outliers = faults[faults["reason"].eq("wage_outlier")]
    asked = set(zip(outliers["file"], outliers["row"], strict=True))

    assert {(f, str(r)) for f, r in wrong[PLACE].itertuples(index=False)} <= asked


def test_every_row_received_is_used_or_set_aside(survey, edited):
    assert edited.account.closes
    assert len(edited.workers) + len(edited.set_aside) == len(survey.workers)


def test_processes_do_not_matter(survey):
    other = wg.read_survey(RETURNS, reference_year=2025, processes=2, progress=False)

    pd.testing.assert_frame_equal(survey.workers, other.workers)
    pd.testing.assert_frame_equal(survey.findings.frame, other.findings.frame)
