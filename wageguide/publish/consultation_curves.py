"""Charts of what may happen: cost curves, the zone of agreement, and uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wageguide.bargaining.outlook import Outlook
from wageguide.bargaining.zone import Zone
from wageguide.publish.chart_style import BLUE, GREEN, GREY, INK, ORANGE, SKY, Picture, short

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

_MARKS = (("o", ORANGE), ("s", GREEN), ("^", INK))


def yuan_axis(axis: Axis, lang: str, *, yearly: bool = False) -> None:
    """Ticks of yuan: in 万元 in Chinese, in thousands in English."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    scale = 1e4 if lang == "zh" else 1e3
    axis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v / scale:,.4g}"))
    unit = "万元" if lang == "zh" else "thousand yuan"
    axis.set_label_text(unit + ({"zh": "/年"}.get(lang, " per year") if yearly else ""))


def curve_chart(
    curve: pd.DataFrame, label: str, *, at: float | None = None, lang: str = "zh"
) -> Picture:
    """Cost above doing nothing as a function of one clause parameter.

    Parameters
    ----------
    curve
        As `cost_curve` gives it.
    label
        What the parameter is.
    at
        Value that is on the table, marked.
    lang
        Language of the axes.
    """
    values, more = curve["value"].tolist(), curve["more"].tolist()
    # Shares are shown in per cent, amounts in yuan.
    scale = 100 if max(abs(v) for v in values) <= 1 else 1

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot([scale * v for v in values], more, color=BLUE, lw=1.8)
        if at is not None:
            axes.axvline(scale * at, color=ORANGE, lw=1.2, ls="--")
        axes.set_xlabel(f"{short(label, 30)}（%）" if scale == 100 else short(label, 30))
        yuan_axis(axes.yaxis, lang)

    low, high = f"{scale * values[0]:g}", f"{scale * values[-1]:g}"
    return Picture(
        "curve",
        f"成本曲线：{label}",
        f"Cost curve: {label}",
        f"{label}从{low}到{high}时，比不调整多支出从{more[0]:,.0f}元到{more[-1]:,.0f}元。",
        f"As {label} goes from {low} to {high}, cost above doing nothing goes from "
        f"{more[0]:,.0f} to {more[-1]:,.0f} yuan.",
        draw,
        3.0,
    )


def zone_chart(zone: Zone, *, lang: str = "zh") -> Picture:
    """Packages by what workers gain and what they cost, the frontier, and the solutions.

    Parameters
    ----------
    zone
        As `find_zone` gives it.
    lang
        Language of the axes.
    """
    packages, line = zone.packages, zone.line
    inside = packages["inside"].to_numpy()

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        gain, outlay = packages["gain"].to_numpy(), packages["outlay"].to_numpy()
        words = (("不可接受", "可接受"), ("not acceptable", "acceptable to both"))[lang != "zh"]
        axes.plot(gain[~inside], outlay[~inside], "x", color=GREY, ms=4, label=words[0])
        axes.plot(gain[inside], outlay[inside], "o", color=SKY, ms=4, label=words[1])
        if line is not None:
            axes.plot(gain[line.package], outlay[line.package], color=BLUE, lw=1.4,
                      label=("有效边界", "frontier")[lang != "zh"])  # fmt: skip
            column = "solution_zh" if lang == "zh" else "solution_en"
            for (mark, colour), row in zip(_MARKS, zone.solutions.to_dict("records"), strict=False):
                axes.plot(row["gain"], row["outlay"], mark, color=colour, ms=8, label=row[column])
        axes.set_xlabel("")
        yuan_axis(axes.xaxis, lang)
        yuan_axis(axes.yaxis, lang)
        unit = axes.xaxis.get_label_text()
        axes.set_xlabel(("职工得益现值，", "gain of workers, present value, ")[lang != "zh"] + unit)
        axes.set_ylabel(("企业支出现值，", "outlay, present value, ")[lang != "zh"] + unit)
        axes.legend(frameon=False, fontsize=8)

    many = int(inside.sum())
    if zone.exists:
        rows = zone.solutions.to_dict("records")
        words_zh = "；".join(f"{r['solution_zh']}增幅{100 * r['growth']:.2f}%" for r in rows)
        words_en = "; ".join(f"{r['solution_en']} {100 * r['growth']:.2f} %" for r in rows)
    else:
        rows = zone.conflicts.to_dict("records")
        words_zh = "最近的方案未满足：" + "、".join(str(r["name"]) for r in rows)
        words_en = "the nearest package misses " + ", ".join(str(r["name"]) for r in rows)
    return Picture(
        "zone",
        "可接受的区间",
        "Zone of agreement",
        f"{len(packages):,}个方案中{many:,}个双方均可接受；{words_zh}。",
        f"{many:,} of {len(packages):,} packages are acceptable to both; {words_en}.",
        draw,
        3.8,
    )


def fan_chart(outlook: Outlook, *, lang: str = "zh", name: str = "fan") -> Picture:
    """Cost above doing nothing by year and in all: median, and from the 10th to the 90th.

    Parameters
    ----------
    outlook
        Of an offer.
    lang
        Language of the axes.
    name
        File name of the picture.
    """
    lines = outlook.simulation.frame.to_dict("records")

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for number, row in enumerate(lines):
            axes.vlines(number, row["p10"], row["p90"], color=SKY, lw=14)
            axes.plot([number - 0.14, number + 0.14], [row["p50"]] * 2, color=INK, lw=2)
        labels = [r["year"] for r in lines[:-1]] + [("合计", "all")[lang != "zh"]]
        axes.set_xticks(range(len(lines)), labels)
        axes.set_xlim(-0.6, len(lines) - 0.4)
        axes.set_ylim(bottom=min(0.0, *(r["p10"] for r in lines)))
        axes.grid(axis="x", visible=False)
        yuan_axis(axes.yaxis, lang)

    total = lines[-1]
    offer = outlook.offer.name
    return Picture(
        name,
        f"比不调整多支出的可能范围：{offer}",
        f"Likely cost above doing nothing: {offer}",
        f"合计的中位数{total['p50']:,.0f}元，八成情景在{total['p10']:,.0f}至{total['p90']:,.0f}元之间。",
        f"In all, the median is {total['p50']:,.0f} yuan; eight scenarios in ten lie from "
        f"{total['p10']:,.0f} to {total['p90']:,.0f}.",
        draw,
        3.0,
    )


def tornado_chart(outlook: Outlook, *, lang: str = "zh", name: str = "tornado") -> Picture:
    """How far each variable alone moves the cost.

    Parameters
    ----------
    outlook
        Of an offer.
    lang
        Language of the axes.
    name
        File name of the picture.
    """
    column = "name_zh" if lang == "zh" else "name_en"
    lines = outlook.tornado.to_dict("records")

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for number, row in enumerate(lines):
            axes.barh(number, row["high"] - row["low"], left=row["low"], height=0.55, color=BLUE)
        axes.set_yticks(range(len(lines)), [short(str(r[column]), 24) for r in lines])
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
        yuan_axis(axes.xaxis, lang)

    first = lines[0]
    offer = outlook.offer.name
    return Picture(
        name,
        f"哪个因素影响最大：{offer}",
        f"What moves the cost most: {offer}",
        f"{first['name_zh']}从第10到第90百分位，成本从{first['low']:,.0f}到{first['high']:,.0f}元。",
        f"From the 10th to the 90th percentile of {first['name_en']}, cost goes from "
        f"{first['low']:,.0f} to {first['high']:,.0f} yuan.",
        draw,
        0.9 + 0.36 * len(lines),
    )
