"""The step from estimates to what may be shown: which rows and figures stay confidential."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wageguide.disclosure.settings import DisclosureSettings, read_disclosure
from wageguide.errors import PolicyError
from wageguide.publish.notes import Note
from wageguide.survey.code_levels import NESTED

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.disclosure.earlier import Earlier
    from wageguide.policy import Policy
    from wageguide.publish.settings import ReleasePlan
    from wageguide.publish.steps import Estimates
    from wageguide.survey.survey import Survey

#: Id of the row of all workers beside the tables of a plan.
TOTAL = "total"


@dataclass(frozen=True)
class Protected:
    """What stays confidential, in the order of the plan's tables.

    Attributes
    ----------
    total
        Whether the row of all workers is confidential.
    confidential
        For each table, whether each row of its estimate is confidential; None for none.
    withheld
        For each table, by figure the rows that keep this figure alone confidential.
    counts_multiple
        Counts of workers are printed as multiples of this; None prints no counts.
    notes
        What the release says of its protection.
    needed
        How uncertain each confidential row must stay, for `audit`; None in a made-up release.
    records
        Frames for the office, by file name without its ending.
    contributors
        Who is in each row, for the next edition of the same year; None in a made-up release.
    """

    total: bool
    confidential: tuple[Sequence[bool] | None, ...]
    withheld: tuple[Mapping[str, Sequence[bool]] | None, ...]
    counts_multiple: int | None = 1
    notes: tuple[Note, ...] = ()
    needed: pd.DataFrame | None = None
    records: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    contributors: Earlier | None = None


def read_protection(policy: Policy, plan: ReleasePlan) -> DisclosureSettings:
    """The rules of protection, checked against what the release prints.

    Raises
    ------
    PolicyError
        If a rule is unknown, missing or impossible, or figures are printed too finely.
    """
    settings = read_disclosure(policy)
    printed, least = plan.settings.rounding_yuan, settings.quantile_rounding_yuan
    if printed < least:
        raise PolicyError(
            f"[release] rounding_yuan = {printed} is finer than [disclosure] "
            f"quantile_rounding_yuan = {least}: a tier could be one person's exact wage. "
            f"Print multiples of {least} yuan or more."
        )
    return settings


def protect_release(
    survey: Survey,
    estimates: Estimates,
    plan: ReleasePlan,
    settings: DisclosureSettings,
    earlier: Earlier | None = None,
) -> Protected:
    """Decide what stays confidential.

    Parameters
    ----------
    survey
        The survey as edited and weighed.
    estimates
        Its estimates.
    plan
        What is printed.
    settings
        The rules.
    earlier
        Contributors of an earlier edition of the same year.
    """
    from wageguide.disclosure.protect import protect

    found = protect(
        survey.workers,
        [*estimates.tables, estimates.total],
        ids=[*(t.id for t in plan.tables), TOTAL],
        settings=settings,
        enterprise="enterprise_id",
        wage="annual_wage",
        weight="weight",
        nested=NESTED,
        earlier=earlier,
    )
    tables = range(len(plan.tables))
    withheld: list[dict[str, Sequence[bool]]] = [
        {tier: flags.tolist() for tier, flags in found.withheld[t].items()} for t in tables
    ]
    if settings.method == "quantiles_only":
        for table, own in zip(estimates.tables, withheld, strict=True):
            own["mean"] = [True] * len(table.frame)
    return Protected(
        bool(found.confidential(len(plan.tables))[0]),
        tuple(found.confidential(t).tolist() for t in tables),
        tuple(withheld),
        settings.counts_multiple if settings.method == "suppress" else None,
        _notes(settings),
        found.needed,
        {"protection": found.record, "protection_summary": found.summary},
        found.contributors,
    )


def _notes(settings: DisclosureSettings) -> tuple[Note, ...]:
    """What is said of it; never by which rule or from which number on."""
    notes = [
        Note(
            "保密",
            "Confidential",
            "为保护企业和个人，部分行或数值标为“保密”，不予公布；不等于零，也不等于没有。",
            "To protect enterprises and persons some rows or figures are marked confidential and "
            "not shown; that is neither zero nor none.",
        )
    ]
    if settings.counts_multiple > 1 and settings.method == "suppress":
        notes.append(
            Note(
                "人数取整",
                "Counts",
                f"人数取整到{settings.counts_multiple}的倍数。",
                f"Counts of workers are rounded to multiples of {settings.counts_multiple}.",
            )
        )
    return tuple(notes)
