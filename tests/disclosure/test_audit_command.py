"""The attack from the command line, on the release of the sample district."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from wageguide.provenance import data_dir
from wageguide.publish.release import make_release

SAMPLE = data_dir() / "sample"


def attack(*arguments):
    command = [sys.executable, "-c", "from wageguide.cli import main; main()", "audit"]
    return subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_release(
        SAMPLE / "returns" / "2025",
        year=2025,
        policy=SAMPLE / "policy.toml",
        out=tmp_path_factory.mktemp("attack") / "2025",
        progress=False,
    )


def test_the_release_of_the_sample_withstands(made):
    done = attack(made.folder, "--width", 0.1, "--few", 3)
    assert done.returncode == 0, done.stderr
    assert "推出0个" in done.stdout


def test_a_figure_put_back_into_the_files_is_found(made, tmp_path):
    """One hidden count and mean are printed after all: what they were hidden with follows."""
    folder = tmp_path / "leak"
    (folder / "tables").mkdir(parents=True)
    (folder / "manifest.json").write_bytes((made.folder / "manifest.json").read_bytes())
    long = pd.read_csv(made.folder / "tables" / "prices_long.csv", dtype=str, keep_default_na=False)
    size = long[(long["table"] == "enterprise_size") & (long["mark"] == "c")]
    first = size["code1"].iloc[0]
    table = next(t for t in made.tables if t.settings.id == "enterprise_size")
    true = table.tiers.frame.set_index("enterprise_size").loc[first]
    here = (long["table"] == "enterprise_size") & (long["code1"] == first)
    for measure in ("workers", "enterprises", "weight", "mean"):
        line = here & (long["measure"] == measure)
        long.loc[line, ["value", "mark"]] = [str(round(float(true[measure]))), ""]
    long.to_csv(folder / "tables" / "prices_long.csv", index=False)
    out = tmp_path / "findings.csv"
    done = attack(folder, "--width", 0.1, "--few", 1, "--complete", "--out", out)
    assert done.returncode == 1, done.stdout + done.stderr
    found = pd.read_csv(out, dtype={"keys": str})
    assert set(found["table"]) == {"enterprise_size"}
    assert set(found["kind"]) == {"sums"}


def test_a_folder_that_is_no_release_is_told(tmp_path):
    done = attack(tmp_path, "--width", 0.1, "--few", 3)
    assert done.returncode == 2
    assert "not the manifest of a release" in done.stderr
