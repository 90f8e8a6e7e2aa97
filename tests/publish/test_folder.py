"""A release folder is replaced whole or not at all, and only if it is ours."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from wageguide.errors import ReleaseError
from wageguide.provenance import hash_file
from wageguide.publish.folder import check_target, replaced_folder
from wageguide.publish.manifest import build_manifest, read_manifest, write_manifest


def made_manifest(folder, policy, status="draft"):
    return build_manifest(
        folder,
        inputs=[],
        policy=hash_file(policy.path),
        options={"year": 2025},
        account=pd.DataFrame({"line": ["used"], "rows": [1], "yuan": ["1.00"]}),
        edition=SimpleNamespace(status=status, published_on=None),
    )


@pytest.fixture
def earlier(tmp_path, policy):
    """An earlier release in `out`, holding one file."""
    out = tmp_path / "out"
    with replaced_folder(out) as folder:
        (folder / "a.csv").write_text("old")
        write_manifest(folder, made_manifest(folder, policy))
    return out


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_manifest_lists_every_file_by_hash(earlier):
    manifest = read_manifest(earlier)

    assert manifest["files"]["a.csv"]["sha256"] == hash_file(earlier / "a.csv").sha256
    assert {"wageguide", "python", "numpy", "pandas", "pyarrow"} <= manifest["versions"].keys()


def test_an_earlier_release_is_replaced_and_nothing_stays_beside_it(tmp_path, earlier):
    check_target(earlier, [])
    with replaced_folder(earlier) as folder:
        (folder / "b.csv").write_text("new")

    assert names(earlier) == ["b.csv"]
    assert names(tmp_path) == ["out", "policy.toml"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_interrupted_work_leaves_the_earlier_release_whole(tmp_path, earlier, error):
    def write_half():
        with replaced_folder(earlier) as folder:
            (folder / "a.csv").write_text("half")
            raise error

    with pytest.raises(error):
        write_half()

    assert (earlier / "a.csv").read_text() == "old"
    assert names(tmp_path) == ["out", "policy.toml"]


def test_a_failed_rename_puts_the_earlier_release_back(tmp_path, earlier, monkeypatch):
    from pathlib import Path

    rename = Path.rename

    def fails(self, target):
        if ".partial-" in self.name:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(ReleaseError, match="Close its files"), replaced_folder(earlier):
        pass

    assert (earlier / "a.csv").read_text() == "old"
    assert names(tmp_path) == ["out", "policy.toml"]


def test_a_folder_that_is_not_ours_is_refused(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "x.jpg").write_text("x")

    with pytest.raises(ReleaseError, match="not empty"):
        check_target(tmp_path / "photos", [])


def test_a_release_with_a_file_of_somebody_else_is_refused(earlier):
    (earlier / "remarks.docx").write_text("mine")

    with pytest.raises(ReleaseError, match=r"remarks\.docx"):
        check_target(earlier, [])


def test_an_empty_or_absent_folder_and_a_lock_file_are_fine(tmp_path, earlier):
    (tmp_path / "empty").mkdir()
    (earlier / "~$book.xlsx").write_text("")

    for out in (tmp_path / "empty", tmp_path / "new" / "deep", earlier):
        check_target(out, [])


def test_a_target_that_holds_the_input_or_lies_in_it_is_refused(tmp_path, earlier):
    with pytest.raises(ReleaseError, match="holds the input"):
        check_target(earlier, [earlier / "a.csv"])
    with pytest.raises(ReleaseError, match="outside it"):
        check_target(earlier / "new", [earlier])


def test_a_file_in_the_place_of_the_folder_is_refused(policy):
    with pytest.raises(ReleaseError, match="not a folder"):
        check_target(policy.path, [])
