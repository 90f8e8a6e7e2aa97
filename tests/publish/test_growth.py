"""A release compared with the one of the year before, from survey returns to printed files."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wageguide.disclosure.attack_files import read_published
from wageguide.errors import ComparisonError, ReleaseError
from wageguide.provenance import data_dir
from wageguide.publish.release import make_release

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("two_years")]

SAMPLE = data_dir() / "sample"


@pytest.fixture(scope="module")
def panel(tmp_path_factory) -> Path:
    """Returns of two years of one small district, with a policy for each."""
    folder = tmp_path_factory.mktemp("panel")
    sys.path.insert(0, str(SAMPLE))
    try:
        from generator import write_returns
    finally:
        sys.path.remove(str(SAMPLE))
    write_returns(folder, [2024, 2025], enterprises=45, workers=2500, seed=320115, progress=False)
    text = (SAMPLE / "policy.toml").read_text(encoding="utf-8")
    (folder / "2025.toml").write_text(text, encoding="utf-8")
    older = text.replace("frame_2025", "frame_2024").replace("2026-07-01", "2025-07-01")
    (folder / "2024.toml").write_text(older, encoding="utf-8")
    return folder


def released(panel, year, out, **options):
    policy = options.pop("policy", panel / f"{year}.toml")
    return make_release(
        panel / "returns" / str(year), year=year, policy=policy, out=out, progress=False, **options
    )


@pytest.fixture(scope="module")
def last(panel):
    return released(panel, 2024, panel / "last")


@pytest.fixture(scope="module")
def this(panel, last):
    return released(panel, 2025, panel / "this", previous=last.folder)


def long(folder, name):
    return pd.read_csv(
        folder / "tables" / name, encoding="utf-8-sig", dtype={"code1": str, "code2": str},
        keep_default_na=False, na_values={c: [""] for c in ("growth", "low", "high", "value")},
    )  # fmt: skip


def test_growth_is_that_of_the_estimates_to_a_tenth_of_a_per_cent(this, last):
    changes = long(this.folder, "changes_long.csv")
    figures = {
        t.settings.id: (t.tiers.frame, u.tiers.frame)
        for t, u in zip(this.tables, last.tables, strict=True)
    }
    shown = changes[changes["growth"].notna() & (changes["code1"] != "")]
    assert len(shown) > 100
    for line in shown.to_dict("records"):
        values = []
        for frame in figures[line["table"]]:
            row = frame[frame[line["key1"]] == line["code1"]]
            if line["key2"]:
                row = row[row[line["key2"]] == line["code2"]]
            values.append(row[line["measure"]].item())
        assert line["growth"] == pytest.approx(values[0] / values[1] - 1, abs=0.0005 + 1e-12)
        assert (line["reading"] == "up") <= (line["low"] >= 0)


def test_nothing_is_said_of_a_figure_that_either_year_keeps_back(this, last):
    now, then = ({t.id: t for t in read_published(r.folder)} for r in (this, last))
    changes = long(this.folder, "changes_long.csv")
    hidden = 0
    for line in changes.to_dict("records"):
        if line["code1"] == "" or line["table"] == "education":
            continue
        for year in (now, then):
            table = year[line["table"]]
            row = table.frame[table.frame[line["key1"]] == line["code1"]]
            if line["key2"]:
                row = row[row[line["key2"]] == line["code2"]]
            if row.empty or np.isnan(row[line["measure"]].item()):
                hidden += 1
                assert np.isnan(line["growth"])
                assert line["reading"] == ""
    assert hidden > 100


def test_the_series_holds_both_years_as_they_were_printed(this, last):
    series = long(this.folder, "series_long.csv")

    for release, year in ((last, 2024), (this, 2025)):
        mine = series[series["reference_year"] == year].reset_index(drop=True)
        printed = long(release.folder, "prices_long.csv")
        assert len(mine) == len(printed)
        same = ["table", "code1", "measure", "mark"]
        pd.testing.assert_frame_equal(mine[same], printed[same])
        np.testing.assert_array_equal(mine["value"], printed["value"])
    assert set(series["status"]) == {"provisional"}
    assert set(series["scheme"]) == {"percentiles"}


def test_the_office_gets_what_to_look_at(this):
    internal = this.folder / "internal"
    look = pd.read_csv(internal / "growth_to_look_at.csv", encoding="utf-8-sig")
    split = pd.read_csv(internal / "growth_split.csv", encoding="utf-8-sig").iloc[0]

    assert look["times"].is_monotonic_decreasing
    total = split["wage"] + split["composition"] + split["turnover"]
    assert total == pytest.approx(split["this"] - split["last"])
    assert split["low"] < split["laspeyres"] < split["high"]


def test_the_notes_tell_wages_from_composition(this):
    notes = " ".join(note.text_zh for note in this.edition.notes)

    assert "同岗工资" in notes
    assert "样本重叠" in notes


def test_twice_gives_the_same_bytes(panel, last, this):
    again = released(panel, 2025, panel / "again", previous=last.folder)

    files = [p for p in sorted(this.folder.rglob("*")) if p.is_file()]
    assert len(files) > 60
    for path in files:
        other = again.folder / path.relative_to(this.folder)
        assert path.read_bytes() == other.read_bytes(), path.name


def test_without_the_internal_part_printed_figures_are_compared(panel, last, this):
    public = panel / "public"
    shutil.copytree(last.folder, public, ignore=shutil.ignore_patterns("internal"))

    found = released(panel, 2025, panel / "from_public", previous=public)

    changes = long(found.folder, "changes_long.csv")
    assert changes["growth"].notna().sum() > 100
    assert changes["low"].isna().all()
    assert set(changes["reading"]) == {""}
    exact = long(this.folder, "changes_long.csv")
    assert (changes["growth"].notna() == exact["growth"].notna()).all()
    assert (changes["growth"] - exact["growth"]).abs().max() < 0.02


def test_printed_figures_of_another_rule_are_refused(panel, last):
    policy = panel / "other_rule.toml"
    text = (panel / "2025.toml").read_text(encoding="utf-8")
    policy.write_text(
        text.replace('quantile = "inverted_cdf"', 'quantile = "linear"'), encoding="utf-8"
    )
    public = panel / "public_2"
    shutil.copytree(last.folder, public, ignore=shutil.ignore_patterns("internal"))

    with pytest.raises(ComparisonError, match="quantile: inverted_cdf → linear"):
        released(panel, 2025, panel / "x", policy=policy, previous=public)

    # With the survey at hand last year is estimated again by the rule of this year.
    found = released(panel, 2025, panel / "x", policy=policy, previous=last.folder)
    notes = " ".join(note.text_zh for note in found.edition.notes)
    assert "quantile: inverted_cdf → linear" in notes


def test_a_second_edition_counts_what_it_revises(panel, this):
    found = released(panel, 2025, panel / "second", previous=this.folder)

    assert found.edition.changes == {}
    notes = " ".join(note.text_zh for note in found.edition.notes)
    assert "0个数值有变化" in notes
    assert set(long(found.folder, "series_long.csv")["reference_year"]) == {2024, 2025}


def test_a_growth_rate_that_gives_last_year_away_stops_the_release(panel, last, monkeypatch):
    from wageguide.publish.printed_before import PrintedBefore

    monkeypatch.setattr(PrintedBefore, "shows", lambda *_: True)

    with pytest.raises(ReleaseError, match="推出"):
        released(panel, 2025, panel / "leak", previous=last.folder)
    assert not (panel / "leak").exists()
