"""Open data: every table as CSV, Parquet and JSON, one tidy long file, and what describes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.disclosure.published import CONFIDENTIAL
from wageguide.publish.datapackage import DataFile, write_datapackage
from wageguide.publish.dictionary import (
    CODE_FIELDS,
    UNITS,
    YUAN,
    codes_frame,
    dictionary_frame,
    long_fields,
    table_fields,
)
from wageguide.publish.parquet import write_parquet
from wageguide.publish.tables import COUNTS, PriceTable
from wageguide.publish.text import visible
from wageguide.publish.years_data import years_files

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.publish.edition import Edition

#: With a byte order mark, so that Excel shows Chinese.
ENCODING = "utf-8-sig"

#: Name of the long file.
LONG_FILE = "prices_long.csv"
#: Name of the file of all years.
SERIES_FILE = "series_long.csv"
#: All tables in one JSON document.
JSON_FILE = "prices.json"
DICTIONARY = "dictionary.csv"
CODES = "codes.csv"

#: First characters that make a spreadsheet take a text for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_open_data(folder: Path, edition: Edition) -> None:
    """Write the data files of an edition, figures rounded as published.

    One CSV and Parquet file a table, the long file in both forms, one JSON document, the
    data dictionary, the codes, and a Frictionless ``datapackage.json`` over all of them.

    Parameters
    ----------
    folder
        Existing folder.
    edition
        What the release says.
    """
    scheme = edition.plan.scheme
    long = long_frame(edition.tables, edition.year)
    files = [
        DataFile(t.settings.id, t.settings.title_zh, t.settings.title_en, t.frame,
                 table_fields(t, scheme))
        for t in edition.tables
    ]  # fmt: skip
    files.append(
        DataFile("prices_long", "全部表（长表）", "All tables, one figure a row", long,
                 long_fields(_widest(edition.tables)))
    )  # fmt: skip
    files += years_files(edition)
    for file in files:
        write_frame(folder / f"{file.name}.csv", file.frame)
        write_parquet(folder / f"{file.name}.parquet", file, edition)
    codes = DataFile("codes", "代码", "Codes", codes_frame(edition), CODE_FIELDS)
    write_frame(folder / CODES, codes.frame)
    described = [(f"{f.name}.csv", f.fields) for f in (*files, codes)]
    write_frame(folder / DICTIONARY, dictionary_frame(described))
    _write_json(folder / JSON_FILE, edition)
    write_datapackage(folder, edition, [*files, codes])


def long_frame(tables: Sequence[PriceTable], year: int) -> pd.DataFrame:
    """Every figure of every table, one a row.

    Returns
    -------
    DataFrame
        ``reference_year``, ``table``, ``key1``, ``code1``, ``name1`` and so on for as many
        keys as the widest table has, ``measure`` (column of the table), ``unit``,
        ``value``, ``mark`` (``c`` where the row or the figure is confidential), and for the
        mean and the tiers ``rse``, ``low``, ``high`` and ``grade``.
    """
    import pandas as pd

    widest = _widest(tables)
    parts = [_long_part(table, year, widest) for table in tables]
    return pd.concat(parts, ignore_index=True)


def _widest(tables: Sequence[PriceTable]) -> int:
    return max(1, *(len(t.settings.by) for t in tables))


def _long_part(table: PriceTable, year: int, widest: int) -> pd.DataFrame:
    """One table's part: the measures of a row follow each other."""
    import numpy as np
    import pandas as pd

    frame, by = table.frame, table.settings.by
    measures = [*table.counts, *table.figures]
    rows, many = len(frame), len(measures)
    part: dict[str, Any] = {
        "reference_year": np.full(rows * many, year),
        "table": pd.array([table.settings.id] * (rows * many), dtype="string"),
    }
    for number in range(1, widest + 1):
        key = by[number - 1] if number <= len(by) else ""
        part[f"key{number}"] = pd.array([key] * (rows * many), dtype="string")
        for kind, column in (("code", key), ("name", f"{key}_name")):
            texts = frame[column].to_numpy(dtype=object) if key else np.full(rows, "", object)
            part[f"{kind}{number}"] = pd.array(np.repeat(texts, many), dtype="string")
    part["measure"] = pd.array(measures * rows, dtype="string")
    part["unit"] = pd.array([UNITS.get(m, YUAN) for m in measures] * rows, dtype="string")
    part["value"] = _woven(frame, measures, "Int64")
    # A count is missing for no other reason than that it is kept back.
    uncounted = np.isin(np.array(measures * rows), COUNTS) & part["value"].isna()
    marks = np.repeat(frame["mark"].to_numpy(dtype=object), many)
    grades = _woven(frame, [f"grade_{m}" for m in measures], "string")
    secret = (marks == CONFIDENTIAL) | (grades == CONFIDENTIAL).to_numpy(dtype=bool, na_value=False)
    secret |= uncounted
    part["mark"] = pd.array(np.where(secret, CONFIDENTIAL, ""), dtype="string")
    for beside, kind in (("rse", "Float64"), ("low", "Int64"), ("high", "Int64")):
        part[beside] = _woven(frame, [f"{beside}_{m}" for m in measures], kind)
    part["grade"] = grades
    return pd.DataFrame(part)


