"""The price workbook as Excel and openpyxl see it."""

from __future__ import annotations

import hashlib
import unicodedata

import openpyxl
import pytest

from tests.publish.made import made_tables, made_workbook
from wageguide.publish.notes import DRAFT
from wageguide.publish.opendata import LONG_FILE, write_frame, write_price_tables
from wageguide.publish.style import column_width, sheet_name, text_width

HOSTILE = "=cmd|'/c calc'!A1"


@pytest.fixture
def book(tmp_path, survey, policy):
    tables = made_workbook(tmp_path / "book.xlsx", survey, policy)
    return openpyxl.load_workbook(tmp_path / "book.xlsx"), tables


def test_sheets_in_printed_order(book):
    assert book[0].sheetnames == [
        "封面",
        "目录",
        "1 分职业",
        "2 分职业和技能等级",
        "3 分学历",
        "说明",
        "审核账目",
    ]


def test_table_sheets_are_set_up_for_screen_and_paper(book):
    workbook, tables = book
    for table, sheet in zip(tables, workbook.worksheets[2:5], strict=True):
        keys = 2 * len(table.settings.by)
        assert sheet.freeze_panes == sheet.cell(4, keys + 1).coordinate
        assert sheet.print_title_rows == "$1:$3"
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "第 &P 页，共 &N 页" in sheet.oddFooter.center.text
        assert not sheet.merged_cells.ranges
        assert "草稿" in sheet["A2"].value


def test_figures_are_numbers_in_whole_yuan_and_equal_the_table(book):
    workbook, tables = book
    for table, sheet in zip(tables, workbook.worksheets[2:5], strict=True):
        for at, row in enumerate(table.frame.itertuples(index=False), 4):
            cells = [c.value for c in sheet[at]]
            assert [c or "" for c in cells] == list(row)
            for cell in sheet[at][2 * len(table.settings.by) :]:
                assert cell.data_type == "n"
                assert cell.number_format == "#,##0"


def test_columns_are_wide_enough_for_their_widest_text(book):
    workbook, _ = book
    for sheet in workbook.worksheets[2:5]:
        for column in sheet.iter_cols(min_row=3, max_row=sheet.max_row - 2):
            width = sheet.column_dimensions[column[0].column_letter].width
            texts = [c.value for c in column if isinstance(c.value, str)]
            assert width >= min(46, max(map(text_width, texts)))


def test_no_formula_and_no_outside_link_in_any_sheet(book):
    for sheet in book[0].worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None or cell.hyperlink.target is None


def test_notes_say_rule_unit_rounding_and_that_it_is_a_draft(book):
    text = "\n".join(str(c.value) for row in book[0]["说明"].iter_rows() for c in row)
    for part in (DRAFT["zh"], "inverted_cdf", "元/年", "10 元", "2025年", "合成数据", "不高于"):
        assert part in text
    assert "因缺少分组答案未列入 15 人" in text


def test_account_sheet_holds_numbers(book):
    rows = list(book[0]["审核账目"].iter_rows(min_row=4, values_only=True))
    assert rows[0][:3] == ("收到", 62, 6000000)


def test_the_same_tables_give_the_same_bytes(tmp_path, survey, policy):
    for name in ("a.xlsx", "b.xlsx"):
        made_workbook(tmp_path / name, survey, policy)
    digests = {hashlib.sha256((tmp_path / n).read_bytes()).digest() for n in ("a.xlsx", "b.xlsx")}

    assert len(digests) == 1


def test_english_edition_has_no_chinese_but_in_units(tmp_path, survey, policy):
    made_workbook(tmp_path / "en.xlsx", survey, policy, lang="en")
    workbook = openpyxl.load_workbook(tmp_path / "en.xlsx")

    assert workbook.sheetnames[-2:] == ["Notes", "Account"]
    heads = [c.value for c in workbook.worksheets[2][3]]
    assert heads[:2] == ["Occupation\ncode", "Occupation"]
    texts = [
        value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if isinstance(value, str)
    ]
    assert [t for t in texts if any(unicodedata.east_asian_width(c) in "WF" for c in t)] == []


@pytest.mark.parametrize(
    ("text", "width"), [("职业", 4), ("P10", 3), ("低位数\n(10%分位)", 9), ("", 0), ("（）", 4)]
)
def test_full_width_characters_take_two_places(text, width):
    assert text_width(text) == width


def test_widths_have_a_floor_and_a_cap():
    assert column_width([]) == 8
    assert column_width(["职" * 100]) == 46


def test_sheet_names_are_what_excel_accepts():
    assert sheet_name("a/b?[c]:*\\") == "a b  c"
    assert len(sheet_name("长" * 50)) == 31
    assert sheet_name("''") == "Sheet"


def test_csv_twins_hold_the_published_figures(tmp_path, survey, policy):
    import pandas as pd

    tables = made_tables(survey, policy)
    write_price_tables(tmp_path, tables, 2025)

    assert (tmp_path / "occupation.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert sorted(p.name for p in tmp_path.glob("*.csv")) == sorted(
        ["education.csv", "occupation.csv", "occupation_skill.csv", LONG_FILE]
    )
    twin = pd.read_csv(tmp_path / "education.csv", keep_default_na=False)
    assert twin["p50"].tolist() == tables[2].frame["p50"].tolist()
    long = pd.read_csv(tmp_path / LONG_FILE)
    assert len(long) == sum(len(t.frame) * 8 for t in tables)
    part = long[(long["table"] == "education") & (long["measure"] == "p50")]
    assert part["value"].tolist() == tables[2].frame["p50"].tolist()


def test_weights_are_printed_where_rows_have_them(survey, policy):
    survey.workers["weight"] = 2.5
    table = made_tables(survey, policy, weighted=True)[0].frame

    assert table["weight"][0] == 150


def test_text_that_looks_like_a_formula_stays_text_in_csv(tmp_path):
    import pandas as pd

    write_frame(
        tmp_path / "x.csv", pd.DataFrame({"name": [HOSTILE, "-5.5", "普通"], "n": [-1, 2, 3]})
    )

    lines = (tmp_path / "x.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["name,n", f"'{HOSTILE},-1", "-5.5,2", "普通,3"]
