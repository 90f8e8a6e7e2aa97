"""The part of a release that stays in the office: findings, changes, grades, steps, returns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wageguide.publish.growth import KEPT
from wageguide.publish.opendata import write_frame
from wageguide.publish.quality_notes import grade_record
from wageguide.publish.small_cells import small_cell_offers
from wageguide.survey.kept import KeptSurvey

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.disclosure.audit import Audit
    from wageguide.publish.compared import Compared
    from wageguide.publish.edition import Edition
    from wageguide.publish.protected import Protected
    from wageguide.survey.survey import Survey

#: Who is in each row: needed by the next edition of the same year.
CONTRIBUTORS = "contributors.parquet"


def write_internal(
    folder: Path, survey: Survey, edition: Edition, protected: Protected, compared: Compared
) -> None:
    """Write the record of a release, everything but the returns to send back.

    Parameters
    ----------
    folder
        Folder to make.
    survey
        The survey as edited and weighed.
    edition
        What the release says.
    protected, compared
        Results of those steps, with their records.
    """
    folder.mkdir()
    frames = {
        "findings": survey.findings.frame,
        "changes": survey.changes,
        "set_aside": survey.set_aside,
        "account": survey.account.frame,
        "grades": grade_record(edition.tables, edition.plan.grading),
        "steps": step_log(survey, edition, compared),
        **protected.records,
        **compared.records,
    }
    if survey.weighting is not None:
        for part in ("classes", "weights", "margins"):
            frames[f"weighting_{part}"] = getattr(survey.weighting, part)
    if edition.plan.small_cells is not None:
        frames["small_cells"] = small_cell_offers(survey, edition.plan)
    (folder / KEPT).mkdir()
    KeptSurvey(survey.workers, survey.design, edition.year).save(folder / KEPT)
    if protected.contributors is not None:
        protected.contributors.save(folder / CONTRIBUTORS)
    for name, frame in frames.items():
        write_frame(folder / f"{name}.csv", frame)


def write_attack(folder: Path, attack: Audit) -> None:
    """Write what an attack on the finished release found: how much was attacked, and nothing."""
    import pandas as pd

    counts = {"attacked": attack.attacked, "found out": len(attack.findings)}
    write_frame(
        folder / "attack.csv", pd.DataFrame({"what": [*counts], "count": [*counts.values()]})
    )


def step_log(survey: Survey, edition: Edition, compared: Compared) -> pd.DataFrame:
    """What each step took in and gave, without clock times: the same input, the same log.

    Returns
    -------
    DataFrame
        ``step``, ``step_zh``, ``what``, ``count``.
    """
    import pandas as pd

    lines = [
        ("read", "读取", "files", len(survey.sources)),
        ("read", "读取", "rows", len(survey.workers) + len(survey.set_aside)),
        ("validate", "核对", "findings", len(survey.findings.frame)),
        ("edit", "审核", "values changed", len(survey.changes)),
        ("edit", "审核", "rows set aside", len(survey.set_aside)),
        ("edit", "审核", "rows used", len(survey.workers)),
    ]
    if survey.weighting is not None:
        lines += [("weigh", "加权", n, int(v)) for n, v in survey.weighting.enterprises.items()]
    for table in edition.tables:
        cells = len(table.frame) - table.total_rows
        lines.append(("estimate", "估计", f"{table.settings.id}: cells", cells))
    for table in edition.tables:
        hidden = int((table.frame["mark"] != "").sum())
        what = f"{table.settings.id}: rows confidential"
        lines.append(("protect", "保护", what, hidden))
    for name, frame in compared.changes.items():
        lines.append(("compare", "比较", f"{name}: cells", len(frame)))
    return pd.DataFrame(lines, columns=["step", "step_zh", "what", "count"])
