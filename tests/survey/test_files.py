"""Files as they come: broken, hostile, in any layout, in any encoding."""

from __future__ import annotations

import struct
import zipfile

import pandas as pd
import pytest
import xlsxwriter
from returns import FORM, LABELS, WORKER, workers, write_return

import wageguide as wg
from wageguide.survey.columns import WORKER_SHEET
from wageguide.survey.guard import MAX_COLUMNS, inspect


def read(path):
    return wg.read_survey(path, progress=False)


def reasons(survey):
    frame = survey.findings.frame
    return dict(zip(frame["file"], frame["reason"], strict=True))


def test_a_broken_file_is_a_finding_and_the_others_go_on(tmp_path):
    good = write_return(tmp_path / "good.xlsx", workers(3)).read_bytes()
    (tmp_path / "empty.xlsx").write_bytes(b"")
    (tmp_path / "text.xlsx").write_text("不是工作簿", encoding="utf-8")
    (tmp_path / "cut.xlsx").write_bytes(good[: len(good) // 2])
    (tmp_path / "locked.xlsx").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    (tmp_path / "notes.txt").write_text("说明", encoding="utf-8")
    (tmp_path / "~$good.xlsx").write_bytes(b"lock")
    (tmp_path / ".hidden.xlsx").write_bytes(b"x")

    survey = read(tmp_path)

    assert len(survey.workers) == 3
    assert reasons(survey) == {
        "empty.xlsx": "file_empty",
        "text.xlsx": "file_not_workbook",
        "cut.xlsx": "file_truncated",
        "locked.xlsx": "file_encrypted",
        "notes.txt": "file_not_workbook",
        "~$good.xlsx": "file_skipped",
        ".hidden.xlsx": "file_skipped",
    }


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(20 << 20))

    assert inspect(path.read_bytes())[0] == "file_too_large"


@pytest.mark.parametrize("dimension", ['<dimension ref="A1:XFD1048576"/>', ""])
def test_a_cell_far_out_is_not_filled_up_to(dimension):
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        sheet = f'<worksheet>{dimension}<sheetData><row r="1"><c r="XFD1048576"/></row></sheetData>'
        archive.writestr("xl/worksheets/sheet1.xml", sheet)

    assert inspect(buffer.getvalue())[0] == "file_too_large"


@pytest.mark.parametrize(("wide", "refused"), [(MAX_COLUMNS, False), (10_000, True)])
def test_too_many_columns(tmp_path, wide, refused):
    write_return(tmp_path / "good.xlsx", workers(3))
    book = xlsxwriter.Workbook(str(tmp_path / "wide.xlsx"))
    book.add_worksheet(WORKER_SHEET).write_row(0, 0, range(wide))
    book.close()

    assert (reasons(read(tmp_path))["wide.xlsx"] == "file_too_large") == refused


def test_no_workbook_and_no_worker_say_what_was_looked_for(tmp_path):
    with pytest.raises(wg.WageguideError, match="no workbook"):
        read(tmp_path)
    write_return(tmp_path / "a.xlsx", [])
    with pytest.raises(wg.WageguideError, match="holds no worker"):
        read(tmp_path)
    with pytest.raises(wg.WageguideError, match="no file or folder"):
        read(tmp_path / "absent")


def test_titles_two_row_headings_and_the_groups_unit(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("表二")
    sheet.merge_range("A1:F1", "从业人员工资情况表")
    sheet.write("A2", "填报说明：每人一行")
    for i, name in enumerate(("occupation", "months_worked", "annual_wage")):
        sheet.merge_range(2, i, 3, i, LABELS[name])
    sheet.merge_range("D3:E3", "工资构成（千元）")
    sheet.write_row("D4", ["基本 工资", "奖　金"])
    sheet.write_row("A5", ["2-02-10-03", 12, 80_000, 60, 20])
    form = book.add_worksheet("单位信息")
    for i, (name, value) in enumerate(FORM.items()):
        form.write_row(i, 0, [LABELS[name] + "：", "", value])
    book.close()

    workers_ = read(tmp_path).workers

    line = workers_.iloc[0]
    assert (line["row"], line["sheet"], line["industry"]) == (5, "表二", "C")
    assert (line["pay_base"], line["pay_bonus"], line["annual_wage"]) == (60_000, 20_000, 80_000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_csv_in_the_encodings_that_occur(tmp_path, encoding):
    path = tmp_path / "flat.csv"
    table = pd.DataFrame([FORM | WORKER, FORM | WORKER | {"enterprise_id": "B", "age": "３１"}])
    table.rename(columns=LABELS).to_csv(path, index=False, encoding=encoding)

    survey = read(path)

    assert survey.workers["age"].tolist() == [30, 31]
    assert survey.workers["row"].tolist() == [2, 3]
    assert survey.enterprises["enterprise_id"].tolist() == [FORM["enterprise_id"], "B"]
    assert survey.findings.frame["reason"].tolist() == ["text_number"]


def test_csv_that_is_neither(tmp_path):
    path = tmp_path / "flat.csv"
    path.write_bytes(b"\xff\xfe\xff" + struct.pack("B", 0x80))

    with pytest.raises(wg.WageguideError, match="neither UTF-8 nor GBK"):
        read(path)


def test_parquet_keeps_numbers(tmp_path):
    path = tmp_path / "flat.parquet"
    pd.DataFrame([FORM | WORKER] * 2).assign(note=["x", None]).to_parquet(path)

    survey = read(path)

    assert survey.workers["annual_wage"].tolist() == [80_000, 80_000]
    assert survey.workers["occupation"].tolist() == ["2-02-10-03"] * 2
    assert survey.extra["value"].tolist() == ["x"]


def test_a_sheet_that_lies_about_its_size_is_not_opened(tmp_path):
    """One cell in the last corner fills the memory of whoever believes the declared size."""
    write_return(tmp_path / "good.xlsx", workers(3))
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with (
        zipfile.ZipFile(tmp_path / "good.xlsx") as good,
        zipfile.ZipFile(tmp_path / "liar.xlsx", "w", zipfile.ZIP_DEFLATED) as liar,
    ):
        for name in good.namelist():
            text = good.read(name)
            if name.startswith("xl/worksheets/"):
                text = text.replace(b"</sheetData>", far.encode())
            liar.writestr(name, text)

    found = read(tmp_path).findings.frame

    assert found.loc[found["file"] == "liar.xlsx", "reason"].tolist() == ["file_too_large"]
