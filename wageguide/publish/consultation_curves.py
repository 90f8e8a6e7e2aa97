"""Charts of what may happen: cost curves, the zone of agreement, and uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wageguide.bargaining.outlook import Outlook
from wageguide.bargaining.zone import Zone
from wageguide.publish.chart_style import BLUE, GREEN, GREY, INK, ORANGE, SKY, Picture, short

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

#: Colour, line and marker of the offers in turn, so that none is told by colour alone.
LOOKS = ((BLUE, "-", "o"), (ORANGE, "--", "s"), (GREEN, "-.", "^"), (SKY, ":", "D"))
_HATCHES = ("", "///", "...", "xxx")
_MARKS = (("o", ORANGE, 12), ("s", GREEN, 7), ("^", INK, 6))


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


def zone_chart(zone: Zone, *, lang: str = "zh", now: tuple[float, float] | None = None) -> Picture:
    """Packages by what workers gain and what they cost, the frontier, and the solutions.

    Parameters
    ----------
    zone
        As `find_zone` gives it.
    lang
        Language of the axes.
    now
        Gain and outlay of the offer on the table, marked.
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
            for (mark, colour, size), row in zip(
                _MARKS, zone.solutions.to_dict("records"), strict=False
            ):
                axes.plot(
                    row["gain"], row["outlay"], mark, color=colour, ms=size, label=row[column]
                )
        if now is not None:
            axes.plot(*now, "*", color=INK, mfc="white", ms=14,
                      label=("当前方案", "on the table")[lang != "zh"])  # fmt: skip
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


def fan_chart(outlooks: Sequence[Outlook], *, lang: str = "zh") -> Picture:
    """Cost above doing nothing by year and in all: median, and from the 10th to the 90th.

    Parameters
    ----------
    outlooks
        Of one or more offers.
    lang
        Language of the axes.
    """
    lines = [o.simulation.frame.to_dict("records") for o in outlooks]
    years = [*sorted({str(r["year"]) for own in lines for r in own[:-1]}), "total"]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        step = 0.7 / len(outlooks)
        for number, (one, own) in enumerate(zip(outlooks, lines, strict=True)):
            colour, _, marker = LOOKS[number % len(LOOKS)]
            at = [
                years.index(str(r["year"])) + (number - (len(outlooks) - 1) / 2) * step for r in own
            ]
            middle = [r["p50"] for r in own]
            away = [[r["p50"] - r["p10"] for r in own], [r["p90"] - r["p50"] for r in own]]
            axes.errorbar(at, middle, yerr=away, fmt=marker, color=colour, ms=3.5, lw=1.2,
                          capsize=7, label=short(one.offer.name, 14))  # fmt: skip
        axes.set_xticks(range(len(years)), [*years[:-1], ("合计", "all")[lang != "zh"]])
        axes.set_xlim(-0.6, len(years) - 0.4)
        axes.set_ylim(bottom=min(0.0, *(r["p10"] for own in lines for r in own)))
        axes.grid(axis="x", visible=False)
        yuan_axis(axes.yaxis, lang)
        axes.legend(frameon=False, ncols=4, loc="lower left", bbox_to_anchor=(0, 1.0))

    told = [(o.offer.name, own[-1]) for o, own in zip(outlooks, lines, strict=True)]
    return Picture(
        "fan",
        "比不调整多支出的可能范围（点：中位数，线：八成情景）",
        "Likely cost above doing nothing (dot: median; line: 8 in 10)",
        "合计的中位数，和八成情景的范围："
        + "；".join(f"{n} {t['p50']:,.0f}元，{t['p10']:,.0f}至{t['p90']:,.0f}元" for n, t in told)
        + "。",
        "In all, the median and where eight scenarios in ten lie: "
        + "; ".join(
            f"{n} {t['p50']:,.0f} yuan, {t['p10']:,.0f} to {t['p90']:,.0f}" for n, t in told
        )
        + ".",
        draw,
        3.2,
    )


def tornado_chart(outlooks: Sequence[Outlook], *, lang: str = "zh") -> Picture:
    """How far each variable alone moves the cost, from where all stand at their medians.

    Parameters
    ----------
    outlooks
        Of one or more offers.
    lang
        Language of the axes.
    """
    column = "name_zh" if lang == "zh" else "name_en"
    frames = [o.tornado.set_index("name") for o in outlooks]
    widths = {n: max(float(f.loc[n, "high"] - f.loc[n, "low"]) for f in frames)
              for n in frames[0].index}  # fmt: skip
    moving = [n for n in widths if widths[n] > 0] or list(widths)
    names = sorted(moving, key=lambda n: -widths[n])

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        step = 0.75 / len(outlooks)
        for number, (one, frame) in enumerate(zip(outlooks, frames, strict=True)):
            own = frame.loc[names]
            at = [n + (number - (len(outlooks) - 1) / 2) * step for n in range(len(names))]
            low, high = own["low"] - own["middle"], own["high"] - own["middle"]
            axes.barh(at, high - low, left=low, height=0.85 * step, hatch=_HATCHES[number % 4],
                      color=LOOKS[number % len(LOOKS)][0], edgecolor="white", lw=0,
                      label=short(one.offer.name, 14))  # fmt: skip
        axes.set_yticks(
            range(len(names)), [short(str(frames[0].loc[n, column]), 24) for n in names]
        )
        axes.invert_yaxis()
        axes.axvline(0, color=INK, lw=0.8)
        far = max(widths.values()) or 1.0
        axes.set_xlim(-0.75 * far, 0.75 * far)
        axes.grid(axis="y", visible=False)
        yuan_axis(axes.xaxis, lang)
        axes.legend(frameon=False, ncols=4, loc="lower left", bbox_to_anchor=(0, 1.0))

    told = [(o.offer.name, f.iloc[0]) for o, f in zip(outlooks, frames, strict=True)]
    return Picture(
        "tornado",
        "各因素单独变动对成本的影响（第10至第90百分位）",
        "What each variable alone does to the cost (10th to 90th percentile)",
        "影响最大的因素："
        + "；".join(f"{n} {t['name_zh']}，从{t['low']:,.0f}到{t['high']:,.0f}元" for n, t in told)
        + "。",
        "What moves it most: "
        + "; ".join(
            f"{n} {t['name_en']}, {t['low']:,.0f} to {t['high']:,.0f} yuan" for n, t in told
        )
        + ".",
        draw,
        1.2 + 0.16 * len(names) * (1 + len(outlooks)),
    )
