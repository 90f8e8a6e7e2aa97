"""The steps of a release up to the edition; each is one call from the result before it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wageguide.errors import ReleaseError, SurveyError
from wageguide.publish.compared import Compared
from wageguide.publish.edition import Edition, Status
from wageguide.publish.notes import printed_account, release_notes
from wageguide.publish.protected import Protected
from wageguide.publish.quality_notes import quality_notes
from wageguide.publish.settings import Lang, ReleasePlan
from wageguide.publish.tables import PriceTable, price_table
from wageguide.publish.weight_notes import weight_notes
from wageguide.tiers.estimate import estimate_tables
from wageguide.tiers.table import TierFacts, TierTable

if TYPE_CHECKING:
    from wageguide.policy import Policy
    from wageguide.survey.frame import Frame
    from wageguide.survey.survey import Survey

_UNIT = "元/年"


@dataclass(frozen=True)
class Estimates:
    """Unrounded estimates of a release.

    Attributes
    ----------
    total
        The table of all workers.
    tables
        One table for each of the plan, in its order.
    weighted
        Whether rows have weights other than 1.
    """

    total: TierTable
    tables: tuple[TierTable, ...]
    weighted: bool


def edited_survey(
    path: Path,
    year: int,
    policy: Policy,
    frame: Frame | None,
    processes: int | None,
    progress: bool,
) -> Survey:
    """Read, validate, edit and weigh the returns.

    Raises
    ------
    SurveyError
        If no row can be used.
    """
    from wageguide.survey.edit import edit
    from wageguide.survey.read import read_survey
    from wageguide.survey.weight import weigh

    received = read_survey(path, reference_year=year, processes=processes, progress=progress)
    survey = edit(received, policy, frame)
    if survey.workers.empty:
        raise SurveyError(
            f"No row of {path} can be used for a price table. Rows were set aside for:",
            [
                f"{reason}: {n:,} rows"
                for reason, n in survey.set_aside["reason"].value_counts().items()
            ],
        )
    return survey if frame is None else weigh(survey, policy, frame=frame)


def estimate_release(survey: Survey, plan: ReleasePlan, year: int) -> Estimates:
    """Estimate all tables at once, the total first.

    Raises
    ------
    ReleaseError
        If a row that editing let through is in no table: the account would not close.
    """
    total, *tables = estimate_tables(
        survey.workers,
        [(), *(t.by for t in plan.tables)],
        design=survey.design,
        se=plan.errors,
        scheme=plan.scheme,
        quantile=plan.settings.quantile,
        facts=TierFacts(year, _UNIT, plan.settings.title_zh),
        on_bad_rows="set_aside",
    )
    lost = len(survey.workers) - int(total.frame["workers"].sum())
    if lost:
        raise ReleaseError(
            f"{lost:,} rows left editing without a usable wage, weight or enterprise: "
            f"{dict(total.left_out)}. The account would not close, so nothing is written."
        )
    weighted = bool((survey.workers["weight"] != 1).any())
    return Estimates(total, tuple(tables), weighted)


def printed_tables(
    estimates: Estimates, protected: Protected, plan: ReleasePlan, lang: Lang
) -> tuple[PriceTable, ...]:
    """Round the estimates for print, without what is confidential or not published."""
    return tuple(
        price_table(
            settings,
            tiers,
            estimates.total,
            grading=plan.grading,
            rounding_yuan=plan.settings.rounding_yuan,
            weighted=estimates.weighted,
            lang=lang,
            confidential=confidential,
            withheld=withheld,
            total_confidential=protected.total,
            counts_multiple=protected.counts_multiple,
        )
        for settings, tiers, confidential, withheld in zip(
            plan.tables,
            estimates.tables,
            protected.confidential,
            protected.withheld,
            strict=True,
        )
    )


def make_edition(
    survey: Survey,
    plan: ReleasePlan,
    tables: tuple[PriceTable, ...],
    *,
    year: int,
    lang: Lang,
    weighted: bool,
    status: Status,
    protected: Protected,
    compared: Compared,
) -> Edition:
    """Put the tables together with all that is printed around them."""
    notes = [
        *release_notes(plan, survey, tables, year=year, weighted=weighted, status=status),
        *(weight_notes(survey.weighting) if survey.weighting else []),
        *quality_notes(plan, tables),
        *protected.notes,
        *compared.notes,
    ]
    return Edition(
        plan,
        year,
        lang,
        tables,
        notes,
        printed_account(survey, lang),
        status,
        plan.settings.published_on,
        compared.changes,
        compared.series,
    )
