"""All checks of a survey in one pass: what is noted, converted and not to be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.survey.cells import number_text
from wageguide.survey.columns import PAY_PARTS
from wageguide.survey.reasons import Note
from wageguide.survey.settings import EditingPolicy
from wageguide.survey.slips import UNDECIDED, Slips, find_slips
from wageguide.survey.survey import Survey
from wageguide.survey.yardstick import group_middle
from wageguide.units import MONTHS_PER_YEAR

#: Makes the median absolute deviation of normal data their standard deviation.
_MAD_TO_SIGMA = 1.4826

_MONEY = (*PAY_PARTS, "annual_wage")
_PLACE = ("enterprise_id", "enterprise_name", "file", "sheet", "row")

_METHODS = {
    "return_median": ("全表单位疑为{0}", "the whole return seems to be in {0}"),
    "row_ratio": ("单位疑为{0}", "it seems to be in {0}"),
    "pay_parts": ("按分项之和，单位应为{0}", "its parts show that it is in {0}"),
    UNDECIDED: ("远低于本职业水平，单位无法判断", "far below its occupation, the unit is unclear"),
}
_UNIT_NAMES = {1_000.0: "千元", 10_000.0: "万元", 1.0: ""}


@dataclass
class Checked:
    """What the checks say of each row.

    Attributes
    ----------
    notes
        Findings of the checks, without those of reading.
    aside
        Reason for which a row is not used, empty where it is.
    slips
        Decisions on units.
    blank
        Column to the rows whose value is impossible but is not needed for the wage.
    """

    survey: Survey
    aside: NDArray[np.object_]
    notes: list[Note] = field(default_factory=list)
    slips: Slips | None = None
    blank: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def put_aside(self, rows: NDArray[np.bool_], reason: str) -> None:
        """Set rows aside, unless there is an earlier reason."""
        self.aside[rows & (self.aside == "")] = reason

    def note(
        self,
        rows: NDArray[np.bool_],
        column: str,
        reason: str,
        details: Sequence[object] | str = "",
        values: Sequence[str] | None = None,
    ) -> None:
        """Note one finding for each of `rows`."""
        places = np.flatnonzero(rows)
        frame = self.survey.workers.iloc[places]
        if values is None:
            values = (
                [number_text(v) for v in frame[column].tolist()] if column else [""] * len(places)
            )
        every = [details] * len(places) if isinstance(details, str) else details
        for file, sheet, row, value, detail in zip(
            frame["file"], frame["sheet"], frame["row"], values, every, strict=True
        ):
            self.notes.append(Note(file, sheet, int(row), column, value, reason, detail))


def check(survey: Survey, policy: EditingPolicy) -> Checked:
    """Run all checks; rows that hold totals are not judged further."""
    checked = Checked(survey, np.full(len(survey.workers), "", dtype=object))
    _from_reading(checked)
    _duplicates(checked)
    _bounds(checked, policy)
    _wages(checked, policy)
    _parts(checked, policy)
    _outliers(checked, policy)
    return checked


def _from_reading(checked: Checked) -> None:
    """Rows that reading has found unusable: repeated returns, totals, unreadable figures."""
    workers, found = checked.survey.workers, checked.survey.findings.frame
    for reason in ("enterprise_duplicate", "column_missing"):
        files = found.loc[found["reason"].eq(reason), ["file", "value"]]
        rows = workers["file"].isin(files["file"])
        if reason == "enterprise_duplicate":
            rows &= workers["enterprise_id"].isin(files["value"])
        else:
            rows &= workers["annual_wage"].isna() | workers["months_worked"].isna()
            rows &= ~_noted(checked, "value_missing") & ~_noted(checked, "value_not_number")
        checked.put_aside(rows.to_numpy(), reason)
    checked.put_aside(_noted(checked, "row_total"), "row_total")
    wrong_year = found.loc[
        found["reason"].eq("enterprise_field")
        & found["column"].eq("reference_year")
        & found["severity"].eq("error"),
        "file",
    ]
    bad = workers["enterprise_id"].isna() | workers["file"].isin(wrong_year)
    checked.put_aside(bad.to_numpy(), "enterprise_field")
    needed = workers[["annual_wage", "months_worked"]].isna().any(axis=1).to_numpy()
    checked.put_aside(needed & _noted(checked, "value_not_number"), "value_not_number")
    checked.put_aside(needed, "value_missing")


def _noted(checked: Checked, reason: str) -> NDArray[np.bool_]:
    """Rows with a finding of reading for `reason` at what the wage of the row needs."""
    found = checked.survey.findings.frame
    found = found[found["reason"].eq(reason) & found["row"].notna()]
    if reason != "row_total":
        found = found[found["column"].isin(["annual_wage", "months_worked"])]
    workers = checked.survey.workers
    places = set(zip(found["file"], found["sheet"], found["row"].astype("int64"), strict=True))
    suspects = np.flatnonzero(workers["file"].isin(set(found["file"])).to_numpy())
    result = np.zeros(len(workers), dtype=bool)
    part = workers.iloc[suspects]
    result[suspects] = [
        place in places for place in zip(part["file"], part["sheet"], part["row"], strict=True)
    ]
    return result


def _duplicates(checked: Checked) -> None:
    """Rows that repeat another in everything; without a number two workers may be alike."""
    workers = checked.survey.workers
    judged = (checked.aside != "row_total") & workers["worker_id"].notna().to_numpy()
    frame = workers[judged].drop(columns=["row", "enterprise_name"])
    repeated = frame.duplicated()
    rows = np.zeros(len(workers), dtype=bool)
    rows[np.flatnonzero(judged)[repeated.to_numpy()]] = True
    rows &= checked.aside != "enterprise_duplicate"
    same = frame[frame.duplicated(keep=False)]
    key = pd.Series(pd.util.hash_pandas_object(same, index=False), index=same.index)
    first = workers["row"].loc[same.index].groupby(key).transform("first")
    details = [str(first[i]) for i in workers.index[rows]]
    checked.note(rows, "", "row_duplicate", details)
    checked.put_aside(rows, "row_duplicate")


def _bounds(checked: Checked, policy: EditingPolicy) -> None:
    workers = checked.survey.workers
    judged = ~np.isin(checked.aside, ["row_total"])
    age = workers["age"].to_numpy()
    wrong = judged & ((age < policy.age_min) | (age > policy.age_max))
    checked.note(wrong, "age", "age_impossible", f"{policy.age_min}–{policy.age_max}")
    checked.blank["age"] = wrong
    hours = workers["weekly_hours"].to_numpy()
    wrong = judged & ((hours <= 0) | (hours > policy.weekly_hours_max))
    limit = number_text(float(policy.weekly_hours_max))
    checked.note(wrong, "weekly_hours", "hours_impossible", limit)
    checked.blank["weekly_hours"] = wrong
    months = workers["months_worked"].to_numpy()
    wrong = judged & ((months <= 0) | (months > MONTHS_PER_YEAR))
    checked.note(wrong, "months_worked", "months_impossible")
    checked.put_aside(wrong, "months_impossible")
    weight = workers["weight"].to_numpy()
    wrong = judged & ~((weight > 0) & np.isfinite(weight))
    checked.note(wrong, "weight", "weight_impossible")
    checked.put_aside(wrong, "weight_impossible")
    part = judged & (months > 0) & (months < MONTHS_PER_YEAR)
    checked.note(part, "months_worked", "partial_year")


def _wages(checked: Checked, policy: EditingPolicy) -> None:
    """Signs, units and plausible size of the money; then partial years are set aside."""
    survey, workers = checked.survey, checked.survey.workers
    judged = checked.aside != "row_total"
    wage, months = workers["annual_wage"].to_numpy(), workers["months_worked"].to_numpy()
    for name in _MONEY:
        negative = judged & (workers[name].to_numpy() < 0)
        if name == "annual_wage":
            checked.note(negative, name, "wage_negative")
        else:
            checked.note(negative & ~(wage < 0), name, "wage_negative")
        checked.put_aside(negative, "wage_negative")
    checked.note(judged & (wage == 0), "annual_wage", "wage_zero")
    checked.put_aside(judged & (wage == 0), "wage_zero")
    exact = survey.exact["annual_wage"][workers.index.to_numpy()] if survey.exact else wage
    usable = judged & (exact > 0) & (months > 0) & (months <= MONTHS_PER_YEAR)
    slips = checked.slips = find_slips(workers, exact, usable, policy)
    slipped = slips.method != ""
    details = [
        tuple(text.format(_UNIT_NAMES[f]) for text in _METHODS[m])
        for m, f in zip(slips.method[slipped], slips.factor[slipped].tolist(), strict=True)
    ]
    checked.note(slipped, "annual_wage", "unit_slip", details)
    full_year = wage * slips.factor * (MONTHS_PER_YEAR / np.where(usable, months, np.nan))
    odd = (full_year < policy.annual_wage_min) | (wage * slips.factor > policy.annual_wage_max)
    odd &= usable & (slips.method != UNDECIDED)
    bounds = f"{policy.annual_wage_min:,.0f}–{policy.annual_wage_max:,.0f}"
    checked.note(odd, "annual_wage", "wage_implausible", bounds)
    checked.put_aside(odd, "wage_implausible")
    checked.put_aside(judged & (months > 0) & (months < MONTHS_PER_YEAR), "partial_year")
    checked.put_aside(slips.method == UNDECIDED, "unit_slip")


def _parts(checked: Checked, policy: EditingPolicy) -> None:
    """Parts must add up to the wage, after units are put right."""
    workers, slips = checked.survey.workers, checked.slips
    assert slips is not None
    money = workers[list(PAY_PARTS)]
    answered = money.notna().any(axis=1).to_numpy()
    parts = money.fillna(0.0).sum(axis=1).to_numpy()
    wage = workers["annual_wage"].to_numpy()
    scale = np.where(slips.total_only, slips.factor, 1.0)
    # Both are sums of whole fen; half a fen keeps binary dust from deciding.
    apart = (
        np.abs(parts - wage * scale)
        > policy.pay_sum_tolerance * np.where(slips.total_only, slips.factor, 1.0) + 0.005
    )
    wrong = answered & apart & (checked.aside != "row_total")
    details = [number_text(round(v, 2)) for v in parts[wrong].tolist()]
    checked.note(wrong, "annual_wage", "pay_sum_mismatch", details)
    checked.put_aside(wrong, "pay_sum_mismatch")


def _outliers(checked: Checked, policy: EditingPolicy) -> None:
    """Distance from the occupation's middle log wage in robust standard deviations."""
    workers, slips = checked.survey.workers, checked.slips
    assert slips is not None
    known = workers["occupation"].notna().to_numpy() & (checked.aside == "")
    rows = np.flatnonzero(known)
    if not len(rows):
        return
    log = np.log(workers["annual_wage"].to_numpy()[rows] * slips.factor[rows])
    group, names = pd.factorize(workers["occupation"].iloc[rows])
    group = group.astype(np.int64)
    middle, size = group_middle(log, group, len(names))
    away = log - middle[group]
    spread, _ = group_middle(np.abs(away), group, len(names))
    sigma = np.where((spread > 0) & (size >= policy.outlier_min_rows), spread, np.inf)
    score = np.abs(away) / (_MAD_TO_SIGMA * sigma[group])
    flagged = np.zeros(len(workers), dtype=bool)
    flagged[rows[score > policy.outlier_flag]] = True
    times = np.zeros(len(workers))
    times[rows] = np.exp(away)
    details = [f"{t:.2f}" for t in times[flagged].tolist()]
    checked.note(flagged, "annual_wage", "wage_outlier", details)
    extreme = np.zeros(len(workers), dtype=bool)
    extreme[rows[score > policy.outlier_set_aside]] = True
    checked.put_aside(extreme, "wage_outlier")
