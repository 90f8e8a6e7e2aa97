"""The review workbook: summary, enterprises by risk, findings with filters, open questions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from wageguide.payroll.outcome import VERDICT_NAMES, VERDICTS
from wageguide.payroll.period import read_period
from wageguide.payroll.result import Review
from wageguide.publish.settings import Lang
from wageguide.publish.style import Book, column_width, open_book, set_page

#: Rows whose texts are measured for the width of a column.
_MEASURED = 200

_TITLE = {"zh": "工资计划审核", "en": "Review of payroll plans"}
_SHEETS = {
    "summary": ("汇总", "Summary"),
    "enterprises": ("企业", "Enterprises"),
    "findings": ("审核发现", "Findings"),
    "open": ("无法核查", "Not checkable"),
    "aside": ("填报问题", "Problems of files"),
}
#: Column, heading in Chinese and English, kind of cell.
_ENTERPRISES = (
    ("rank", "序号", "Rank", "figure"),
    ("enterprise_id", "统一社会信用代码", "Enterprise", "text"),
    ("enterprise_name", "企业名称", "Name", "text"),
    ("place", "所在地", "Place", "code"),
    ("workers", "人数", "Workers", "figure"),
    ("rows", "行数", "Rows", "figure"),
    ("wages", "工资合计（元）", "Wages (yuan)", "money"),
    ("violations", "违法", "Violations", "figure"),
    ("workers_in_breach", "涉及人数", "Workers in breach", "figure"),
    ("back_pay", "应补发（元）", "Back pay (yuan)", "money"),
    ("method", "取决于方法", "Method-dependent", "figure"),
    ("advice", "提示", "Advice", "figure"),
    ("not_checkable", "无法核查", "Not checkable", "figure"),
    ("set_aside", "未能审核行数", "Rows set aside", "figure"),
    ("complies", "核查完整且未发现问题", "Complies", "code"),
)
_FINDINGS = (
    ("enterprise_id", "统一社会信用代码", "Enterprise", "text"),
    ("enterprise_name", "企业名称", "Name", "text"),
    ("place", "地点", "Place", "code"),
    ("worker_id", "人员编号", "Worker", "code"),
    ("period", "月份", "Month", "code"),
    ("title", "事项", "Rule", "text"),
    ("verdict", "结论", "Verdict", "code"),
    ("compared", "比较数（元）", "Compared (yuan)", "money"),
    ("limit", "标准（元）", "Limit (yuan)", "money"),
    ("short", "差额（元）", "Short (yuan)", "money"),
    ("back_pay", "应补发（元）", "Back pay (yuan)", "money"),
    ("extra_least", "逾期加付下限（元）", "Extra, least (yuan)", "money"),
    ("extra_most", "逾期加付上限（元）", "Extra, most (yuan)", "money"),
    ("text", "情况", "Finding", "text"),
    ("article", "依据", "Article", "text"),
    ("source", "标准出处", "Source of the value", "text"),
    ("readings", "各种读法", "Readings", "text"),
    ("marks", "法规数据提示", "Law data", "text"),
    ("file", "文件", "File", "text"),
    ("row", "行", "Row", "figure"),
)
_OPEN = (
    ("enterprise_id", "统一社会信用代码", "Enterprise", "text"),
    ("title", "事项", "Rule", "text"),
    ("missing", "缺少的内容", "What is missing", "text"),
    ("rows", "行数", "Rows", "figure"),
)
_ASIDE = (
    ("enterprise_id", "统一社会信用代码", "Enterprise", "text"),
    ("file", "文件", "File", "text"),
    ("sheet", "工作表", "Sheet", "text"),
    ("row", "行", "Row", "figure"),
    ("value", "填报值", "Found", "text"),
    ("message", "问题", "Problem", "text"),
)
_COLOURS = {"violation": "marked_error", "method": "marked_warning", "advice": "marked_warning"}


def write_review_workbook(path: Path, review: Review, lang: Lang = "zh") -> None:
    """Write the workbook of a review."""
    second = int(lang == "en")
    title = _TITLE[lang]
    book = open_book(path, title=title, subject=title, year=_year(review), lang=lang)
    _summary(book, review, lang)
    enterprises = review.enterprises.assign(
        complies=[("是", "yes")[second] if c else ("否", "no")[second]
                  for c in review.enterprises["complies"]]
    )  # fmt: skip
    _table(book, "enterprises", enterprises, _ENTERPRISES, lang)
    words = dict(zip(VERDICT_NAMES, (v[second] for v in VERDICTS), strict=True))
    findings = _translated(review.findings, lang)
    colours = [_COLOURS.get(v) for v in findings["verdict"]]
    findings["verdict"] = findings["verdict"].map(words)
    _table(book, "findings", findings, _FINDINGS, lang, colours)
    _table(book, "open", _translated(review.not_checkable, lang), _OPEN, lang)
    wrong = review.plan.findings.frame
    wrong = wrong[wrong["severity"].isin(["error", "warning"])]
    wrong = wrong.assign(message=wrong[f"message_{lang}"])
    _table(book, "aside", wrong, _ASIDE, lang)
    book.workbook.close()


def _translated(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Columns in both languages become the one that is asked for."""
    pairs = [c.removesuffix("_zh") for c in frame.columns if c.endswith("_zh")]
    return frame.assign(**{name: frame[f"{name}_{lang}"] for name in pairs})


