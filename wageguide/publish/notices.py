"""One notice for each enterprise, as DOCX and as HTML, in Chinese."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from wageguide.errors import ReleaseError
from wageguide.payroll.outcome import VERDICTS
from wageguide.payroll.result import Review
from wageguide.publish.docx import Document
from wageguide.publish.folder import replaced_folder
from wageguide.publish.returns import safe_file_name

#: Longer lists stand in the review workbook.
_MOST_LINES = 300
_HEADS = ("人员编号", "月份", "事项", "情况", "依据", "应补发（元）")
_SHARES = (10, 9, 12, 40, 20, 11)
_OPEN_HEADS = ("事项", "缺少的内容", "行数")
_ASIDE_HEADS = ("位置", "问题")
_STYLE = (
    "body{font-family:'Noto Serif SC','Source Han Serif SC',SimSun,serif;max-width:52em;"
    "margin:2em auto;padding:0 1em;line-height:1.5}h1{text-align:center;font-size:1.5em}"
    "h2{font-size:1.1em}table{border-collapse:collapse;width:100%;font-size:.9em;"
    "table-layout:fixed}th,td{border:1px solid #888;padding:.3em .5em;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}th{background:#dce6f1}"
    "@media print{body{margin:0}}"
)


Record = Mapping[Hashable, Any]
#: Verdicts in the order in which they are told, and their headings.
_SHOWN = (("violation", VERDICTS[2][0]), ("method", VERDICTS[5][0]), ("advice", VERDICTS[3][0]))
#: Heading, column headings, rows.
Section = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]


@dataclass(frozen=True)
class Notice:
    """What an enterprise is told.

    Attributes
    ----------
    enterprise_id, name
        Who.
    opening
        Paragraphs before the lists.
    sections
        Heading, column headings and rows of each list.
    closing
        Paragraphs after the lists.
    """

    enterprise_id: str
    name: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...]

    def docx(self) -> bytes:
        """The notice as a text document."""
        document = Document()
        document.heading("工资计划审核意见书", size=18, centre=True)
        document.paragraph(f"{self.name}（{self.enterprise_id}）：", size=12)
        for text in self.opening:
            document.paragraph(text)
        for title, heads, rows in self.sections:
            document.heading(title, size=12)
            document.table(heads, rows, _shares(heads))
        for text in self.closing:
            document.paragraph(text)
        return document.bytes()

    def html(self) -> str:
        """The notice as a page that needs nothing else."""
        parts = [f"<p>{escape(self.name)}（{escape(self.enterprise_id)}）：</p>"]
        parts += [f"<p>{escape(t)}</p>" for t in self.opening]
        for title, heads, rows in self.sections:
            shares = _shares(heads)
            head = "".join(
                f'<th style="width:{100 * s / sum(shares):.0f}%">{escape(h)}</th>'
                for h, s in zip(heads, shares, strict=True)
            )
            body = "".join(
                "<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows
            )
            parts.append(f"<h2>{escape(title)}</h2><table><tr>{head}</tr>{body}</table>")
        parts += [f"<p>{escape(t)}</p>" for t in self.closing]
        return (
            '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
            f"<title>工资计划审核意见书 {escape(self.name)}</title><style>{_STYLE}</style></head>"
            f"<body><h1>工资计划审核意见书</h1>{''.join(parts)}</body></html>\n"
        )


def _shares(heads: tuple[str, ...]) -> tuple[int, ...]:
    """How the columns of a list share the width of the page."""
    return {_HEADS: _SHARES, _OPEN_HEADS: (25, 60, 15), _ASIDE_HEADS: (40, 60)}[heads]


def notices(review: Review) -> Iterator[Notice]:
    """The notice of each enterprise, in the order of the ranking."""
    wrong = review.plan.findings.frame
    found = _by_enterprise(review.findings)
    open_ = _by_enterprise(review.not_checkable)
    problems = _by_enterprise(wrong[wrong["severity"].eq("error")])
    for line in review.enterprises.to_dict("records"):
        who = str(line["enterprise_id"])
        yield _notice(review, line, found.get(who, ()), open_.get(who, ()), problems.get(who, ()))


def _by_enterprise(frame: pd.DataFrame) -> dict[str, list[Record]]:
    """Rows as plain records, those of an enterprise together; None where there is nothing."""
    groups: dict[str, list[Record]] = {}
    for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        groups.setdefault(str(row["enterprise_id"]), []).append(row)
    return groups


def _notice(
    review: Review,
    line: Record,
    found: Sequence[Record],
    open_: Sequence[Record],
    wrong: Sequence[Record],
) -> Notice:
    facts: dict[str, Any] = {str(k): v for k, v in line.items()}
    name = str(facts["enterprise_name"]) if pd.notna(facts["enterprise_name"]) else ""
    opening = [
        f"根据你单位报送的工资计划（{facts['rows']:,} 行，{facts['workers']:,} 人，工资合计 "
        f"{facts['wages']:,.2f} 元），按劳动发生地和月份当时施行的规定审核，结果如下。"
    ]
    if facts["complies"]:
        opening.append("已核查施行中的全部事项，未发现问题。")
    else:
        opening.append(
            f"违法 {facts['violations']:,} 条，涉及 {facts['workers_in_breach']:,} 人，应补发工资 "
            f"{facts['back_pay']:,.2f} 元；提示 {facts['advice']:,} 条；取决于方法 "
            f"{facts['method']:,} 条；无法核查 {facts['not_checkable']:,} 项；未能审核 "
            f"{facts['set_aside']:,} 行。"
        )
    sections: list[Section] = []
    number = iter("一二三四五六")
    for verdict, zh in _SHOWN:
        mine = [f for f in found if f["verdict"] == verdict]
        if mine:
            sections.append((f"{next(number)}、{zh}", _HEADS, _lines(mine)))
    if open_:
        rows = tuple((o["title_zh"], o["missing"], f"{o['rows']:,}") for o in open_)
        sections.append((f"{next(number)}、无法核查", _OPEN_HEADS, rows[:_MOST_LINES]))
    if wrong:
        places = tuple((_where(w), w["message_zh"]) for w in wrong)
        sections.append((f"{next(number)}、填报问题", _ASIDE_HEADS, places[:_MOST_LINES]))
    closing = []
    if facts["back_pay"] > 0:
        closing.append(
            "请按责令的期限补发。逾期不支付的，可责令按应付金额百分之五十以上百分之一百以下加付赔偿金"
            "（劳动合同法第八十五条、劳动保障监察条例第二十六条）。最低工资规定第十三条另载有责令按"
            "所欠工资一至五倍支付赔偿金的规定，仅供说明。"
        )
    closing += [f"法规数据提示：{zh}。" for zh, _ in review.marks]
    closing += [f"审核时假定 {n} 为 {v}。" for n, v in review.assumed.items()]
    closing.append(
        f"标为“提示”的事项为指导性意见，不属违法。法规数据版本 {review.law_version}"
        + (f"，并入自行录入的 {review.own_law}" if review.own_law else "")
        + "。如数据有误，请更正后重新报送。"
    )
    return Notice(
        str(facts["enterprise_id"]), name, tuple(opening), tuple(sections), tuple(closing)
    )


def _check_folder(out: Path) -> None:
    if not out.exists():
        return
    foreign = sorted(p.name for p in out.iterdir() if p.suffix not in (".docx", ".html"))
    if not out.is_dir() or foreign:
        raise ReleaseError(
            f"{out} holds what is no notice, and would be replaced. Choose another folder:",
            foreign[:5],
        )


def _where(problem: Record) -> str:
    row = "" if problem["row"] is None else f"第{int(problem['row'])}行"
    return " ".join(t for t in (problem["file"], problem["sheet"], row) if t)


def _lines(found: Sequence[Record]) -> tuple[tuple[str, ...], ...]:
    lines = [
        (
            f["worker_id"] or "（全单位）",
            f["period"] or "",
            f["title_zh"],
            f["text_zh"],
            "；".join(t for t in (f["article"], f["source"]) if t),
            f"{f['back_pay']:,.2f}" if f["back_pay"] else "",
        )
        for f in found
    ]
    if len(lines) > _MOST_LINES:
        rest = len(lines) - _MOST_LINES
        lines = [*lines[:_MOST_LINES], ("", "", "", f"另有 {rest:,} 条，见审核工作簿。", "", "")]
    return tuple(lines)


def write_notices(review: Review, out: Path, *, progress: bool = True) -> int:
    """Write the notices into a folder, which is replaced as a whole.

    Returns
    -------
    int
        Enterprises.

    Raises
    ------
    ReleaseError
        If the folder holds anything but notices, which would be lost.
    """
    _check_folder(out)
    with replaced_folder(out) as folder:
        folder.mkdir(exist_ok=True)
        written = 0
        bar = tqdm(notices(review), "notices", len(review.enterprises), disable=not progress)
        for notice in bar:
            stem = safe_file_name(f"{notice.enterprise_id}_{notice.name}".rstrip("_"))
            (folder / f"{stem}.docx").write_bytes(notice.docx())
            (folder / f"{stem}.html").write_text(notice.html(), encoding="utf-8", newline="\n")
            written += 1
    return written
