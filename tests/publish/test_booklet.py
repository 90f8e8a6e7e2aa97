"""The booklet: read back, and looked at as a program that opens it does."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pypdf
import pytest
from made import made_edition
from years import two_years

from wageguide.publish.booklet import write_booklet


@pytest.fixture
def edition(survey, policy):
    return two_years(made_edition(survey, policy))


@pytest.fixture
def booklet(edition, tmp_path):
    path = tmp_path / "b.pdf"
    write_booklet(path, edition)
    return pypdf.PdfReader(path)


def text_of(reader):
    return "\n".join(page.extract_text() for page in reader.pages)


def test_every_printed_figure_is_in_it(edition, booklet):
    text = text_of(booklet)

    figures = [
        f"{int(v):,}"
        for t in edition.tables
        for v in t.frame[t.figures].to_numpy().ravel()
        if not pd.isna(v)
    ]
    assert len(figures) > 50
    assert not [f for f in figures if f not in text]


def test_it_has_bookmarks_contents_and_properties(edition, booklet):
    titles = [item["/Title"] for item in flat(booklet.outline)]

    assert titles[:2] == ["主要结果", "图"]
    assert [t for t in titles if "分职业" in t]
    assert booklet.metadata.title == "测试区 2025 工资价位"
    assert booklet.metadata.author == "测试区"
    assert booklet.trailer["/Root"]["/Lang"] == "zh-CN"
    assert "目录" in booklet.pages[1].extract_text()


def flat(outline):
    for item in outline:
        if isinstance(item, list):
            yield from flat(item)
        else:
            yield item


def test_its_font_is_embedded(booklet):
    embedded = set()
    for page in booklet.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            made = font.get_object()
            if "/FontDescriptor" in made:
                assert "/FontFile2" in made["/FontDescriptor"]
                embedded.add(made["/BaseFont"].partition("+")[2])
    assert embedded
    assert all("NotoSansSC" in name for name in embedded)


def test_twice_gives_the_same_bytes(edition, tmp_path):
    paths = [tmp_path / name for name in ("a.pdf", "b.pdf")]
    for path in paths:
        write_booklet(path, edition)

    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_draft_says_so_on_every_page_and_a_final_one_nowhere(edition, booklet, tmp_path):
    assert all("草稿" in page.extract_text() for page in booklet.pages)

    write_booklet(tmp_path / "final.pdf", replace(edition, status="final"))

    last = pypdf.PdfReader(tmp_path / "final.pdf").pages[-1].extract_text()
    assert "草稿" not in last


def test_a_confidential_row_shows_no_figure(edition, tmp_path):
    tables = list(edition.tables)
    frame = tables[0].frame.copy()
    secret = frame.loc[1, tables[0].figures].dropna().astype(int).tolist()
    frame.loc[1, "mark"] = "c"
    empty = [c for c in frame if c not in (*tables[0].labels, "mark") and not c.startswith("grade")]
    frame.loc[1, empty] = pd.NA
    frame.loc[1, [c for c in frame if c.startswith("grade")]] = "c"
    tables[0] = replace(tables[0], frame=frame)
    # Limits of intervals are printed in sentences.
    printed = [t.frame.select_dtypes("number").to_numpy().ravel() for t in tables]
    elsewhere = {int(v) for values in printed for v in values if not pd.isna(v)}
    write_booklet(
        tmp_path / "c.pdf", replace(edition, tables=tuple(tables), changes={}, series=None)
    )

    text = text_of(pypdf.PdfReader(tmp_path / "c.pdf"))
    own = [v for v in secret if v not in elsewhere]
    assert own
    assert not [v for v in own if f"{v:,}" in text]
    assert "保密" in text


def test_a_table_of_many_rows_repeats_its_headings(edition, tmp_path):
    table = edition.tables[0]
    frame = pd.concat([table.frame.iloc[:1], *[table.frame.iloc[1:]] * 60], ignore_index=True)
    long = replace(edition, tables=(replace(table, frame=frame),), changes={}, series=None)

    write_booklet(tmp_path / "long.pdf", long)

    pages = [p.extract_text() for p in pypdf.PdfReader(tmp_path / "long.pdf").pages]
    tabled = [p for p in pages if re.search(r"2-02-07-01|1-06-01-02", p)]
    assert len(tabled) > 3
    assert all("职业代码" in p for p in tabled[-3:])


HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    '"quoted" & <b>',
    "车\u202e工",
    "长" * 200,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_harmlessly(edition, tmp_path, name):
    tables = list(edition.tables)
    frame = tables[0].frame.copy()
    frame.loc[1, "occupation_name"] = name
    tables[0] = replace(tables[0], frame=frame)
    settings = replace(edition.plan.settings, title_zh=name, notice_zh=name)
    plan = replace(edition.plan, settings=settings)

    write_booklet(tmp_path / "h.pdf", replace(edition, tables=tuple(tables), plan=plan))

    reader = pypdf.PdfReader(tmp_path / "h.pdf")
    assert "\u202e" not in text_of(reader)
    assert "/JavaScript" not in str(reader.trailer["/Root"])
