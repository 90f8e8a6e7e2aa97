"""The review as workbook, CSV, JSON lines and notices, and by the command line."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner
from plans import reviewed, write_plan

from wageguide.cli import commands
from wageguide.errors import InputError, ReleaseError
from wageguide.publish.notices import notices, write_notices
from wageguide.publish.review_files import write_review

SHORT = {"base_pay": 2500}
ODD = {"attendance": "part", "base_pay": 1340, "days_worked": 11, "workdays": 22}


@pytest.fixture
def review(tmp_path):
    return reviewed(tmp_path, SHORT, ODD, {}, {"base_pay": -1}, {"worker_name": "=1+1"})


def test_the_workbook_has_all_sheets_with_filters(review, tmp_path):
    out = tmp_path / "review.xlsx"
    write_review(review, out)
    book = openpyxl.load_workbook(out)

    assert book.sheetnames == ["汇总", "企业", "审核发现", "无法核查", "填报问题"]
    found = book["审核发现"]
    assert found.auto_filter.ref
    heads = [c.value for c in found[1]]
    lines = [dict(zip(heads, (c.value for c in row), strict=True)) for row in found.iter_rows(2)]
    short = next(line for line in lines if line["结论"] == "违法")
    assert (short["差额（元）"], short["事项"]) == (160, "月最低工资")
    assert any(line["结论"] == "取决于方法" for line in lines)
    assert book["填报问题"]["E2"].value == "-1"


def test_english(review, tmp_path):
    out = tmp_path / "review.xlsx"
    write_review(review, out, lang="en")
    assert openpyxl.load_workbook(out).sheetnames[2] == "Findings"


@pytest.mark.parametrize("name", ["review.xlsx", "review.csv", "review.jsonl"])
def test_twice_gives_the_same_bytes(review, tmp_path, name):
    written = []
    for _ in range(2):
        write_review(review, tmp_path / name)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


def test_json_lines(review, tmp_path):
    write_review(review, tmp_path / "review.jsonl")
    lines = [json.loads(t) for t in (tmp_path / "review.jsonl").read_text("utf-8").splitlines()]

    assert lines[0]["kind"] == "review"
    assert lines[0]["violations"] == 1
    kinds = {line["kind"] for line in lines}
    assert kinds == {"review", "enterprise", "finding", "not_checkable", "problem"}


def test_csv(review, tmp_path):
    write_review(review, tmp_path / "review.csv")
    with (tmp_path / "review.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(review.findings)
    assert lines[0]["rule"]


def test_another_ending_is_refused_before_the_work(review, tmp_path):
    with pytest.raises(InputError, match=r"\.xlsx, \.csv, \.jsonl"):
        write_review(review, tmp_path / "review.pdf")
    with pytest.raises(InputError, match="no folder"):
        write_review(review, tmp_path / "no" / "review.csv")


def test_one_notice_an_enterprise_in_two_forms(review, tmp_path):
    out = tmp_path / "notices"
    assert write_notices(review, out, progress=False) == 1
    files = sorted(p.suffix for p in out.iterdir())
    assert files == [".docx", ".html"]
    page = next(out.glob("*.html")).read_text("utf-8")
    for text in (
        "工资计划审核意见书",
        "差额 160.00 元",
        "最低工资规定 第十二条",
        "应补发工资 160.00",
    ):
        assert text in page
    document = zipfile.ZipFile(io.BytesIO(next(out.glob("*.docx")).read_bytes()))
    assert "差额 160.00 元" in document.read("word/document.xml").decode("utf-8")


def test_notices_give_the_same_bytes_and_replace_only_notices(review, tmp_path):
    first, second = ([n.docx() for n in notices(review)] for _ in range(2))
    assert first == second
    out = tmp_path / "notices"
    write_notices(review, out, progress=False)
    write_notices(review, out, progress=False)
    (out / "budget.xlsx").write_bytes(b"mine")
    with pytest.raises(ReleaseError, match="no notice"):
        write_notices(review, out, progress=False)
    assert (out / "budget.xlsx").read_bytes() == b"mine"


def test_markup_in_a_name_stays_text(tmp_path):
    review = reviewed(tmp_path, SHORT | {"enterprise_name": "<b>甲</b>&"})
    notice = next(iter(notices(review)))
    assert "<b>甲" not in notice.html()
    assert "&lt;b&gt;甲" in notice.html()


class TestCommand:
    def run(self, *arguments):
        return CliRunner().invoke(commands, ["review", *map(str, arguments), "--quiet"])

    def test_violations_end_with_status_one(self, tmp_path):
        path, out = write_plan(tmp_path, SHORT), tmp_path / "r.csv"
        done = self.run(path, "--place", "320115", "--out", out)
        assert done.exit_code == 1
        assert "违法 1 条" in done.output
        assert out.is_file()

    def test_nothing_found_ends_with_status_zero(self, tmp_path):
        path, out = write_plan(tmp_path, {}), tmp_path / "r.jsonl"
        assert self.run(path, "--out", out, "--rule", "minimum_wage").exit_code == 0

    def test_unusable_input_is_refused(self, tmp_path):
        path = write_plan(tmp_path, {})
        for wrong in (
            (tmp_path / "none.csv", "--out", tmp_path / "r.csv"),
            (path, "--out", tmp_path / "r.pdf"),
            (path, "--out", tmp_path / "r.csv", "--rule", "none"),
            (path, "--out", tmp_path / "r.csv", "--assume", "attendance"),
            (path, "--out", tmp_path / "r.csv", "--state-share", "x"),
            (path, "--out", tmp_path / "r.csv", "--lines", "top=3"),
        ):
            assert isinstance(self.run(*wrong).exception, InputError)
            assert not (tmp_path / "r.csv").exists()

    def test_all_options_together(self, tmp_path):
        row = {"payroll_before": 100, "payroll_planned": 125, "heads_before": 10}
        row |= {"heads_planned": 10, "benefit_growth": 8, "productivity_growth": -1}
        path, out = write_plan(tmp_path, row | {"state_owned": "yes"}), tmp_path / "r.csv"
        done = self.run(
            *(path, "--as-of", "2026-03", "--out", out, "--notices", tmp_path / "n"),
            *("--assume", "attendance=full", "--lines", "upper=16.5,baseline=10.5,lower=5.5"),
            *("--state-share", "0.7", "--stale", "last", "--unverified", "--lang", "en"),
        )
        assert done.exit_code == 0, done.exception
        with out.open(encoding="utf-8-sig", newline="") as file:
            said = {line["rule"]: line for line in csv.DictReader(file)}
        assert set(said) >= {"guideline_line", "two_below", "state_linkage"}
        assert "高于上线 16.5%" in said["guideline_line"]["text_zh"]
        assert "5.60%" in said["state_linkage"]["text_zh"]
        assert len(list((tmp_path / "n").iterdir())) == 2
