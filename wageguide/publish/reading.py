"""How to read the tables: an example from the first one, marks, grades, intervals, changes."""

from __future__ import annotations

from wageguide.publish.edition import Edition
from wageguide.publish.labels import heading
from wageguide.publish.notes import Note
from wageguide.publish.tables import PriceTable


def reading_notes(edition: Edition) -> list[Note]:
    """What a reader needs to read a row, in printed order."""
    return [
        *_example(edition),
        Note(
            "平均数和中位数",
            "Mean and median",
            "少数高工资会拉高平均数；中位数是居中者的工资。两者相差大，说明工资差距大。",
            "A few high wages raise the mean; the median is the wage of the worker in the middle. "
            "Where the two are far apart, wages differ much.",
        ),
        *_grades(edition),
        *_marks(),
        Note(
            "误差范围",
            "Interval",
            "价位由抽样调查估计。95%置信区间：若反复抽样，约95%的区间包含真实数值。"
            "两个数值的差别小于其误差时，不宜判断高低。",
            "Prices are estimated from a sample. Of intervals made in this way from many samples, "
            "about 95 % would hold the true figure. A difference smaller than its error says "
            "nothing about which is higher.",
        ),
        *(_change() if edition.changes else []),
        Note(
            "用途",
            "Use",
            "价位供企业定薪和工资集体协商参考，不是必须执行的标准，也不能代替最低工资标准。",
            "Prices inform pay setting and collective consultation. They bind nobody and do not "
            "take the place of the minimum wage.",
        ),
    ]


def _example(edition: Edition) -> list[Note]:
    """The first shown quantile of the first table, in a sentence."""
    table = edition.tables[0]
    quantiles = [t for t in edition.plan.scheme.tiers if t.kind == "quantile"]
    quantiles.sort(key=lambda t: abs(float(t.share) - 0.5))
    for tier in quantiles:
        shown = table.frame[table.frame[tier.name].notna()]
        if shown.empty:
            continue
        row = shown.iloc[0]
        share, value = f"{float(tier.share * 100):g}", f"{int(row[tier.name]):,}"
        zh, en = (heading(tier.name, edition.plan.scheme, lang) for lang in ("zh", "en"))
        return [
            Note(
                "读一行",
                "Reading a row",
                f"例（表“{table.settings.title_zh}”第一个有数值的行）：{_names(table, row)}的"
                f"{zh}为 {value} 元/年，即 {share}% 的从业人员全年工资不高于此数。",
                f"For example, the first row of {table.settings.title_en} with a figure: {en} of "
                f"{_codes(table, row)} is {value} yuan a year; {share} % of these workers earn "
                "this or less.",
            )
        ]
    return []


def _names(table: PriceTable, row: object) -> str:
    return "、".join(str(row[f"{k}_name"]) for k in table.settings.by) or "全部从业人员"  # type: ignore[index]


def _codes(table: PriceTable, row: object) -> str:
    codes = [str(row[k]) for k in table.settings.by]  # type: ignore[index]
    return ", ".join(c for c in codes if c) or "all workers"


def _grades(edition: Edition) -> list[Note]:
    return [
        Note(f"等级 {g.code}", f"Grade {g.code}", f"{g.label_zh}。", f"{g.label_en}.")
        for g in edition.plan.grading.classes
    ]


def _marks() -> list[Note]:
    return [
        Note(
            "保密",
            "confidential",
            "为保护企业和个人信息，该行（或该数值）不公布。不表示零，也不表示没有人。"
            "数据文件中标记为 c。",
            "The row, or the figure, is not shown, to protect enterprises and persons. It is not "
            "zero, and does not say that there is nobody. The data files mark it c.",
        ),
        Note(
            "不可靠",
            "unreliable",
            "该数值的抽样误差过大或样本过少，不公布；人数照常公布。",
            "The figure is not shown because its sampling error is too large or too few were "
            "surveyed; the counts are shown.",
        ),
        Note(
            "不可估",
            "not estimable",
            "数值公布，但其误差无法估计，不等于误差小。",
            "The figure is shown, but its error cannot be estimated; it is not therefore small.",
        ),
        Note("–", "–", "没有这项数值。", "There is no such figure."),
    ]


def _change() -> list[Note]:
    return [
        Note(
            "与上年相比",
            "Change since the year before",
            "编号带 c 的表列出变化及其95%置信区间。“上升”“下降”仅用于变化超出误差的情况；"
            "其余为“误差范围内”。任一年保密的行没有变化率。",
            "The sheets numbered c give the change with its 95 % interval. A rise or fall is said "
            "only of a change beyond its error; all else is within the error. A row confidential "
            "in either year has no change.",
        )
    ]
