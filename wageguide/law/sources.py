"""Where values come from: each text once, by key."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path

_KEYS = {"title", "number", "issued", "copy", "note"}


@dataclass(frozen=True)
class LawSource:
    """A text in which values stand.

    Attributes
    ----------
    key
        How values name it.
    title
        Title or number of the text; of a text without either, where it was read.
    number
        Its official number, such as 苏人社规〔2025〕3号; empty if none.
    issued
        Day on which it was issued, where known.
    copy
        Where a copy was read; empty where the title says it.
    note
        What else there is to say.
    """

    key: str
    title: str
    number: str = ""
    issued: dt.date | None = None
    copy: str = ""
    note: str = ""

    @property
    def cited(self) -> str:
        """Title and number in one line."""
        return f"{self.title}（{self.number}）" if self.number else self.title


def read_sources(path: Path, problems: list[str]) -> dict[str, LawSource]:
    """Read sources by key; what is wrong is added to `problems`."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: not TOML in UTF-8: {error}")
        return {}
    found: dict[str, LawSource] = {}
    for key, table in tables.items():
        where = f"{path.name} [{key}]"
        if not isinstance(table, dict):
            problems.append(f"{where}: should be a table with a title")
            continue
        problems += [f"{where}: unknown key {k!r}" for k in sorted(table.keys() - _KEYS)]
        if not table.get("title"):
            problems.append(f"{where}: has no title")
        issued = table.get("issued")
        found[key] = LawSource(
            key,
            str(table.get("title", "")),
            str(table.get("number", "")),
            None if issued is None else read_date(issued, f"{where}: issued", problems),
            str(table.get("copy", "")),
            str(table.get("note", "")),
        )
    return found


def read_date(text: object, where: str, problems: list[str]) -> dt.date | None:
    """A day written YYYY-MM-DD, as text or as TOML has it; else a problem and None."""
    if isinstance(text, dt.date) and not isinstance(text, dt.datetime):
        return text
    if isinstance(text, str):
        try:
            return dt.datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError:
            pass
    problems.append(f"{where} is {text!r}; it should be a day that exists, written 2026-01-31")
    return None
