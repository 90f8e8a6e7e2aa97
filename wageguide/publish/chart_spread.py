"""The distribution: how many classes have their middle wage where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wageguide.publish.chart_parts import bars, figure_name, middle_of
from wageguide.publish.chart_style import BLUE, INK, ORANGE, Picture, wan

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from wageguide.publish.edition import Edition

_LEAST = 8
#: Widths of a column, yuan; the narrowest that makes at most so many columns is taken.
_WIDTHS = (5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
_COLUMNS = 24


def draw_spread(edition: Edition) -> Picture | None:
    """Histogram of the middle wages of the classes of the first table of one key."""
    table = next((t for t in edition.tables if len(t.settings.by) == 1), None)
    if table is None:
        return None
    middle, lang = middle_of(edition), edition.lang
    values = sorted(b.values[middle] for b in bars(table, (middle,)))
    whole = [b.values[middle] for b in bars(table, (middle,), total=True)]
    if len(values) < _LEAST:
        return None
    span = values[-1] - values[0]
    width = next((w for w in _WIDTHS if span / w <= _COLUMNS), _WIDTHS[-1])
    first = values[0] // width
    counts = [0] * (values[-1] // width - first + 1)
    for value in values:
        counts[value // width - first] += 1

    def draw(figure: Figure) -> None:
        from matplotlib.ticker import MaxNLocator

        axes = figure.add_subplot()
        starts = [(first + n) * width for n in range(len(counts))]
        axes.bar(starts, counts, width=0.92 * width, align="edge", color=BLUE)
        for value in whole[:1]:
            axes.axvline(value, color=ORANGE, lw=1.5, ls="--")
            text = f"全部：{value:,}元" if lang == "zh" else f"all: {value:,} yuan"
            axes.annotate(
                text, (value, 1.0), xycoords=("data", "axes fraction"), xytext=(4, -2),
                textcoords="offset points", va="top", color=INK,
            )  # fmt: skip
        axes.set_ylabel("类数" if lang == "zh" else "classes")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(axis="x", visible=False)
        wan(axes, lang)

    most = max(range(len(counts)), key=lambda n: counts[n])
    low, high = (first + most) * width, (first + most + 1) * width
    name_zh, name_en = (figure_name(middle, edition, lang_) for lang_ in ("zh", "en"))
    return Picture(
        f"spread_{table.settings.id}",
        f"{table.title('zh')}：{name_zh}的分布",
        f"{table.title('en')}: distribution of the {name_en}",
        f"{len(values)}类中，{name_zh}在{low:,}至{high:,}元/年的最多，有{counts[most]}类；"
        f"最低{values[0]:,}元，最高{values[-1]:,}元。",
        f"Of {len(values)} classes most, {counts[most]}, have a {name_en} from {low:,} to {high:,} "
        f"yuan a year; the lowest is {values[0]:,}, the highest {values[-1]:,}.",
        draw,
        3.2,
    )
