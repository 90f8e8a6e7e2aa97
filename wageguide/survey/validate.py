"""Check a survey against a policy: findings, and nothing is changed."""

from __future__ import annotations

import pandas as pd

from wageguide.errors import SurveyError
from wageguide.policy import Policy
from wageguide.survey.checks import Checked, check
from wageguide.survey.findings import Findings, make_findings, merge_findings
from wageguide.survey.form import RETURN
from wageguide.survey.frame import Frame
from wageguide.survey.match import match
from wageguide.survey.settings import EditingPolicy
from wageguide.survey.survey import Survey


def validate(survey: Survey, policy: Policy, frame: Frame | None = None) -> Findings:
    """Everything that is wrong or notable in a survey, by file, sheet and row.

    Parameters
    ----------
    survey
        As `read_survey` gave it.
    policy
        Its section ``[editing]`` gives every bound.
    frame
        The sampling frame, to look every enterprise up; not done where it is left out.

    Returns
    -------
    Findings
        Those of reading and those of the checks.
    """
    return all_findings(run_checks(survey, policy, frame))


def run_checks(survey: Survey, policy: Policy, frame: Frame | None = None) -> Checked:
    """Run the checks of the section ``[editing]`` on a survey as read, and match the frame.

    Raises
    ------
    SurveyError
        If the survey has been edited: its rows are no longer those received.
    """
    if survey.edited:
        raise SurveyError(
            "The survey has been edited already; check and edit the survey as it was read."
        )
    checked = check(survey, policy.section("editing", EditingPolicy))
    if frame is not None:
        match(checked, frame)
    return checked


def all_findings(checked: Checked) -> Findings:
    """Findings of reading and of the checks together."""
    survey = checked.survey
    mine = make_findings(checked.notes, survey.enterprises, RETURN)
    merged = merge_findings(survey.findings, mine)
    return _named_by_row(merged, survey.workers)


def _named_by_row(findings: Findings, workers: pd.DataFrame) -> Findings:
    """Name the enterprise where a file holds many, by the row of the finding."""
    frame = findings.frame
    open_rows = frame["enterprise_id"].isna() & frame["row"].notna()
    if not open_rows.any():
        return findings
    keys = ["file", "sheet", "row"]
    names = workers.set_index(keys)[["enterprise_id", "enterprise_name"]]
    places = pd.MultiIndex.from_frame(frame.loc[open_rows, keys].astype({"row": "int64"}))
    found = names.reindex(places)
    frame = frame.copy()
    for name in names.columns:
        frame.loc[open_rows, name] = found[name].to_numpy()
    return Findings(frame)
