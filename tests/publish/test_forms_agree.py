"""Every form read back: the same numbers in all of them, and nothing confidential in any."""

from __future__ import annotations

import csv
import json
import re

import openpyxl
import pandas as pd
import pypdf
import pytest
from made import YEAR, made_edition
from years import two_years

from wageguide.publish.forms import write_forms
from wageguide.publish.protected import Protected
from wageguide.publish.settings import read_release_plan
from wageguide.publish.steps import estimate_release
from wageguide.publish.tables import round_half_up


@pytest.fixture
def protected(survey, policy):
    """The second row of every table is confidential; so is the highest tier of the third."""
    tables = estimate_release(survey, read_release_plan(policy), YEAR).tables
    rows = [len(t.frame) for t in tables]
    return Protected(
        False,
        tuple([n == 1 for n in range(many)] for many in rows),
        tuple({"p90": [n == 2 for n in range(many)]} for many in rows),
    )


@pytest.fixture
def edition(survey, policy, protected):
    return two_years(made_edition(survey, policy, protected=protected))


@pytest.fixture
def folder(edition, tmp_path):
    folder = tmp_path / "release"
    folder.mkdir()
    write_forms(folder, edition)
    return folder


@pytest.fixture
def figures(edition):
    """Table, codes and figure to yuan; None where nothing is shown."""
    found = {}
    for table in edition.tables:
        for row in table.frame.to_dict("records"):
            codes = tuple(row[k] for k in table.settings.by)
            for name in table.figures:
                value = row[name]
                found[table.settings.id, codes, name] = None if pd.isna(value) else int(value)
    assert sum(v is None for v in found.values()) > 10
    assert sum(v is not None for v in found.values()) > 50
    return found


def number(text):
    return int(float(text)) if text not in ("", None) else None


def test_the_tier_table_rounded_once(edition, figures):
    unit = edition.plan.settings.rounding_yuan
    compared = 0
    for table in edition.tables:
        exact = table.tiers.frame.set_index(list(table.settings.by))
        for (name, codes, figure), value in figures.items():
            if name != table.settings.id or value is None or codes == ("",):
                continue
            key = codes if len(codes) > 1 else codes[0]
            assert value == round_half_up(float(exact.loc[key, figure]), unit)
            compared += 1
    assert compared > 40


def test_workbook(edition, folder, figures):
    book = openpyxl.load_workbook(folder / "工资价位_2025.xlsx")
    found = {}
    for place, table in enumerate(edition.tables, 1):
        sheet = next(s for s in book.worksheets if s.title.startswith(f"{place} "))
        by = table.settings.by
        columns = [*table.labels, "mark", *table.counts]
        columns += [c for f in table.figures for c in (f, f"grade_{f}")]
        for cells in sheet.iter_rows(min_row=4, values_only=True):
            row = dict(zip(columns, cells, strict=False))
            if row[f"{by[0]}_name"] is None:
                continue
            codes = tuple(row[k] or "" for k in by)
            for name in table.figures:
                shown = row[name]
                assert shown not in (0, "", None), "a figure that is not shown is a word"
                found[table.settings.id, codes, name] = shown if isinstance(shown, int) else None
    assert found == figures


def test_tables_as_csv_and_parquet(edition, folder, figures):
    for ending in ("csv", "parquet"):
        found = {}
        for table in edition.tables:
            path = folder / "tables" / f"{table.settings.id}.{ending}"
            if ending == "csv":
                frame = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
            else:
                frame = pd.read_parquet(path)
            for row in frame.to_dict("records"):
                codes = tuple(row[k] for k in table.settings.by)
                for name in table.figures:
                    value = None if pd.isna(row[name]) else number(str(row[name]))
                    found[table.settings.id, codes, name] = value
        assert found == figures, ending


def test_long_file_and_sdmx(edition, folder, figures):
    found, cube = {}, {}
    with (folder / "tables" / "prices_long.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            keys = [k for k in ("1", "2") if row[f"key{k}"]]
            codes = tuple(row[f"code{k}"] for k in keys)
            found[row["table"], codes, row["measure"]] = number(row["value"])
    assert {k: v for k, v in found.items() if k in figures} == figures

    by = {t.settings.id.upper(): (t.settings.id, t.settings.by) for t in edition.tables}
    path = next((folder / "sdmx").glob("*.csv"))
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name, keys = by[row["PRICE_TABLE"]]
            codes = tuple("" if row[k.upper()] == "_T" else row[k.upper()] for k in keys)
            cube[name, codes, row["FIGURE"].lower()] = number(row["OBS_VALUE"])
    assert {k: v for k, v in cube.items() if k in figures} == figures


def test_json_and_the_page(edition, folder, figures):
    document = json.loads((folder / "tables" / "prices.json").read_text(encoding="utf-8"))
    found = {}
    for table in document["tables"]:
        for line in table["rows"]:
            row = dict(zip(table["columns"], line, strict=True))
            codes = tuple(row[k] for k in table["by"])
            for name in edition.tables[0].figures:
                found[table["id"], codes, name] = row[name]
    assert found == figures

    text = (folder / "page" / "data.js").read_text(encoding="utf-8")
    data = json.loads(text.removeprefix("window.WAGES=").removesuffix(";\n"))
    shown = {}
    names = [f["id"] for f in data["figures"]]
    for table in data["tables"]:
        keys = len(table["by"])
        for raw in table["rows"]:
            values = raw[keys + 1] if len(raw) > keys else [""] * len(names)
            for name, value in zip(names, values, strict=True):
                yuan = value[0] * data["unit"] if isinstance(value, list) else None
                shown[table["id"], tuple(raw[:keys]), name] = yuan
    assert shown == figures


def test_nothing_confidential_is_anywhere(edition, folder, survey, policy):
    """The figures of confidential rows, as they would be printed, are in no public file."""
    whole = made_edition(survey, policy)
    secret = set()
    for table, full in zip(edition.tables, whole.tables, strict=True):
        hidden = table.frame[table.figures].isna() & full.frame[full.figures].notna()
        values = full.frame[full.figures].where(hidden).to_numpy().ravel()
        secret |= {int(v) for v in values if not pd.isna(v)}
    said = set()
    for table in edition.tables:
        numbers = table.frame.select_dtypes("number").to_numpy().ravel()
        said |= {int(v) for v in numbers if not pd.isna(v)}
    # The made-up year before is nine tenths of this one.
    said |= {int(v) for v in edition.series["value"].dropna()}
    secret -= said
    assert len(secret) > 5
    texts = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".pdf":
            texts[path] = "\n".join(p.extract_text() for p in pypdf.PdfReader(path).pages)
        elif path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            texts[path] = "\n".join(
                str(c) for s in book.worksheets for r in s.iter_rows(values_only=True) for c in r
            )
        elif path.suffix in (".csv", ".json", ".md", ".html", ".js"):
            texts[path] = path.read_text(encoding="utf-8")
    assert len(texts) > 15
    for path, text in texts.items():
        numbers = {int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*\d", text)}
        assert not secret & numbers, (path.name, secret & numbers)
