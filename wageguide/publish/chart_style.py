"""House style of the charts: colours that colour-blind readers tell apart, one font, same bytes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.publish.fonts import chart_font
from wageguide.publish.text import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Okabe and Ito's colours; shape, place or a word carries the same as the colour does.
INK, BLUE, SKY, ORANGE, GREEN, GREY = (
    "#222222", "#0072B2", "#56B4E9", "#D55E00", "#009E73", "#8C8C8C",
)  # fmt: skip
PALE = "#E8EEF3"
#: Width of a chart, inches: the text width of an A4 page.
WIDTH = 7.0
_DPI = 160
_SCREEN_DPI = 110


@dataclass(frozen=True)
class Picture:
    """A chart before it is written.

    Attributes
    ----------
    name
        File name without its ending.
    title_zh, title_en
        What it shows.
    alt_zh, alt_en
        The same in words, with the figures that matter, for who cannot see it.
    draw
        Draws it into a new figure of the language of the edition.
    height
        Inches.
    """

    name: str
    title_zh: str
    title_en: str
    alt_zh: str
    alt_en: str
    draw: Any
    height: float

    def title(self, lang: str) -> str:
        """Title in a language."""
        return self.title_zh if lang == "zh" else self.title_en

    def alt(self, lang: str) -> str:
        """Text alternative in a language."""
        return self.alt_zh if lang == "zh" else self.alt_en

    def _repr_html_(self) -> str:
        """How a notebook shows it, with its title and text alternative."""
        png = b64encode(png_bytes(self, _SCREEN_DPI)).decode("ascii")
        return (
            f"<figure><figcaption>{escape(self.title_zh)} · {escape(self.title_en)}</figcaption>"
            f'<img src="data:image/png;base64,{png}" alt="{escape(f"{self.alt_zh} {self.alt_en}")}"'
            ' style="max-width: 100%"></figure>'
        )


@contextmanager
def house_style() -> Iterator[None]:
    """Settings of matplotlib inside, and those of before afterwards."""
    import matplotlib as mpl

    with mpl.rc_context(
        {
            "font.family": [chart_font()],
            "font.size": 9,
            "axes.unicode_minus": False,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "axes.grid": True,
            "grid.color": "#E3E3E3",
            "grid.linewidth": 0.6,
            "axes.axisbelow": True,
            "figure.facecolor": "white",
            "savefig.facecolor": "white",
            # Text of a drawing stays text, in outlines that need no font to be seen.
            "svg.fonttype": "path",
            "svg.hashsalt": "wageguide",
            "path.simplify": False,
        }
    ):
        yield


def figure_of(picture: Picture) -> Figure:
    """Draw a picture; without a screen and without matplotlib's global list of figures."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, picture.height), layout="constrained")
    FigureCanvasAgg(figure)
    picture.draw(figure)
    return figure


def write_picture(picture: Picture, folder: Path, lang: str) -> None:
    """Write a picture as SVG and PNG; the same picture, the same bytes."""
    with house_style():
        figure = figure_of(picture)
        title = short(picture.title(lang), 46)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11, color=INK)
        figure.savefig(
            folder / f"{picture.name}.svg",
            metadata={"Date": None, "Creator": "wageguide", "Title": picture.title_zh},
        )
        figure.savefig(folder / f"{picture.name}.png", dpi=_DPI, metadata={"Software": "wageguide"})


def png_bytes(picture: Picture, dpi: int = 200) -> bytes:
    """A picture as PNG, for the booklet."""
    from io import BytesIO

    with house_style():
        target = BytesIO()
        figure_of(picture).savefig(
            target, format="png", dpi=dpi, metadata={"Software": "wageguide"}
        )
    return target.getvalue()


def short(text: str, most: int = 18) -> str:
    """A name that fits beside an axis; Latin letters take half the room of Chinese ones."""
    text, used, kept = visible(text).replace("\n", " "), 0.0, ""
    # A dollar sign would begin a formula.
    for letter in text.replace("$", "＄"):
        used += 0.55 if ord(letter) < 0x2E80 else 1.0
        if used > most:
            return kept.rstrip() + "…"
        kept += letter
    return kept


def wan(axes: Axes, lang: str, which: str = "x") -> None:
    """Ticks of yuan a year: in 万元 in Chinese, in thousands in English."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    scale = 1e4 if lang == "zh" else 1e3
    axis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v / scale:,.4g}"))
    label = "万元/年" if lang == "zh" else "thousand yuan per year"
    axes.set_xlabel(label) if which == "x" else axes.set_ylabel(label)
