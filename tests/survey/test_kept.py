"""A kept survey comes back as it was, in the same bytes each time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wageguide.errors import InputError
from wageguide.survey.design import Calibration, Design, ReplicateWeights
from wageguide.survey.kept import KeptSurvey, kept_in, load_survey

DESIGN = Design(
    weight="weight",
    enterprise="enterprise_id",
    stratum="stratum",
    population="population",
    single_unit="average",
    calibration=Calibration("base", (("sector", "size"), ("size",)), ("n",)),
    replicates=ReplicateWeights(("r1", "r2"), 0.5, (1.0, 2.0), mse=False),
)


@pytest.fixture
def survey():
    rng = np.random.default_rng(4)
    rows = pd.DataFrame(
        {
            "enterprise_id": [f"E{n % 3}" for n in range(9)],
            "occupation": pd.array(["1-01-01-01", None, "2"] * 3, dtype="string"),
            "annual_wage": rng.integers(1, 10**9, 9) / 100,
            "age": pd.array([30, None, 41] * 3, dtype="Int64"),
            **{c: rng.random(9) for c in ("weight", "population", "base", "n", "r1", "r2")},
            **{c: ["x", "y", "z"] * 3 for c in ("stratum", "sector", "size")},
            "file": "a.xlsx",
            "sheet": "1",
            "row": range(9),
            "occupation_small": "1-01-01",
        },
        index=range(3, 12),
    )
    return KeptSurvey(rows, DESIGN, 2024)


def test_comes_back_as_it_was(survey, tmp_path, unchanged):
    with unchanged(survey.workers):
        survey.save(tmp_path)

    again = load_survey(tmp_path)

    dropped = ["file", "sheet", "row", "occupation_small"]
    expected = survey.workers.drop(columns=dropped).reset_index(drop=True)
    pd.testing.assert_frame_equal(again.workers, expected)
    assert again.design == DESIGN
    assert again.reference_year == 2024


def test_the_same_survey_gives_the_same_bytes(survey, tmp_path):
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        folder.mkdir()
        survey.save(folder)

    names = sorted(p.name for p in folders[0].iterdir())
    assert names == ["survey.json", "survey.parquet"]
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


@pytest.mark.parametrize("broken", ["survey.parquet", "survey.json"])
def test_a_broken_copy_is_told(survey, tmp_path, broken):
    survey.save(tmp_path)
    (tmp_path / broken).write_bytes(b"{")

    with pytest.raises(InputError, match="untouched copy"):
        load_survey(tmp_path)


def test_a_missing_column_is_told(survey, tmp_path):
    KeptSurvey(survey.workers.drop(columns=["stratum"]), DESIGN, 2024).save(tmp_path)

    with pytest.raises(InputError, match="lacks the columns stratum"):
        load_survey(tmp_path)


def test_whether_one_is_there(survey, tmp_path):
    assert not kept_in(tmp_path)
    survey.save(tmp_path)
    assert kept_in(tmp_path)
