"""The guard against changed inputs notices what it is there for."""

import pandas as pd
import pytest


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame({"annual_wage": [60_000.0, 72_000.0], "industry": ["C", "I"]})


def test_a_call_that_only_reads_passes(frame, unchanged):
    with unchanged(frame):
        frame["annual_wage"].sum()


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.__setitem__("weight", 1.0),
        lambda f: f.loc.__setitem__((0, "annual_wage"), 60_000.01),
        lambda f: f.__setitem__("annual_wage", f["annual_wage"].to_numpy()[::-1]),
        lambda f: setattr(f, "columns", ["annual_wage", "sector"]),
    ],
    ids=["a new column", "one fen", "the order", "a name"],
)
def test_a_changed_frame_is_noticed(frame, unchanged, change):
    with pytest.raises(AssertionError, match="changed its inputs"), unchanged(frame):
        change(frame)


def test_a_changed_file_is_noticed(tmp_path, unchanged):
    (tmp_path / "return.csv").write_text("1")
    with pytest.raises(AssertionError, match="changed its inputs"), unchanged(tmp_path):
        (tmp_path / "return.csv").write_text("2")
