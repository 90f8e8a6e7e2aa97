"""Consultations as files: the brief, its workbook with live formulas, and many at once."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import zipfile
from fractions import Fraction

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from consultation_folder import SAMPLE, made_folder

from wageguide.bargaining.consultation import read_grid
from wageguide.cli import commands
from wageguide.errors import OfferError, ReleaseError, WageguideError
from wageguide.publish.consultation_files import (
    ConsultationInputs,
    make_consultation,
    write_consultation,
)


def inputs(**changed):
    values = {
        "roster": SAMPLE / "roster.csv", "offers": SAMPLE / "offers.toml",
        "assumptions": SAMPLE / "assumptions.toml", "constraints": SAMPLE / "constraints.toml",
        "scenarios": SAMPLE / "scenarios.toml",
        "facts": SAMPLE / "facts.toml", "last": None, "market": None, "place": "320115",
        "on": dt.date(2026, 4, 1), "announced": None, "own": None,
        "grid": ("1.rate=0:12%:4%", "2.rate=0:8%:4%"), "charts": False,
        "lang": "zh",
    }  # fmt: skip
    return ConsultationInputs(**values | changed)


#: Of no process that runs.
NO_PROCESS = 2**31 - 1


@pytest.fixture(scope="module")
def found():
    return make_consultation(inputs(), name="样例厂")


def run(*arguments):
    return CliRunner().invoke(commands, ["consult", *map(str, arguments)], catch_exceptions=False)


def options(out, *more):
    return ["--assumptions", SAMPLE / "assumptions.toml", "--place", "320115", "--on", "2026-04-01",
            "--out", out, "--quiet", *more]  # fmt: skip


def test_the_sample_is_put_together(found):
    assert found.roster.heads == 138
    assert found.table["side"].tolist() == ["workers", "enterprise", "both"]
    assert found.zone is not None
    assert found.zone.exists
    assert (found.position.factors["value"] == "缺").sum() >= 5


def test_twice_gives_the_same_bytes(found, tmp_path):
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        write_consultation(folder, found, charts=False)

    names = sorted(p.name for p in folders[0].iterdir())
    assert {"brief.docx", "brief.xlsx", "offers.csv", "months.csv", "solutions.csv"} <= set(names)
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_brief_holds_the_figures_and_takes_no_side(found, tmp_path, lang):
    write_consultation(tmp_path / lang, found, lang=lang, charts=False)

    text = zipfile.ZipFile(tmp_path / lang / "brief.docx").read("word/document.xml").decode()
    assert ("不代表任何一方" if lang == "zh" else "takes no side") in text
    for row in found.table.to_dict("records"):
        assert f"{row['more']:,.0f}" in text
    assert f"{found.costs[0].years['more'].iloc[0]:,.2f}" in text
    assert ("缺" if lang == "zh" else "missing") in text


def test_the_sums_of_the_workbook_are_formulas_that_give_their_values(found, tmp_path):
    write_consultation(tmp_path / "x", found, charts=False)
    path = tmp_path / "x" / "brief.xlsx"
    live = openpyxl.load_workbook(path)
    shown = openpyxl.load_workbook(path, data_only=True)

    months = live["各月成本"]
    rows = list(shown["各月成本"].iter_rows(min_row=4, values_only=True))
    assert len(rows) == 3 * 24
    for number, row in enumerate(rows, 4):
        assert months.cell(number, 9).value == f"=SUM(D{number}:H{number})"
        assert row[8] == pytest.approx(sum(row[3:8]), abs=0.005)
        assert row[10] == pytest.approx(row[8] - row[9], abs=0.005)
    own = [r for r in rows if r[0] == found.costs[0].offer.name]
    assert sum(r[8] for r in own) == pytest.approx(found.costs[0].total / 100, abs=0.01)
    years = list(shown["分年汇总"].iter_rows(min_row=4, values_only=True))
    for year in years:
        mine = [r for r in rows if r[0] == year[0] and r[2] == year[1]]
        assert year[2] == pytest.approx(sum(r[8] for r in mine), abs=0.01)
        assert year[5] == pytest.approx((year[2] - year[3]) / year[3])
    assert str(live["分年汇总"]["C4"].value).startswith("=SUMIFS(")
    simple = live["简单测算"]
    assert simple["D4"].value == "=MAX(C4*(1+$I$1)+$I$2,$I$3)"
    assert shown["简单测算"]["D4"].value == pytest.approx(
        shown["简单测算"]["C4"].value * 1.05, abs=0.01
    )


def test_the_english_edition_has_english_words_alone(found, tmp_path):
    """Chinese is left where it is a name: of an offer, a post, a group, a limit or a source."""
    write_consultation(tmp_path / "x", found, lang="en", charts=False)

    document = docx_texts(tmp_path / "x" / "brief.docx")
    names = [o.offer.name for o in found.costs] + [*found.roster.posts, *found.roster.groups]
    names += [t for c in found.zone.constraints for t in (c.name, c.source)]
    names += found.position.factors["source"].tolist() + found.position.minimum["source"].tolist()
    names += [*found.position.factors["value"].tolist(), found.roster.name]
    names += [t for c in found.costs[0].assumptions.contributions for t in (c.name, c.source)]
    left = [n for n in sorted(filter(None, names), key=len, reverse=True) if n != "缺"]
    for text in document:
        for name in left:
            text = text.replace(name, "")  # noqa: PLW2901
        assert not re.search("[\u3000-\u9fff\uff00-\uffef]", text), text
    book = openpyxl.load_workbook(tmp_path / "x" / "brief.xlsx")
    for sheet in book:
        assert "no side" in sheet["A2"].value


def docx_texts(path):
    xml = zipfile.ZipFile(path).read("word/document.xml").decode()
    return re.findall(r"<w:t[^>]*>([^<]*)</w:t>", xml)


def test_the_command_writes_one_consultation(tmp_path):
    result = run(SAMPLE / "roster.csv", "--offers", SAMPLE / "offers.toml", "--name", "甲厂",
                 *options(tmp_path / "out"))  # fmt: skip

    assert result.exit_code == 0
    assert "甲厂" in result.output
    assert (tmp_path / "out" / "brief.docx").is_file()


def test_a_new_minimum_wage_of_ones_own_stands_beside_the_one_in_force(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        '[[value]]\nquantity = "minimum_wage_monthly"\nplace = "320000"\ncategory = "I"\n'
        'from = 2026-10-01\nvalue = "3000"\nsource = "通知（虚构）"\n'
        '[[checked]]\nquantity = "minimum_wage_monthly"\nplace = "320000"\nthrough = 2026-12-31\n',
        encoding="utf-8",
    )
    result = run(SAMPLE / "roster.csv", "--offers", SAMPLE / "offers.toml", "--announced",
                 "2026-10-01", "--own", own, *options(tmp_path / "out", "--no-charts"))  # fmt: skip

    assert result.exit_code == 0
    brief = zipfile.ZipFile(tmp_path / "out" / "brief.docx").read("word/document.xml").decode()
    assert "2026-10-01" in brief
    assert "2,660.00" in brief
    assert "3,000.00" in brief
    assert "通知（虚构）" in brief


def test_many_are_written_and_an_interrupted_run_goes_on(tmp_path):
    folder = made_folder(tmp_path / "in", 3)
    (folder / "企业0001" / "offers.toml").write_text('[[offer]]\nname = "x"\n', encoding="utf-8")
    out = tmp_path / "out"

    first = run(folder, *options(out, "--processes", "1"))

    assert first.exit_code == 1
    assert "2 written" in first.output
    summary = pd.read_csv(out / "summary.csv", encoding="utf-8-sig").set_index("enterprise")
    assert summary.loc["企业0001", "state"] == "failed"
    assert "start" in summary.loc["企业0001", "problem"]
    assert summary.loc["企业0000", "heads"] == 138
    before = (out / "企业0000" / "brief.docx").stat().st_mtime_ns

    # What was interrupted left half a folder beside; what failed is put right.
    (out / "企业0002").rename(out / f".企业0002.partial-{NO_PROCESS}")
    (folder / "企业0001" / "offers.toml").write_bytes((SAMPLE / "offers.toml").read_bytes())
    second = run(folder, *options(out, "--processes", "1"))

    assert second.exit_code == 0
    summary = pd.read_csv(out / "summary.csv", encoding="utf-8-sig").set_index("enterprise")
    assert summary["state"].to_dict() == {
        "企业0000": "kept", "企业0001": "written", "企业0002": "written",
    }  # fmt: skip
    assert (out / "企业0000" / "brief.docx").stat().st_mtime_ns == before
    assert not list(out.glob(".*"))
    assert json.loads((out / "企业0001" / "done.json").read_text("utf-8"))["line"]["heads"] == 138


def test_what_others_put_into_the_folder_stays(tmp_path):
    folder, out = made_folder(tmp_path / "in", 1), tmp_path / "out"
    run(folder, *options(out))
    own = out / "企业0000"
    (own / "notes").mkdir()
    (own / "notes" / "记录.txt").write_text("第一次会议", encoding="utf-8")
    (own / "months.csv").unlink()

    assert "1 written" in run(folder, *options(out)).output
    assert (own / "notes" / "记录.txt").read_text("utf-8") == "第一次会议"
    assert (own / "months.csv").is_file()


def test_a_brief_that_somebody_has_changed_is_not_replaced(tmp_path):
    out = tmp_path / "out"
    arguments = (SAMPLE / "roster.csv", "--offers", SAMPLE / "offers.toml", *options(out))
    assert run(*arguments).exit_code == 0
    (out / "brief.docx").write_bytes(b"ours")

    with pytest.raises(ReleaseError, match=r"changed since.*\n.*brief\.docx"):
        run(*arguments)

    assert (out / "brief.docx").read_bytes() == b"ours"


@pytest.mark.parametrize(
    ("kind", "phrase"),
    [("inputs", "is not empty and has no done.json"), ("file", "is not a folder"),
     ("here", "You are in the folder"), ("namesake", "brief.docx was written by somebody else")],
)  # fmt: skip
def test_a_folder_that_is_no_consultation_is_refused(kind, phrase, found, tmp_path, monkeypatch):
    out = tmp_path / "out"
    if kind == "file":
        out.write_text("x")
    else:
        out.mkdir()
    if kind == "inputs":
        (out / "roster.csv").write_text("x")
    elif kind == "here":
        monkeypatch.chdir(out)
    elif kind == "namesake":
        (out / "done.json").write_text("{}")
        (out / "brief.docx").write_text("x")
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(ReleaseError, match=phrase):
        write_consultation(out, found, charts=False)

    assert sorted(tmp_path.rglob("*")) == before


def test_a_changed_roster_is_done_again(tmp_path):
    folder, out = made_folder(tmp_path / "in", 1), tmp_path / "out"
    run(folder, *options(out))
    with (folder / "企业0000" / "roster.csv").open("a", encoding="utf-8") as file:
        file.write("G999,装配工,一线,,,9000,0,0,1,1\r\n")

    assert "1 written" in run(folder, *options(out)).output


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        ([SAMPLE / "roster.csv"], "needs --offers"),
        ([SAMPLE / "roster.csv", "--offers", "none.toml", "--own", "no.toml"],
         r"(?s)not there.*--offers none\.toml.*--own no\.toml"),
        ([SAMPLE / "roster.csv", "--offers", SAMPLE / "offers.toml", "--grid", "1.rate=5"],
         "Write it like 1.rate=0:10%:0.5%"),
        ([SAMPLE / "roster.csv", "--offers", SAMPLE / "offers.toml", "--market", "none"],
         "is no release with prices"),
    ],
)  # fmt: skip
def test_bad_input_is_told(tmp_path, arguments, phrase):
    with pytest.raises(WageguideError, match=phrase):
        run(*arguments, *options(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_common_file_that_is_missing_stops_the_whole_folder(tmp_path):
    folder = made_folder(tmp_path / "in", 1)

    with pytest.raises(WageguideError, match=r"--constraints nowhere\.toml"):
        run(folder, *options(tmp_path / "out", "--constraints", "nowhere.toml"))
    assert not (tmp_path / "out").exists()


def test_a_market_that_is_no_release_is_told_of_each_enterprise(tmp_path):
    folder = made_folder(tmp_path / "in", 1)

    result = run(folder, *options(tmp_path / "out", "--market", tmp_path))

    assert result.exit_code == 1
    assert "is no release with prices" in result.output


def test_many_costs_without_contributions_are_said_to_be(tmp_path):
    folder = made_folder(tmp_path / "in", 2)
    shutil.copy(SAMPLE / "assumptions.toml", folder / "企业0001")

    result = run(folder, "--place", "320115", "--out", tmp_path / "out", "--quiet")

    assert "1 × 没有给出单位缴费的费率" in result.output


def test_an_empty_folder_is_told(tmp_path):
    (tmp_path / "in").mkdir()

    with pytest.raises(OfferError, match="holds no enterprise"):
        run(tmp_path / "in", *options(tmp_path / "out"))


def test_a_grid_in_words():
    assert read_grid("2.rate=1%:2%:0.5%") == (
        "2.rate", [Fraction(1, 100), Fraction(3, 200), Fraction(1, 50)],
    )  # fmt: skip
    with pytest.raises(OfferError, match="for 5 per cent"):
        read_grid("1.rate=0:5:1%")


@pytest.mark.slow
def test_charts_are_drawn_and_stand_in_the_brief(tmp_path):
    found = make_consultation(inputs(), name="样例厂")
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        write_consultation(folder, found, charts=True)

    names = sorted(p.name for p in (folders[0] / "charts").iterdir())
    wanted = ["fan", "gains", "monthly", "tornado", "zone"]
    assert names == sorted(f"{n}.{e}" for n in wanted for e in ("png", "svg"))
    for name in names:
        assert all((folders[0] / "charts" / name).read_bytes() == (f / "charts" / name).read_bytes()
                   for f in folders), name  # fmt: skip
    assert (folders[0] / "brief.docx").read_bytes() == (folders[1] / "brief.docx").read_bytes()
    brief = zipfile.ZipFile(folders[0] / "brief.docx")
    text = brief.read("word/document.xml").decode()
    assert text.count("<w:drawing>") == len(wanted)
    assert sum(n.startswith("word/media/") for n in brief.namelist()) == len(wanted)
    # The alternative of a picture says its figures.
    assert f"{found.costs[0].more / 100:,.0f}元" in text


def test_the_brief_tells_what_is_likely(found, tmp_path):
    write_consultation(tmp_path / "x", found, charts=False)

    text = zipfile.ZipFile(tmp_path / "x" / "brief.docx").read("word/document.xml").decode()
    for one in found.outlooks:
        assert f"{one.simulation.frame['p90'].iloc[-1]:,.0f}" in text
    chances = pd.read_csv(tmp_path / "x" / "chances.csv", encoding="utf-8-sig")
    assert len(chances) == 3 * 5
    own = chances[(chances["offer"] == "企业方方案") & (chances["name"] == "最低档工资")]
    assert own["chance"].tolist() == [0.0]
    numbers = [f"{n}、" for n in "一二三四五六七"]
    assert [text.index(n) for n in numbers] == sorted(text.index(n) for n in numbers)


def test_without_assumptions_contributions_are_said_to_be_missing(tmp_path):
    offers = tmp_path / "offers.toml"
    offers.write_text(
        '[[offer]]\nname = "甲"\nstart = "2026-07"\nend = "2027-06"\n'
        '[[offer.clauses]]\nkind = "percent"\nrate = "5%"\nfrom = "2026-07"\n',
        encoding="utf-8",
    )
    result = run(SAMPLE / "roster.csv", "--offers", offers, "--out", tmp_path / "out",
                 "--no-charts")  # fmt: skip

    assert result.exit_code == 0
    assert "without contributions" in result.stderr
    brief = zipfile.ZipFile(tmp_path / "out" / "brief.docx").read("word/document.xml").decode()
    assert "不含社会保险费和住房公积金" in brief
    assert "没有给出用工地点" in brief
    months = pd.read_csv(tmp_path / "out" / "months.csv", encoding="utf-8-sig")
    assert months["contributions"].sum() == 0
