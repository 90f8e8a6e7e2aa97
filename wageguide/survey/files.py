"""Files of a form: a folder of workbooks, one workbook, CSV or Parquet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tqdm import tqdm

from wageguide.errors import SurveyError
from wageguide.survey.flat import read_csv, read_parquet
from wageguide.survey.form import Form
from wageguide.survey.guard import WORKBOOKS
from wageguide.survey.reasons import Note
from wageguide.survey.sheets import Chunk, read_chunk

#: Fewer files than this are read sooner than processes start.
_SERIAL_FILES = 64

#: Files handed to a process at once: enough to hide the hand-over, few enough to share.
_CHUNK_FILES = 64


def read_files(
    path: Path, form: Form, processes: int | None, progress: bool
) -> tuple[list[Chunk], list[Note], int]:
    """Read a file, or the workbooks of a folder and its subfolders.

    Returns
    -------
    tuple of list of Chunk, list of Note and int
        What was read, files that are no workbooks, and how many files were read.

    Raises
    ------
    SurveyError
        If the path is absent, or a folder without a workbook.
    """
    if path.is_dir():
        return _read_folder(path, form, processes, progress)
    if not path.is_file():
        raise SurveyError(f"There is no file or folder {path}. Give the file, or its folder.")
    return [_read_file(path, form)], [], 1


def _read_file(path: Path, form: Form) -> Chunk:
    kind = path.suffix.casefold()
    if kind in WORKBOOKS:
        return read_chunk([(str(path), path.name)], form)
    if kind in (".csv", ".txt"):
        return read_csv(path, form)
    if kind in (".parquet", ".pq"):
        return read_parquet(path, form)
    raise SurveyError(
        f"{path.name} ends in {kind!r}; give a folder of workbooks, or one file that ends "
        f"in {', '.join(WORKBOOKS)}, .csv or .parquet."
    )


def _read_folder(
    path: Path, form: Form, processes: int | None, progress: bool
) -> tuple[list[Chunk], list[Note], int]:
    files: list[tuple[str, str]] = []
    notes: list[Note] = []
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        name = file.relative_to(path).as_posix()
        if any(part.startswith((".", "~$")) for part in file.relative_to(path).parts):
            notes.append(Note(name, "", 0, "", "", "file_skipped"))
        elif file.suffix.casefold() in WORKBOOKS:
            files.append((str(file), name))
        else:
            notes.append(Note(name, "", 0, "", file.suffix, "file_not_workbook"))
    if not files:
        found = [n.file for n in notes[:20]] or ["no file"]
        raise SurveyError(f"There is no workbook ({', '.join(WORKBOOKS)}) in {path}; found:", found)
    return _read_workbooks(files, form, processes, progress), notes, len(files)


def _read_workbooks(
    files: Sequence[tuple[str, str]], form: Form, processes: int | None, progress: bool
) -> list[Chunk]:
    parts = [files[i : i + _CHUNK_FILES] for i in range(0, len(files), _CHUNK_FILES)]
    workers = min(processes or os.cpu_count() or 1, len(parts))
    with tqdm(total=len(files), desc="read", unit="file", disable=not progress) as bar:
        if workers == 1 or len(files) < _SERIAL_FILES:
            chunks = []
            for part in parts:
                chunks.append(read_chunk(part, form))
                bar.update(len(part))
            return chunks
        with ProcessPoolExecutor(workers) as pool:
            futures = {pool.submit(read_chunk, part, form): len(part) for part in parts}
            for done in as_completed(futures):
                bar.update(futures[done])
            return [f.result() for f in futures]
