"""The price history: the middle wage of all workers and the largest classes, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wageguide.publish.chart_parts import figure_name, middle_of
from wageguide.publish.chart_style import BLUE, GREEN, GREY, INK, ORANGE, SKY, Picture, short, wan
from wageguide.publish.labels import key_labels
from wageguide.publish.tables import ALL_WORKERS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from wageguide.publish.edition import Edition

_MOST = 5
_LOOK = (
    (INK, "o", "-"),
    (BLUE, "s", "-"),
    (ORANGE, "^", "--"),
    (GREEN, "D", "-."),
    (SKY, "v", ":"),
    (GREY, "x", "-"),
)


def draw_history(edition: Edition) -> Picture | None:
    """Lines of the first table of one key; years of another scheme are left out."""
    table = next((t for t in edition.tables if len(t.settings.by) == 1), None)
    if edition.series is None or table is None:
        return None
    middle, lang, key = middle_of(edition), edition.lang, table.settings.by[0]
    own = edition.series
    own = own[(own["table"] == table.settings.id) & (own["measure"] == middle)]
    own = own[(own["scheme"] == edition.plan.scheme.id) & own["value"].notna()]
    years = sorted({int(y) for y in own["reference_year"]})
    if len(years) < 2:
        return None
    workers = dict(zip(table.frame[key], table.frame["workers"].fillna(0), strict=True))
    values: dict[str, dict[int, int]] = {}
    for code, year, value in zip(own["code1"], own["reference_year"], own["value"], strict=True):
        values.setdefault(str(code), {})[int(year)] = int(value)
    whole = [c for c in values if c == ""]
    others = [c for c, v in values.items() if c and len(v) == len(years)]
    others.sort(key=lambda c: (-int(workers.get(c, 0)), c))
    chosen = [*whole, *others[:_MOST]]
    labels = key_labels(key)

    def named(code: str, lang_: str) -> str:
        side = "zh" if lang_ == "zh" else "en"
        return labels.codes.name(code, side) if code else ALL_WORKERS[side]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for (colour, shape, line), code in zip(_LOOK, chosen, strict=False):
            mine = [y for y in years if y in values[code]]
            axes.plot(mine, [values[code][y] for y in mine], color=colour, marker=shape, ls=line,
                      lw=1.8, label=short(named(code, lang), 22))  # fmt: skip
        axes.set_xticks(years, [str(y) for y in years])
        axes.set_ylim(bottom=0)
        axes.margins(x=0.08)
        wan(axes, lang, "y")
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=8)

    if not chosen:
        return None
    first, last = years[0], years[-1]
    lead = chosen[0]
    at = values[lead]
    ends = [at.get(y) for y in (first, last)]
    text = [f"{v:,}" if v is not None else "–" for v in ends]
    name_zh, name_en = (figure_name(middle, edition, lang_) for lang_ in ("zh", "en"))
    return Picture(
        f"history_{table.settings.id}",
        f"{table.title('zh')}：{first}–{last}年{name_zh}",
        f"{table.title('en')}: {name_en}, {first}–{last}",
        f"{named(lead, 'zh')}的{name_zh}：{first}年{text[0]}元，{last}年{text[1]}元（各年公布数，"
        "不表示变化超出误差）。",
        f"{name_en} of {named(lead, 'en')}: {text[0]} yuan in {first}, {text[1]} in {last} (as "
        "published; not every difference is beyond its error).",
        draw,
        3.2,
    )
