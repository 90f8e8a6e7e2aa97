"""Code lists of the returns: look-up by code, Chinese or English name, or synonym."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from wageguide.errors import InputError
from wageguide.provenance import data_dir

_SEPARATORS = re.compile(r"[\s\-－—.·、，,]+")


@dataclass(frozen=True)
class Code:
    """One entry of a code list, with where it comes from."""

    code: str
    name_zh: str
    name_en: str
    synonyms: tuple[str, ...]
    edition: str
    source: str
    evidence: str
    level: str
    parent: str


@dataclass(frozen=True, repr=False)
class CodeList:
    """A classification in its own order.

    Attributes
    ----------
    key
        Name of the list, e.g. ``occupation``.
    entries
        Code to entry, in the order of the reference file.
    """

    key: str
    entries: Mapping[str, Code]
    _known: Mapping[str, str] = field(compare=False)

    def __repr__(self) -> str:
        return f"CodeList({self.key}: {len(self.entries)} codes)"

    def __contains__(self, code: object) -> bool:
        return code in self.entries

    def find(self, answer: str) -> str | None:
        """The code that an answer stands for, or None where the list has nothing like it."""
        return self._known.get(plain_answer(answer))

    def name(self, code: str, lang: str = "zh") -> str:
        """Name of a code in Chinese (``zh``) or English (``en``), which may be wanting.

        Without an English name the Chinese one stands in; an unknown code names itself.
        """
        entry = self.entries.get(code)
        if entry is None:
            return code
        return entry.name_en or entry.name_zh if lang == "en" else entry.name_zh


def plain_answer(answer: str) -> str:
    """An answer without width, case, spaces, dashes and points.

    >>> plain_answer("2-02-10-03") == plain_answer("2021003 ")
    True
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", answer).casefold())


@cache
def codes(key: str) -> CodeList:
    """Load the list `key` of the reference folder.

    Raises
    ------
    InputError
        If there is no such list.
    """
    path = data_dir() / "reference" / f"{key}.csv"
    if not path.is_file():
        found = ", ".join(sorted(p.stem for p in path.parent.glob("*.csv"))) or "none"
        raise InputError(f"There is no code list {key!r}; the lists are: {found}.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        entries = {row["code"]: _entry(row) for row in csv.DictReader(file)}
    known: dict[str, str] = {}
    for entry in entries.values():
        known.setdefault(plain_answer(entry.code), entry.code)
    for entry in entries.values():
        for word in (entry.name_zh, entry.name_en, *entry.synonyms):
            if word:
                known.setdefault(plain_answer(word), entry.code)
    return CodeList(key, entries, known)


def _entry(row: Mapping[str, str]) -> Code:
    return Code(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        synonyms=tuple(s for s in row["synonyms"].split("|") if s),
        edition=row["edition"],
        source=row["source"],
        evidence=row["evidence"],
        level=row.get("level") or "",
        parent=row.get("parent") or "",
    )
