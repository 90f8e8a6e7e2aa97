"""The step that looks back: changes since the previous release, as they are printed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.publish.compared import Compared, Previous
from wageguide.publish.growth_notes import comparison_notes, revision_note, split_notes
from wageguide.publish.growth_places import GROWTH_PLACES
from wageguide.publish.manifest import INTERNAL
from wageguide.publish.options import definitions_differ
from wageguide.publish.printed_before import PrintedBefore, printed_before
from wageguide.publish.protected import TOTAL
from wageguide.publish.series import make_series
from wageguide.survey.code_levels import with_levels
from wageguide.survey.kept import KeptSurvey, kept_in, load_survey
from wageguide.tiers.compare import Comparison, compare_tables
from wageguide.tiers.composition import Split, split_change
from wageguide.tiers.correspondence import Correspondence, read_correspondence
from wageguide.tiers.estimate import estimate_tables
from wageguide.tiers.overlap import YearRows, unit_scores
from wageguide.tiers.table import TierFacts

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.publish.edition import Status
    from wageguide.publish.settings import ReleasePlan
    from wageguide.publish.steps import Estimates
    from wageguide.publish.tables import PriceTable
    from wageguide.survey.survey import Survey

#: Folder of the kept survey in the internal part.
KEPT = "survey"
#: Lines of the list of changes to look at.
_LOOKED_AT = 100


def compare_release(
    survey: Survey,
    estimates: Estimates,
    tables: tuple[PriceTable, ...],
    plan: ReleasePlan,
    previous: Previous | None,
    *,
    year: int,
    status: Status,
    folder: Path,
) -> Compared:
    """Changes since the previous release and the series of all years.

    Last year's figures are estimated again from its kept survey, by this year's definitions
    and codes, so that both years measure the same thing and enterprises in both samples
    count once. Where the internal part of the previous release is not at hand, growth is
    that of the printed figures, without error, and nothing is read from it.

    A growth rate is printed only where both years print the figure.

    Parameters
    ----------
    survey, estimates, tables
        This year's, the last as printed.
    plan
        What is released.
    previous
        The previous release, or None.
    year, status
        Of this edition.
    folder
        Folder of the policy, beside which its correspondence stands.

    Raises
    ------
    ComparisonError
        If only printed figures are at hand, and they do not measure the same thing.
    """
    if previous is None:
        return Compared()
    series = make_series(tables, plan, year=year, status=status, previous=previous)
    codes = _correspondence(plan, folder)
    before = printed_before(previous, codes)
    if previous.year == year:
        revised = before.revised(tables)
        return Compared(
            series=series, notes=(revision_note(year, revised),), records={"revised": revised}
        )
    breaks = (*definitions_differ(plan, previous.manifest["options"]), *codes.breaks)
    kept = previous.folder / INTERNAL / KEPT
    if not kept_in(kept):
        before.refuse_unless_same(plan, previous)
        changes = {
            t.settings.id: before.growth_of_printed(t)
            for t in tables
            if before.has(t.settings.id, t.settings.by)
        }
        return Compared(changes, series, comparison_notes(previous.year, breaks, None))
    compared, split = _estimated_again(survey, estimates, plan, load_survey(kept), codes, breaks)
    changes = {
        t.settings.id: _printed(t, compared[t.settings.id], compared[TOTAL], before)
        for t in tables
        if before.has(t.settings.id, t.settings.by)
    }
    notes = [*comparison_notes(previous.year, breaks, compared[TOTAL]), *split_notes(split)]
    return Compared(changes, series, tuple(notes), _records(compared, split))


def _correspondence(plan: ReleasePlan, folder: Path) -> Correspondence:
    name = plan.settings.correspondence
    return read_correspondence(folder / name) if name else Correspondence()


def _estimated_again(
    survey: Survey,
    estimates: Estimates,
    plan: ReleasePlan,
    kept: KeptSurvey,
    codes: Correspondence,
    breaks: Sequence[str],
) -> tuple[dict[str, Comparison], Split | None]:
    """Comparison of every table and of the total, by id; and the split of the mean."""
    keys = [key for table in plan.tables for key in table.by]
    last = replace(kept, workers=codes.apply(kept.workers))
    last = with_levels(last, keys)
    facts = TierFacts(kept.reference_year, estimates.total.facts.unit, plan.settings.title_zh)
    before = estimate_tables(
        last.workers,
        [(), *(t.by for t in plan.tables)],
        design=last.design,
        se=plan.errors,
        scheme=plan.scheme,
        quantile=plan.settings.quantile,
        facts=facts,
        on_bad_rows="set_aside",
    )
    rows = [YearRows.of(y.workers, y.design, "annual_wage") for y in (survey, last)]
    compared = {}
    ids = [TOTAL, *(t.id for t in plan.tables)]
    for name, mine, its in zip(ids, (estimates.total, *estimates.tables), before, strict=True):
        scores = (unit_scores(rows[0], mine), unit_scores(rows[1], its))
        compared[name] = compare_tables(mine, its, scores, breaks=breaks)
    single = [t.by for t in plan.tables if len(t.by) == 1]
    by = ("occupation",) if ("occupation",) in single else single[0] if single else ()
    return compared, split_change(rows[0], rows[1], by) if by else None


def _printed(
    table: PriceTable,
    compared: Comparison,
    total: Comparison,
    before: PrintedBefore,
) -> pd.DataFrame:
    """Growth of one table in printed form: rounded, and only where both years print a figure."""
    import pandas as pd

    by = list(table.settings.by)
    rows = {tuple(r): n for n, r in enumerate(compared.frame[by].itertuples(index=False))}
    mine = [tuple(r) for r in table.frame[by].itertuples(index=False)]
    name, its = table.settings.id, before.cells(table.settings.id)
    lines: list[dict[str, Any]] = []
    for place, key in enumerate(mine):
        source, row = (total, 0) if place < table.total_rows else (compared, rows[key])
        values = dict(zip(source.frame.columns, source.frame.iloc[row], strict=True))
        shown = [
            figure
            for figure in table.figures
            if pd.notna(table.frame[figure].iloc[place]) and before.shows(name, key, figure)
        ]
        cell = "both" if key in its else "new"
        lines.append(
            {**dict(zip(by, key, strict=True)), "cell": cell, **_line(values, table, shown)}
        )
    for key in sorted(its.keys() - set(mine)):
        lines.append({**dict(zip(by, key, strict=True)), "cell": "lost", **_line({}, table, [])})
    frame = pd.DataFrame(lines)
    frame[by] = frame[by].astype("string")
    return frame


def _line(values: Mapping[Any, Any], table: PriceTable, shown: Sequence[str]) -> dict[str, Any]:
    """The printed columns of one row."""
    line: dict[str, Any] = {}
    for figure in table.figures:
        own = figure in shown
        for part in ("growth", "low_growth", "high_growth"):
            value = float(values[f"{part}_{figure}"]) if own else math.nan
            line[f"{part}_{figure}"] = round(value, GROWTH_PLACES)
        line[f"reading_{figure}"] = str(values[f"reading_{figure}"]) if own else ""
    return line


def _records(compared: Mapping[str, Comparison], split: Split | None) -> dict[str, pd.DataFrame]:
    """For the office: every comparison unrounded, and what to look at before publishing."""
    import pandas as pd

    full = pd.concat(
        [c.frame.assign(table=name) for name, c in compared.items()], ignore_index=True
    )
    look = pd.concat(
        [c.to_look_at(_LOOKED_AT).assign(table=name) for name, c in compared.items()],
        ignore_index=True,
    )
    look = look.sort_values("times", ascending=False, kind="stable", na_position="last")
    keys = list(dict.fromkeys(k for c in compared.values() for k in c.by))
    records = {
        "growth": full[["table", *keys, *(c for c in full if c not in ("table", *keys))]],
        "growth_to_look_at": look.head(_LOOKED_AT)[
            ["table", *keys, "figure", "last", "this", "growth", "se_growth", "times"]
        ],
    }
    if split is not None:
        records["growth_split"] = pd.DataFrame([asdict(split) | {"by": " × ".join(split.by)}])
    return records
