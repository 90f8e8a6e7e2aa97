"""Charts: the same bytes, the font that is carried, and the same in words."""

from __future__ import annotations

import re

import matplotlib as mpl
import pandas as pd
import pytest
from made import made_edition
from years import two_years

from wageguide.errors import ReleaseError
from wageguide.publish import fonts
from wageguide.publish.chart_style import figure_of, house_style, short
from wageguide.publish.charts import TEXTS, draw_charts, pictures


@pytest.fixture
def edition(survey, policy):
    return two_years(made_edition(survey, policy))


def test_every_kind_that_has_something_to_show_is_drawn(edition):
    kinds = {p.name.partition("_")[0] for p in pictures(edition)}

    assert kinds >= {"tiers", "heat", "change", "history"}


def test_twice_gives_the_same_bytes(edition, tmp_path):
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        folder.mkdir()
        draw_charts(folder, edition)

    files = sorted(p.name for p in folders[0].iterdir())
    assert len(files) == 2 * len(pictures(edition)) + 1
    for name in files:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


def test_no_setting_of_matplotlib_is_changed(edition, tmp_path):
    before = dict(mpl.rcParams)

    draw_charts(tmp_path, edition)

    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_letter_has_a_glyph(survey, policy, lang):
    from fontTools.ttLib import TTFont

    known = TTFont(fonts.font_file()).getBestCmap()
    edition = two_years(made_edition(survey, policy, lang=lang))
    letters = set()
    with house_style():
        for picture in pictures(edition):
            figure = figure_of(picture)
            figure.canvas.draw()
            for text in figure.findobj(mpl.text.Text):
                letters |= set(text.get_text())
    assert len(letters) > 40
    assert not [c for c in letters if ord(c) not in known and c not in "\n"]


def test_the_words_beside_hold_the_figures(edition, tmp_path):
    draw_charts(tmp_path, edition)
    text = (tmp_path / TEXTS).read_text(encoding="utf-8")

    table = edition.tables[0].frame
    highest = int(table["p50"].iloc[1:].max())
    assert f"{highest:,}" in text
    for picture in pictures(edition):
        assert picture.alt_zh
        assert picture.alt_en
        assert picture.name in text


def test_a_confidential_figure_is_in_no_chart(edition):
    """Rows that are marked show nothing, and the words beside name no figure of theirs."""
    for table in edition.tables:
        hidden = table.frame["mark"] != ""
        assert table.frame.loc[hidden, table.figures].isna().all().all()
    shown = {
        f"{int(v):,}"
        for t in edition.tables
        for v in pd.unique(t.frame[t.figures].to_numpy().ravel())
        if not pd.isna(v)
    }
    assert edition.series is not None
    shown |= {f"{int(v):,}" for v in edition.series["value"].dropna()}
    for picture in pictures(edition):
        if picture.name.startswith("spread"):
            continue
        for number in re.findall(r"\d{1,3}(?:,\d{3})+", picture.alt_zh):
            assert number in shown, (picture.name, number)


def test_names_are_cut_and_cannot_be_formulas():
    assert short("车" * 30, 5) == "车车车车车…"
    assert short("$x$", 18) == "＄x＄"
    assert short("a\u202eb\nc") == "ab c"


def test_without_the_font_nothing_is_drawn(monkeypatch):
    monkeypatch.setattr(fonts, "find_spec", lambda _: None)
    fonts.font_file.cache_clear()
    try:
        with pytest.raises(ReleaseError, match="pip install zhplot"):
            fonts.font_file()
    finally:
        fonts.font_file.cache_clear()
