"""Codes that changed: last year's rows under this year's classification."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from wageguide.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("key", "old", "new")


@dataclass(frozen=True)
class Correspondence:
    """For key columns, the new code of each old code that changed.

    Attributes
    ----------
    renamed
        By key, old code to new code; several old codes may become one.
    split
        By key, old codes that became several: nobody knows which of them a row is now, so
        the cells of the old and the new codes are not joined.
    """

    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    split: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def apply(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows with new codes; codes that were split are as they were."""
        changed = rows.copy()
        for key, codes in self.renamed.items():
            if key in changed and codes:
                changed[key] = changed[key].map(lambda c, codes=codes: codes.get(c, c))
        return changed

    @property
    def breaks(self) -> tuple[str, ...]:
        """What was renamed and what was split, for the notes."""
        lines = [
            f"{key}: {len(codes):,} 个代码改用新代码 codes were renamed"
            for key, codes in self.renamed.items()
            if codes
        ]
        lines += [
            f"{key} {old}: 拆分为 {', '.join(new)}，不可比 was split and is not compared"
            for key, codes in self.split.items()
            for old, new in codes.items()
        ]
        return tuple(lines)


def read_correspondence(path: Path | str) -> Correspondence:
    """Read a CSV of ``key``, ``old``, ``new``; further columns are for people.

    An old code on several lines with different new codes was split.

    Raises
    ------
    InputError
        With every line that cannot be used.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The correspondence {path} cannot be read: {error}.") from error
    reader = csv.DictReader(text.splitlines())
    absent = [c for c in _COLUMNS if c not in (reader.fieldnames or [])]
    if absent:
        raise InputError(
            f"The correspondence {path} lacks the columns {', '.join(absent)}. Its first line "
            "should be: key,old,new"
        )
    problems, found = [], dict[str, dict[str, list[str]]]()
    for line, row in enumerate(reader, 2):
        key, old, new = ((row[c] or "").strip() for c in _COLUMNS)
        if not (key and old and new):
            missing = ", ".join(c for c, v in zip(_COLUMNS, (key, old, new), strict=True) if not v)
            problems.append(f"line {line}: {missing} is empty")
            continue
        new_codes = found.setdefault(key, {}).setdefault(old, [])
        if new in new_codes:
            problems.append(f"line {line}: {key} {old} to {new} stands twice")
        new_codes.append(new)
    for key, codes in found.items():
        chained = sorted(
            {n for new in codes.values() for n in new if n in codes and codes[n] != [n]}
        )
        problems += [
            f"{key} {code}: stands as an old and as a new code; write the last code at once"
            for code in chained
        ]
    if problems:
        raise InputError(f"The correspondence {path} cannot be used:", problems)
    return Correspondence(
        {k: {o: n[0] for o, n in codes.items() if len(n) == 1} for k, codes in found.items()},
        {k: {o: tuple(n) for o, n in codes.items() if len(n) > 1} for k, codes in found.items()},
    )
