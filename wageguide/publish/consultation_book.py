"""The workbook of a consultation: simple sums are formulas, so that either side can check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.bargaining.months import year_of
from wageguide.bargaining.zone import NO_SIDE
from wageguide.publish.settings import Lang
from wageguide.publish.style import Book, column_width, open_book

if TYPE_CHECKING:
    from wageguide.bargaining.consultation import Consultation
    from wageguide.bargaining.cost import Cost

_PARTS = ("base", "allowance", "overtime", "extra", "contributions")
_WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "title": "工资集体协商测算",
        "months": "各月成本",
        "years": "分年汇总",
        "simple": "简单测算",
        "heads": (
            "方案",
            "月份",
            "年份",
            "基本工资",
            "津贴补贴",
            "加班工资",
            "一次性和补发",
            "单位缴费",
            "合计",
            "不调整合计",
            "多",
        ),
        "year_heads": ("方案", "年份", "成本", "不调整", "多", "增幅"),
        "posts": ("岗位", "人数", "平均基本工资", "调整后", "每人增加", "每月增加合计"),
        "inputs": ("增长比例", "定额（元/月）", "最低标准（元/月）"),
        "change": "改动黄色单元格，下面各列随之重算（按平均基本工资，不含缴费）。",
        "total": "合计",
        "no_side": NO_SIDE[0],
    },
    "en": {
        "title": "Consultation workbook",
        "months": "Months",
        "years": "Years",
        "simple": "Simple sums",
        "heads": (
            "Offer",
            "Month",
            "Year",
            "Base",
            "Allowance",
            "Overtime",
            "Lump sums, back pay",
            "Contributions",
            "Total",
            "Doing nothing",
            "More",
        ),
        "year_heads": ("Offer", "Year", "Cost", "Nothing", "More", "Growth"),
        "posts": ("Post", "Heads", "Average base", "After", "More each", "More a month"),
        "inputs": ("Rate", "Flat, yuan a month", "Floor, yuan a month"),
        "change": "Change the yellow cells; the columns follow (on average base wages, without "
        "contributions).",
        "total": "Total",
        "no_side": NO_SIDE[1],
    },
}


def write_consultation_book(path: Path, found: Consultation, *, lang: str = "zh") -> None:
    """Write the workbook; the same consultation, the same bytes.

    Parameters
    ----------
    path
        File to write.
    found
        What is on the table.
    lang
        ``zh`` or ``en``.
    """
    side: Lang = "en" if lang == "en" else "zh"
    words = _WORDS[side]
    year = year_of(found.costs[0].offer.start)
    book = open_book(path, title=words["title"], subject=found.roster.name, year=year, lang=side)
    money = book.workbook.add_format({"num_format": "#,##0.00", "border": 1})
    percent = book.workbook.add_format({"num_format": "0.00%", "border": 1})
    free = book.workbook.add_format({"num_format": "0.00##", "border": 1, "bg_color": "#FFF2CC"})
    rows = _months(book, found, words, money)
    _years(book, found, words, rows, (money, percent))
    _simple(book, found, words, (money, free))
    book.workbook.close()


def _start(book: Book, words: dict[str, Any], name: str, heads: str, title: str) -> Any:
    sheet = book.sheet(words[name])
    sheet.write_string(0, 0, title, book.formats["title"])
    sheet.write_string(1, 0, words["no_side"], book.formats["small"])
    for place, head in enumerate(words[heads]):
        sheet.write_string(2, place, head, book.formats["head"])
        sheet.set_column(place, place, max(column_width([head]), 14))
    sheet.freeze_panes(3, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    return sheet


def _months(book: Book, found: Consultation, words: dict[str, Any], money: Any) -> int:
    """Costs month by month; totals and differences are formulas. Gives the last row."""
    sheet = _start(book, words, "months", "heads", found.roster.name)
    row = 3
    for cost in found.costs:
        for line in _by_month(cost):
            sheet.write_string(row, 0, cost.offer.name, book.formats["text"])
            sheet.write_string(row, 1, line["month"], book.formats["code"])
            sheet.write_number(row, 2, line["year"], book.formats["code"])
            for place, part in enumerate(_PARTS, 3):
                sheet.write_number(row, place, line[part], money)
            at = row + 1
            total = sum(line[p] for p in _PARTS)
            sheet.write_formula(row, 8, f"=SUM(D{at}:H{at})", money, round(total, 2))
            sheet.write_number(row, 9, line["nothing"], money)
            more = round(total - line["nothing"], 2)
            sheet.write_formula(row, 10, f"=I{at}-J{at}", money, more)
            row += 1
    return row


def _by_month(cost: Cost) -> list[dict[str, Any]]:
    """Yuan of each month by part, and of doing nothing."""
    months = cost.months
    own = months[months["offer"] == "offer"].groupby("month", sort=True)
    sums = own[[*_PARTS]].sum()
    nothing = months[months["offer"] == "nothing"].groupby("month", sort=True)["total"].sum()
    return [
        {
            "month": month,
            "year": int(str(month)[:4]),
            **{p: int(values[p]) / 100 for p in _PARTS},
            "nothing": int(nothing[month]) / 100,
        }
        for month, values in zip(sums.index.tolist(), sums.to_dict("records"), strict=True)
    ]


def _years(
    book: Book, found: Consultation, words: dict[str, Any], last: int, formats: tuple[Any, Any]
) -> None:
    """Sums by year, as formulas over the months."""
    money, percent = formats
    sheet = _start(book, words, "years", "year_heads", found.roster.name)
    months = f"'{words['months']}'!"
    row = 3
    for cost in found.costs:
        for line in cost.years.to_dict("records"):
            sheet.write_string(row, 0, cost.offer.name, book.formats["text"])
            sheet.write_number(row, 1, line["year"], book.formats["code"])
            at = row + 1
            for place, (column, key) in enumerate((("I", "offer"), ("J", "nothing")), 2):
                formula = (
                    f"=SUMIFS({months}${column}$4:${column}${last},{months}$A$4:$A${last},"
                    f"$A{at},{months}$C$4:$C${last},$B{at})"
                )
                sheet.write_formula(row, place, formula, money, line[key])
            sheet.write_formula(row, 4, f"=C{at}-D{at}", money, line["more"])
            sheet.write_formula(row, 5, f"=E{at}/D{at}", percent, line["growth"])
            row += 1


def _simple(
    book: Book, found: Consultation, words: dict[str, Any], formats: tuple[Any, Any]
) -> None:
    """A sum that anybody can follow: average base wages by post under one rate, amount, floor."""
    money, free = formats
    sheet = _start(book, words, "simple", "posts", found.roster.name)
    for place, (name, value) in enumerate(zip(words["inputs"], (0.05, 0.0, 0.0), strict=True)):
        sheet.write_string(place, 7, name, book.formats["text"])
        sheet.write_number(place, 8, value, free)
    sheet.set_column(7, 8, 18)
    sheet.write_string(3, 7, words["change"], book.formats["small"])
    frame = found.roster.frame
    heads = found.roster.column("heads")
    sums = frame.assign(_b=found.roster.column("base") * heads, _h=heads)
    posts = sums.groupby("post", sort=False)[["_b", "_h"]].sum()
    row, more = 3, 0.0
    for post, base, count in zip(
        posts.index.tolist(), posts["_b"].tolist(), posts["_h"].tolist(), strict=True
    ):
        average = base / count / 100
        after, at = average * 1.05, row + 1
        sheet.write_string(row, 0, str(post), book.formats["text"])
        sheet.write_number(row, 1, count, book.formats["figure"])
        sheet.write_number(row, 2, round(average, 2), money)
        sheet.write_formula(row, 3, f"=MAX(C{at}*(1+$I$1)+$I$2,$I$3)", money, round(after, 2))
        sheet.write_formula(row, 4, f"=D{at}-C{at}", money, round(after - average, 2))
        sheet.write_formula(row, 5, f"=B{at}*E{at}", money, round(count * (after - average), 2))
        more += count * (after - average)
        row += 1
    sheet.write_string(row, 0, words["total"], book.formats["total_text"])
    sheet.write_formula(row, 5, f"=SUM(F4:F{row})", money, round(more, 2))
