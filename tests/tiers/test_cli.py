"""`wageguide tiers` as a program: the contract of its output, and every way to go wrong."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest

ROWS = pd.DataFrame(
    {
        "工资": [50000, 60000.5, 70000, 80000, 90000, 65000],
        "职业": ["10", "9", "9", "9", "10", "9"],
        "规模": ["大", "小", "小", "大", "大", "小"],
        "w": [1, 2, 1.5, 1, 1, 1],
        "企业": ["a", "a", "b", "c", "c", "c"],
    }
)


def run(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "wageguide", "tiers", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "rows.csv"
    ROWS.to_csv(path, index=False)
    return path


class TestContract:
    def test_one_table(self, rows, tmp_path):
        out = tmp_path / "out.csv"

        done = run(
            rows,
            "--wage",
            "工资",
            "--by",
            "职业",
            "--weight",
            "w",
            "--enterprise",
            "企业",
            "--out",
            out,
        )

        assert done.returncode == 0, done.stderr
        table = pd.read_csv(out)
        assert table.columns.tolist() == [
            "职业", "workers", "enterprises", "weight", "mean", "p10", "p25", "p50", "p75", "p90",
        ]  # fmt: skip
        assert table["职业"].tolist() == [9, 10]  # plain numbers sort by size
        assert table["workers"].tolist() == [4, 2]
        assert table["enterprises"].tolist() == [3, 2]
        assert table["weight"].tolist() == [5.5, 2]
        assert table["p50"].tolist() == [65000, 50000]

    def test_several_tables_begin_with_a_column_table(self, rows, tmp_path):
        out = tmp_path / "out.csv"

        done = run(
            rows, "--wage", "工资", "--by", "职业,规模", "--by", "规模", "--by", "", "--out", out
        )

        assert done.returncode == 0, done.stderr
        table = pd.read_csv(out, dtype=str)
        assert table.columns.tolist()[:4] == ["table", "职业", "规模", "workers"]
        assert table["table"].tolist() == ["职业,规模"] * 3 + ["规模"] * 2 + ["total"]
        assert table["职业"].isna().tolist() == [False] * 3 + [True] * 3
        assert table.iloc[-1]["workers"] == "6"

    def test_gbk_parquet_and_workbook_give_the_same(self, rows, tmp_path):
        gbk, parquet, xlsx = (tmp_path / f"rows_.{e}" for e in ("csv", "parquet", "xlsx"))
        ROWS.to_csv(gbk, index=False, encoding="gbk")
        ROWS.to_parquet(parquet)
        ROWS.to_excel(xlsx, index=False)
        tables = []
        for path in (rows, gbk, parquet, xlsx):
            out = tmp_path / f"{path.name}.out.csv"
            done = run(path, "--wage", "工资", "--by", "规模", "--weight", "w", "--out", out)
            assert done.returncode == 0, done.stderr
            tables.append(out.read_bytes())
        assert len(set(tables)) == 1

    def test_same_input_same_bytes_in_every_form(self, rows, tmp_path):
        for ending in ("csv", "parquet", "xlsx"):
            one, two = tmp_path / f"1.{ending}", tmp_path / f"2.{ending}"
            for out in (one, two):
                assert run(rows, "--wage", "工资", "--by", "职业", "--out", out).returncode == 0
            assert one.read_bytes() == two.read_bytes()

    def test_codes_keep_their_leading_zeros(self, tmp_path):
        path, out = tmp_path / "r.csv", tmp_path / "o.csv"
        path.write_text("x,k\n1,007\n2,7\n", encoding="utf-8")
        assert run(path, "--wage", "x", "--by", "k", "--out", out).returncode == 0
        assert pd.read_csv(out, dtype=str)["k"].tolist() == ["007", "7"]

    def test_text_of_the_data_is_never_a_formula(self, tmp_path):
        path, out = tmp_path / "r.csv", tmp_path / "o.xlsx"
        path.write_text("x,k\n1,=cmd|'/c calc'!A1\n2,+1+1\n3,@SUM(A1)\n4,-2+3\n", encoding="utf-8")
        assert run(path, "--wage", "x", "--by", "k", "--out", out).returncode == 0
        cells = [c for row in openpyxl.load_workbook(out).active.iter_rows() for c in row]
        assert {c.value for c in cells} >= {"=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "-2+3"}
        assert all(c.data_type != "f" for c in cells)

    def test_a_cold_command_loads_no_pandas(self, rows, tmp_path):
        arguments = ["tiers", rows, "--wage", "工资", "--by", "职业", "--out", tmp_path / "o.csv"]
        code = (
            "import json, sys; from wageguide.cli import commands;"
            f"commands({list(map(str, arguments))!r}, standalone_mode=False);"
            "print(json.dumps('pandas' in sys.modules))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert json.loads(done.stdout) is False


BAD_FILES = {
    "absent": (None, "is not a file"),
    "empty": (b"", "is empty (0 bytes)"),
    "heading only": ("工资,职业\n".encode(), "no rows"),
    "no such column": (b"a,b\n1,2\n", "there is no column '工资'"),
    "words for a number": ("工资,职业\n五万,1\n".encode(), "五万"),
    "negative": ("工资,职业\n-5,1\n7,1\n".encode(), "工资 is negative in 1 of 2 rows: row 1"),
    "infinite": ("工资,职业\ninf,1\n7,1\n".encode(), "工资 is infinite"),
    "missing": ("工资,职业\n,1\n7,1\n".encode(), "工资 is missing"),
    "billions of billions": ("工资,职业\n1e15,1\n7,1\n".encode(), "工资 is over"),
    "missing key": ("工资,职业\n6,\n7,1\n".encode(), "职业 is missing in 1 of 2 rows: row 1"),
}


class TestBadInput:
    @pytest.mark.parametrize("why", BAD_FILES)
    def test_says_why_and_writes_nothing(self, tmp_path, why):
        content, phrase = BAD_FILES[why]
        path, out = tmp_path / "rows.csv", tmp_path / "out.csv"
        if content is not None:
            path.write_bytes(content)

        done = run(path, "--wage", "工资", "--by", "职业", "--out", out)

        assert done.returncode == 2
        assert phrase in done.stderr
        assert "Traceback" not in done.stderr
        assert sorted(p.name for p in tmp_path.iterdir()) == (
            [path.name] if content is not None else []
        )

    def test_all_weights_zero(self, tmp_path):
        path = tmp_path / "r.csv"
        path.write_text("x,w\n1,0\n2,0\n", encoding="utf-8")
        done = run(path, "--wage", "x", "--by", "", "--weight", "w", "--out", tmp_path / "o.csv")
        assert done.returncode == 2
        assert "No row can be used" in done.stderr
        assert "w is zero or negative in 2 of 2 rows" in done.stderr

    def test_rows_set_aside_are_accounted_for(self, tmp_path):
        path, out = tmp_path / "r.csv", tmp_path / "o.csv"
        path.write_text("x,w,k\n1,1,a\n-2,0,a\n3,-1,a\n,1,a\n5,1,\n", encoding="utf-8")
        done = run(
            path,
            "--wage",
            "x",
            "--by",
            "k",
            "--weight",
            "w",
            "--bad-rows",
            "set-aside",
            "--out",
            out,
        )
        assert done.returncode == 0, done.stderr
        assert pd.read_csv(out)["workers"].sum() == 1
        for line in ("5 rows received", "1 left out (x is missing)", "1 left out (x is negative)"):
            assert line in done.stderr
        assert "1 left out (w is zero or negative)" in done.stderr
        assert "1 left out (key missing)" in done.stderr

    def test_broken_parquet_and_workbook(self, tmp_path):
        for name in ("r.parquet", "r.xlsx"):
            path = tmp_path / name
            path.write_bytes(b"PK\x03\x04 not really" * 9)
            done = run(path, "--wage", "x", "--by", "", "--out", tmp_path / "o.csv")
            assert done.returncode == 2
            assert name in done.stderr
            assert "Traceback" not in done.stderr

    @pytest.mark.slow
    def test_zip_bomb(self, tmp_path):
        path = tmp_path / "bomb.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bomb:
            bomb.writestr("[Content_Types].xml", "<Types/>")
            with bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
                for _ in range(3 * 1024):
                    sheet.write(bytes(1 << 20))
        done = run(path, "--wage", "x", "--by", "", "--out", tmp_path / "o.csv")
        assert done.returncode == 2
        assert "bomb.xlsx" in done.stderr
        assert "Traceback" not in done.stderr

    def test_ten_thousand_columns(self, tmp_path):
        path, out = tmp_path / "wide.csv", tmp_path / "o.csv"
        names = [f"c{i}" for i in range(10_000)]
        path.write_text(
            ",".join(names) + "\n" + ",".join("1" for _ in names) + "\n", encoding="utf-8"
        )
        assert run(path, "--wage", "c9999", "--by", "c5", "--out", out).returncode == 0
        done = run(path, "--wage", "nope", "--by", "c5", "--out", out)
        assert done.returncode == 2
        assert len(done.stderr) < 1_000

    @pytest.mark.parametrize(
        ("option", "value", "phrase"),
        [
            ("--quantile", "median", "Choose one of: inverted_cdf (hf1)"),
            ("--scheme", "quartiles", "percentiles, tail_means, middle_means"),
            ("--probs", "10", "the 10th percentile is 0.1, not 10"),
            ("--out", "table.doc", ".csv, .parquet, .xlsx"),
            ("--by", "职业,职业", "stands twice"),
        ],
    )
    def test_unusable_arguments(self, rows, tmp_path, option, value, phrase):
        given = {"--wage": "工资", "--by": "职业", "--out": str(tmp_path / "o.csv"), option: value}
        done = run(rows, *(v for pair in given.items() for v in pair))
        assert done.returncode == 2
        assert phrase in done.stderr
        assert "Traceback" not in done.stderr

    def test_inputs_are_not_changed(self):
        from wageguide.tiers.estimate import estimate_tiers

        frame = ROWS.copy()
        frame.loc[0, "工资"] = np.nan
        before = frame.copy(deep=True)
        estimate_tiers(frame, ["职业"], wage="工资", weight="w", on_bad_rows="set_aside")
        pd.testing.assert_frame_equal(frame, before)


class TestErrors:
    @pytest.fixture
    def sample(self, tmp_path):
        """Two strata of three enterprises with two workers each."""
        rng = np.random.default_rng(5)
        rows = pd.DataFrame(
            {
                "pay": rng.integers(40_000, 90_000, 12),
                "sex": ["f", "m"] * 6,
                "stratum": ["s1"] * 6 + ["s2"] * 6,
                "firm": np.repeat([1, 2, 3, 4, 5, 6], 2),
                "weight": [10.0] * 6 + [20.0] * 6,
                "frame": [30] * 6 + [60] * 6,
                "r1": [20.0, 20, 10, 10, 0, 0] + [20.0] * 6,
                "r2": [0.0, 0, 10, 10, 20, 20] + [20.0] * 6,
            }
        )
        path = tmp_path / "sample.csv"
        rows.to_csv(path, index=False)
        return path

    def asked(self, sample, out, *more):
        return run(
            sample, "--wage", "pay", "--by", "sex", "--weight", "weight", "--enterprise", "firm",
            *more, "--out", out,
        )  # fmt: skip

    def test_columns_stand_beside_each_figure(self, sample, tmp_path):
        out = tmp_path / "out.csv"

        done = self.asked(sample, out, "--stratum", "stratum", "--se", "linearized")

        assert done.returncode == 0, done.stderr
        table = pd.read_csv(out)
        figures = ["mean", "p10", "p25", "p50", "p75", "p90"]
        parts = [f"{part}_{name}" for name in figures for part in ("se", "low", "high")]
        assert table.columns.tolist() == [
            "sex", "workers", "enterprises", "weight", *figures, *parts,
            "effective_enterprises", "df",
        ]  # fmt: skip
        assert table["df"].tolist() == [4, 4]
        assert (table["se_mean"] > 0).all()
        assert (table["low_mean"] < table["mean"]).all()
        assert "泰勒线性化" in done.stderr

    def test_mean_by_hand(self, sample, tmp_path):
        """Two strata of three: V = sum of 3/2 (U - mean U)^2, with a correction of 1 - 3/N."""
        rows = pd.read_csv(sample)
        women = rows[rows["sex"] == "f"]
        mean = np.average(women["pay"], weights=women["weight"])
        scores = women["weight"] * (women["pay"] - mean) / women["weight"].sum()
        variance = sum(
            (1 - 3 / part["frame"].iloc[0]) * 3 / 2 * ((s - s.mean()) ** 2).sum()
            for _, part in women.groupby("stratum")
            for s in [scores[part.index]]
        )
        out = tmp_path / "out.csv"

        self.asked(
            sample, out, "--stratum", "stratum", "--population", "frame", "--se", "linearized"
        )

        table = pd.read_csv(out)
        assert table["mean"][0] == pytest.approx(mean, rel=1e-12)
        assert table["se_mean"][0] == pytest.approx(variance**0.5, rel=1e-12)
        # t of 4 degrees of freedom, from a printed table: 2.776
        assert table["high_mean"][0] - mean == pytest.approx(2.776445 * variance**0.5, rel=1e-6)

    @pytest.mark.parametrize("se", ["bootstrap:50", "jackknife"])
    def test_replicates(self, sample, tmp_path, se):
        out, again = tmp_path / "out.csv", tmp_path / "again.csv"

        done = self.asked(sample, out, "--stratum", "stratum", "--se", se)
        self.asked(sample, again, "--stratum", "stratum", "--se", se)

        assert done.returncode == 0, done.stderr
        assert (pd.read_csv(out)["se_mean"] > 0).all()
        assert out.read_bytes() == again.read_bytes()

    def test_given_replicate_weights(self, sample, tmp_path):
        out = tmp_path / "out.csv"

        done = self.asked(
            sample, out, "--se", "replicates", "--replicate-weights", "r*",
            "--replicate-scale", "0.5",
        )  # fmt: skip

        assert done.returncode == 0, done.stderr
        rows = pd.read_csv(sample).query("sex == 'f'")
        mean, *others = (np.average(rows["pay"], weights=rows[w]) for w in ("weight", "r1", "r2"))
        se = (0.5 * sum((other - mean) ** 2 for other in others)) ** 0.5
        assert pd.read_csv(out)["se_mean"][0] == pytest.approx(se, rel=1e-12)

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (["--se", "exact"], "linearized"),
            (["--se", "bootstrap"], "bootstrap:200"),
            (["--se", "bootstrap:1"], "no variance"),
            (["--stratum", "stratum"], "--se linearized"),
            (["--se", "linearized", "--stratum", "layer"], "no column 'layer'"),
            (["--se", "linearized", "--stratum", "firm"], "one sampled enterprise"),
            (["--se", "brr", "--stratum", "stratum"], "exactly two"),
            (["--se", "jk1", "--stratum", "stratum"], "without strata"),
            (["--se", "replicates"], "names none"),
            (["--se", "replicates", "--replicate-weights", "q*"], "no column is called 'q*'"),
            (["--se", "replicates", "--replicate-weights", "r*"], "scale"),
        ],
    )
    def test_mistakes_are_told_and_nothing_is_written(self, sample, tmp_path, more, said):
        out = tmp_path / "out.csv"

        done = self.asked(sample, out, *more)

        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr
        assert not out.exists()

    def test_a_single_enterprise_is_taken_as_told(self, sample, tmp_path):
        out = tmp_path / "out.csv"

        done = self.asked(
            sample, out, "--stratum", "firm", "--single-unit", "certainty", "--se", "linearized"
        )

        assert done.returncode == 0, done.stderr
        # every stratum certain: nothing that could vary
        assert pd.read_csv(out)["se_mean"].isna().all()
