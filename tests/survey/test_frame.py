"""Frames as offices keep them, and every way in which one cannot be used."""

from __future__ import annotations

import pandas as pd
import pytest

from wageguide.errors import WeightError
from wageguide.provenance import data_dir
from wageguide.survey.frame import read_frame

GOOD = pd.DataFrame(
    {
        "统一社会信用代码": ["A1", "A2", "A3"],
        "行业门类": ["C", "制造业", "F"],
        "从业人员期末人数": [30, 20, 10],
        "是否抽中": ["是", "否", "1"],
        "街道": ["01", "02", "01"],
    }
)


def written(path, table, encoding="utf-8"):
    if path.suffix == ".xlsx":
        table.to_excel(path, index=False)
    elif path.suffix == ".parquet":
        table.to_parquet(path, index=False)
    else:
        table.to_csv(path, index=False, encoding=encoding)
    return path


@pytest.mark.parametrize(
    ("name", "encoding"), [("f.csv", "utf-8"), ("f.csv", "utf-8-sig"), ("f.csv", "gbk"),
                           ("f.xlsx", ""), ("f.parquet", "")],
)  # fmt: skip
def test_any_file_that_offices_keep(tmp_path, name, encoding):
    frame = read_frame(written(tmp_path / name, GOOD, encoding))

    assert frame.table["enterprise_id"].tolist() == ["A1", "A2", "A3"]
    assert frame.table["industry"].tolist() == ["C", "C", "F"]
    assert frame.table["headcount"].tolist() == [30, 20, 10]
    assert frame.table["selected"].tolist() == [True, False, True]
    assert frame.table["街道"].tolist() == ["01", "02", "01"]
    assert "抽中 2 户" in repr(frame)


def test_without_a_mark_all_were_asked(tmp_path):
    frame = read_frame(written(tmp_path / "f.csv", GOOD.drop(columns="是否抽中")))

    assert frame.table["selected"].all()


def test_own_columns_become_numbers_where_they_are_summed(tmp_path):
    frame = read_frame(written(tmp_path / "f.csv", GOOD.assign(人数=["1,200", "３", "5人"])))

    assert frame.numbers("人数").tolist() == [1_200, 3, 5]
    assert frame.numbers("headcount").tolist() == [30, 20, 10]
    with pytest.raises(WeightError, match="no column 'revenue'"):
        frame.numbers("revenue")


def test_own_columns_that_are_no_numbers_are_not_summed(tmp_path):
    frame = read_frame(written(tmp_path / "f.csv", GOOD.assign(人数=["1", "多", "2"])))

    with pytest.raises(WeightError, match="1 cells do not, the first is '多' of enterprise A2"):
        frame.numbers("人数")


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    bad = pd.DataFrame(
        {
            "enterprise_id": ["A1", "", "A1"],
            "industry": ["C", "Ω", "C"],
            "headcount": ["30", "many", "-1"],
            "selected": ["1", "0", "perhaps"],
            "probability": ["0.5", "1.5", "0"],
        }
    )
    with pytest.raises(WeightError) as caught:
        read_frame(written(tmp_path / "f.csv", bad))

    told = "\n".join(caught.value.problems)
    for part in (
        "row 3: no enterprise_id",
        "row 4: enterprise A1 stands in row 2 too",
        "row 3: industry is 'Ω'",
        "row 3: headcount is 'many'",
        "row 4: headcount is '-1'",
        "row 4: selected is 'perhaps'",
        "row 3: probability is '1.5'",
        "row 4: probability is '0'",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("enterprise_id,headcount\n", "no row below them"),
        ("name,headcount\nx,1\n", "no column 统一社会信用代码"),
        ("enterprise_id,enterprise_id\nx,1\n", "two columns headed enterprise_id"),
        ("enterprise_id,统一社会信用代码\nx,1\n", "two columns hold enterprise_id"),
        ("\0\0", "zero bytes"),
    ],
)
def test_files_that_are_no_frame(tmp_path, content, message):
    path = tmp_path / "f.csv"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(WeightError, match=message):
        read_frame(path)


def test_absent_and_broken_files(tmp_path):
    with pytest.raises(WeightError, match="is not there"):
        read_frame(tmp_path / "none.csv")
    for name in ("f.xlsx", "f.parquet"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 broken")
        with pytest.raises(WeightError, match="f\\."):
            read_frame(tmp_path / name)


def test_an_empty_cell_is_told_where_it_is_needed(tmp_path):
    frame = read_frame(written(tmp_path / "f.csv", GOOD.assign(行业门类=["C", "", "F"])))

    with pytest.raises(WeightError, match="industry is empty for 1 enterprises: A2"):
        frame.require(["industry"], "A stratum")


def test_the_frame_of_the_sample():
    frame = read_frame(data_dir() / "sample" / "frame_2025.csv")

    assert frame.table["selected"].sum() == 60
    assert len(frame.table) > 200
    assert frame.table["enterprise_id"].str.startswith("ZZSYIO").all()
