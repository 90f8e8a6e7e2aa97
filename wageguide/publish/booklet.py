"""The booklet: the publication as a PDF, from cover to tables."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.publish.booklet_style import markup, paragraph, styles
from wageguide.publish.chart_style import WIDTH, Picture, png_bytes
from wageguide.publish.charts import pictures
from wageguide.publish.findings import findings
from wageguide.publish.notes import Note, status_line
from wageguide.publish.reading import reading_notes

if TYPE_CHECKING:
    from wageguide.publish.edition import Edition
    from wageguide.publish.tables import PriceTable

_WORDS = {
    "zh": {
        "contents": "目录",
        "findings": "主要结果",
        "charts": "图",
        "reading": "如何阅读",
        "method": "口径和方法",
        "tables": "价位表",
        "unit": "{year}年支付的税前工资，单位：元/年。代码见《中华人民共和国职业分类大典》等分类。",
        "marks": "保密：为保护企业和个人不公布。不可靠：误差过大或样本过少，不公布。",
        "published": "发布日期",
        "status": "状态",
        "figure": "图{n}　{title}",
    },
    "en": {
        "contents": "Contents",
        "findings": "Main findings",
        "charts": "Charts",
        "reading": "How to read",
        "method": "Definitions and method",
        "tables": "Price tables",
        "unit": "Wages paid in {year} before tax, in yuan a year.",
        "marks": "conf.: confidential; unrel.: unreliable, not shown.",
        "published": "Published",
        "status": "Status",
        "figure": "Figure {n}  {title}",
    },
}


def write_booklet(path: Path, edition: Edition) -> None:
    """Write the booklet of an edition; the same edition, the same bytes.

    Parameters
    ----------
    path
        File to write.
    edition
        What the release says; every figure is one that it prints.
    """
    from reportlab.platypus import PageBreak
    from reportlab.platypus.tableofcontents import TableOfContents

    from wageguide.publish.booklet_page import AFTER_COVER, Booklet
    from wageguide.publish.booklet_tables import table_pages

    words = _WORDS[edition.lang]
    contents = TableOfContents(
        levelStyles=[styles()["toc1"], styles()["toc2"]], dotsMinLevel=0, rightColumnWidth=40
    )
    story: list[Any] = [*_cover(edition), *AFTER_COVER]
    story += [paragraph(words["contents"], "chapter"), contents, PageBreak()]
    story += [_headed(words["findings"], 0, "findings"), *_findings(edition)]
    story += _charts(edition)
    story += [PageBreak(), _headed(words["reading"], 0, "reading")]
    story += _notes(reading_notes(edition), edition)
    story += [PageBreak(), _headed(words["method"], 0, "method")]
    story += _notes(edition.notes, edition)
    story += [PageBreak(), _headed(words["tables"], 0, "tables")]
    for number, table in enumerate(edition.tables, 1):
        if number > 1:
            story.append(PageBreak())
        story += _table_head(number, table, edition)
        story += table_pages(table, edition)
    Booklet(path, edition).multiBuild(story)


def _cover(edition: Edition) -> list[Any]:
    from reportlab.platypus import Spacer

    words, lang = _WORDS[edition.lang], edition.lang
    lines = [Spacer(1, 150), paragraph(edition.plan.text("place", lang), "place")]
    title = f"{edition.year}年{edition.text('title')}" if lang == "zh" else (
        f"{edition.text('title')} {edition.year}"
    )  # fmt: skip
    lines += [paragraph(title, "cover"), Spacer(1, 24)]
    lines.append(paragraph(words["unit"].format(year=edition.year), "body", lang))
    lines.append(paragraph(f"{words['status']}: {status_line(edition)}", "body", lang))
    if edition.published_on is not None:
        day = edition.published_on.isoformat()
        lines.append(paragraph(f"{words['published']}: {day}", "body", lang))
    notice = edition.text("notice")
    if notice:
        lines += [Spacer(1, 16), paragraph(notice, "body", lang)]
    return lines


def _headed(title: str, level: int, mark: str) -> Any:
    """A heading that is in the contents and the bookmarks."""
    made = paragraph(title, "chapter" if level == 0 else "section")
    made.booklet_level, made.booklet_title, made.booklet_mark = level, markup(title), mark
    return made


def _findings(edition: Edition) -> list[Any]:
    from reportlab.platypus import Paragraph

    style = styles()["item"]
    return [
        Paragraph(markup(f.text(edition.lang)), style, bulletText="•") for f in findings(edition)
    ]


def _charts(edition: Edition) -> list[Any]:
    drawn = pictures(edition)
    if not drawn:
        return []
    words = _WORDS[edition.lang]
    story: list[Any] = [_headed(words["charts"], 1, "charts")]
    for number, picture in enumerate(drawn, 1):
        story.append(_chart(number, picture, edition))
    return story


def _chart(number: int, picture: Picture, edition: Edition) -> Any:
    """A chart with its title above and the same in words below, on one page."""
    from reportlab.platypus import Image, KeepTogether

    from wageguide.publish.booklet_page import TEXT_WIDTH

    lang, words = edition.lang, _WORDS[edition.lang]
    title = words["figure"].format(n=number, title=picture.title(lang))
    image = Image(
        BytesIO(png_bytes(picture)), width=TEXT_WIDTH, height=TEXT_WIDTH * picture.height / WIDTH
    )
    return KeepTogether(
        [paragraph(title, "section"), image, paragraph(picture.alt(lang), "caption")]
    )


def _notes(notes: Sequence[Note], edition: Edition) -> list[Any]:
    from reportlab.platypus import Paragraph

    lang = edition.lang
    style = styles()["body" if lang == "zh" else "latin"]
    between = "：" if lang == "zh" else ": "
    return [
        Paragraph(
            f'<font color="#0B4F8A">{markup(n.item(lang))}</font>{between}{markup(n.text(lang))}',
            style,
        )
        for n in notes
    ]


def _table_head(number: int, table: PriceTable, edition: Edition) -> list[Any]:
    words, lang = _WORDS[edition.lang], edition.lang
    return [
        _headed(f"{number} {table.title(lang)}", 1, f"table_{table.settings.id}"),
        paragraph(f"{words['unit'].format(year=edition.year)} {words['marks']}", "caption"),
    ]
