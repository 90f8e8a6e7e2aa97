"""The series: the published tables of all years as one long file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wageguide.publish.opendata import LONG_FILE, SERIES_FILE, long_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from wageguide.publish.compared import Previous
    from wageguide.publish.edition import Status
    from wageguide.publish.settings import ReleasePlan
    from wageguide.publish.tables import PriceTable


def make_series(
    tables: Sequence[PriceTable],
    plan: ReleasePlan,
    *,
    year: int,
    status: Status,
    previous: Previous,
) -> pd.DataFrame:
    """All years that the previous release holds, and this one.

    A figure stands as its year published it: under the codes, the scheme and the rounding of
    that year. The lines of an earlier edition of the same year make way for this one.

    Returns
    -------
    DataFrame
        ``reference_year``, ``table``, ``key1``, ``code1`` and so on, ``measure``, ``value``
        (missing where none is shown), ``mark`` (``c`` for confidential), ``scheme``, and
        ``status``: ``provisional`` (a draft), ``final``, or ``revised`` (a later edition of
        its year).
    """
    import pandas as pd

    revised = previous.year == year
    mine = long_frame(tables, year)
    mine["scheme"] = plan.scheme.id
    mine["status"] = _status(status, revised)
    before = _of_previous(previous)
    before = before[before["reference_year"] != year]
    every = pd.concat([before, mine], ignore_index=True)
    widest = sum(str(c).startswith("code") for c in every)
    keys = [f"{kind}{n}" for n in range(1, widest + 1) for kind in ("key", "code")]
    texts = ["table", *keys, "measure", "mark", "scheme", "status"]
    series = every[["reference_year", "table", *keys, "measure", "value", *texts[-3:]]].copy()
    series["value"] = pd.to_numeric(series["value"]).astype("Int64")
    series[texts] = series[texts].astype("string").fillna("")
    return series


def _status(status: str, revised: bool) -> str:
    if status == "draft":
        return "provisional"
    return "revised" if revised else "final"


def _of_previous(previous: Previous) -> pd.DataFrame:
    """The series of the previous release, or its own tables where it has none."""
    import pandas as pd

    folder = previous.folder / "tables"
    path = folder / SERIES_FILE
    known = path.is_file()
    lines = pd.read_csv(
        path if known else folder / LONG_FILE,
        dtype="string",
        keep_default_na=False,
        encoding="utf-8-sig",
    )
    lines["reference_year"] = lines["reference_year"].astype("int64")
    lines["value"] = lines["value"].replace("", pd.NA)
    if not known:
        lines["scheme"] = previous.manifest["options"]["scheme"]
        lines["status"] = _status(previous.manifest["status"], revised=False)
    return lines