def _year(review: Review) -> int:
    found = [p for t in set(review.plan.rows["period"]) if (p := read_period(t)) is not None]
    return max((p.first // 12 for p in found), default=2000)


def _summary(book: Book, review: Review, lang: Lang) -> None:
    sheet = book.sheet(_SHEETS["summary"][lang == "en"])
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 4, 16)
    sheet.write_string(0, 0, _TITLE[lang], book.formats["title"])
    at = 2
    for said in review.lines():
        sheet.write_string(at, 0, said[lang == "en"])
        at += 1
    at += 1
    heads = (
        ("事项", "合法", "违法", "提示", "取决于方法", "无法核查")
        if lang == "zh"
        else ("Rule", "Lawful", "Violations", "Advice", "Method-dependent", "Not checkable")
    )
    sheet.set_column(5, 5, 16)
    for place, head in enumerate(heads):
        sheet.write_string(at, place, head, book.formats["head"])
    for rule in review.rules:
        at += 1
        verdict = review.verdicts[rule.id]
        sheet.write_string(
            at, 0, (rule.title_zh, rule.title_en)[lang == "en"], book.formats["text"]
        )
        for place, code in enumerate((1, 2, 3, 5, 4), 1):
            sheet.write_number(at, place, int((verdict == code).sum()), book.formats["figure"])
    at += 2
    own = f" + {review.own_law}" if review.own_law else ""
    sheet.write_string(
        at, 0, f"法规数据 Law data: {review.law_version}{own}", book.formats["small"]
    )
    set_page(sheet, header=_TITLE[lang], lang=lang, heading_rows=0, landscape=True)


def _table(
    book: Book,
    name: str,
    frame: pd.DataFrame,
    columns: Sequence[tuple[str, str, str, str]],
    lang: Lang,
    colours: Sequence[str | None] | None = None,
) -> None:
    """A table with its headings fixed and filters on them."""
    second = int(lang == "en")
    sheet, formats = book.sheet(_SHEETS[name][second]), book.formats
    plain = book.workbook.add_format({"text_wrap": True, "valign": "top"})
    money = book.workbook.add_format({"num_format": "#,##0.00", "valign": "top"})
    for place, (column, *heads, kind) in enumerate(columns):
        values = frame[column].tolist()
        texts = [str(v) for v in values[:_MEASURED] if pd.notna(v)]
        width = column_width([heads[second], *texts], 40)
        sheet.set_column(place, place, max(width, 14 if kind == "money" else 8))
        sheet.write_string(0, place, heads[second], formats["head"])
        _cells(sheet, place, values, kind, money if kind == "money" else plain)
        if column == "verdict" and colours is not None:
            for row, (value, colour) in enumerate(zip(values, colours, strict=True), 1):
                if colour:
                    sheet.write_string(row, place, str(value), formats[colour])
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(frame), 1), len(columns) - 1)
    set_page(sheet, header=_SHEETS[name][second], lang=lang, heading_rows=1, landscape=True)


def _cells(sheet: Any, place: int, values: Sequence[Any], kind: str, form: Any) -> None:
    if kind in ("money", "figure"):
        for row, value in enumerate(values, 1):
            if pd.notna(value) and value != "":
                sheet.write_number(row, place, float(value), form)
        return
    for row, value in enumerate(values, 1):
        if isinstance(value, str) and value:
            sheet.write_string(row, place, value, form)
