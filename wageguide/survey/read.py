"""Read survey returns: a folder of workbooks, one workbook, CSV or Parquet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tqdm import tqdm

from wageguide.errors import SurveyError
from wageguide.survey.assemble import assemble
from wageguide.survey.flat import read_csv, read_parquet
from wageguide.survey.guard import WORKBOOKS
from wageguide.survey.reasons import Note
from wageguide.survey.sheets import Chunk, read_chunk
from wageguide.survey.survey import Survey

#: Fewer files than this are read sooner than processes start.
_SERIAL_FILES = 64

#: Files handed to a process at once: enough to hide the hand-over, few enough to share.
_CHUNK_FILES = 64


def read_survey(
    path: Path | str,
    *,
    reference_year: int | None = None,
    processes: int | None = None,
    progress: bool = True,
) -> Survey:
    """Read survey returns; drop and mend nothing.

    Parameters
    ----------
    path
        A folder with one workbook a return (searched with its subfolders), one workbook,
        a CSV file (UTF-8, GBK or GB18030) or a Parquet file.
    reference_year
        Year in which the wages were paid; a return that names another is a finding. Where
        it is left out, the year that the returns name, if they agree.
    processes
        Processes that read workbooks; one for each processor where it is left out.
    progress
        Whether to show a progress bar on standard error.

    Returns
    -------
    Survey
        Every worker row, every finding. A file that cannot be read is a finding.

    Raises
    ------
    SurveyError
        If the path is absent or holds no worker row at all.
    """
    path = Path(path)
    if path.is_dir():
        chunks, notes, count = _read_folder(path, processes, progress)
    elif not path.is_file():
        raise SurveyError(f"There is no file or folder {path}. Give the folder of the returns.")
    else:
        chunks, notes, count = [_read_file(path)], [], 1
    survey = assemble(chunks, notes, reference_year)
    if survey.workers.empty:
        shown = survey.findings.frame[["file", "message_en"]].head(20)
        problems = [f"{f}: {m}" for f, m in shown.itertuples(index=False)]
        raise SurveyError(
            f"No worker row was found in {path} ({count} files read). Looked for workbooks "
            f"({', '.join(WORKBOOKS)}) with a sheet of workers; found:",
            problems or ["no file"],
        )
    return survey


def _read_file(path: Path) -> Chunk:
    kind = path.suffix.casefold()
    if kind in WORKBOOKS:
        return read_chunk([(str(path), path.name)])
    if kind in (".csv", ".txt"):
        return read_csv(path)
    if kind in (".parquet", ".pq"):
        return read_parquet(path)
    raise SurveyError(
        f"{path.name} ends in {kind!r}; a survey is a folder of workbooks, or one file that ends "
        f"in {', '.join(WORKBOOKS)}, .csv or .parquet."
    )


def _read_folder(
    path: Path, processes: int | None, progress: bool
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
    return _read_workbooks(files, processes, progress), notes, len(files)


def _read_workbooks(
    files: Sequence[tuple[str, str]], processes: int | None, progress: bool
) -> list[Chunk]:
    parts = [files[i : i + _CHUNK_FILES] for i in range(0, len(files), _CHUNK_FILES)]
    workers = min(processes or os.cpu_count() or 1, len(parts))
    with tqdm(total=len(files), desc="read", unit="file", disable=not progress) as bar:
        if workers == 1 or len(files) < _SERIAL_FILES:
            chunks = []
            for part in parts:
                chunks.append(read_chunk(part))
                bar.update(len(part))
            return chunks
        with ProcessPoolExecutor(workers) as pool:
            futures = {pool.submit(read_chunk, part): len(part) for part in parts}
            for done in as_completed(futures):
                bar.update(futures[done])
            return [f.result() for f in futures]
