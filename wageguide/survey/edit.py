"""Apply the documented decisions of editing; every one of them is logged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.errors import SurveyError
from wageguide.policy import Policy
from wageguide.survey.account import make_account
from wageguide.survey.cells import number_text
from wageguide.survey.checks import Checked
from wageguide.survey.columns import PAY_PARTS
from wageguide.survey.frame import Frame
from wageguide.survey.survey import CHANGE_COLUMNS, Survey
from wageguide.survey.validate import all_findings, run_checks
from wageguide.units import FEN_PER_YUAN

Treatment = Literal["none", "keep", "read", "convert", "blank", "set_aside"]

#: What is done about each reason: nothing (the file gave no rows), kept as it is, read as
#: the number meant, converted to yuan, the impossible value left blank, the row set aside.
#: `value_missing` and `value_not_number` set a row aside where wage or months are concerned,
#: `unit_slip` where the unit is undecided, `wage_outlier` beyond the policy's outer bound.
#: Whether an enterprise is in the frame is known only where a frame is given.
TREATMENTS: dict[str, Treatment] = {
    "file_not_workbook": "none",
    "file_empty": "none",
    "file_truncated": "none",
    "file_encrypted": "none",
    "file_too_large": "none",
    "file_skipped": "none",
    "sheet_missing": "set_aside",
    "no_worker_rows": "none",
    "column_missing": "set_aside",
    "column_unknown": "keep",
    "enterprise_duplicate": "set_aside",
    "enterprise_field": "set_aside",
    "enterprise_not_in_frame": "set_aside",
    "enterprise_not_selected": "set_aside",
    "row_total": "set_aside",
    "row_empty": "none",
    "row_duplicate": "set_aside",
    "partial_year": "set_aside",
    "months_impossible": "set_aside",
    "weight_impossible": "set_aside",
    "age_impossible": "blank",
    "hours_impossible": "blank",
    "code_unknown": "blank",
    "value_missing": "set_aside",
    "value_not_number": "set_aside",
    "text_number": "read",
    "wage_negative": "set_aside",
    "wage_zero": "set_aside",
    "wage_implausible": "set_aside",
    "pay_sum_mismatch": "set_aside",
    "unit_slip": "convert",
    "unit_declared": "convert",
    "wage_outlier": "keep",
    "formula_text": "keep",
}

_BLANKED = {"age": "age_impossible", "weekly_hours": "hours_impossible"}
_READ_AS = ("text_number", "code_unknown")


@dataclass(frozen=True)
class _Change:
    """Values of one column that are replaced, one a row."""

    rows: NDArray[np.intp]
    column: str
    after: NDArray[np.float64]
    reason: str
    methods: NDArray[np.object_]


def edit(survey: Survey, policy: Policy, frame: Frame | None = None) -> Survey:
    """Convert, blank and set aside by `TREATMENTS`, with the bounds of the policy.

    Parameters
    ----------
    survey
        As `read_survey` gave it; it is not changed.
    policy
        Its section ``[editing]`` gives every bound.
    frame
        The sampling frame where the survey is to be weighed: returns of enterprises that
        are not in it, or were not selected, are set aside.

    Returns
    -------
    Survey
        The rows used; `set_aside`, `changes`, `findings` and an `account` that closes.

    Raises
    ------
    SurveyError
        If the survey has been edited already, or the account does not close.
    """
    checked = run_checks(survey, policy, frame)
    changes = _changes(checked)
    workers = survey.workers.copy()
    for change in changes:
        values = workers[change.column].to_numpy(copy=True)
        values[change.rows] = change.after
        workers[change.column] = values
    used = checked.aside == ""
    reason = pd.Series(checked.aside, index=workers.index, dtype="str")
    account = make_account(survey.workers["annual_wage"], reason, workers.loc[used, "annual_wage"])
    if not account.closes:
        raise SurveyError(f"The account of rows and yuan does not close:\n{account!r}")
    findings = all_findings(checked)
    # Rows set aside stay as they were received; only rows that are used are changed.
    aside = survey.workers[~used].assign(reason=reason[~used])
    return replace(
        survey,
        workers=workers[used],
        findings=findings,
        set_aside=aside,
        changes=_log(checked, changes, used),
        account=account,
        edited=True,
    )


def _changes(checked: Checked) -> list[_Change]:
    survey, slips = checked.survey, checked.slips
    assert slips is not None
    used = checked.aside == ""
    changes = []
    labels = survey.workers.index.to_numpy()
    for name in (*PAY_PARTS, "annual_wage"):
        slipped = used & (slips.factor != 1)
        if name != "annual_wage":
            slipped &= ~slips.total_only
        rows = np.flatnonzero(slipped & survey.workers[name].notna().to_numpy())
        if len(rows):
            exact = survey.exact[name][labels[rows]]
            after = np.rint(exact * slips.factor[rows] * FEN_PER_YUAN) / FEN_PER_YUAN
            changes.append(_Change(rows, name, after, "unit_slip", slips.method[rows]))
    for name, reason in _BLANKED.items():
        rows = np.flatnonzero(used & checked.blank[name])
        method = np.full(len(rows), "blank", dtype=object)
        changes.append(_Change(rows, name, np.full(len(rows), np.nan), reason, method))
    return changes


def _log(checked: Checked, changes: list[_Change], used: NDArray[np.bool_]) -> pd.DataFrame:
    workers = checked.survey.workers
    parts = [_reading_log(checked.survey, used)]
    for change in changes:
        part = workers[["enterprise_id", "file", "sheet", "row"]].iloc[change.rows].copy()
        before = workers[change.column].iloc[change.rows].tolist()
        part["column"] = change.column
        part["before"] = [number_text(v) for v in before]
        part["after"] = [number_text(v) for v in change.after.tolist()]
        part["reason"] = change.reason
        part["method"] = change.methods
        parts.append(part)
    log = pd.concat(parts, ignore_index=True)[list(CHANGE_COLUMNS)]
    for name in CHANGE_COLUMNS:
        log[name] = log[name].astype("int64" if name == "row" else "str")
    return log.sort_values(["file", "sheet", "row", "column"], kind="stable", ignore_index=True)


def _reading_log(survey: Survey, used: NDArray[np.bool_]) -> pd.DataFrame:
    """What reading has made of texts and units, in the rows that are used."""
    found = survey.findings.frame
    cells = found[found["reason"].isin(_READ_AS) & found["row"].notna()]
    rows = survey.workers[used]
    keys = ["file", "sheet", "row"]
    merged = (
        cells[[*keys, "column", "value", "reason"]]
        .astype({"row": "int64"})
        .merge(rows, on=keys, how="inner")
    )
    after = [
        _shown(getattr(line, str(line.column), None)) for line in merged.itertuples(index=False)
    ]
    log = merged.assign(before=merged["value"], after=after, method="read")
    log.loc[log["reason"].eq("code_unknown"), "method"] = "blank"
    return pd.concat([log[list(CHANGE_COLUMNS)], _declared_log(survey, used)], ignore_index=True)


def _declared_log(survey: Survey, used: NDArray[np.bool_]) -> pd.DataFrame:
    """Every value that was converted because its heading names another unit."""
    found = survey.findings.frame
    found = found[found["reason"].eq("unit_declared")]
    parts = [pd.DataFrame({n: [] for n in CHANGE_COLUMNS}, dtype=object)]
    for column, files in found.groupby("column", sort=True)["file"]:
        chosen = survey.workers[used & survey.workers["file"].isin(files).to_numpy()]
        chosen = chosen[chosen[column].notna()]
        part = chosen[["enterprise_id", "file", "sheet", "row"]].copy()
        part["column"] = column
        part["before"] = survey.received(str(column), chosen.index)
        part["after"] = [number_text(v) for v in chosen[column].tolist()]
        part["reason"], part["method"] = "unit_declared", "declared_unit"
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return number_text(value)
    return "" if value is None else str(value)
