"""The brief of a consultation as a document that both sides can read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wageguide.bargaining.constraints import MEASURES, SHARES, Constraint
from wageguide.bargaining.months import month_text
from wageguide.bargaining.position import MISSING
from wageguide.bargaining.zone import NO_SIDE
from wageguide.publish.chart_style import WIDTH, Picture, png_bytes
from wageguide.publish.clause_words import SIDES, clause_row
from wageguide.publish.docx import Document

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.bargaining.consultation import Consultation

#: Headings, by the function that writes what is under it.
_TITLES = {
    "_offers": ("各方方案", "Offers"),
    "_costs": ("成本比较（元，取整）", "Cost, whole yuan"),
    "_position": ("企业所处位置", "Where the enterprise stands"),
    "_gains": ("谁得益", "Who gains"),
    "_zone": ("可接受的区间", "Zone of agreement"),
    "_outlooks": ("不确定性", "Uncertainty"),
    "_assumptions": ("假设和来源", "Assumptions and sources"),
}
#: Charts under a heading, by the first part of their names.
_PICTURES = {
    "_costs": ("monthly",),
    "_position": ("market",),
    "_gains": ("gains",),
    "_zone": ("zone",),
    "_outlooks": ("fan", "tornado"),
}
_DPI = 150
_NUMBERS = "〇一二三四五六七"


def brief_document(
    consultation: Consultation, *, lang: str = "zh", pictures: Sequence[Picture] = ()
) -> bytes:
    """The brief as DOCX; the same consultation, the same bytes.

    Parameters
    ----------
    consultation
        What is on the table.
    lang
        ``zh`` or ``en``.
    pictures
        Charts, each put under the section that it belongs to.
    """
    side = 0 if lang == "zh" else 1
    document = Document()
    name = consultation.roster.name
    document.heading(("工资集体协商参考材料", "Consultation brief")[side], size=18, centre=True)
    document.heading(name, size=14, centre=True)
    document.paragraph(NO_SIDE[side])
    parts = [_offers, _costs, _position, _gains]
    parts += [_zone] if consultation.zone is not None else []
    parts += [_outlooks] if consultation.outlooks else []
    for number, write in enumerate([*parts, _assumptions], 1):
        title = _TITLES[write.__name__][side]
        document.heading((f"{_NUMBERS[number]}、{title}", f"{number}. {title}")[side])
        write(document, consultation, side)
        for picture in pictures:
            if picture.name.partition("_")[0] in _PICTURES.get(write.__name__, ()):
                document.paragraph(picture.title(lang), keep=True)
                png = png_bytes(picture, _DPI)
                document.picture(png, width=6.6, height=6.6 * picture.height / WIDTH,
                                 alt=picture.alt(lang))  # fmt: skip
    return document.bytes()


def _offers(document: Document, found: Consultation, side: int) -> None:
    for cost in found.costs:
        offer = cost.offer
        months = f"{month_text(offer.start)}–{month_text(offer.end)}"
        title = ("{}（{}），{}", "{} ({}), {}")[side]
        document.paragraph(title.format(offer.name, SIDES[offer.side][side], months), keep=True)
        rows = [clause_row(number, c, side) for number, c in enumerate(offer.clauses, 1)]
        heads: tuple[str, ...] = (
            ("序号", "条款", "内容", "自", "对象"),
            ("No", "Clause", "Terms", "From", "For"),
        )[side]
        if rows:
            document.table(heads, rows, (2, 5, 8, 6, 6))


def _costs(document: Document, found: Consultation, side: int) -> None:
    heads: tuple[str, ...] = (
        (
            "方案",
            "总成本",
            "比不调整多",
            "增幅",
            "期末年化",
            "现值",
            "期末平均增幅",
            "最低基本工资",
        ),
        (
            "Offer",
            "Cost",
            "Above nothing",
            "Growth",
            "Annualised",
            "Present value",
            "Average rise",
            "Lowest base",
        ),
    )[side]
    rows = [
        [
            r["offer"],
            _whole(r["total"]),
            _whole(r["more"]),
            _percent(r["growth"]),
            _whole(r["annualised"]),
            _whole(r["present_value"]),
            _percent(r["average_rise"]),
            _whole(r["lowest"]),
        ]
        for r in found.table.to_dict("records")
    ]
    document.table(heads, rows, (4, 4, 4, 3, 4, 4, 3, 3))
    for cost in found.costs:
        years = cost.years
        rows = [
            [
                str(r["year"]),
                _yuan(r["offer"]),
                _yuan(r["nothing"]),
                _yuan(r["more"]),
                _percent(r["growth"]),
                _yuan(r["cumulative"]),
            ]
            for r in years.to_dict("records")
        ]
        document.paragraph(cost.offer.name, keep=True)
        heads = (
            ("年份", "成本", "不调整", "多", "增幅", "累计多"),
            ("Year", "Cost", "Nothing", "More", "Growth", "Cumulative"),
        )[side]
        document.table(heads, rows, (2, 4, 4, 4, 2, 4))


def _position(document: Document, found: Consultation, side: int) -> None:
    posts = found.position.posts
    heads: tuple[str, ...] = (
        ("岗位", "人数", "平均年工资", "市场中位数", "比值", "所在区间", "达到中位数所需"),
        ("Post", "Heads", "Average, year", "Market median", "Ratio", "Between", "To the median"),
    )[side]
    rows = [
        [
            r["post"],
            f"{r['heads']:,}",
            _yuan(r["average"]),
            _yuan(r.get("p50", math.nan)),
            _number(r["compa"]),
            _known(r["between"], side),
            _yuan(r["to_p50"]),
        ]
        for r in posts.to_dict("records")
    ]
    document.table(heads, rows, (4, 2, 4, 4, 2, 3, 4))
    rows = [
        [str(r["on"]), _yuan(r["standard"]), _number(r["below"], 0), _yuan(r["short"]), r["source"]]
        for r in found.position.minimum.to_dict("records")
    ]
    heads = (
        ("日期", "最低工资（元/月）", "低于的人数", "差额（元/月）", "依据"),
        ("On", "Minimum wage", "Below", "Short a month", "Source"),
    )[side]
    document.table(heads, rows, (3, 3, 3, 3, 6))
    document.paragraph(
        ("协商应参考的因素（工资集体协商试行办法第八条）", "Factors to weigh (Art. 8)")[side]
    )
    factors = found.position.factors
    rows = [
        [r[("factor_zh", "factor_en")[side]], _known(r["value"], side), r["source"]]
        for r in factors.to_dict("records")
    ]
    heads = (("因素", "数值", "来源"), ("Factor", "Value", "Source"))[side]
    document.table(heads, rows, (5, 5, 5))


def _known(text: str, side: int) -> str:
    return MISSING[side] if text == MISSING[0] else text


def _gains(document: Document, found: Consultation, side: int) -> None:
    for cost, own in zip(found.costs, found.gains, strict=True):
        document.paragraph(cost.offer.name, keep=True)
        rows = [
            [
                r["post"],
                f"{r['heads']:,}",
                _yuan(r["before"]),
                _yuan(r["after"]),
                _yuan(r["gain"]),
                _percent(r["rise"]),
            ]
            for r in own.posts.to_dict("records")
        ]
        heads: tuple[str, ...] = (
            ("岗位", "人数", "现月均", "期末月均", "增加", "增幅"),
            ("Post", "Heads", "Now", "At the end", "Gain", "Rise"),
        )[side]
        document.table(heads, rows, (4, 2, 3, 3, 3, 2))


def _zone(document: Document, found: Consultation, side: int) -> None:
    zone = found.zone
    assert zone is not None
    rows = [
        [c.name, SIDES[c.side][side], MEASURES[c.measure][side], _limit(c), c.source]
        for c in zone.constraints
    ]
    heads: tuple[str, ...] = (
        ("限度", "提出方", "指标", "数值", "来源"),
        ("Limit", "Side", "Measure", "Value", "Source"),
    )[side]
    document.table(heads, rows, (4, 2, 4, 3, 5))
    if not zone.exists:
        document.paragraph(("没有双方都能接受的方案，差距如下。", "No package suits both.")[side])
        rows = [
            [r["name"], f"{r['limit']:g}", f"{r['found']:g}", f"{r['short']:g}"]
            for r in zone.conflicts.to_dict("records")
        ]
        heads = (("限度", "数值", "最近方案", "相差"), ("Limit", "Value", "Nearest", "Short by"))[
            side
        ]
        document.table(heads, rows, (4, 3, 3, 3))
        return
    columns = list(zone.solutions.columns)
    parameters = columns[2 : columns.index("gain")]
    rows = [
        [
            r[("solution_zh", "solution_en")[side]],
            *(_parameter(name, r[name]) for name in parameters),
            _percent(r["growth"]),
            _whole(r["gain"]),
            _whole(r["outlay"]),
            _whole(r["cost"]),
        ]
        for r in zone.solutions.to_dict("records")
    ]
    first = found.costs[0].offer
    document.paragraph(
        (
            "双方均可接受的方案{:,}个（共{:,}个），在“{}”上变动条款；元取整。",
            "{:,} of {:,} packages are acceptable to both; clauses of {} vary; whole yuan.",
        )[side].format(int(zone.packages["inside"].sum()), len(zone.packages), first.name),
        keep=True,
    )
    named = tuple(
        (f"条款{n.partition('.')[0]}", f"Clause {n.partition('.')[0]}")[side] for n in parameters
    )
    heads = (
        ("解", *named, "平均增幅", "职工得益现值", "企业支出现值", "增加成本"),
        ("Solution", *named, "Average rise", "Gain", "Outlay", "Cost"),
    )[side]
    document.table(heads, rows, (5, *(2 for _ in named), 3, 4, 4, 4))


def _parameter(name: str, value: float) -> str:
    """A negotiated value: shares in per cent, amounts in yuan."""
    return _yuan(value) if name.endswith(".amount") else _percent(value)


def _outlooks(document: Document, found: Consultation, side: int) -> None:
    first = found.outlooks[0].simulation
    document.paragraph(
        (
            "以下为{:,}个情景（种子{}）中比不调整多支出的金额；10%、50%、90%为分位数。",
            "Cost above doing nothing in {:,} scenarios (seed {}); 10, 50, 90 % are percentiles.",
        )[side].format(first.scenarios.count, first.scenarios.seed)
    )
    rows = []
    for one in found.outlooks:
        total = one.simulation.frame.iloc[-1]
        figures = [_whole(total[c]) for c in ("mean", "p10", "p50", "p90")]
        widest = one.tornado.iloc[0][("name_zh", "name_en")[side]]
        rows.append([one.offer.name, *figures, widest])
    heads: tuple[str, ...] = (
        ("方案", "平均", "10%", "50%", "90%", "影响最大的因素"),
        ("Offer", "Mean", "10%", "50%", "90%", "Moved most by"),
    )[side]
    document.table(heads, rows, (4, 3, 3, 3, 3, 4))
    if found.outlooks[0].chances.empty:
        return
    document.paragraph(("各限度得到满足的可能性", "How likely each limit holds")[side], keep=True)
    heads = (("限度", "提出方"), ("Limit", "Side"))[side]
    names = tuple(o.offer.name for o in found.outlooks)
    rows = [
        [line["name"], SIDES[line["side"]][side],
         *(_chance(o.chances.iloc[place]) for o in found.outlooks)]
        for place, line in enumerate(found.outlooks[0].chances.to_dict("records"))
    ]  # fmt: skip
    document.table((*heads, *names), rows, (4, 2, *(3 for _ in names)))


def _chance(line: pd.Series[Any]) -> str:
    """A share of scenarios with its Monte Carlo error; none is written where all agree."""
    error = float(line["error"])
    tail = f" ±{100 * error:.1f}" if error else ""
    return f"{100 * float(line['chance']):.1f}%{tail}"


def _assumptions(document: Document, found: Consultation, side: int) -> None:
    rest = found.costs[0].assumptions
    base = {
        "current": ("当月工资", "pay of the month"),
        "previous_year": ("上年月平均工资", "last year's average"),
    }[rest.contribution_base]
    lines = [
        ("社保费基：{}", "Contributions on {}")[side].format(base[side]),
        ("加班工资随基本工资调整：{}", "Overtime follows the base: {}")[side].format(
            (("是", "yes") if rest.overtime_follows else ("否", "no"))[side]
        ),
        ("流动率 {}，新进人员工资比 {}，年贴现率 {}", "Turnover {}, entry ratio {}, discount {}")[
            side
        ].format(*(_percent(float(v)) for v in (rest.turnover, rest.entry_ratio, rest.discount))),
    ]
    if not rest.contributions:
        lines = [
            (
                "没有给出单位缴费的费率：以上成本只是支付给职工的工资，不含社会保险费和住房公积金。",
                "No rates of contributions are given: costs are what workers are paid, without "
                "social insurance and housing fund.",
            )[side],
            *lines[1:],
        ]
    for line in lines:
        document.paragraph(line)
    rows = [
        [
            c.name,
            month_text(c.start),
            _percent(float(c.rate)),
            _yuan(c.floor / 100),
            _yuan(c.ceiling / 100) if c.ceiling else "–",
            c.source or ("未注明", "not given")[side],
        ]
        for c in rest.contributions
    ]
    heads: tuple[str, ...] = (
        ("项目", "自", "费率", "下限", "上限", "来源"),
        ("Item", "From", "Rate", "Floor", "Ceiling", "Source"),
    )[side]
    if rows:
        document.table(heads, rows, (3, 2, 2, 3, 3, 5))


def _limit(constraint: Constraint) -> str:
    """A limit as it is read: shares in per cent, yuan with thousands separated."""
    if constraint.measure in SHARES:
        return _percent(constraint.limit)
    return f"{constraint.limit:,.2f}"


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _yuan(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:,.2f}"


def _number(value: float, places: int = 2) -> str:
    return "–" if math.isnan(value) else f"{value:,.{places}f}"


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.2f}%"


def scenario_table(found: Consultation) -> pd.DataFrame:
    """Offers side by side, rounded for print: yuan to the fen, shares to a ten-thousandth."""
    table = found.table.copy()
    money = ["total", "more", "annualised", "present_value", "lowest"]
    table[money] = table[money].round(2)
    table[["growth", "average_rise"]] = table[["growth", "average_rise"]].round(4)
    return table
