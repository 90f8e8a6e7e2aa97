"""What goes back to the enterprises: marks at the cell, text that stays text."""

from __future__ import annotations

import hashlib

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from wageguide.publish.returns import safe_file_name, write_returns

FORM, WORKERS = "企业基本情况", "从业人员工资"
HOSTILE = "=cmd|'/c calc'!A1"
MESSAGE = "从业人员工资第4行：“年龄”为 152；应在 16–80 岁之间，请核对。"


def make_return(path, *, workers=3, title="从业人员工资情况"):
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    form = book.add_worksheet(FORM)
    for row, (head, answer) in enumerate(
        [("企业表", ""), ("企业名称", HOSTILE), ("行业门类", "火星")]
    ):
        form.write_string(row, 0, head)
        form.write_string(row, 1, answer)
    sheet = book.add_worksheet(WORKERS)
    sheet.write_string(0, 0, title)
    for place, head in enumerate(["编号", "年龄", "全年工资合计（元）", "备注"]):
        sheet.write_string(1, place, head)
    for row in range(2, 2 + workers):
        sheet.write_string(row, 0, HOSTILE)
        sheet.write_number(row, 1, 152)
        sheet.write_formula(row, 2, "=50000+5000", None, 55000)
        sheet.write_string(row, 3, "http://example.org")
    book.close()


def finding(file, sheet, row, column, value, reason, severity, message=MESSAGE, enterprise="E1"):
    return (enterprise, "甲厂", file, sheet, row, column, value, reason, severity, message, message)


def findings_frame(rows):
    columns = ["enterprise_id", "enterprise_name", "file", "sheet", "row", "column", "value"]
    columns += ["reason", "severity", "message_zh", "message_en"]
    return pd.DataFrame(rows, columns=columns).astype({"row": "Int64"})


@pytest.fixture
def sent_back(tmp_path):
    """Workbooks sent back for a good file, a broken file and one with infos only."""
    survey, out = tmp_path / "survey", tmp_path / "out"
    survey.mkdir()
    out.mkdir()
    for name in ("a.xlsx", "fine.xlsx"):
        make_return(survey / name)
    (survey / "broken.xlsx").write_bytes(b"")
    frame = findings_frame(
        [
            finding("a.xlsx", WORKERS, 4, "age", "152", "age_impossible", "error"),
            finding("a.xlsx", WORKERS, 4, "age", "152", "text_number", "info"),
            finding("a.xlsx", WORKERS, 5, "annual_wage", "55000", "wage_outlier", "warning"),
            finding("a.xlsx", WORKERS, None, "annual_wage", "", "unit_slip", "warning"),
            finding("a.xlsx", FORM, 3, "industry", "火星", "code_unknown", "error"),
            finding("a.xlsx", FORM, 2, "enterprise_name", HOSTILE, "formula_text", "warning"),
            finding("broken.xlsx", "", None, "", "", "file_empty", "error", enterprise=None),
            finding("fine.xlsx", WORKERS, 4, "age", "152", "text_number", "info"),
        ]
    )
    count = write_returns(out, survey, frame, year=2025, lang="zh", processes=1, progress=False)
    return count, out, survey, frame


def test_one_workbook_for_each_return_with_errors_or_warnings(sent_back):
    count, out, _, _ = sent_back

    assert count == 1
    assert sorted(p.name for p in out.iterdir()) == ["退回核对_E1.xlsx", "退回核对_总表.xlsx"]


def test_cells_are_marked_by_fill_and_note(sent_back):
    book = openpyxl.load_workbook(sent_back[1] / "退回核对_E1.xlsx")
    assert book.sheetnames == ["核对清单", FORM, WORKERS]
    workers = book[WORKERS]

    assert workers["B4"].comment.text == MESSAGE
    assert workers["B4"].fill.fgColor.rgb == "FFF8CBAD"
    assert workers["C5"].fill.fgColor.rgb == "FFFFE699"
    assert workers["C2"].comment is not None
    assert book[FORM]["B3"].comment is not None
    marked = [c.coordinate for row in workers.iter_rows() for c in row if c.comment]
    assert marked == ["C2", "B4", "C5"]


def test_values_come_back_as_received_but_no_text_is_a_formula_or_link(sent_back):
    book = openpyxl.load_workbook(sent_back[1] / "退回核对_E1.xlsx")
    assert book[WORKERS]["C3"].value == 55000
    assert book[WORKERS]["A3"].value == HOSTILE
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(c.data_type != "f" and c.hyperlink is None for c in row)


def test_the_list_says_what_to_do(sent_back):
    sheet = openpyxl.load_workbook(sent_back[1] / "退回核对_E1.xlsx")["核对清单"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))

    assert len(rows) == 5
    assert rows[0] == (
        1,
        "错误",
        WORKERS,
        4,
        "年龄",
        "152",
        "从业人员工资第4行：“年龄”为 152",
        "应在 16–80 岁之间，请核对。",
    )


def test_the_overview_holds_files_that_cannot_be_read(sent_back):
    sheet = openpyxl.load_workbook(sent_back[1] / "退回核对_总表.xlsx").active
    rows = list(sheet.iter_rows(min_row=4, values_only=True))

    assert rows[0][:6] == ("E1", "甲厂", "a.xlsx", 2, 3, "退回核对_E1.xlsx")
    assert rows[1][2:6] == ("broken.xlsx", 1, 0, "（文件无法读取）")
    assert len(rows) == 2


def test_one_or_two_processes_give_the_same_bytes(tmp_path, sent_back):
    _, _, survey, _ = sent_back
    names = [f"f{n:02}.xlsx" for n in range(30)]
    for name in names:
        make_return(survey / name, workers=2)
    frame = findings_frame(
        [
            finding(
                name, WORKERS, 3, "age", "152", "age_impossible", "error", enterprise=f"X{name}"
            )
            for name in names
        ]
    )
    digests = []
    for processes in (1, 2):
        out = tmp_path / f"p{processes}"
        out.mkdir()
        write_returns(out, survey, frame, year=2025, lang="zh", processes=processes, progress=False)
        digests.append({p.name: hashlib.sha256(p.read_bytes()).digest() for p in out.iterdir()})

    assert len(digests[0]) == 31
    assert digests[0] == digests[1]


def test_two_returns_of_one_enterprise_do_not_overwrite_each_other(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        make_return(tmp_path / name)
    out = tmp_path / "out"
    out.mkdir()
    frame = findings_frame(
        [
            finding(n, WORKERS, 3, "age", "152", "age_impossible", "error")
            for n in ("a.xlsx", "b.xlsx")
        ]
    )

    assert (
        write_returns(out, tmp_path, frame, year=2025, lang="zh", processes=1, progress=False) == 2
    )
    assert len(list(out.iterdir())) == 3


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("91320115TEST", "91320115TEST"),
        ("../../etc/x", "etc_x"),
        ("a/b\\c:d", "a_b_c_d"),
        ("..", "unnamed"),
    ],
)
def test_file_names_are_safe(text, safe):
    assert safe_file_name(text) == safe
