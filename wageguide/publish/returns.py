"""What goes back to the enterprises: a marked copy of each return, and an overview."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from wageguide.publish.returned import ReturnFinding, ReturnTask, write_return
from wageguide.publish.settings import Lang
from wageguide.publish.style import column_width, open_book, row_height, set_page
from wageguide.survey.columns import ENTERPRISE_COLUMNS, WORKER_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

#: Reasons why a file cannot be opened again: it gets a line in the overview alone.
UNREADABLE = frozenset(
    ("file_not_workbook", "file_empty", "file_truncated", "file_encrypted", "file_too_large")
)
#: Fewer workbooks than this are written in this process.
_FEW = 24
_CHUNK = 8
#: Longest part of a file name that comes from a return.
_NAME_LENGTH = 60

_LABELS = {c.name: c.label_zh for c in (*WORKER_COLUMNS, *ENTERPRISE_COLUMNS)}
_NAMES = {"zh": ("退回核对_{}.xlsx", "总表"), "en": ("findings_{}.xlsx", "overview")}
_OVERVIEW = {
    "zh": ("企业代码", "企业名称", "报送文件", "错误", "提醒", "退回文件", "说明"),
    "en": ("Enterprise", "Name", "File", "Errors", "Warnings", "Sent back as", "Remark"),
}
_UNREADABLE = {"zh": "（文件无法读取）", "en": "(file cannot be read)"}


def write_returns(
    folder: Path,
    survey_path: Path,
    findings: pd.DataFrame,
    *,
    year: int,
    lang: Lang,
    processes: int | None,
    progress: bool,
) -> int:
    """Write a workbook for every return with errors or warnings, and the overview.

    Parameters
    ----------
    folder
        Existing folder to write into.
    survey_path
        File or folder that the survey was read from; the returns are read again.
    findings
        Table of findings.
    year
        Reference year.
    lang
        Language of the sentences.
    processes
        Processes to write with; None takes one a core.
    progress
        Whether a progress bar is shown on standard error.

    Returns
    -------
    int
        Number of workbooks to send back.
    """
    tasks = _tasks(folder, survey_path, findings, year, lang)
    lost = set(findings.loc[findings["reason"].isin(UNREADABLE), "file"])
    readable = [task for task in tasks if task.file not in lost]
    written = _write_all(readable, processes, progress)
    lost |= {task.file for task, done in zip(readable, written, strict=True) if not done}
    _write_overview(folder, tasks, lost, year, lang)
    return sum(written)


def safe_file_name(text: str) -> str:
    """Text as part of a file name on every system.

    >>> safe_file_name("../a:b*c")
    'a_b_c'
    """
    plain = re.sub(r"[^\w\-.（）]+", "_", text).strip("._ ")
    return plain[:_NAME_LENGTH] or "unnamed"


def _tasks(
    folder: Path, survey_path: Path, findings: pd.DataFrame, year: int, lang: Lang
) -> list[ReturnTask]:
    """One task for each file, or for each enterprise of a file that holds several."""
    told = findings[findings["severity"].isin(["error", "warning"])]
    told = told.astype(object).where(told.notna(), "")
    tasks: list[ReturnTask] = []
    taken: set[str] = set()
    for (file, enterprise), group in told.groupby(["file", "enterprise_id"], sort=True):
        name = str(group["enterprise_name"].iloc[0])
        stem = safe_file_name(str(enterprise) or Path(str(file)).stem)
        unique, number = stem, 1
        while unique.casefold() in taken:
            number += 1
            unique = f"{stem}_{number}"
        taken.add(unique.casefold())
        tasks.append(
            ReturnTask(
                source=survey_path / str(file) if survey_path.is_dir() else survey_path,
                file=str(file),
                target=folder / _NAMES[lang][0].format(unique),
                enterprise_id=str(enterprise),
                enterprise_name=name,
                findings=tuple(_findings(group, lang)),
                year=year,
                lang=lang,
            )
        )
    return tasks


def _findings(group: pd.DataFrame, lang: Lang) -> Iterable[ReturnFinding]:
    names = ["sheet", "row", "column", "value", "severity", f"message_{lang}"]
    for sheet, row, column, value, severity, message in group[names].itertuples(index=False):
        label = _LABELS.get(column, column) if lang == "zh" else column
        yield ReturnFinding(sheet, int(row or 0), column, label, str(value), severity, message)


def _write_all(tasks: Sequence[ReturnTask], processes: int | None, progress: bool) -> list[bool]:
    """Write every workbook; whether each could be."""
    workers = min(processes or os.cpu_count() or 1, len(tasks))
    if workers < 2 or len(tasks) < _FEW:
        return _collected(map(write_return, tasks), len(tasks), progress)
    with ProcessPoolExecutor(workers) as pool:
        done = pool.map(write_return, tasks, chunksize=_CHUNK)
        return _collected(done, len(tasks), progress)


def _collected(done: Iterable[bool], total: int, progress: bool) -> list[bool]:
    words = "退回核对 returns"
    return list(tqdm(done, words, total, unit="file", disable=not progress))


def _write_overview(
    folder: Path, tasks: Sequence[ReturnTask], lost: set[str], year: int, lang: Lang
) -> None:
    pattern, word = _NAMES[lang]
    title = {"zh": f"{year}年报表退回核对总表", "en": f"Returns sent back, {year}"}[lang]
    book = open_book(
        folder / pattern.format(word), title=title, subject=title, year=year, lang=lang
    )
    sheet, formats = book.sheet(word), book.formats
    lines = [_line(t, t.file not in lost, lang) for t in tasks]
    sheet.write_string(0, 0, title, formats["title"])
    widths = [
        column_width([head, *(str(line[place]) for line in lines)], 60)
        for place, head in enumerate(_OVERVIEW[lang])
    ]
    for place, (head, width) in enumerate(zip(_OVERVIEW[lang], widths, strict=True)):
        sheet.write_string(2, place, head, formats["head"])
        sheet.set_column(place, place, width)
    for row, line in enumerate(lines, 3):
        sheet.set_row(row, row_height(map(str, line), widths))
        for place, value in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(row, place, value, formats["figure"])
            else:
                sheet.write_string(row, place, value, formats["text"])
    sheet.freeze_panes(3, 0)
    set_page(sheet, header=title, lang=lang, heading_rows=3, landscape=True)
    book.workbook.close()


def _line(task: ReturnTask, readable: bool, lang: Lang) -> tuple[str | int, ...]:
    counts = [sum(f.severity == s for f in task.findings) for s in ("error", "warning")]
    whole_file = [f.message for f in task.findings if not f.row]
    return (
        task.enterprise_id,
        task.enterprise_name,
        task.file,
        *counts,
        task.target.name if readable else _UNREADABLE[lang],
        whole_file[0] if whole_file else "",
    )
