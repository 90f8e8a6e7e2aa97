"""What a check of an agreement leaves on the desk: the checklist and the calendar file."""

from __future__ import annotations

from pathlib import Path

from wageguide.bargaining.agreement_check import VERDICTS, AgreementCheck
from wageguide.bargaining.calendar_file import write_calendar
from wageguide.publish.opendata import write_frame


def write_agreement_check(
    check: AgreementCheck, folder: Path | str, *, lang: str = "zh"
) -> list[Path]:
    """Write ``checklist.csv`` and ``deadlines.ics``; the same check, the same bytes.

    Parameters
    ----------
    check
        As `check_agreement` gives it.
    folder
        Made if it is not there.
    lang
        Of the calendar, and of the column ``verdict_text``.

    Returns
    -------
    list of Path
        The files.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    frame = check.frame
    side = 0 if lang == "zh" else 1
    frame.insert(2, "verdict_text", [VERDICTS[v][side] for v in frame["verdict"]])
    checklist, deadlines = folder / "checklist.csv", folder / "deadlines.ics"
    write_frame(checklist, frame)
    write_calendar(check, deadlines, lang=lang)
    return [checklist, deadlines]
