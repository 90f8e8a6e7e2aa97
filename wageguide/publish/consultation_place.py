"""The folder that a consultation stands in: replaced as a whole, and nobody's work lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wageguide.errors import ReleaseError
from wageguide.publish.checksums import changed_files, file_records
from wageguide.publish.folder import recover, replaced_folder

#: Name of the mark that says what a folder was made from, and which of its files were made.
DONE = "done.json"


def read_mark(out: Path) -> dict[str, Any] | None:
    """The mark of an earlier consultation; None where there is none."""
    try:
        found: dict[str, Any] = json.loads((out / DONE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def made_files(out: Path) -> dict[str, Any]:
    """Hash and size of the files that a consultation has made, by name; none without one."""
    found: dict[str, Any] = (read_mark(out) or {}).get("files", {})
    return found


def check_place(out: Path) -> None:
    """Refuse a folder whose replacement would lose what somebody has written.

    Parameters
    ----------
    out
        Folder that is about to be written.

    Raises
    ------
    ReleaseError
        If it is in use, holds anything but an earlier consultation, or has files of one that
        were changed since.
    """
    out = out.resolve()
    recover(out)
    here = Path.cwd()
    if out == here or out in here.parents:
        raise ReleaseError(
            f"You are in the folder {out}, which would be replaced as a whole. Name one below it."
        )
    if out.exists() and not out.is_dir():
        raise ReleaseError(f"{out} is not a folder. Choose another name.")
    if out.exists() and any(out.iterdir()) and read_mark(out) is None:
        raise ReleaseError(
            f"The folder {out} is not empty and has no {DONE} of an earlier consultation, so it is "
            "not replaced. Choose another folder, or empty this one."
        )
    # What is missing is made anew; what was changed is somebody's work.
    present = {name: r for name, r in made_files(out).items() if (out / name).is_file()}
    if changed := changed_files(out, {"files": present}):
        raise ReleaseError(
            f"Files of {out} were changed since they were written, and would be replaced. Rename "
            "them or move them elsewhere:",
            changed,
        )


@contextmanager
def replaced_place(out: Path, mark: Mapping[str, Any]) -> Iterator[Path]:
    """Give an empty folder beside `out`; marked, and with the notes of others, it takes its place.

    Parameters
    ----------
    out
        Folder of the consultation, resolved.
    mark
        What its mark says besides the files.

    Raises
    ------
    ReleaseError
        As `check_place`, or if the folder cannot be written.
    """
    check_place(out)
    with replaced_folder(out) as beside:
        yield beside
        marked = {**mark, "files": file_records(beside, DONE)}
        text = json.dumps(marked, ensure_ascii=False, sort_keys=True)
        (beside / DONE).write_text(text + "\n", encoding="utf-8")
        _keep_foreign(out, beside)


def _keep_foreign(out: Path, beside: Path) -> None:
    """Copy what no consultation wrote, such as notes, from the old folder to the new one."""
    known = {DONE, *made_files(out)}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out)
        if not path.is_file() or name.as_posix() in known:
            continue
        if (beside / name).exists():
            raise ReleaseError(
                f"{path} was written by somebody else and would be replaced. Rename it."
            )
        (beside / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, beside / name)
