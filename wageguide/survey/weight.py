"""Weigh a survey: design, non-response, calibration, trimming."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from wageguide.errors import PolicyError, WeightError
from wageguide.policy import Policy
from wageguide.survey.design import Calibration, Design
from wageguide.survey.frame import Frame, read_frame
from wageguide.survey.meet_totals import margin_table, meet_totals
from wageguide.survey.nonresponse import respondents
from wageguide.survey.reasons import REASONS
from wageguide.survey.selection import selected_enterprises
from wageguide.survey.survey import Survey
from wageguide.survey.totals import FRAME_PREFIX, auxiliaries, population_totals
from wageguide.survey.weight_settings import (
    CalibrationSettings,
    WeightSettings,
    beside,
    read_weight_settings,
)
from wageguide.survey.weighting import Weighting, step_line

_KEY = "enterprise_id"


def policy_frame(policy: Policy) -> Frame | None:
    """The frame that a policy names; None where it asks for no weights."""
    settings = read_weight_settings(policy)
    return None if settings is None else read_frame(beside(policy, settings.frame))


def weigh(survey: Survey, policy: Policy, *, frame: Frame | None = None) -> Survey:
    """Give every worker of an edited survey the number of workers it stands for.

    The weight is 1/(share of enterprises drawn) x 1/(share of the enterprise's workers
    asked), times what makes up for rows and enterprises that did not answer, then brought
    to the population totals.

    Parameters
    ----------
    survey
        As `edit` gave it, with the same frame; it is not changed.
    policy
        Its section ``[weights]``; see `weight_settings`.
    frame
        The frame; the one that the policy names where it is left out.

    Returns
    -------
    Survey
        Its workers have ``weight``, ``base_weight`` (before calibration), ``stratum``,
        ``stratum_enterprises`` (in the frame) and, where workers were drawn,
        ``enterprise_workers``; `design` names them, `weighting` tells what was done.

    Raises
    ------
    PolicyError
        If the policy has no usable section ``[weights]``.
    WeightError
        If survey, frame and totals do not fit; every margin that fails is named.
    """
    settings = read_weight_settings(policy)
    if settings is None:
        raise PolicyError(
            f"{policy.path.name} has no section [weights]. Add one; the sample policy shows it."
        )
    frame = frame or read_frame(beside(policy, settings.frame))
    _check(survey, frame)
    selected = selected_enterprises(frame, settings)
    rows = _row_counts(survey, selected[_KEY])
    selected["responded"] = ((rows["used"] + rows["out_of_scope"]) > 0).to_numpy()
    if settings.nonresponse is not None:
        sized = settings.nonresponse.count == "workers"
        needed = [*settings.nonresponse.classes, *(["headcount"] if sized else [])]
        frame.require(needed, "Non-response adjustment")
    classes = respondents(selected, settings.nonresponse)
    workers = _with_base(survey, selected, rows, classes, settings)
    base = workers["base_weight"].to_numpy()
    asked = None
    if settings.calibration is not None:
        asked, totals = population_totals(settings.calibration, policy, frame)
        _add_frame_columns(workers, asked, frame)
    aux = None if asked is None else auxiliaries(workers, asked, totals)
    met = meet_totals(base, aux, asked, settings.trim_above_median)
    steps = [("design", workers.pop("design_weight").to_numpy()), ("nonresponse", base)]
    weighting = Weighting(
        frame=frame.source.name,
        enterprises={
            "frame": len(frame.table),
            "selected": len(selected),
            "responded": int(selected["responded"].sum()),
            "out_of_scope": int((selected["responded"] & (rows["used"] == 0).to_numpy()).sum()),
            "silent": int((~selected["responded"]).sum()),
        },
        classes=classes.reset_index(),
        weights=pd.DataFrame([step_line(s, w) for s, w in [*steps, ("final", met.weights)]]),
        margins=pd.DataFrame() if aux is None else margin_table(aux, base, met.weights),
        method="" if asked is None else asked.method,
        iterations=met.report.iterations if met.report else 0,
        largest_gap=met.report.largest_gap if met.report else 0.0,
        at_bounds=met.report.at_bounds if met.report else 0,
        cap=met.cap,
    )
    workers["weight"] = met.weights
    return replace(
        survey,
        workers=workers,
        design=_design(settings, asked),
        weighting=weighting,
        sources=(*survey.sources, frame.source),
    )


def _check(survey: Survey, frame: Frame) -> None:
    if not survey.edited:
        raise WeightError("A survey is weighed after it has been edited; call edit first.")
    if survey.weighting is not None:
        raise WeightError("The survey has been weighed already.")
    own = int((survey.workers["weight"] != 1).sum())
    if own:
        raise WeightError(
            f"{own:,} rows of the returns carry weights of their own. Use those, without a section "
            "[weights] in the policy, or leave the column out of the returns."
        )
    drawn = frame.table.loc[frame.table["selected"], _KEY]
    unknown = survey.workers.loc[~survey.workers[_KEY].isin(drawn), _KEY].unique()
    if len(unknown):
        raise WeightError(
            f"{len(unknown):,} enterprises of the survey are not among those selected in the "
            f"frame {frame.source.name}: {', '.join(unknown[:5])}. Edit the survey with this "
            "frame, which sets them aside with a reason."
        )


def _row_counts(survey: Survey, enterprises: pd.Series) -> pd.DataFrame:
    """Rows of each selected enterprise: ``used``, ``item`` (lost), ``out_of_scope``."""
    aside = survey.set_aside
    loss = aside["reason"].map({code: reason.loss for code, reason in REASONS.items()})
    columns = {"used": survey.workers[_KEY].value_counts()}
    columns |= {k: aside.loc[loss == k, _KEY].value_counts() for k in ("item", "out_of_scope")}
    counts = {k: enterprises.map(v).fillna(0).to_numpy(np.int64) for k, v in columns.items()}
    return pd.DataFrame(counts, index=enterprises.to_numpy())


def _with_base(
    survey: Survey,
    selected: pd.DataFrame,
    rows: pd.DataFrame,
    classes: pd.DataFrame,
    settings: WeightSettings,
) -> pd.DataFrame:
    """Workers with the columns of the design and weights before calibration."""
    within = pd.Series(1.0, index=rows.index)
    if settings.item_nonresponse == "within_enterprise":
        within = (rows["used"] + rows["item"]) / rows["used"].clip(lower=1)
    of = selected.set_index(_KEY)
    key = survey.workers[_KEY]
    design = key.map(of["design_weight"])
    if settings.workers == "sample":
        headcount = _headcounts(survey, rows)
        design = design * key.map(headcount / rows.sum(axis=1))
    answered = key.map(of["class"].map(classes["factor"])) * key.map(within)
    workers = survey.workers.assign(
        base_weight=design * answered,
        design_weight=design,
        stratum=key.map(of["stratum"]),
        stratum_enterprises=key.map(of["stratum_enterprises"]),
    )
    if settings.workers == "sample":
        workers["enterprise_workers"] = key.map(headcount)
    return workers


def _headcounts(survey: Survey, rows: pd.DataFrame) -> pd.Series:
    """Workers of each enterprise by its return, of whom the rows are a sample."""
    count = survey.workers.groupby(_KEY)["headcount"].first()
    drawn = rows.sum(axis=1).reindex(count.index)
    wrong = count[~(count >= drawn)]
    if len(wrong):
        raise WeightError(
            "workers = 'sample' needs the headcount of every enterprise, at least its rows; "
            f"{len(wrong):,} enterprises do not have it:",
            [f"{e}: headcount {c:g}, {drawn[str(e)]:,} rows" for e, c in wrong.head(10).items()],
        )
    return count


def _add_frame_columns(workers: pd.DataFrame, asked: CalibrationSettings, frame: Frame) -> None:
    """Give the workers what margins need and only the frame has."""
    of = frame.table.set_index(_KEY)
    for name in dict.fromkeys(c for margin in asked.margins for c in margin):
        source = name.removeprefix(FRAME_PREFIX)
        if name not in workers and source in of:
            workers[name] = workers[_KEY].map(of[source])


def _design(settings: WeightSettings, asked: CalibrationSettings | None) -> Design:
    return Design(
        weight="weight",
        enterprise=_KEY,
        stratum="stratum",
        population="stratum_enterprises",
        workers="enterprise_workers" if settings.workers == "sample" else None,
        single_unit=settings.single_unit,
        calibration=(
            None if asked is None else Calibration("base_weight", asked.margins, asked.numbers)
        ),
    )
