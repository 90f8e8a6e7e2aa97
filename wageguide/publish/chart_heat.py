"""The heat map: the middle wage by two keys, with its number in every square."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wageguide.publish.chart_parts import bars, figure_name, middle_of
from wageguide.publish.chart_style import GREY, Picture, short
from wageguide.publish.labels import key_labels
from wageguide.publish.tables import PriceTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    from wageguide.publish.edition import Edition

_ROWS, _COLUMNS, _LEAST = 18, 9, 4


def draw_heat(edition: Edition) -> Picture | None:
    """Industry by level where there is such a table, else the first of two keys that fits."""
    tables = [t for t in edition.tables if len(t.settings.by) == 2]
    tables.sort(key=lambda t: t.settings.by != ("industry", "post_level"))
    for table in tables:
        picture = _heat(table, edition)
        if picture is not None:
            return picture
    return None


def _heat(table: PriceTable, edition: Edition) -> Picture | None:
    import pandas as pd

    middle, lang = middle_of(edition), edition.lang
    first, second = table.settings.by
    frame = table.frame
    shown = frame[frame[middle].notna()]
    columns = _largest(shown, second, _COLUMNS)
    rows = _largest(shown[shown[second].isin(columns)], first, _ROWS)
    if len(rows) * len(columns) < _LEAST or len(columns) < 2:
        return None
    value = {
        (a, b): int(v)
        for a, b, v in zip(shown[first], shown[second], shown[middle], strict=True)
        if a in rows and b in columns
    }
    secret = {
        (a, b) for a, b, m in zip(frame[first], frame[second], frame["mark"], strict=True) if m
    }
    names = {k: key_labels(k).codes for k in (first, second)}

    def draw(figure: Figure) -> None:
        from matplotlib import colormaps
        from matplotlib.colors import LogNorm

        axes = figure.add_subplot()
        least = min(value.values())
        norm = LogNorm(least, max(*value.values(), least + 1))
        colours = colormaps["cividis_r"]
        scale = 1e4 if lang == "zh" else 1e3
        for y, a in enumerate(rows):
            for x, b in enumerate(columns):
                known = value.get((a, b))
                if known is None:
                    word = ("保密" if lang == "zh" else "conf.") if (a, b) in secret else "–"
                    axes.text(x, y, word, ha="center", va="center", color=GREY, fontsize=7)
                    continue
                shade = float(norm(known))
                axes.add_patch(_square(x, y, colours(shade)))
                ink = "white" if shade > 0.5 else "black"
                text = f"{known / scale:,.1f}" if lang == "zh" else f"{known / scale:,.0f}"
                axes.text(x, y, text, ha="center", va="center", color=ink, fontsize=8)
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        heads = [short(names[second].name(c, lang), 9) for c in columns]
        axes.set_xticks(range(len(columns)), heads, rotation=0 if len(columns) <= 6 else 30)
        axes.set_yticks(range(len(rows)), [short(names[first].name(c, lang), 18) for c in rows])
        axes.tick_params(length=0)
        axes.grid(visible=False)
        for side in axes.spines.values():
            side.set_visible(False)
        unit = "单位：万元/年" if lang == "zh" else "thousand yuan per year"
        axes.set_title(unit, loc="right", fontsize=8)

    assert isinstance(frame, pd.DataFrame)
    every = sorted(bars(table, (middle,)), key=lambda b: b.values[middle])
    name_zh, name_en = (figure_name(middle, edition, lang_) for lang_ in ("zh", "en"))
    return Picture(
        f"heat_{table.settings.id}",
        f"{table.title('zh')}：{name_zh}",
        f"{table.title('en')}: {name_en}",
        f"{name_zh}最高的是{every[-1].name_zh}，{every[-1].values[middle]:,}元/年；"
        f"最低的是{every[0].name_zh}，{every[0].values[middle]:,}元/年。",
        f"The highest {name_en} is that of {every[-1].name_en}, {every[-1].values[middle]:,} yuan "
        f"a year, the lowest that of {every[0].name_en}, {every[0].values[middle]:,}.",
        draw,
        1.2 + 0.3 * len(rows),
    )


def _largest(frame: object, key: str, most: int) -> list[str]:
    """Codes of a key with the most rows shown, in the order of the classification."""
    import pandas as pd

    assert isinstance(frame, pd.DataFrame)
    counts = frame[key].value_counts()
    ranked = sorted(counts.index, key=lambda c: (-int(counts[c]), key_labels(key).place(str(c))))
    return sorted((str(c) for c in ranked[:most]), key=key_labels(key).place)


def _square(x: int, y: int, colour: Any) -> Rectangle:
    from matplotlib.patches import Rectangle as Square

    return Square((x - 0.48, y - 0.46), 0.96, 0.92, color=colour, lw=0)
