"""The data files that look back: changes since last year, and the series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wageguide.publish.datapackage import DataFile
from wageguide.publish.dictionary import Field, Kind, long_fields

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.publish.edition import Edition

CHANGES, SERIES = "changes_long", "series_long"

_PARTS: tuple[tuple[str, Kind, str, str, str, str], ...] = (
    ("growth", "number", "变化率", "Change", "小数（0.06 为 6%）；空为没有。",
     "A fraction: 0.06 is six per cent; empty: there is none."),
    ("low", "number", "下限", "Lower limit", "95%置信区间下限。",
     "Lower limit of the 95 % interval."),
    ("high", "number", "上限", "Upper limit", "95%置信区间上限。",
     "Upper limit of the 95 % interval."),
    ("reading", "string", "判断", "Reading",
     "up 上升，down 下降，noise 误差范围内；空为没有误差或没有变化率。",
     "up, down, noise (within the error); empty: no error, or no change."),
)  # fmt: skip


def years_files(edition: Edition) -> list[DataFile]:
    """Files of changes and of the series, as far as the edition has them."""
    files = []
    if edition.changes:
        widest = max(len(t.settings.by) for t in edition.tables)
        files.append(
            DataFile(CHANGES, "与上年相比（长表）", "Change since the year before",
                     changes_frame(edition), _changes_fields(widest))
        )  # fmt: skip
    if edition.series is not None:
        frame = edition.series
        widest = sum(c.startswith("code") for c in frame.columns)
        files.append(
            DataFile(SERIES, "历年（长表）", "Series of all years", frame, _series_fields(widest))
        )
    return files


def changes_frame(edition: Edition) -> pd.DataFrame:
    """One line for every cell and figure of every table with changes."""
    import pandas as pd

    widest = max(len(t.settings.by) for t in edition.tables)
    parts = []
    for table in edition.tables:
        frame = edition.changes.get(table.settings.id)
        if frame is None:
            continue
        by = table.settings.by
        for figure in table.figures:
            part: dict[str, Any] = {"reference_year": [edition.year] * len(frame)}
            part["table"] = table.settings.id
            for n in range(widest):
                key = by[n] if n < len(by) else ""
                part[f"key{n + 1}"] = key
                part[f"code{n + 1}"] = frame[key].tolist() if key else ""
            part["cell"] = frame["cell"].tolist()
            part["measure"] = figure
            part["growth"] = frame[f"growth_{figure}"].tolist()
            part["low"] = frame[f"low_growth_{figure}"].tolist()
            part["high"] = frame[f"high_growth_{figure}"].tolist()
            part["reading"] = frame[f"reading_{figure}"].tolist()
            parts.append(pd.DataFrame(part))
    every = pd.concat(parts, ignore_index=True)
    numbers = {"reference_year", "growth", "low", "high"}
    texts = [str(c) for c in every if c not in numbers]
    every[texts] = every[texts].astype("string").fillna("")
    return every


def _keys(widest: int) -> list[Field]:
    return [f for f in long_fields(widest) if not f.name.startswith("name")][: 2 + 2 * widest]


def _field(name: str) -> Field:
    return next(f for f in long_fields(1) if f.name == name)


def _changes_fields(widest: int) -> list[Field]:
    return [
        *_keys(widest),
        Field("cell", "string", "", "类别", "Cell",
              "both 两年均有，new 新增，lost 本年没有。", "both years, new, or lost this year."),
        _field("measure"),
        *(Field(name, kind, "", *texts) for name, kind, *texts in _PARTS),
    ]  # fmt: skip


def _series_fields(widest: int) -> list[Field]:
    return [
        *_keys(widest),
        *(_field(name) for name in ("measure", "value", "mark")),
        Field("scheme", "string", "", "价位方案", "Scheme",
              "该年的价位定义；不同方案不可比。", "What the figures of the year are."),
        Field("status", "string", "", "状态", "Status",
              "provisional 初步，final 正式，revised 修订。", "provisional, final or revised."),
    ]  # fmt: skip
