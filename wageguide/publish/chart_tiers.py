"""Tier ranges: for the largest classes of a table, from the lowest tier to the highest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wageguide.publish.chart_parts import bars, ends_of, figure_name, middle_of
from wageguide.publish.chart_style import BLUE, INK, SKY, Picture, short, wan

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from wageguide.publish.edition import Edition

#: Classes in one chart.
_MOST = 20


def draw_tiers(edition: Edition) -> Picture | None:
    """Ranges of the classes of the first table of one key with the most workers."""
    table = next((t for t in edition.tables if len(t.settings.by) == 1), None)
    tiers, middle = ends_of(edition), middle_of(edition)
    if table is None or len(tiers) < 2:
        return None
    every = bars(table, tuple(dict.fromkeys((*tiers, middle))))
    chosen = sorted(every, key=lambda b: -b.workers)[:_MOST]
    chosen.sort(key=lambda b: b.values[middle])
    if not chosen:
        return None
    lang = edition.lang
    low, high = tiers[0], tiers[-1]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for place, bar in enumerate(chosen):
            values = [bar.values[t] for t in tiers]
            axes.plot([values[0], values[-1]], [place] * 2, color=SKY, lw=2, solid_capstyle="butt")
            if len(tiers) >= 4:
                inner = [values[1], values[-2]]
                axes.plot(inner, [place] * 2, color=BLUE, lw=7, solid_capstyle="butt")
            axes.plot(bar.values[middle], place, "o", color="white", mec=INK, ms=6, mew=1.3)
        axes.set_yticks(range(len(chosen)), [short(b.name(lang), 20) for b in chosen])
        axes.grid(axis="y", visible=False)
        axes.set_xlim(left=0)
        axes.margins(y=0.03)
        wan(axes, lang)
        axes.set_title(_key(edition, tiers, middle), loc="right", fontsize=8)

    top, bottom = chosen[-1], chosen[0]
    return Picture(
        f"tiers_{table.settings.id}",
        f"{table.title('zh')}：从业人员较多的{len(chosen)}类的价位",
        f"{table.title('en')}: prices of the {len(chosen)} classes with the most workers",
        f"{figure_name(middle, edition, 'zh')}最高的是{top.name_zh}，{top.values[middle]:,}元/年"
        f"（{top.values[low]:,}至{top.values[high]:,}元）；最低的是{bottom.name_zh}，"
        f"{bottom.values[middle]:,}元/年（{bottom.values[low]:,}至{bottom.values[high]:,}元）。",
        f"The highest {figure_name(middle, edition, 'en')} is that of {top.name_en}, "
        f"{top.values[middle]:,} yuan a year ({top.values[low]:,} to {top.values[high]:,}); the "
        f"lowest that of {bottom.name_en}, {bottom.values[middle]:,} "
        f"({bottom.values[low]:,} to {bottom.values[high]:,}).",
        draw,
        1.1 + 0.26 * len(chosen),
    )


def _key(edition: Edition, tiers: tuple[str, ...], middle: str) -> str:
    lang = edition.lang
    outer = f"{_plain(tiers[0], edition)}–{_plain(tiers[-1], edition)}"
    inner = f"{_plain(tiers[1], edition)}–{_plain(tiers[-2], edition)}" if len(tiers) >= 4 else ""
    dot = figure_name(middle, edition, lang)
    if lang == "zh":
        return f"细线：{outer}" + (f"　粗线：{inner}" if inner else "") + f"　圆点：{dot}"
    return f"thin: {outer}" + (f"   thick: {inner}" if inner else "") + f"   dot: {dot}"


def _plain(tier: str, edition: Edition) -> str:
    return tier.upper() if tier[:1] == "p" else figure_name(tier, edition, edition.lang)
