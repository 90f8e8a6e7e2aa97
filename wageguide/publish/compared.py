"""The release that another is compared with, and what is said of the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.errors import ReleaseError
from wageguide.provenance import Source, hash_file
from wageguide.publish.checksums import changed_files
from wageguide.publish.folder import recover
from wageguide.publish.manifest import MANIFEST, read_manifest
from wageguide.publish.notes import Note
from wageguide.publish.opendata import LONG_FILE

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Previous:
    """An earlier release that this one is compared with.

    Attributes
    ----------
    folder
        Where it is.
    manifest
        Its manifest: the full one if its internal part is there.
    year
        Its reference year.
    source
        Hash of its public manifest, by which it is known.
    """

    folder: Path
    manifest: Mapping[str, Any]
    year: int
    source: Source


@dataclass(frozen=True)
class Compared:
    """What an edition says of earlier years; empty without a previous release.

    Attributes
    ----------
    changes, series
        As in `Edition`.
    notes
        What the release says of the comparison.
    records
        Frames for the office, by file name without its ending.
    """

    changes: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    series: pd.DataFrame | None = None
    notes: tuple[Note, ...] = ()
    records: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def previous_release(folder: Path | str, *, year: int, out: Path) -> Previous:
    """Open the release of an earlier year, or an earlier edition of the same year.

    Parameters
    ----------
    folder
        Folder of the earlier release.
    year
        Reference year of the release that is being made.
    out
        Folder that it will be; it may not be the earlier one.

    Raises
    ------
    ReleaseError
        If `folder` is no release, is of a later year, is about to be replaced, or has
        files that are not as it was published.
    """
    folder = Path(folder)
    recover(folder)
    manifest = read_manifest(folder)
    if manifest is None:
        raise ReleaseError(
            f"The previous release {folder} cannot be used: it has no {MANIFEST} of a release. "
            "Name the folder that holds the workbook, tables and manifest of an earlier year."
        )
    earlier = manifest["options"]["year"]
    if earlier > year:
        raise ReleaseError(
            f"The previous release {folder} is of {earlier}, which is after {year}. "
            "Name the release of an earlier year."
        )
    if folder.resolve() == out.resolve():
        raise ReleaseError(
            f"The previous release {folder} is the folder that would be replaced. "
            "Write the new edition to another folder, so that both stay."
        )
    problems = changed_files(folder, manifest)
    if LONG_FILE not in {Path(name).name for name in manifest["files"]}:
        problems.append(f"it has no {LONG_FILE}")
    if problems:
        raise ReleaseError(
            f"The previous release {folder} is not as it was published. Take an untouched copy:",
            problems,
        )
    source = hash_file(folder / MANIFEST, f"{earlier} {MANIFEST}")
    return Previous(folder, manifest, earlier, source)
