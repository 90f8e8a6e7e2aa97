"""A whole release of the sample district, as an office makes it."""

from __future__ import annotations

import csv
import json
import shutil

import numpy as np
import openpyxl
import pandas as pd
import pytest

from wageguide.errors import InputError, PolicyError, ReleaseError
from wageguide.policy import read_policy
from wageguide.provenance import data_dir, hash_file
from wageguide.publish.release import make_release

YEAR = 2025
SAMPLE = data_dir() / "sample"
RETURNS = SAMPLE / "returns" / str(YEAR)
POLICY = SAMPLE / "policy.toml"


def hashes(folder):
    return {
        p.relative_to(folder).as_posix(): hash_file(p).sha256
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def release(out, **options):
    settings = {"year": YEAR, "policy": POLICY, "processes": 1, "progress": False, **options}
    return make_release(RETURNS, out=out, **settings)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return release(tmp_path_factory.mktemp("release") / "2025")


def test_the_folder_has_a_public_and_an_internal_part(made):
    public = {p.name for p in made.folder.iterdir()}
    internal = {p.name for p in (made.folder / "internal").iterdir()}

    forms = {"工资价位_2025.xlsx", "工资价位_2025.pdf", "tables", "sdmx", "charts"}
    forms |= {"release_notes.md", "page"}
    assert public == {*forms, "manifest.json", "internal"}
    tables = {"findings.csv", "changes.csv", "set_aside.csv", "account.csv", "grades.csv"}
    tables |= {"steps.csv", "protection.csv", "protection_summary.csv", "attack.csv"}
    tables |= {"small_cells.csv"} | {
        f"weighting_{part}.csv" for part in ("classes", "weights", "margins")
    }
    assert internal == {*tables, "contributors.parquet", "survey", "returns", "manifest.json"}
    beside = {"prices.json", "dictionary.csv", "codes.csv", "datapackage.json"}
    twice = [*(t.settings.id for t in made.tables), "prices_long"]
    data = {p.name for p in (made.folder / "tables").iterdir()}
    assert data == beside | {f"{name}.{kind}" for name in twice for kind in ("csv", "parquet")}


def test_every_thin_occupation_is_offered_marked_figures_in_the_office_only(made):
    path = made.folder / "internal" / "small_cells.csv"
    offered = pd.read_csv(path, encoding="utf-8-sig").set_index("occupation")
    rule = read_policy(POLICY).sections["small_cells"]
    tiers = made.tables[0].tiers.frame.set_index("occupation")
    large = (tiers["workers"] >= rule["min_workers"]) & (
        tiers["enterprises"] >= rule["min_enterprises"]
    )
    assert set(offered.index) == set(tiers.index[~large])
    assert offered[["pooled_mark_zh", "model_mark_zh"]].notna().all(axis=None)
    assert offered["typical_wage"].gt(0).all()
    assert offered["p50"].notna().equals(offered["level_used"] != "none")


def test_the_account_closes_and_is_told_everywhere(made):
    assert made.survey.account.closes
    assert made.manifest["account"]["used"]["rows"] == len(made.survey.workers)
    assert str(len(made.survey.workers)) in repr(made)
    assert "草稿" in repr(made)
    assert "<table" in made._repr_html_()


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_public_manifest_names_no_enterprise(made):
    public = read_json(made.folder / "manifest.json")
    full = read_json(made.folder / "internal" / "manifest.json")

    assert public["inputs"]["files"] == len(full["inputs"]) > 0
    assert not [n for n in public["files"] if n.startswith("internal")]
    assert {n: f for n, f in full["files"].items() if n in public["files"]} == public["files"]
    text = json.dumps(public, ensure_ascii=False)
    names = made.survey.enterprises["enterprise_name"].dropna()
    ids = made.survey.enterprises["enterprise_id"].dropna()
    assert not [n for n in (*names, *ids, *full["inputs"]) if n in text]


def test_the_manifest_holds_the_hash_of_every_input_and_file(made):
    written = read_json(made.folder / "internal" / "manifest.json")
    found = hashes(made.folder)
    del found["manifest.json"], found["internal/manifest.json"]

    assert written == made.manifest
    assert {n: f["sha256"] for n, f in written["files"].items()} == found
    assert written["policy"]["sha256"] == hash_file(POLICY).sha256
    received = hashes(RETURNS)
    frame = {"frame_2025.csv": hash_file(SAMPLE / "frame_2025.csv").sha256}
    assert {n: f["sha256"] for n, f in written["inputs"].items()} == received | frame
    text = json.dumps(written)
    assert str(made.folder) not in text
    assert str(SAMPLE) not in text


def test_every_worker_used_is_in_every_table_or_counted_as_left_out(made):
    used = len(made.survey.workers)
    for table in made.tables:
        cells = table.frame.iloc[table.total_rows :]
        assert table.tiers.frame["workers"].sum() + table.left_out == used
        names = cells[[f"{key}_name" for key in table.settings.by]]
        assert (names != "").all(axis=None)


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes_with_one_or_two_processes(made, tmp_path):
    again = release(tmp_path / "other-name", processes=2)

    assert hashes(again.folder) == hashes(made.folder)


def test_a_release_replaces_an_earlier_one(made, tmp_path):
    out = tmp_path / "2025"
    shutil.copytree(made.folder, out)
    english = release(out, lang="en")

    assert english.workbook.name == "wage_prices_2025.xlsx"
    assert not (out / "工资价位_2025.xlsx").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["2025"]


def test_no_text_is_a_formula_in_any_workbook_or_csv_file(made):
    books = sorted(made.folder.rglob("*.xlsx"))
    assert len(books) > 3
    for path in books:
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (path.name, cell.coordinate)
                    assert cell.hyperlink is None or cell.hyperlink.target is None
    for path in sorted(made.folder.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.reader(file):
                assert not [t for t in line if t.startswith(("=", "@", "+"))], path.name


def test_every_return_with_findings_is_sent_back_or_in_the_overview(made):
    told = made.survey.findings.frame
    told = told[told["severity"].isin(["error", "warning"])]
    overview = made.folder / "internal" / "returns" / "退回核对_总表.xlsx"
    rows = list(openpyxl.load_workbook(overview).active.iter_rows(min_row=4, values_only=True))

    assert {row[2] for row in rows} == set(told["file"])
    assert sum(row[3] + row[4] for row in rows) == len(told)
    for row in rows:
        assert row[5].startswith("（") or (overview.parent / row[5]).is_file()


def test_findings_on_cells_are_marked_at_the_cell(made):
    told = made.survey.findings.frame
    wanted = told[(told["reason"] == "age_impossible") & told["row"].notna()]
    assert len(wanted)
    first = wanted.iloc[0]
    folder = made.folder / "internal" / "returns"
    book = openpyxl.load_workbook(folder / f"退回核对_{first['enterprise_id']}.xlsx")
    notes = [c.comment.text for c in book[first["sheet"]][int(first["row"])] if c.comment]

    assert any(first["message_zh"] in note for note in notes)


def test_bad_requests_are_refused_before_anything_is_written(tmp_path):
    with pytest.raises(InputError, match="lang"):
        release(tmp_path / "x", lang="fr")
    with pytest.raises(PolicyError, match=r"absent\.toml"):
        release(tmp_path / "x", policy=tmp_path / "absent.toml")
    with pytest.raises(ReleaseError, match="outside it"):
        release(RETURNS / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    with pytest.raises(ReleaseError, match="not empty"):
        release(tmp_path / "full")

    assert [p.name for p in tmp_path.iterdir()] == ["full"]


def test_a_failure_while_writing_leaves_nothing(tmp_path, monkeypatch):
    def fails(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("wageguide.publish.release.write_returns", fails)
    with pytest.raises(KeyboardInterrupt):
        release(tmp_path / "2025", policy=read_policy(POLICY))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_release_whose_attack_succeeds_is_not_written(tmp_path, monkeypatch):
    # Rows that are unsafe by themselves are hidden, and nothing for the sake of the sums.
    monkeypatch.setattr(
        "wageguide.disclosure.protect._pattern",
        lambda tied, primary, needed, settings: primary & (np.arange(tied.cells) < tied.shown),
    )

    with pytest.raises(ReleaseError, match=r"(?s)attack .*found out \d+ confidential.*\n  - "):
        release(tmp_path / "2025")

    assert list(tmp_path.iterdir()) == []
