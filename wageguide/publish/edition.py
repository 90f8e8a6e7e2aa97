"""What a release says, before it has a form: every form is made from this and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from wageguide.publish.notes import Note
from wageguide.publish.settings import Lang, ReleasePlan
from wageguide.publish.tables import PriceTable

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["draft", "final"]


@dataclass(frozen=True)
class Edition:
    """One year's tables with all that is printed around them.

    Attributes
    ----------
    plan
        What the policy says about the release.
    year
        Reference year.
    lang
        Language of the names in `tables`.
    tables
        Rounded tables in printed order; confidential rows hold no figure.
    notes
        Lines of the notes.
    account
        Account of rows and yuan, with printed headings.
    status
        Whether the release is a draft or final.
    published_on
        Day that the policy gives for publication; never the clock's.
    changes
        By table id, this year against last: the keys, ``cell`` (``both``, ``new`` or
        ``lost``), and for the mean and each tier ``growth_``, ``low_growth_`` and
        ``high_growth_`` (fractions; 95 %) and ``reading_`` (``up``, ``down`` or ``noise``;
        empty where there is none). Empty without a previous release.
    series
        Long file of all years: ``reference_year``, ``table``, ``key1``, ``code1`` …,
        ``measure``, ``value``, ``scheme``, ``status``; None without a previous release.
    """

    plan: ReleasePlan
    year: int
    lang: Lang
    tables: tuple[PriceTable, ...]
    notes: Sequence[Note]
    account: pd.DataFrame
    status: Status = "draft"
    published_on: date | None = None
    changes: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    series: pd.DataFrame | None = None

    def text(self, name: str) -> str:
        """A setting of the release in the edition's language, such as ``title``."""
        return self.plan.text(name, self.lang)
