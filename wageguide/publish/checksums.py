"""Hashes of the files of a folder, and whether they are still those of its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wageguide.provenance import hash_file

#: The manifest's own files, of which it holds no hash.
_MANIFESTS = ("manifest.json", "internal/manifest.json")


def file_records(folder: Path, leave_out: str) -> dict[str, dict[str, Any]]:
    """Hash and size of every file of a folder but those of one name, by its path inside."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != leave_out)
    found = [hash_file(p, p.relative_to(folder).as_posix()) for p in files]
    return {s.name: {"sha256": s.sha256, "size": s.size} for s in found}


def changed_files(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Every file that is missing or not what the manifest says, a sentence each.

    Parameters
    ----------
    folder
        Folder of the release.
    manifest
        Its full or public manifest.
    """
    problems = []
    for name, record in sorted(manifest["files"].items()):
        path = folder / name
        if not path.is_file():
            problems.append(f"{name} is missing")
            continue
        found = hash_file(path)
        if found.sha256 != record["sha256"]:
            sizes = f"{record['size']:,} bytes then, {found.size:,} now"
            problems.append(f"{name} is not as it was written ({sizes})")
    return problems


def foreign_files(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Every file that the manifest does not know, a sentence each.

    Files of the internal part are judged only by the full manifest.
    """
    known = {*manifest["files"], *_MANIFESTS}
    full = any(name.startswith("internal/") for name in manifest["files"])
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    strange = sorted(present - known)
    if not full:
        strange = [n for n in strange if not n.startswith("internal/")]
    return [f"{name} is in no list of the release" for name in strange]
