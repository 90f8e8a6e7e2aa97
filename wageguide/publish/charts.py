"""The charts of a release: one function a kind, each with its text alternative."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from wageguide.publish.chart_change import draw_change
from wageguide.publish.chart_heat import draw_heat
from wageguide.publish.chart_history import draw_history
from wageguide.publish.chart_spread import draw_spread
from wageguide.publish.chart_style import Picture, write_picture
from wageguide.publish.chart_tiers import draw_tiers
from wageguide.publish.text import visible

if TYPE_CHECKING:
    from wageguide.publish.edition import Edition

#: Every kind of chart, in printed order; one that has nothing to show gives None.
_DRAWN: tuple[Callable[[Edition], Picture | None], ...] = (
    draw_tiers,
    draw_spread,
    draw_heat,
    draw_change,
    draw_history,
)
#: File of the text alternatives.
TEXTS = "charts.md"


def pictures(edition: Edition) -> list[Picture]:
    """Charts of an edition that have something to show, in printed order."""
    return [p for draw in _DRAWN if (p := draw(edition)) is not None]


def draw_charts(folder: Path, edition: Edition) -> list[Picture]:
    """Write all charts of an edition as SVG and PNG, and their text alternatives.

    Parameters
    ----------
    folder
        Existing folder.
    edition
        What the release says; nothing confidential is in it.
    """
    drawn = pictures(edition)
    lines = ["# 图表 Charts", ""]
    for picture in drawn:
        write_picture(picture, folder, edition.lang)
        lines += [
            f"## {_md(picture.title_zh)} · {_md(picture.title_en)}",
            "",
            f"`{picture.name}.svg`, `{picture.name}.png`",
            "",
            _md(picture.alt_zh),
            "",
            _md(picture.alt_en),
            "",
        ]
    (folder / TEXTS).write_text("\n".join(lines), encoding="utf-8", newline="\n")
    return drawn


def _md(text: str) -> str:
    signs = {ord(c): f"&#{ord(c)};" for c in "<>&"} | {ord(c): f"\\{c}" for c in "\\|*_`[]#"}
    return visible(text).replace("\n", " ").translate(signs)
