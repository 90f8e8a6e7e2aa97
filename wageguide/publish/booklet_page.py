"""The booklet as a document: pages, bookmarks, contents, properties; the same bytes each time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.platypus import BaseDocTemplate, Frame, NextPageTemplate, PageBreak, PageTemplate

from wageguide.publish.booklet_style import BOTTOM, GREY, LEFT, LINE, RIGHT, TOP
from wageguide.publish.chart_style import short
from wageguide.publish.fonts import booklet_font
from wageguide.publish.notes import DRAFT
from wageguide.publish.text import visible

if TYPE_CHECKING:
    from wageguide.publish.edition import Edition

#: Width of the text, points.
TEXT_WIDTH = A4[0] - LEFT - RIGHT
#: Breaks from the cover to the pages.
AFTER_COVER = (NextPageTemplate("page"), PageBreak())


class Booklet(BaseDocTemplate):  # type: ignore[misc]
    """A4 pages with a running head, page numbers, bookmarks and contents."""

    def __init__(self, path: Path, edition: Edition) -> None:
        self._edition = edition
        plan = edition.plan
        self.running = (
            f"{plan.text('place', edition.lang)} · {edition.year} · {edition.text('title')}"
        )
        super().__init__(
            str(path),
            pagesize=A4,
            invariant=1,
            lang="zh-CN" if edition.lang == "zh" else "en",
            title=visible(
                f"{plan.text('place', edition.lang)} {edition.year} {edition.text('title')}"
            ),
            author=visible(plan.text("place", edition.lang)),
            subject=visible(edition.text("title")),
            creator="wageguide",
        )
        frame = Frame(LEFT, BOTTOM, TEXT_WIDTH, A4[1] - TOP - BOTTOM, id="text", showBoundary=0,
                      leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)  # fmt: skip
        self.addPageTemplates(
            [
                PageTemplate("cover", [frame], onPage=self._on_cover),
                PageTemplate("page", [frame], onPage=self._on_page),
            ]
        )

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802  the name that ReportLab calls
        """Enter chapters and sections into the bookmarks and the contents."""
        level = getattr(flowable, "booklet_level", None)
        if level is None:
            return
        mark = flowable.booklet_mark
        self.canv.bookmarkPage(mark)
        self.canv.addOutlineEntry(flowable.booklet_title, mark, level, closed=level > 0)
        self.notify("TOCEntry", (level, flowable.booklet_title, self.page, mark))

    def _on_cover(self, canvas: Any, _: Any) -> None:
        canvas.setFillColor(HexColor("#0B4F8A"))
        canvas.rect(0, A4[1] - 18, A4[0], 18, stroke=0, fill=1)
        self._draft(canvas)
        canvas.setViewerPreference("DisplayDocTitle", "true")

    def _on_page(self, canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(booklet_font(), 8)
        canvas.setFillColor(HexColor(GREY))
        canvas.drawString(LEFT, A4[1] - 40, short(self.running, 60))
        canvas.setStrokeColor(HexColor(LINE))
        canvas.setLineWidth(0.5)
        canvas.line(LEFT, A4[1] - 46, A4[0] - RIGHT, A4[1] - 46)
        notice = self._edition.text("notice")
        canvas.drawString(LEFT, 32, short(notice, 60))
        canvas.drawRightString(A4[0] - RIGHT, 32, f"{document.page}")
        canvas.restoreState()
        self._draft(canvas)

    def _draft(self, canvas: Any) -> None:
        """Over every page of a draft that it is one."""
        if self._edition.status != "draft":
            return
        canvas.saveState()
        canvas.setFont(booklet_font(), 34)
        canvas.setFillColor(Color(0.75, 0.1, 0.1, alpha=0.10))
        canvas.translate(A4[0] / 2, A4[1] / 2)
        canvas.rotate(45)
        canvas.drawCentredString(0, 0, DRAFT[self._edition.lang])
        canvas.restoreState()
