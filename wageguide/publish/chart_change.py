"""Change against last year: growth with its interval; a rise is one beyond the error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wageguide.publish.chart_parts import figure_name, middle_of, row_name
from wageguide.publish.chart_style import BLUE, GREY, INK, ORANGE, Picture, short

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from wageguide.publish.edition import Edition

_MOST = 20
_LOOK = {"up": (BLUE, "^"), "down": (ORANGE, "v"), "noise": (GREY, "o"), "": (GREY, "x")}


def draw_change(edition: Edition) -> Picture | None:
    """Growth of the middle wage of the classes of the first table that has changes."""
    for table in edition.tables:
        frame = edition.changes.get(table.settings.id)
        if frame is None or len(table.settings.by) != 1:
            continue
        middle = middle_of(edition)
        known: list[dict[Any, Any]] = frame[frame[f"growth_{middle}"].notna()].to_dict("records")
        if known:
            break
    else:
        return None
    lang = edition.lang
    key = table.settings.by[0]
    workers = dict(zip(table.frame[key], table.frame["workers"].fillna(0), strict=True))
    known.sort(key=lambda r: (r[key] != "", -int(workers.get(r[key], 0))))
    chosen = sorted(known[:_MOST], key=lambda r: r[f"growth_{middle}"])

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.axvline(0, color=INK, lw=0.8)
        for place, row in enumerate(chosen):
            colour, shape = _LOOK[row[f"reading_{middle}"]]
            ends = [100 * row[f"{p}_growth_{middle}"] for p in ("low", "high")]
            axes.plot(ends, [place] * 2, color=colour, lw=2)
            axes.plot(100 * row[f"growth_{middle}"], place, shape, color=colour, ms=6)
        axes.set_yticks(
            range(len(chosen)), [short(row_name(table, row, lang), 20) for row in chosen]
        )
        for label, row in zip(axes.get_yticklabels(), chosen, strict=True):
            label.set_color(BLUE if row[key] == "" else INK)
        axes.grid(axis="y", visible=False)
        axes.margins(y=0.03)
        axes.set_xlabel("变化（%），95%置信区间" if lang == "zh" else "change (%), 95 % interval")
        key_text = (
            "▲ 上升　▼ 下降　● 误差范围内"
            if lang == "zh"
            else "▲ rise   ▼ fall   ● within the error"
        )
        axes.set_title(key_text, loc="right", fontsize=8)

    readings = [r[f"reading_{middle}"] for r in chosen]
    up, down, noise = (readings.count(r) for r in ("up", "down", "noise"))
    name_zh, name_en = (figure_name(middle, edition, lang_) for lang_ in ("zh", "en"))
    return Picture(
        f"change_{table.settings.id}",
        f"{table.title('zh')}：{name_zh}与上年相比",
        f"{table.title('en')}: {name_en} against the year before",
        f"图中{len(chosen)}类（含全部）：上升{up}类，下降{down}类，误差范围内{noise}类。",
        f"Of {len(chosen)} classes shown, all workers among them, {up} rose, {down} fell and "
        f"{noise} are within the error.",
        draw,
        1.1 + 0.26 * len(chosen),
    )
