"""Charts of a consultation: cost by month, who gains, and pay beside the market."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wageguide.bargaining.cost import Cost
from wageguide.bargaining.gains import Gains
from wageguide.bargaining.position import Position
from wageguide.publish.chart_style import (
    GREY,
    INK,
    ORANGE,
    PALE,
    Picture,
    short,
)
from wageguide.publish.consultation_curves import (
    LOOKS,
    fan_chart,
    tornado_chart,
    yuan_axis,
    zone_chart,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from wageguide.bargaining.consultation import Consultation

#: Posts on one chart; the largest are shown.
_POSTS = 20


def consultation_charts(found: Consultation, *, lang: str = "zh") -> list[Picture]:
    """All charts that a consultation has figures for."""
    charts = [
        monthly_chart(found.costs, lang=lang),
        gains_chart(found.costs, found.gains, lang=lang),
        market_chart(found.position, lang=lang),
        None if found.zone is None else zone_chart(found.zone, lang=lang),
    ]
    if found.outlooks:
        charts += [fan_chart(found.outlooks, lang=lang), tornado_chart(found.outlooks, lang=lang)]
    return [c for c in charts if c is not None]


def monthly_chart(costs: Sequence[Cost], *, lang: str = "zh") -> Picture:
    """Cost of every offer month by month, and of doing nothing over the longest of them.

    Parameters
    ----------
    costs
        Costed offers.
    lang
        Language of the axes, ``zh`` or ``en``.
    """
    longest = max(costs, key=lambda c: len(c.offer.months))
    lines = [(c.offer.name, _monthly(c, "offer")) for c in costs]
    nothing = _monthly(longest, "nothing")

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        place = {month: n for n, month in enumerate(sorted({m for _, v in lines for m in v}))}
        axes.step(
            [place[m] for m in nothing], list(nothing.values()), where="mid", color=GREY, lw=1.2,
            label=("不调整", "doing nothing")[lang != "zh"],
        )  # fmt: skip
        for number, (name, values) in enumerate(lines):
            colour, dash, _ = LOOKS[number % len(LOOKS)]
            axes.step([place[m] for m in values], list(values.values()), where="mid",
                      color=colour, ls=dash, lw=1.6, label=short(name, 14))  # fmt: skip
        ticks = [(n, m) for m, n in place.items() if m[5:] in ("01", "07")] or [*_pairs(place)]
        axes.set_xticks([n for n, _ in ticks], [m for _, m in ticks])
        axes.grid(axis="x", visible=False)
        yuan_axis(axes.yaxis, lang)
        axes.legend(frameon=False, ncols=4, loc="lower left", bbox_to_anchor=(0, 1.0))

    told = [(c.offer.name, c.more / 100) for c in costs]
    return Picture(
        "monthly",
        "各方案各月的人工成本",
        "Labour cost of each offer by month",
        "比不调整多：" + "；".join(f"{n} {v:,.0f}元" for n, v in told) + "。",
        "Above doing nothing: " + "; ".join(f"{n} {v:,.0f} yuan" for n, v in told) + ".",
        draw,
        3.4,
    )


def _monthly(cost: Cost, name: str) -> dict[str, float]:
    """Yuan by month."""
    own = cost.months[cost.months["offer"] == name]
    sums = own.groupby("month", sort=True)["total"].sum()
    return dict(zip(sums.index.tolist(), (sums / 100).tolist(), strict=True))


def _pairs(place: dict[str, int]) -> list[tuple[int, str]]:
    return [(n, m) for m, n in place.items()]


def gains_chart(costs: Sequence[Cost], gained: Sequence[Gains], *, lang: str = "zh") -> Picture:
    """Rise of the average monthly pay of each post under every offer.

    Parameters
    ----------
    costs, gained
        Costed offers, and `gains` of each.
    lang
        Language of the axes.
    """
    first = gained[0].posts.nlargest(_POSTS, "heads")
    posts = first["post"].tolist()
    rises = [
        dict(zip(g.posts["post"].tolist(), g.posts["rise"].tolist(), strict=True)) for g in gained
    ]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        height = 0.5 / len(costs)
        for number, (cost, rise) in enumerate(zip(costs, rises, strict=True)):
            colour, _, marker = LOOKS[number % len(LOOKS)]
            at = [n + (number - (len(costs) - 1) / 2) * height for n in range(len(posts))]
            values = [100 * rise[p] for p in posts]
            axes.hlines(at, 0, values, color=colour, lw=0.8)
            axes.plot(values, at, marker, color=colour, ms=5, label=short(cost.offer.name, 14))
        names = [f"{short(p, 12)}（{h}人）" if lang == "zh" else f"{short(p, 12)} ({h})"
                 for p, h in zip(posts, first["heads"].tolist(), strict=True)]  # fmt: skip
        axes.set_yticks(range(len(posts)), names)
        axes.invert_yaxis()
        axes.axvline(0, color=INK, lw=0.8)
        axes.grid(axis="y", visible=False)
        axes.set_xlabel("月均工资增幅（%）" if lang == "zh" else "rise of average monthly pay, %")
        axes.legend(frameon=False, ncols=4, loc="lower left", bbox_to_anchor=(0, 1.0))

    words = [
        f"{c.offer.name} {100 * min(r[p] for p in posts):.1f}%–{100 * max(r.values()):.1f}%"
        for c, r in zip(costs, rises, strict=True)
    ]
    return Picture(
        "gains",
        "各岗位期末月均工资的增幅",
        "Rise of average monthly pay by post, at the end",
        "各方案的岗位增幅：" + "；".join(words) + "。",
        "Rises of posts: " + "; ".join(words) + ".",
        draw,
        1.2 + 0.34 * len(posts),
    )


def market_chart(position: Position, *, lang: str = "zh") -> Picture | None:
    """Average pay of each post beside the published prices of its occupation.

    Parameters
    ----------
    position
        Of the roster, with a market.
    lang
        Language of the axes.

    Returns
    -------
    Picture or None
        None where no post has a price.
    """
    posts = position.posts
    tiers = [c for c in ("p10", "p25", "p50", "p75", "p90") if c in posts]
    if "p50" not in tiers:
        return None
    shown = posts[posts["p50"].notna()].nlargest(_POSTS, "heads")
    if shown.empty:
        return None
    lines = shown.to_dict("records")

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for number, line in enumerate(lines):
            known = [line[t] for t in tiers if not math.isnan(line[t])]
            axes.barh(number, known[-1] - known[0], left=known[0], height=0.5, color=PALE,
                      edgecolor=GREY, lw=0.6)  # fmt: skip
            axes.plot([line["p50"]] * 2, [number - 0.25, number + 0.25], color=INK, lw=1.6)
            axes.plot(line["average"], number, "o", color=ORANGE, ms=6)
        axes.use_sticky_edges = False
        axes.set_yticks(range(len(lines)), [short(str(x["post"]), 14) for x in lines])
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
        yuan_axis(axes.xaxis, lang, yearly=True)
        note = (
            "横条：公布的价位范围，竖线：中位数，圆点：本企业平均"
            if lang == "zh"
            else "bar: published range; line: median; dot: the enterprise's average"
        )
        axes.set_title(note, fontsize=8, loc="left", color=GREY)

    words = [f"{x['post']} {x['compa']:.2f}" for x in lines]
    return Picture(
        "market",
        "各岗位平均年工资与市场价位",
        "Average yearly pay of posts beside market prices",
        "平均工资与市场中位数之比：" + "；".join(words) + "。",
        "Average pay over the market median: " + "; ".join(words) + ".",
        draw,
        1.2 + 0.32 * len(lines),
    )
