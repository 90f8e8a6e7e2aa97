"""Write a folder beside its place and rename it into place, whole or not at all."""

from __future__ import annotations

import glob
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from wageguide.errors import ReleaseError
from wageguide.publish.manifest import INTERNAL, MANIFEST, read_manifest

#: What stands beside a release while it is written: half of the new one, the old one aside.
_PARTIAL, _REPLACED = "partial", "replaced"


def check_target(out: Path, inputs: Sequence[Path]) -> None:
    """Refuse a target that holds anything but an earlier release, or that holds the input.

    Parameters
    ----------
    out
        Folder that the release is asked to be.
    inputs
        Files and folders that are read.

    Raises
    ------
    ReleaseError
        If replacing `out` would lose what this package has not made.
    """
    recover(out)
    place = out.resolve()
    for item in (path.resolve() for path in inputs):
        if item == place or place in item.parents:
            raise ReleaseError(
                f"The release folder {out} holds the input {item.name}, which would be lost. "
                "Choose another folder."
            )
        if item.is_dir() and item in place.parents:
            raise ReleaseError(
                f"The release folder {out} lies in the survey folder {item.name}, where it would "
                "be read as returns next time. Choose a folder outside it."
            )
    if not out.exists() and not out.is_symlink():
        return
    if out.is_symlink() or not out.is_dir():
        raise ReleaseError(f"{out} is not a folder; a release is one. Choose another name.")
    if any(out.iterdir()):
        _check_ours(out)


def _check_ours(out: Path) -> None:
    manifest = read_manifest(out)
    if manifest is None:
        raise ReleaseError(
            f"The folder {out} is not empty and has no {MANIFEST} of an earlier release, so it is "
            "not replaced. Choose another folder, or empty this one."
        )
    if manifest["status"] == "final":
        raise ReleaseError(
            f"The release in {out} is final ({manifest['options']['year']}), and a final release "
            "is never overwritten. Write the new edition to another folder."
        )
    known = {*manifest["files"], MANIFEST, f"{INTERNAL}/{MANIFEST}"}
    present = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    foreign = sorted(n for n in present - known if not Path(n).name.startswith((".", "~$")))
    if foreign:
        raise ReleaseError(
            f"The release folder {out} has files that no release wrote; replacing it would lose "
            "them. Move them elsewhere:",
            foreign[:5] + ([f"and {len(foreign) - 5} more"] if len(foreign) > 5 else []),
        )


@contextmanager
def replaced_folder(out: Path) -> Iterator[Path]:
    """Give an empty folder beside `out`; when all went well, it takes the place of `out`.

    On any error or interruption, what was written is removed and `out` stays as it was.

    Raises
    ------
    ReleaseError
        If the folder cannot be written or renamed.
    """
    recover(out)
    beside = out.with_name(f".{out.name}.{_PARTIAL}-{os.getpid()}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        yield beside
        _swap(beside, out)
    except OSError as error:
        raise ReleaseError(
            f"The folder {out} cannot be written: {error.strerror or error}. "
            "Close its files if they are open, and see that the disk has room."
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _swap(beside: Path, out: Path) -> None:
    """Put `beside` in the place of `out`; put the old one back if that fails.

    A process that dies between the renames leaves the old one aside, whole; `recover` puts
    it back. It is taken out of that name before it is deleted, so that what stands aside
    is never half.
    """
    if not out.exists():
        beside.rename(out)
        return
    old = out.with_name(f".{out.name}.{_REPLACED}-{os.getpid()}")
    out.rename(old)
    try:
        beside.rename(out)
    except BaseException:
        old.rename(out)
        raise
    old.rename(beside)
    shutil.rmtree(beside, ignore_errors=True)


def recover(out: Path) -> None:
    """Put right what a killed process left beside `out`.

    A release that stands aside comes back if its place is empty; half a release is
    deleted. What a living process is writing is left alone.

    Parameters
    ----------
    out
        Folder of a release, which need not exist.
    """
    name = glob.escape(out.name)
    for aside in sorted(out.parent.glob(f".{name}.{_REPLACED}-*")):
        if _writer_lives(aside):
            continue
        if out.exists():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.rename(out)
    for half in sorted(out.parent.glob(f".{name}.{_PARTIAL}-*")):
        if not _writer_lives(half):
            shutil.rmtree(half, ignore_errors=True)


def _writer_lives(leftover: Path) -> bool:
    """Whether the process that a leftover is named after is another one that still runs."""
    number = leftover.name.rpartition("-")[2]
    if not number.isdigit() or int(number) == os.getpid():
        return False
    return _process_lives(int(number))


def _process_lives(number: int) -> bool:
    if sys.platform == "win32":  # os.kill would end it there
        import ctypes

        query = 0x1000
        handle = ctypes.windll.kernel32.OpenProcess(query, False, number)
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)
        return bool(handle)
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
