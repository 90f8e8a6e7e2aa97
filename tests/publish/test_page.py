"""The data of the web page: what is printed and nothing else, small, the same each time."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from made import made_edition
from years import two_years

from wageguide.publish.page import DATA, INDEX, PLAIN, SCRIPTS, STYLE, write_page
from wageguide.publish.page_pinyin import pinyin_of


@pytest.fixture
def edition(survey, policy):
    return two_years(made_edition(survey, policy))


def written(folder, edition):
    folder.mkdir()
    write_page(folder, edition)
    text = (folder / DATA).read_text(encoding="utf-8")
    return json.loads(text.removeprefix("window.WAGES=").removesuffix(";\n"))


def test_it_is_one_folder_with_nothing_from_elsewhere(edition, tmp_path):
    written(tmp_path / "page", edition)

    files = {p.name for p in (tmp_path / "page").iterdir()}
    assert files == {INDEX, DATA, PLAIN, STYLE, *SCRIPTS}
    for path in (tmp_path / "page").iterdir():
        text = path.read_text(encoding="utf-8")
        links = re.findall(r"https?://[^\s\"'<]+", text)
        assert set(links) <= {"http://www.w3.org/2000/svg"}, path.name
        assert "innerHTML" not in text
        assert not re.search(r"\b(eval|fetch|XMLHttpRequest|sendBeacon|localStorage)\b", text)


def test_its_figures_are_those_of_the_tables(edition, tmp_path):
    data = written(tmp_path / "page", edition)

    unit, compared = data["unit"], 0
    for table, own in zip(edition.tables, data["tables"], strict=True):
        keys = len(table.settings.by)
        assert len(own["rows"]) == len(table.frame)
        for row, raw in zip(table.frame.to_dict("records"), own["rows"], strict=True):
            assert raw[:keys] == [row[k] for k in table.settings.by]
            counts, figures = raw[keys:]
            assert counts == [int(row[c]) for c in table.counts]
            for name, figure in zip(table.figures, figures, strict=True):
                if pd.isna(row[name]):
                    assert data["gradeCodes"][figure] == row[f"grade_{name}"]
                    continue
                assert figure[0] * unit == row[name]
                assert data["gradeCodes"][figure[1]] == row[f"grade_{name}"]
                if not pd.isna(row[f"low_{name}"]):
                    assert (figure[0] - figure[2]) * unit == row[f"low_{name}"]
                    assert (figure[0] + figure[3]) * unit == row[f"high_{name}"]
                compared += 1
    assert compared > 50


def test_changes_and_history_are_those_of_the_edition(edition, tmp_path):
    data = written(tmp_path / "page", edition)

    table, own = edition.tables[0], data["tables"][0]
    frame = edition.changes[table.settings.id]
    for row in frame.to_dict("records"):
        line = own["changes"][row["occupation"]]
        for name, change in zip(table.figures, line, strict=True):
            if pd.isna(row[f"growth_{name}"]):
                assert change == 0
                continue
            assert change[1] == pytest.approx(1000 * row[f"growth_{name}"], abs=0.5)
            high = 1000 * row[f"high_growth_{name}"]
            assert change[1] + change[3] == pytest.approx(high, abs=0.51)
            assert ["", "up", "down", "noise"][change[0]] == row[f"reading_{name}"]
    assert own["history"]["years"] == [2024, 2025]
    assert own["history"]["rows"][""][-1] == table.frame["p50"].iloc[0]


def test_a_confidential_row_leaves_its_codes_and_nothing_else(edition, tmp_path):
    tables = list(edition.tables)
    frame = tables[0].frame.copy()
    frame.loc[1, "mark"] = "c"
    tables[0] = replace(tables[0], frame=frame)

    data = written(tmp_path / "page", replace(edition, tables=tuple(tables)))

    assert data["tables"][0]["rows"][1] == [frame["occupation"].iloc[1]]


def test_twice_gives_the_same_bytes(edition, tmp_path):
    for name in "ab":
        written(tmp_path / name, edition)

    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "\u2028x\u2029", "=cmd", "\u202e"]
)
def test_hostile_names_end_no_script(edition, tmp_path, name):
    tables = list(edition.tables)
    frame = tables[0].frame.copy()
    frame.loc[1, "occupation_name"] = name
    tables[0] = replace(tables[0], frame=frame)
    settings = replace(edition.plan.settings, title_zh=f'"><b>{name}')
    plan = replace(edition.plan, settings=settings)

    written(tmp_path / "page", replace(edition, tables=tuple(tables), plan=plan))

    script = (tmp_path / "page" / DATA).read_text(encoding="utf-8")
    assert "<" not in script
    assert not set("\u2028\u2029\u202e") & set(script)
    for page in (INDEX, PLAIN):
        html = (tmp_path / "page" / page).read_text(encoding="utf-8")
        assert "<b>" not in html
        assert html.count("<script") == (len(SCRIPTS) + 1 if page == INDEX else 0)


def test_fifteen_hundred_occupations_stay_small(edition, tmp_path):
    """Five tables of 1,500 rows with changes, a third of the rows confidential.

    The plain page is opened on demand only.
    """
    from wageguide.survey.codes import codes

    listed = [c for c in codes("occupation").entries if len(c) == 10][:1500]
    table = edition.tables[0]
    frame = pd.concat([table.frame.iloc[1:2]] * len(listed), ignore_index=True)
    frame["occupation"] = listed
    frame["occupation_name"] = [codes("occupation").name(c) for c in listed]
    for n, column in enumerate(c for c in frame if str(frame[c].dtype) == "Int64"):
        frame[column] = frame[column] + pd.Series(range(len(frame))) * 10 * (n % 7)
    hidden = pd.Series(range(len(frame))) % 3 == 0
    frame.loc[hidden, "mark"] = "c"
    tables = tuple(
        replace(table, frame=frame, total_rows=0, settings=replace(table.settings, id=f"t{n}"))
        for n in range(5)
    )
    one = edition.changes[table.settings.id].iloc[[1] * len(frame)].reset_index(drop=True)
    one["occupation"] = listed
    one.loc[hidden, [c for c in one if c.startswith("growth_")]] = float("nan")
    big = replace(edition, tables=tables, changes={t.settings.id: one for t in tables})

    written(tmp_path / "page", big)

    size = sum(p.stat().st_size for p in (tmp_path / "page").iterdir() if p.name != PLAIN)
    assert size < 1_500_000


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("会计人员", "KuaiJiRenYuan"),
        ("CNC机床工", "CncJiChuangGong"),
        ("（其他）", "QiTa"),
        ("", ""),
    ],
)
def test_pinyin(name, pinyin):
    assert pinyin_of(name) == pinyin