def _woven(frame: pd.DataFrame, columns: Sequence[str], kind: str) -> Any:
    """Columns read row by row as one; a column that is not there is missing throughout."""
    import pandas as pd

    nothing: Any = [None] * len(frame)
    empty = pd.Series(nothing, dtype=kind).array
    stacked = pd.concat(
        [pd.Series(frame[c].array if c in frame else empty, dtype=kind) for c in columns],
        ignore_index=True,
    )
    order = [c * len(frame) + r for r in range(len(frame)) for c in range(len(columns))]
    return stacked.array.take(order)


def write_frame(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as CSV in which no text can become a formula."""
    import pandas as pd

    plain = frame.copy()
    for name in plain.columns:
        if not _is_number(plain[name]):
            plain[name] = pd.Series([_defused(v) for v in plain[name]], plain.index, dtype=object)
    plain.to_csv(path, index=False, encoding=ENCODING, lineterminator="\r\n")


def _is_number(column: pd.Series) -> bool:
    return getattr(column.dtype, "kind", "O") in "iufb"


def _defused(value: object) -> object:
    """Text that a spreadsheet would take for a formula, behind an apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        try:
            float(value)
        except ValueError:
            return "'" + value
    return value


def _write_json(path: Path, edition: Edition) -> None:
    """All tables as one JSON document, a row of a table on a line of its own."""
    plan = edition.plan
    about = {
        "reference_year": edition.year,
        "place": {lang: plan.text("place", lang) for lang in ("zh", "en")},
        "title": {lang: plan.text("title", lang) for lang in ("zh", "en")},
        "notice": {lang: plan.text("notice", lang) for lang in ("zh", "en")},
        "status": edition.status,
        "published_on": edition.published_on.isoformat() if edition.published_on else None,
        "scheme": plan.scheme.id,
        "quantile": plan.settings.quantile,
        "rounding_yuan": plan.settings.rounding_yuan,
        "unit": YUAN,
    }
    tables = []
    for table in edition.tables:
        head = {
            "id": table.settings.id,
            "title": {
                "zh": visible(table.settings.title_zh),
                "en": visible(table.settings.title_en),
            },
            "by": list(table.settings.by),
            "columns": [str(c) for c in table.frame.columns],
        }
        rows = ",\n".join(_json(row) for row in table_rows(table))
        tables.append(_json(head)[:-1] + ',"rows":[\n' + rows + "\n]}")
    text = _json(about)[:-1] + ',"tables":[\n' + ",\n".join(tables) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def table_rows(table: PriceTable) -> list[list[Any]]:
    """Rows of a table as plain values, None where there is no figure."""
    import pandas as pd

    columns = [
        [None if pd.isna(v) else v for v in table.frame[c].tolist()] for c in table.frame.columns
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _json(value: Any) -> str:
    # </script> would end a script tag in a page that holds the text.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
