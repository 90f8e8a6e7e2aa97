"""The step from estimates to what may be shown: which rows and figures stay confidential."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wageguide.publish.notes import Note

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.policy import Policy
    from wageguide.publish.settings import ReleasePlan
    from wageguide.publish.steps import Estimates
    from wageguide.survey.survey import Survey


@dataclass(frozen=True)
class Protected:
    """What stays confidential, in the order of the plan's tables.

    Attributes
    ----------
    confidential
        For each table, whether each row of its estimate is confidential; None for none.
    withheld
        For each table, by figure the rows that keep this figure alone confidential.
    applied
        Whether rules of protection were applied at all. A final release needs them.
    notes
        What the release says of its protection.
    records
        Frames for the office, by file name without its ending.
    """

    confidential: tuple[Sequence[bool] | None, ...]
    withheld: tuple[Mapping[str, Sequence[bool]] | None, ...]
    applied: bool
    notes: tuple[Note, ...] = ()
    records: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def protect_release(
    survey: Survey, estimates: Estimates, plan: ReleasePlan, policy: Policy
) -> Protected:
    """Decide what stays confidential.

    No rules of protection can be applied yet: everything is shown, the release says so, and
    it cannot be final.
    """
    none = (None,) * len(plan.tables)
    said = Note(
        "发布保护",
        "Protection",
        "尚未进行发布保护处理，不得对外发布。",
        "Protection has not been applied; not for publication.",
    )
    return Protected(none, none, applied=False, notes=(said,))
