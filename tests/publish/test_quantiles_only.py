"""A release of quantiles only: counts and means are marked confidential in every form."""

from __future__ import annotations

import csv

import openpyxl
import pytest
from made import made_edition

from wageguide.policy import read_policy
from wageguide.publish.opendata import write_open_data
from wageguide.publish.sdmx import DATA_FILE, write_sdmx
from wageguide.publish.workbook import write_price_workbook

COUNTS = ("workers", "enterprises")


@pytest.fixture
def edition(survey, policy, tmp_path):
    text = policy.path.read_text(encoding="utf-8").replace('"suppress"', '"quantiles_only"')
    path = tmp_path / "quantiles.toml"
    path.write_text(text, encoding="utf-8")
    return made_edition(survey, read_policy(path))


def test_no_count_and_no_mean_of_a_class_is_printed(edition):
    for table in edition.tables:
        assert table.frame[list(COUNTS)].isna().all().all()
        assert table.frame["mean"][table.total_rows :].isna().all()
        assert table.frame["p50"].notna().any()


def test_the_workbook_says_confidential(edition, tmp_path):
    path = tmp_path / "prices.xlsx"
    write_price_workbook(path, edition)

    sheet = next(s for s in openpyxl.load_workbook(path).worksheets if s.title.startswith("1 "))
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    heads = [str(h).replace("\n", "") for h in rows[0]]
    places = [heads.index("调查人数"), heads.index("企业数")]
    assert {row[p] for row in rows[1:] if row[1] for p in places} == {"保密"}


def test_the_long_file_and_sdmx_mark_them(edition, tmp_path):
    for folder, write in (("tables", write_open_data), ("sdmx", write_sdmx)):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, edition)

    with (tmp_path / "tables" / "prices_long.csv").open(encoding="utf-8-sig") as file:
        long = [row for row in csv.DictReader(file) if row["measure"] in COUNTS]
    with (tmp_path / "sdmx" / DATA_FILE).open(encoding="utf-8") as file:
        cube = [row for row in csv.DictReader(file) if row["FIGURE"].lower() in COUNTS]
    assert long
    assert {(row["value"], row["mark"]) for row in long} == {("", "c")}
    assert cube
    assert {(row["OBS_VALUE"], row["OBS_STATUS"], row["CONF_STATUS"]) for row in cube} == {
        ("", "Q", "C")
    }
