"""Read survey returns: a folder of workbooks, one workbook, CSV or Parquet."""

from __future__ import annotations

from pathlib import Path

from wageguide.errors import SurveyError
from wageguide.survey.assemble import assemble
from wageguide.survey.files import read_files
from wageguide.survey.form import RETURN
from wageguide.survey.guard import WORKBOOKS
from wageguide.survey.survey import Survey


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
    chunks, notes, count = read_files(path, RETURN, processes, progress)
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
