"""The sample district is what its generator makes, and its truth is true."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineError, load_workbook

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
REASONS_OF_ISSUE = {
    "file_not_workbook", "file_empty", "file_truncated", "file_encrypted", "file_too_large",
    "sheet_missing", "no_worker_rows", "column_missing", "column_unknown", "enterprise_duplicate",
    "enterprise_field", "row_total", "row_empty", "row_duplicate", "partial_year",
    "months_impossible", "age_impossible", "hours_impossible", "code_unknown", "value_missing",
    "value_not_number", "text_number", "wage_negative", "wage_zero", "wage_implausible",
    "pay_sum_mismatch", "unit_slip", "unit_declared", "wage_outlier", "formula_text", "layout",
}  # fmt: skip
PARTS = ["pay_base", "pay_bonus", "pay_allowance", "pay_overtime", "pay_special"]
FEN = 100


@pytest.fixture(scope="module", autouse=True)
def sample_on_path() -> Iterator[None]:
    sys.path.insert(0, str(SAMPLE))
    yield
    sys.path.remove(str(SAMPLE))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample made again in another folder by the command line, as a user would."""
    out = tmp_path_factory.mktemp("made")
    run("--out", str(out))
    return out


@pytest.fixture(scope="module")
def faults() -> pd.DataFrame:
    path = SAMPLE / "truth" / "2025_faults.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def workers() -> pd.DataFrame:
    return pd.read_parquet(SAMPLE / "truth" / "2025_workers.parquet")


def run(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SAMPLE / "generate.py"), "--quiet", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True)


def raw(folder: Path) -> dict[str, str]:
    """Hash of the bytes of every file."""
    files = sorted(p for sub in ("returns", "plans", "truth") for p in (folder / sub).rglob("*.*"))
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def content(path: Path) -> str:
    """Hash of what a file holds, whatever zlib and pyarrow packed it with."""
    data = path.read_bytes()
    if path.suffix == ".parquet":
        data = pd.read_parquet(path).to_csv(index=False).encode()
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = [(m.filename, archive.read(m)) for m in archive.infolist()]
        data = b"".join(name.encode() + body for name, body in members)
    return hashlib.sha256(data).hexdigest()


def fen(money: pd.Series) -> pd.Series:
    return (money * FEN).round().astype("int64")


def cell(sheets: dict[str, list[list[object]]], fault: pd.Series) -> list[object]:
    return sheets[fault["sheet"]][int(fault["row"]) - 1]


def readable(folder: Path) -> Iterator[tuple[str, dict[str, list[list[object]]]]]:
    """Every workbook that can be opened, as its sheets' rows from the first row on."""
    for path in sorted(folder.glob("*.xlsx")):
        try:
            book = load_workbook(path)
        except CalamineError:
            continue
        names = book.sheet_names
        rows = {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in names}
        yield path.name, rows


def test_committed_sample_is_what_the_generator_makes(made: Path) -> None:
    committed, again = raw(SAMPLE), raw(made)
    assert len(committed) > 60
    assert committed.keys() == again.keys()
    wrong = [name for name in committed if content(SAMPLE / name) != content(made / name)]
    assert wrong == []


def test_same_seed_gives_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    size = ("--enterprises", "24", "--workers", "400", "--year", "2022")
    for name, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        run(*size, "--seed", seed, "--out", str(tmp_path / name))
    assert raw(tmp_path / "a") == raw(tmp_path / "b")
    assert raw(tmp_path / "a") != raw(tmp_path / "c")


def test_sample_is_small_and_marked_as_synthetic(workers: pd.DataFrame) -> None:
    files = list((SAMPLE / "returns").rglob("*.xlsx")) + list((SAMPLE / "truth").iterdir())
    assert sum(p.stat().st_size for p in files) < 3_000_000
    assert workers["enterprise_name"].str.startswith("样例").all()
    # The real code's alphabet has neither I, O, S, V nor Z.
    assert workers["enterprise_id"].str.fullmatch(r"ZZSYIO320115\d{6}").all()
    assert workers["enterprise_id"].nunique() == 60
    assert len(workers) == 4_000


def test_parts_add_up_to_the_fen(workers: pd.DataFrame) -> None:
    total = sum(fen(workers[part]) for part in PARTS)
    assert (total == fen(workers["annual_wage"])).all()
    assert (workers[PARTS] >= 0).all().all()
    assert (fen(workers["pay_overtime"]) % FEN > 0).any()


