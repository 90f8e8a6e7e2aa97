"""Whether a release is what its manifest says, and what its inputs give today."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wageguide.errors import ReleaseError
from wageguide.policy import read_policy
from wageguide.publish.checksums import changed_files, foreign_files
from wageguide.publish.folder import recover
from wageguide.publish.manifest import INTERNAL, MANIFEST, public_manifest, read_json, read_manifest


@dataclass(frozen=True, repr=False)
class Verification:
    """What a check of a release found.

    Attributes
    ----------
    folder
        The release.
    files
        Number of files whose hash was computed.
    complete
        Whether the internal part was there to be checked.
    recomputed
        Whether the release was made again from its inputs and compared byte for byte.
    problems
        All that is wrong, a sentence each; empty if nothing is.
    """

    folder: Path
    files: int
    complete: bool
    recomputed: bool
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def __repr__(self) -> str:
        part = "全部 all" if self.complete else "公开部分 public part only"
        again = "已重算，逐字节一致 made again, same bytes"
        if not self.recomputed:
            again = "未重算 not made again"
        elif self.problems:
            again = "已重算 made again"
        lines = [
            f"发布文件夹 Release: {self.folder}",
            f"核对文件 Files checked: {self.files:,}（{part}）；{again}",
            *(f"  - {p}" for p in self.problems),
            "通过 Passed." if self.passed else "不通过 Failed.",
        ]
        return "\n".join(lines)


def verify_release(
    folder: Path | str,
    survey: Path | str | None = None,
    *,
    policy: Path | str | None = None,
    previous: Path | str | None = None,
    processes: int | None = None,
    progress: bool = True,
) -> Verification:
    """Check every hash of a release; with its inputs, make it again and compare all bytes.

    Parameters
    ----------
    folder
        Folder of the release.
    survey, policy
        Its returns and policy, both or neither.
    previous
        The release that it was compared with, if it was.
    processes, progress
        As in `make_release`.

    Returns
    -------
    Verification
        With every file that differs.

    Raises
    ------
    ReleaseError
        If there is no release, or not all inputs that are needed are given.
    """
    folder = Path(folder)
    recover(folder)
    manifest = read_manifest(folder)
    if manifest is None:
        raise ReleaseError(
            f"{folder} cannot be verified: it has no {MANIFEST} of a release. "
            "Name the folder that a release was written to."
        )
    if (survey is None) != (policy is None):
        raise ReleaseError(
            "To make the release again, both its returns and its policy are needed; one was given."
        )
    problems = [*_manifests(folder, manifest), *changed_files(folder, manifest)]
    problems += foreign_files(folder, manifest)
    complete = (folder / INTERNAL / MANIFEST).is_file()
    if survey is not None and policy is not None:
        problems += _again(
            folder, manifest, Path(survey), Path(policy), previous, processes, progress
        )
    files = len(manifest["files"])
    found = tuple(dict.fromkeys(problems))
    return Verification(folder, files, complete, survey is not None, found)


def _manifests(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Whether the public manifest is that of the full one."""
    if not (folder / INTERNAL / MANIFEST).is_file():
        return []
    public = read_json(folder / MANIFEST)
    if public is None:
        return [f"{MANIFEST} is missing or is not JSON"]
    if public != public_manifest(manifest):
        return [f"{MANIFEST} does not agree with {INTERNAL}/{MANIFEST}"]
    return []


def _again(
    folder: Path,
    manifest: Mapping[str, Any],
    survey: Path,
    policy: Path,
    previous: Path | str | None,
    processes: int | None,
    progress: bool,
) -> list[str]:
    """Make the release again elsewhere, and name every file that differs, with the reasons."""
    from wageguide.publish.release import make_release

    options = manifest["options"]
    if (manifest["previous"] is None) != (previous is None):
        wanted = (
            "none" if manifest["previous"] is None else f"that of {manifest['previous']['year']}"
        )
        raise ReleaseError(
            f"The release was compared with an earlier one: {wanted}. Name the same one."
        )
    with tempfile.TemporaryDirectory() as place:
        made = make_release(
            survey,
            year=options["year"],
            policy=read_policy(policy),
            out=Path(place) / "again",
            previous=previous,
            final=manifest["status"] == "final",
            lang=options["lang"],
            notebooks=options["notebooks"],
            processes=processes,
            progress=progress,
        )
        now = made.manifest if (folder / INTERNAL).is_dir() else public_manifest(made.manifest)
        problems = _inputs(manifest, now)
        names = sorted({*manifest["files"], *now["files"]})
        for name in [*names, MANIFEST]:
            then, again = folder / name, made.folder / name
            if not again.is_file():
                problems.append(f"{name} is not made any more")
            elif not then.is_file():
                problems.append(f"{name} is missing")
            elif then.read_bytes() != again.read_bytes():
                problems.append(f"{name} is not what the inputs give")
        return problems


def _inputs(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What went in or made it that is not as it was."""
    problems = []
    for name in sorted({*then["inputs"], *now["inputs"]}):
        if then["inputs"].get(name) != now["inputs"].get(name):
            problems.append(f"input {name} is not the one that the release was made from")
    for what in ("policy", "previous"):
        if then[what] != now[what]:
            problems.append(f"the {what} is not the one that the release was made with")
    for name in sorted({*then["versions"], *now["versions"]}):
        old, new = then["versions"].get(name), now["versions"].get(name)
        if old != new:
            problems.append(f"{name} was {old} then and is {new} now")
    return problems
