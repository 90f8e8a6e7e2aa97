"""The manifest of a release: what went in, what made it, what came out."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.provenance import Source, package_version
from wageguide.publish.checksums import file_records

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.publish.compared import Previous
    from wageguide.publish.edition import Edition

#: File name of the manifest; its presence marks a folder that this package made.
MANIFEST = "manifest.json"

#: Folder of what stays in the office: findings, changes, returns, and the full manifest.
INTERNAL = "internal"

_MAKER = "wageguide release"


def build_manifest(
    folder: Path,
    *,
    inputs: Sequence[Source],
    policy: Source,
    options: Mapping[str, Any],
    account: pd.DataFrame,
    edition: Edition,
    previous: Previous | None = None,
) -> dict[str, Any]:
    """Everything needed to make the release again and to tell that it is the same.

    Parameters
    ----------
    folder
        Folder with all other files of the release written.
    inputs
        Survey files.
    policy
        Policy file.
    options
        Options that decide the figures.
    account
        Rows and yuan received, used and set aside, a line each.
    edition
        What the release says of its status and day.
    previous
        The release that it was compared with.
    """
    return {
        "made_by": _MAKER,
        "status": edition.status,
        "published_on": edition.published_on.isoformat() if edition.published_on else None,
        "options": json.loads(json.dumps(dict(options))),
        "versions": {
            "wageguide": package_version(),
            "python": platform.python_version(),
            **{
                name: metadata.version(name)
                for name in ("numpy", "scipy", "pandas", "pyarrow", "XlsxWriter")
            },
        },
        "policy": _record(policy),
        "inputs": {s.name: _record(s, named=False) for s in inputs},
        "previous": _previous(previous),
        "account": {
            line: {"rows": int(rows), "yuan": str(yuan)}
            for line, rows, yuan in zip(
                account.iloc[:, 0], account["rows"], account["yuan"], strict=True
            )
        },
        "files": file_records(folder, MANIFEST),
    }


def _previous(previous: Previous | None) -> dict[str, Any] | None:
    """The earlier release by its year, status and the hash of its public manifest."""
    if previous is None:
        return None
    return {
        "year": previous.year,
        "status": previous.manifest["status"],
        "sha256": previous.source.sha256,
    }


def public_manifest(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest without the names of what came in and of what stays in the office.

    File names of returns and of answers to them name enterprises. Their number and one
    hash over all names and hashes stand in for them; the full manifest shows what it is of.
    """
    inside = {n: f for n, f in manifest["files"].items() if n.startswith(f"{INTERNAL}/")}
    outside = {n: f for n, f in manifest["files"].items() if n not in inside}
    together = {"inputs": _together(manifest["inputs"]), "files": outside}
    return {**manifest, **together, INTERNAL: _together(inside)}


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the full manifest into the internal part of a release, and the public one."""
    (folder / INTERNAL).mkdir(exist_ok=True)
    written = (
        (folder / INTERNAL / MANIFEST, manifest),
        (folder / MANIFEST, public_manifest(manifest)),
    )
    for path, content in written:
        text = json.dumps(content, ensure_ascii=False, indent=2)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a release folder, or None if it is not one of ours.

    The full one; the public one where the internal part has been taken away.
    """
    for path in (folder / INTERNAL / MANIFEST, folder / MANIFEST):
        found = read_json(path)
        if found is not None and found.get("made_by") == _MAKER and "files" in found:
            return found
    return None


def read_json(path: Path) -> dict[str, Any] | None:
    """A JSON object from a file, or None if there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _together(records: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    lines = "".join(f"{r['sha256']}  {name}\n" for name, r in sorted(records.items()))
    return {
        "files": len(records),
        "size": sum(r["size"] for r in records.values()),
        "sha256": hashlib.sha256(lines.encode()).hexdigest(),
    }


def _record(source: Source, *, named: bool = True) -> dict[str, Any]:
    name = {"name": source.name} if named else {}
    return {**name, "sha256": source.sha256, "size": source.size}