def test_wages_look_like_wages(workers: pd.DataFrame) -> None:
    monthly = workers["pay_base"] / workers["months_worked"]
    assert monthly.min() == 2_490
    assert (monthly == 2_490).mean() > 0.03
    assert (monthly % 500 == 0).mean() > 0.2
    assert 0.04 < (workers["months_worked"] < 12).mean() < 0.08
    wages = np.sort(workers["annual_wage"].to_numpy())
    assert wages[-40:].sum() > 0.04 * wages.sum()
    spread = workers.groupby("occupation")["enterprise_id"].nunique()
    assert (spread <= 2).sum() >= 20
    assert len(spread) >= 60


def test_every_reason_is_planted_in_a_file_that_exists(faults: pd.DataFrame) -> None:
    assert set(faults["reason"]) == REASONS_OF_ISSUE
    present = {p.name for p in (SAMPLE / "returns" / "2025").iterdir()}
    assert set(faults["file"]) <= present


def test_a_row_has_at_most_one_fault(faults: pd.DataFrame) -> None:
    """A partial year is no fault: such rows share only the unit slip of a whole return."""
    in_rows = faults[(faults["row"] != "") & (faults["reason"] != "partial_year")]
    assert len(in_rows) > 500
    assert not in_rows.duplicated(["file", "sheet", "row"]).any()


def test_planted_values_stand_in_their_rows(faults: pd.DataFrame) -> None:
    in_rows = faults[(faults["row"] != "") & (faults["column"] != "")]
    seen = 0
    for name, sheets in readable(SAMPLE / "returns" / "2025"):
        for _, fault in in_rows[in_rows["file"] == name].iterrows():
            shown = cell(sheets, fault)
            if fault["planted"] == "":
                assert "" in shown, fault.to_dict()
                continue
            texts = {v if isinstance(v, str) else f"{v:.6f}".rstrip("0").rstrip(".") for v in shown}
            assert fault["planted"] in texts, fault.to_dict()
            seen += 1
    assert seen > 500


def test_workers_stand_in_the_rows_that_the_truth_names(
    faults: pd.DataFrame, workers: pd.DataFrame
) -> None:
    placed = workers.dropna(subset=["row"])
    seen = 0
    for name, sheets in readable(SAMPLE / "returns" / "2025"):
        for identity, row in placed.loc[placed["file"] == name, ["worker_id", "row"]].to_numpy():
            assert identity in sheets["从业人员工资"][int(row) - 1]
            seen += 1
    assert seen == len(placed) > 3_500
    lost = workers.loc[workers["row"].isna(), "file"].unique()
    reasons = faults[faults["file"].isin(lost)].groupby("file")["reason"].first()
    assert len(reasons) == len(lost)


def test_lines_that_are_no_worker(faults: pd.DataFrame) -> None:
    books = dict(readable(SAMPLE / "returns" / "2025"))
    lines = faults[faults["reason"].isin(["row_total", "row_empty", "row_duplicate"])]
    assert len(lines) > 10
    for _, fault in lines.iterrows():
        shown = cell(books[fault["file"]], fault)
        above = books[fault["file"]][fault["sheet"]][int(fault["row"]) - 2]
        if fault["reason"] == "row_empty":
            assert set(shown) == {""}
        elif fault["reason"] == "row_duplicate":
            assert shown == above
        else:
            assert "计" in str(shown[0])


def test_single_faults_spare_the_rest_of_the_return(
    faults: pd.DataFrame, workers: pd.DataFrame
) -> None:
    """In returns on the plain form, wages without a fault are those of the truth."""
    odd = faults[faults["reason"].isin(["unit_slip", "unit_declared", "layout"])]["file"].unique()
    touched = set(zip(faults["file"], faults["row"], strict=True))
    seen = 0
    for name, sheets in readable(SAMPLE / "returns" / "2025"):
        mine = workers[(workers["file"] == name) & workers["row"].notna()]
        if name in odd or mine.empty:
            continue
        place = next(
            i for i, h in enumerate(sheets["从业人员工资"][0]) if str(h).startswith("全年工资合计")
        )
        for wage, row in mine[["annual_wage", "row"]].to_numpy():
            if (name, str(int(row))) not in touched:
                assert sheets["从业人员工资"][int(row) - 1][place] == wage
                seen += 1
    assert seen > 50


def test_broken_files_are_broken_in_their_own_way(faults: pd.DataFrame) -> None:
    folder = SAMPLE / "returns" / "2025"
    file = faults.set_index("reason")["file"]
    assert (folder / file["file_empty"]).stat().st_size == 0
    assert (folder / file["file_truncated"]).read_bytes()[:2] == b"PK"
    assert not zipfile.is_zipfile(folder / file["file_truncated"])
    assert (folder / file["file_not_workbook"]).read_bytes().decode("gb18030")
    with pytest.raises(CalamineError, match="password"):
        load_workbook(folder / file["file_encrypted"])
    locked = (folder / file["file_encrypted"]).read_bytes()
    assert locked.startswith(bytes.fromhex("d0cf11e0a1b11ae1"))
    assert "EncryptedPackage".encode("utf-16-le") in locked
    wide = load_workbook(folder / file["file_too_large"]).get_sheet_by_name("从业人员工资")
    assert wide.width == 10_000
    first = file["enterprise_duplicate"].replace("（再次报送）", "")
    assert (folder / first).read_bytes() == (folder / file["enterprise_duplicate"]).read_bytes()


