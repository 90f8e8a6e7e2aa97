"""Two surveys compared by the same definitions; enterprises that are in both count once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wageguide.errors import InputError
from wageguide.survey.design import Design
from wageguide.tiers.compare import Comparison, compare_tables
from wageguide.tiers.composition import Split, split_change
from wageguide.tiers.correspondence import Correspondence
from wageguide.tiers.estimate import estimate_tables
from wageguide.tiers.overlap import YearRows, unit_scores
from wageguide.tiers.scheme import Scheme
from wageguide.tiers.table import TierFacts

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.survey.kept import KeptSurvey
    from wageguide.survey.survey import Survey


def compare_surveys(
    this: pd.DataFrame | Survey | KeptSurvey,
    last: pd.DataFrame | Survey | KeptSurvey,
    by: Sequence[str] = (),
    *,
    wage: str = "annual_wage",
    design: Design | None = None,
    scheme: Scheme | str = "percentiles",
    quantile: str = "inverted_cdf",
    correspondence: Correspondence | None = None,
) -> Comparison:
    """Growth of the mean and every tier between two surveys, with sampling errors.

    Parameters
    ----------
    this, last
        Rows of each year; a survey brings its design and year. Rows without a key are left
        out; every other row must be usable.
    by
        Key columns; empty for the total.
    wage
        Column of wages.
    design
        Design of both, for frames.
    scheme, quantile
        Definitions, the same for both years.
    correspondence
        Codes that changed since last year.

    Raises
    ------
    InputError
        If rows cannot be used, or a frame comes without a design.
    """
    years = [_year(d, design) for d in (this, last)]
    codes = correspondence or Correspondence()
    rows = [years[0][0], codes.apply(years[1][0])]
    tables, scores = [], []
    for frame, (_, own, year) in zip(rows, years, strict=True):
        table = estimate_tables(
            frame,
            [by],
            wage=wage,
            design=own,
            se="linearized",
            scheme=scheme,
            quantile=quantile,
            facts=TierFacts(year),
            on_bad_rows="set_aside",
        )[0]
        tables.append(table)
        scores.append(unit_scores(YearRows.of(frame, own, wage), table))
    return compare_tables(tables[0], tables[1], (scores[0], scores[1]), breaks=codes.breaks)


def decompose_change(
    this: pd.DataFrame | Survey | KeptSurvey,
    last: pd.DataFrame | Survey | KeptSurvey,
    by: Sequence[str] = ("occupation",),
    *,
    wage: str = "annual_wage",
    design: Design | None = None,
    correspondence: Correspondence | None = None,
) -> Split:
    """Split the change of the mean into wages of the same work, composition and turnover.

    Parameters as in `compare_surveys`; work counts as the same within a cell of `by`.
    """
    (mine, own, _), (its, other, _) = (_year(d, design) for d in (this, last))
    codes = correspondence or Correspondence()
    return split_change(
        YearRows.of(mine, own, wage), YearRows.of(codes.apply(its), other, wage), by
    )


def _year(data: Any, design: Design | None) -> tuple[pd.DataFrame, Design, int | None]:
    """Rows, design and reference year."""
    workers = getattr(data, "workers", None)
    if workers is not None and not hasattr(data, "columns"):
        return workers, design or data.design, getattr(data, "reference_year", None)
    if design is None:
        raise InputError(
            "Rows alone do not say how they were sampled. Name the design: "
            "design=Design(weight=…, enterprise=…)."
        )
    return data, design, None
