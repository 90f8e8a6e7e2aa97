"""Read a roster from CSV or a workbook: every row is used, or set aside with its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.bargaining.money import fen
from wageguide.bargaining.roster import Roster
from wageguide.errors import OfferError
from wageguide.survey.encodings import decode

if TYPE_CHECKING:
    import pandas as pd

#: Headings that name a column, the first is the one that messages use.
HEADINGS: dict[str, tuple[str, ...]] = {
    "worker": ("工号", "人员编号", "姓名", "worker", "worker_id"),
    "post": ("岗位", "岗位名称", "post"),
    "group": ("类别", "人员类别", "group"),
    "base": ("基本工资", "月基本工资", "岗位工资", "base", "base_wage"),
    "allowance": ("津贴补贴", "津补贴", "allowance"),
    "overtime": ("加班工资", "月均加班工资", "overtime"),
    "heads": ("人数", "heads", "headcount"),
    "service": ("工龄", "本单位工龄", "service", "seniority"),
    "sex": ("性别", "sex"),
    "occupation": ("职业代码", "occupation"),
    "level": ("岗位等级", "level", "post_level"),
}
_NEEDED = ("post", "base")
_MONEY = ("base", "allowance", "overtime")
_COUNTS = {"heads": 1, "service": 0}
#: Fen a month above which an amount is taken for a slip; also keeps products in 63 bits.
_MOST = 10**9
_TEXTS = ("worker", "post", "group", "sex", "occupation", "level")


def read_roster(source: Path | str | pd.DataFrame, *, name: str = "") -> Roster:
    """Read a roster.

    Parameters
    ----------
    source
        CSV (UTF-8 or GBK) or workbook, whose first sheet is read; the first row holds the
        headings, in Chinese or English. Or a frame with such columns. Amounts are yuan a month.
    name
        Name of the enterprise; the file's name where it is left out.

    Raises
    ------
    OfferError
        If the file cannot be read, lacks a column, or no row can be used; all problems at
        once.
    """
    if isinstance(source, Path | str):
        path = str(source)
        lines = _lines(Path(source))
    else:
        path = "frame"
        text = source.astype(object).where(source.notna(), "")
        lines = [[*map(str, source.columns)], *([_text(c) for c in r] for r in text.to_numpy())]
    if not lines:
        raise OfferError(f"The roster {path} is empty; its first row should hold headings.")
    columns, problems = _columns(lines[0])
    if problems:
        raise OfferError(f"The roster {path} cannot be read:", problems)
    rows, aside = [], []
    for number, cells in enumerate(lines[1:], 2):
        if not any(cells):
            continue
        found, wrong = _row(columns, cells)
        if wrong:
            aside.append({"line": number, "reason": "; ".join(wrong)})
        else:
            rows.append(found)
    if not rows:
        told = [f"line {a['line']}: {a['reason']}" for a in aside[:10]]
        raise OfferError(f"No row of the roster {path} can be used:", told or ["it has no rows"])
    return make_roster(rows, name=name or Path(path).stem, aside=aside)


def make_roster(
    rows: Sequence[Mapping[str, Any]], *, name: str, aside: Sequence[Mapping[str, Any]] = ()
) -> Roster:
    """A roster of rows with the fields of `Roster.frame`; what is left out is empty, 0 or 1."""
    import pandas as pd

    every = [
        {
            **{t: str(row.get(t, "")) for t in _TEXTS},
            **{m: int(row.get(m, 0)) for m in _MONEY},
            **{c: int(row.get(c, least)) for c, least in _COUNTS.items()},
        }
        for row in rows
    ]
    frame = pd.DataFrame(every, columns=[*_TEXTS, *_MONEY, *_COUNTS])
    frame = frame.astype(dict.fromkeys([*_MONEY, *_COUNTS], "int64"))
    return Roster(name, frame, pd.DataFrame(list(aside), columns=["line", "reason"]))


def _lines(path: Path) -> list[list[str]]:
    """Cells of the file as text."""
    try:
        if path.suffix.lower() in (".xlsx", ".xls", ".xlsm", ".ods"):
            from python_calamine import CalamineWorkbook

            sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
            return [[_text(c) for c in row] for row in sheet.to_python()]
        return [
            [_text(c) for c in row] for row in csv.reader(io.StringIO(decode(path.read_bytes())))
        ]
    except Exception as error:
        raise OfferError(
            f"The roster {path} cannot be read ({error}). Save it as CSV in UTF-8, or as .xlsx."
        ) from error


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _columns(heads: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Place of each column, and what is wrong with the headings."""
    places: dict[str, int] = {}
    problems = []
    known = {h: name for name, spelled in HEADINGS.items() for h in spelled}
    for place, head in enumerate(heads):
        name = known.get(head.replace("（元）", "").replace("(元)", "").strip())
        if name is None:
            continue
        if name in places:
            problems.append(f"two columns are {HEADINGS[name][0]}; keep one")
        places[name] = place
    problems += [
        f"no column {HEADINGS[n][0]} ({n}); the headings are {', '.join(filter(None, heads))}"
        for n in _NEEDED
        if n not in places
    ]
    return places, problems


def _row(columns: Mapping[str, int], cells: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Values of one row, and what is wrong with it."""
    values: dict[str, Any] = {}
    wrong = []
    for name, place in columns.items():
        text = cells[place] if place < len(cells) else ""
        label = HEADINGS[name][0]
        if name in _TEXTS:
            values[name] = text
            if name == "post" and not text:
                wrong.append(f"{label} is empty")
            continue
        try:
            if name in _MONEY:
                values[name] = fen(text or "0", least=1 if name == "base" else 0)
                if values[name] > _MOST:
                    wrong.append(f"{label}: {text} is more than ten million yuan a month")
            else:
                values[name] = _count(text, _COUNTS[name])
        except ValueError as error:
            wrong.append(f"{label}: {error}")
    return values, wrong


def _count(text: str, least: int) -> int:
    if not text:
        return least
    if not text.isdigit() or int(text) < least:
        raise ValueError(f"{text!r} should be a whole number from {least} on")
    return int(text)
