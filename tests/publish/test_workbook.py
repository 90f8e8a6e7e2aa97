"""The price workbook as Excel and openpyxl see it."""

from __future__ import annotations

import hashlib
import unicodedata

import numpy as np
import openpyxl
import pandas as pd
import pytest

from tests.publish.made import made_edition, made_tables, made_workbook
from wageguide.policy import read_policy
from wageguide.publish.notes import DRAFT
from wageguide.publish.opendata import LONG_FILE, write_frame, write_open_data
from wageguide.publish.quality_notes import grade_record
from wageguide.publish.settings import read_release_plan
from wageguide.publish.style import column_width, sheet_name, text_width
from wageguide.publish.workbook_tables import precision_columns, price_columns

HOSTILE = "=cmd|'/c calc'!A1"


@pytest.fixture
def book(tmp_path, survey, policy):
    tables = made_workbook(tmp_path / "book.xlsx", survey, policy)
    return openpyxl.load_workbook(tmp_path / "book.xlsx"), tables


def test_sheets_in_printed_order(book):
    assert book[0].sheetnames == [
        "封面",
        "目录",
        "如何阅读",
        "1 分职业",
        "1b 分职业 误差",
        "2 分职业和技能等级",
        "2b 分职业和技能等级 误差",
        "3 分学历",
        "3b 分学历 误差",
        "说明",
        "审核账目",
    ]


def test_table_sheets_are_set_up_for_screen_and_paper(book):
    workbook, tables = book
    for table, sheet in zip(np.repeat(tables, 2), workbook.worksheets[3:9], strict=True):
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
    for table, sheet in zip(tables, workbook.worksheets[3:9:2], strict=True):
        wanted = price_columns(table)
        for at, row in enumerate(table.frame[wanted].itertuples(index=False), 4):
            cells = dict(zip(wanted, sheet[at], strict=True))
            for name, value in zip(wanted, row, strict=True):
                cell = cells[name]
                if pd.isna(value):
                    assert cell.value in ("不可靠", "–")
                    continue
                if name == "mark" or name.startswith("grade_"):
                    continue
                assert (cell.value or "") == value
                if name in (*table.counts, *table.figures):
                    assert cell.data_type == "n"
                    assert cell.number_format == "#,##0"


def test_every_figure_has_its_grade_as_text_beside_it(book, policy):
    workbook, tables = book
    classes = read_release_plan(policy).grading.classes
    published = {c.code: c.published for c in classes}
    labels = {c.code: c.label_zh for c in classes}
    seen = set()
    for table, sheet in zip(tables, workbook.worksheets[3:9:2], strict=True):
        heads = [c.value for c in sheet[3]]
        wanted = price_columns(table)
        for at in range(4, 4 + len(table.frame)):
            for name in table.figures:
                place = wanted.index(name)
                figure, grade = sheet[at][place], sheet[at][place + 1]
                assert heads[place + 1].endswith("等级")
                code, _, label = grade.value.partition(" ")
                assert label == labels[code]
                assert (figure.data_type == "n") == published[code]
                seen.add(code)
        assert len(set(heads)) == len(heads)
    assert seen == {"A", "D", "N"}  # three enterprises: no error over 30 %


def test_the_second_sheet_holds_errors_in_per_cent_and_limits(book):
    workbook, tables = book
    for table, sheet in zip(tables, workbook.worksheets[4:9:2], strict=True):
        wanted = precision_columns(table)
        for at, row in enumerate(table.frame[wanted].itertuples(index=False), 4):
            for name, value, cell in zip(wanted, row, sheet[at], strict=True):
                if name in table.labels:
                    continue
                if pd.isna(value):
                    assert cell.value == "不可估"
                elif name.startswith("rse_"):
                    assert cell.value == pytest.approx(100 * value)
                    assert cell.number_format == "0.0"
                else:
                    assert cell.value == value


def test_a_figure_that_is_not_published_stands_nowhere(tmp_path, survey, policy):
    """Two enterprises: no figure but counts, in the workbook and the data files."""
    survey.workers["enterprise_id"] = survey.workers["enterprise_id"].replace("E3", "E2")
    text = policy.path.read_text(encoding="utf-8")
    strict = text.replace('at_best = "D"', 'at_best = "x"')
    policy.path.write_text(strict, encoding="utf-8")
    policy = read_policy(policy.path)

    tables = made_workbook(tmp_path / "book.xlsx", survey, policy)
    write_open_data(tmp_path, made_edition(survey, policy))

    for table in tables:
        hidden = [c for c in table.frame if c.startswith(("mean", "p", "rse_", "low_", "high_"))]
        assert table.frame[hidden].isna().all(axis=None)
        assert table.frame["workers"].notna().all()
        assert set(table.frame["grade_p50"]) == {"x"}
    workbook = openpyxl.load_workbook(tmp_path / "book.xlsx")
    for sheet in workbook.worksheets[4:9:2]:
        numbers = [c.value for row in sheet.iter_rows(min_row=4) for c in row if c.data_type == "n"]
        assert [n for n in numbers if n is not None] == []
    long = pd.read_csv(tmp_path / LONG_FILE)
    assert long.loc[long["grade"] == "x", ["value", "rse", "low", "high"]].isna().all(axis=None)
    # What stays in the office says why.
    record = grade_record(tables, read_release_plan(policy).grading)
    assert record["estimate"].notna().all()
    assert record["why_zh"].str.contains("企业数 [12]，至少应为 3").all()


def test_columns_are_wide_enough_for_their_widest_text(book):
    workbook, _ = book
    for sheet in workbook.worksheets[3:9]:
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
    heads = [c.value for c in workbook.worksheets[3][3]]
    assert heads[:2] == ["Occupation\ncode", "Occupation"]
    assert heads[5:7] == ["Mean", "Mean\ngrade"]
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
    edition = made_edition(survey, policy)
    tables = edition.tables
    write_open_data(tmp_path, edition)

    assert (tmp_path / "occupation.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert sorted(p.name for p in tmp_path.glob("*.csv")) == sorted(
        [
            "codes.csv",
            "dictionary.csv",
            "education.csv",
            "occupation.csv",
            "occupation_skill.csv",
            LONG_FILE,
        ]
    )
    twin = pd.read_csv(tmp_path / "education.csv", keep_default_na=False)
    assert twin["p50"].tolist() == tables[2].frame["p50"].tolist()
    long = pd.read_csv(tmp_path / LONG_FILE)
    assert len(long) == sum(len(t.frame) * 8 for t in tables)
    part = long[(long["table"] == "education") & (long["measure"] == "p50")]
    assert part["value"].tolist() == tables[2].frame["p50"].tolist()
    for beside in ("grade", "low"):
        assert part[beside].tolist() == tables[2].frame[f"{beside}_p50"].tolist()


def test_weights_are_printed_where_rows_have_them(survey, policy):
    survey.workers["weight"] = 2.5
    table = made_tables(survey, policy, weighted=True)[0].frame

    assert table["weight"][0] == 150


def test_text_that_looks_like_a_formula_stays_text_in_csv(tmp_path):
    write_frame(
        tmp_path / "x.csv", pd.DataFrame({"name": [HOSTILE, "-5.5", "普通"], "n": [-1, 2, 3]})
    )

    lines = (tmp_path / "x.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["name,n", f"'{HOSTILE},-1", "-5.5,2", "普通,3"]
