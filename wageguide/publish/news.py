"""The release notes: what is in it, what changed since last year and why, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.publish.labels import heading, key_labels
from wageguide.publish.options import differing_options
from wageguide.publish.tables import ALL_WORKERS, PriceTable
from wageguide.publish.text import visible

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.publish.compared import Previous
    from wageguide.publish.edition import Edition

#: File name of the release notes.
NEWS = "release_notes.md"
#: How many of the clearest changes of a table are named.
_NAMED = 5
_READ = {"up": ("上升", "rise"), "down": ("下降", "fall")}


def write_news(folder: Path, edition: Edition) -> None:
    """Write the notes of an edition: what it holds, and its changes since last year."""
    plan = edition.plan
    lines = [
        f"# {edition.year} {_md(plan.text('title', 'zh'))} · {_md(plan.text('title', 'en'))}",
        "",
        f"{_md(plan.text('place', 'zh'))} · {_md(plan.text('place', 'en'))}",
        "",
        *_status(edition),
        "",
        "## 内容 Contents",
        "",
        "| 表 Table | 行数 Rows | 保密 Confidential | 不可靠的数值 Unreliable figures |",
        "|---|--:|--:|--:|",
        *(_table_line(t, edition) for t in edition.tables),
        "",
        "## 与上年相比 Since the year before",
        "",
        *_changes(edition),
    ]
    (folder / NEWS).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def write_differences(folder: Path, options: Mapping[str, Any], previous: Previous | None) -> None:
    """Add to the notes which options differ from those of the previous release."""
    if previous is None:
        return
    lines = ["", f"## 与{previous.year}年版的口径差异 Options that differ from {previous.year}", ""]
    different = differing_options(dict(options), dict(previous.manifest["options"]))
    if different:
        lines += ["| 选项 Option | 上一版 Then | 本版 Now |", "|---|---|---|"]
        lines += [f"| `{name}` | {_md(a)} | {_md(b)} |" for name, a, b in different]
    else:
        lines.append("无 None.")
    with (folder / NEWS).open("a", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


def _status(edition: Edition) -> list[str]:
    day = edition.published_on.isoformat() if edition.published_on else "–"
    zh, en = {
        "draft": ("草稿，不得对外发布", "draft, not for publication"),
        "final": ("正式发布", "final"),
    }[edition.status]
    lines = [f"- 状态 Status: {zh} · {en}", f"- 发布日期 Day of publication: {day}"]
    notice = [
        t for t in (edition.plan.text("notice", "zh"), edition.plan.text("notice", "en")) if t
    ]
    return lines + ([f"- {_md(' '.join(notice))}"] if notice else [])


def _table_line(table: PriceTable, edition: Edition) -> str:
    hidden = {c.code for c in edition.plan.grading.classes if not c.published}
    unreliable = sum(
        int(table.frame[f"grade_{figure}"].isin(hidden).sum()) for figure in table.figures
    )
    cells = len(table.frame) - table.total_rows
    secret = int((table.frame["mark"] != "").sum())
    title = _md(f"{table.title('zh')} {table.title('en')}")
    return f"| {title} | {cells:,} | {secret:,} | {unreliable:,} |"


def _changes(edition: Edition) -> list[str]:
    if not edition.changes:
        return ["没有可比的上一版。 No earlier release to compare with."]
    lines: list[str] = []
    for table in edition.tables:
        frame = edition.changes.get(table.settings.id)
        if frame is None:
            continue
        figure = _middle(table)
        counted = frame["cell"].value_counts()
        read = frame[f"reading_{figure}"].value_counts()
        name_zh, name_en = (heading(figure, edition.plan.scheme, lang) for lang in ("zh", "en"))
        lines += [
            f"### {_md(table.title('zh'))} · {_md(table.title('en'))}",
            "",
            f"- 两年均有 {_n(counted, 'both')} 行，新增 {_n(counted, 'new')} 行，"
            f"本年没有 {_n(counted, 'lost')} 行。 "
            f"{_n(counted, 'both')} rows in both years, {_n(counted, 'new')} new, "
            f"{_n(counted, 'lost')} not this year.",
            f"- {name_zh}：上升 {_n(read, 'up')}，下降 {_n(read, 'down')}，"
            f"误差范围内 {_n(read, 'noise')}。 {name_en}: {_n(read, 'up')} rose, "
            f"{_n(read, 'down')} fell, {_n(read, 'noise')} within the error.",
            *_clearest(table, frame, figure),
            "",
        ]
    return lines[:-1]


def _middle(table: PriceTable) -> str:
    return "p50" if "p50" in table.figures else "mean"


def _n(counts: pd.Series, name: str) -> str:
    return f"{int(counts.get(name, 0)):,}"


def _clearest(table: PriceTable, frame: pd.DataFrame, figure: str) -> list[str]:
    """The changes farthest beyond their error, largest first; ties in printed order."""
    growth, read = frame[f"growth_{figure}"], frame[f"reading_{figure}"]
    told = frame[read.isin(list(_READ)) & growth.notna()]
    order = growth[told.index].abs().sort_values(ascending=False, kind="stable").index[:_NAMED]
    lines = []
    for row in told.loc[order].to_dict("records"):
        zh, en = _READ[row[f"reading_{figure}"]]
        low, high = row[f"low_growth_{figure}"], row[f"high_growth_{figure}"]
        value = f"{row[f'growth_{figure}']:+.1%} ({low:+.1%} … {high:+.1%})"
        lines.append(
            f"  - {_md(_name(table, row, 'zh'))} · {_md(_name(table, row, 'en'))}: "
            f"{zh} {en} {value}"
        )
    return lines


def _name(table: PriceTable, row: Mapping[Any, Any], lang: str) -> str:
    named = []
    for key in table.settings.by:
        code = row[key]
        known = isinstance(code, str) and code != ""
        labels = key_labels(key)
        side = "zh" if lang == "zh" else "en"
        named.append(labels.codes.name(code, side) if known else ALL_WORKERS[side])
    return " × ".join(named)


def _md(text: str) -> str:
    """Text that Markdown shows as it is, in a table too."""
    return visible(text).replace("\n", " ").translate(_MARKDOWN)


#: Signs of HTML as entities, signs of Markdown behind a backslash.
_MARKDOWN = {ord(c): f"&#{ord(c)};" for c in "<>&"} | {ord(c): f"\\{c}" for c in "\\|*_`[]#"}