def test_no_formula_is_alive() -> None:
    files = [p for p in (SAMPLE / "returns").rglob("*.xlsx") if zipfile.is_zipfile(p)]
    assert len(files) > 50
    for path in files:
        with zipfile.ZipFile(path) as archive:
            sheets = [m for m in archive.namelist() if m.startswith("xl/worksheets/sheet")]
            assert not any(
                b"<f>" in archive.read(m) or b"<hyperlink" in archive.read(m) for m in sheets
            )


def test_years_are_one_panel(tmp_path: Path) -> None:
    run("--enterprises", "30", "--workers", "900", "--years", "2021-2026", "--out", str(tmp_path))
    frames = {
        year: pd.read_parquet(tmp_path / "truth" / f"{year}_workers.parquet")
        for year in range(2021, 2027)
    }
    assert all((tmp_path / "returns" / str(year)).is_dir() for year in frames)
    key = ["enterprise_id", "worker_id"]
    for year in range(2022, 2027):
        before, after = frames[year - 1], frames[year]
        assert not after.duplicated(key).any()
        both = before.merge(after, on=key, suffixes=("", "_after"))
        assert 0.75 < len(both) / len(before) < 0.95
        assert (both["age_after"] == both["age"] + 1).all()
        assert (both["occupation_after"] == both["occupation"]).all()
        full = both[(both["months_worked"] == 12) & (both["months_worked_after"] == 12)]
        assert 1.01 < full["annual_wage_after"].sum() / full["annual_wage"].sum() < 1.15


def test_one_year_is_that_year_of_the_panel() -> None:
    from generator import district, panel

    years = dict(panel(20, 300, last_year=2023))
    pd.testing.assert_frame_equal(years[2023], district(20, 300, year=2023))


def test_microdata_of_any_length(tmp_path: Path) -> None:
    path = tmp_path / "flat.parquet"
    run("--parquet", str(path), "--rows", "200500")
    file = pq.ParquetFile(path)
    assert file.metadata.num_rows == 200_500
    assert file.num_row_groups == 2
    frame = file.read().to_pandas()
    assert list(frame) == [
        "annual_wage", "weight", "enterprise_id", "occupation", "industry", "enterprise_size",
        "skill_level", "post_level", "education", "place",
    ]  # fmt: skip
    assert frame.notna().all().all()
    assert (frame["annual_wage"] > 0).all()
    assert (frame["weight"] >= 1).all()
    assert frame.groupby("enterprise_id")["industry"].nunique().max() == 1


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        (("--year", "2020"), "2021 to 2026"),
        (("--years", "2026-2021"), "2021 to 2026"),
        (("--enterprises", "60", "--workers", "100"), "too few"),
    ],
)
def test_impossible_wishes_are_refused(
    options: tuple[str, ...], phrase: str, tmp_path: Path
) -> None:
    command = [sys.executable, str(SAMPLE / "generate.py"), "--out", str(tmp_path), *options]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 2
    assert phrase in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_reference_lists_hold_every_code_of_the_sample(workers: pd.DataFrame) -> None:
    for key in (
        "occupation", "post_level", "skill_level", "education", "sex", "employment_form",
        "industry", "place", "registration_type", "enterprise_size",
    ):  # fmt: skip
        path = SAMPLE.parent / "reference" / f"{key}.csv"
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        wanted = ["code", "name_zh", "name_en", "synonyms", "edition", "source", "evidence"]
        assert list(table)[:7] == wanted
        assert table["code"].is_unique
        assert (table[["name_zh", "edition", "source"]] != "").all().all()
        used = table[table["code"].isin(set(workers[key]))]
        assert (used["name_en"] != "").all()
        marks = {"VERIFIED", "VERIFIED (secondary copy)", "RECALLED", "OWN"}
        assert set(table["evidence"]) <= marks
        assert set(workers[key]) <= set(table["code"])


def test_every_occupation_has_its_parents() -> None:
    path = SAMPLE.parent / "reference" / "occupation.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("code")
    below = table[table["level"] != "major"]
    assert len(below) > 200
    assert set(below["parent"]) <= set(table.index)
    order = ["major", "middle", "small", "detailed"]
    for code, row in below.iterrows():
        assert str(code).startswith(row["parent"] + "-")
        assert order.index(row["level"]) == order.index(table.loc[row["parent"], "level"]) + 1
