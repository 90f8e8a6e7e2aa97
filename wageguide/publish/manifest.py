"""The manifest of a release: what went in, what made it, what came out."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from wageguide.provenance import Source, hash_file, package_version

#: File name of the manifest; its presence marks a folder that this package made.
MANIFEST = "manifest.json"

_MAKER = "wageguide release"


def build_manifest(
    folder: Path,
    *,
    inputs: Sequence[Source],
    policy: Source,
    options: Mapping[str, Any],
    account: Mapping[str, Any],
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
        Rows and yuan received, used and set aside.
    """
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)
    outputs = [hash_file(p, p.relative_to(folder).as_posix()) for p in files]
    return {
        "made_by": _MAKER,
        "status": "draft: protection has not been applied, not for publication",
        "options": dict(options),
        "versions": {
            "wageguide": package_version(),
            "python": platform.python_version(),
            **{
                name: metadata.version(name)
                for name in ("numpy", "pandas", "pyarrow", "XlsxWriter")
            },
        },
        "policy": _record(policy),
        "inputs": {s.name: _record(s, named=False) for s in inputs},
        "account": dict(account),
        "files": {s.name: _record(s, named=False) for s in outputs},
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest into a release folder."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a release folder, or None if it is not one of ours."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict) or found.get("made_by") != _MAKER:
        return None
    return found if isinstance(found.get("files"), dict) else None


def _record(source: Source, *, named: bool = True) -> dict[str, Any]:
    name = {"name": source.name} if named else {}
    return {**name, "sha256": source.sha256, "size": source.size}
