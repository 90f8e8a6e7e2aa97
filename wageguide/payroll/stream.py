"""Review of a Parquet file of any size: totals by rule and by enterprise, chunk by chunk."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from wageguide.errors import InputError
from wageguide.law.law import Law, OnStale
from wageguide.law.load import read_law
from wageguide.payroll.arrow_batch import KEYS, ArrowReader, ArrowRows
from wageguide.payroll.batch import CODED, KINDS
from wageguide.payroll.columns import PLAN
from wageguide.payroll.countable import paid
from wageguide.payroll.judge import back_pay, judge
from wageguide.payroll.law_table import LawTable
from wageguide.payroll.outcome import VERDICT_NAMES, VIOLATION, Rule
from wageguide.payroll.rules.catalogue import chosen_rules
from wageguide.payroll.sentences import yuan

_ROWS = 1 << 18
_TEXTS = tuple(n for n, kind in KINDS.items() if kind == "text" or n == "occupation")


@dataclass(frozen=True, repr=False)
class StreamedReview:
    """Totals of a large file; a review of one enterprise's rows gives the findings.

    Attributes
    ----------
    rules
        One row a rule: rows by verdict.
    enterprises
        One row an enterprise: rows, wages, violations, back pay (yuan).
    rows, set_aside
        Rows reviewed, and rows that could not be, by reason.
    left_out
        Rules that need texts row by row and are not part of a streamed review.
    """

    rules: pd.DataFrame
    enterprises: pd.DataFrame
    rows: int
    set_aside: dict[str, int]
    left_out: tuple[str, ...]

    def __repr__(self) -> str:
        aside = sum(self.set_aside.values())
        lines = [
            f"审核 {self.rows:,} 行，剔除 {aside:,} 行 · {self.rows:,} rows, {aside:,} set aside",
            "同一人员同一月份的重复行未查找 · rows twice for a worker and month not looked for",
        ]
        if self.left_out:
            lines.append(f"未含规则 · rules left out: {', '.join(self.left_out)}")
        return "\n".join([*lines, "", self.rules.to_string(index=False)])


@dataclass
class _Sums:
    """Counts that add up from chunk to chunk."""

    verdicts: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    rows: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    aside: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, numbers: NDArray[np.int64]) -> None:
        """Sums by enterprise, which may have become more."""
        held = self.rows.get(name)
        if held is None:
            self.rows[name] = numbers
            return
        if len(held) < len(numbers):
            held = np.pad(held, (0, len(numbers) - len(held)))
        held[: len(numbers)] += numbers
        self.rows[name] = held


def review_file(
    path: Path | str,
    *,
    place: str = "",
    period: str = "",
    law: Law | None = None,
    rules: Sequence[str] | None = None,
    on_stale: OnStale = "stop",
    unverified: bool = False,
    threads: int = 2,
) -> StreamedReview:
    """Review a Parquet file of plans without holding it in memory.

    Parameters
    ----------
    path
        Parquet file whose columns have headings of the dictionary, the enterprise, place and
        month in every row.
    place, period, law, rules, on_stale, unverified
        As in `read_plan` and `review`.
    threads
        Chunks that are judged at a time.

    Raises
    ------
    InputError
        If the file cannot be read or lacks the enterprise.
    """
    try:
        file = parquet.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}.") from error
    law = read_law() if law is None else law
    chosen = chosen_rules(rules)
    taken = tuple(r for r in chosen if not set(r.reads) & set(_TEXTS))
    columns = _columns(file)
    needed = [*KEYS, *(n for n in KINDS if n not in KEYS and n not in _TEXTS)]
    columns = {n: columns[n] for n in needed if n in columns}
    if "enterprise_id" not in columns:
        raise InputError(f"{Path(path).name} has no column of enterprises (统一社会信用代码).")
    reader = ArrowReader(law.places, columns, place, period)
    table = LawTable(law, on_stale, unverified)
    sums = _Sums()
    texts = [c for n, c in columns.items() if n in KEYS or n in CODED]
    file = parquet.ParquetFile(path, read_dictionary=texts)
    with ThreadPoolExecutor(threads) as pool:
        waiting: list[Future[_Judged]] = []
        for record in file.iter_batches(_ROWS, columns=list(columns.values())):
            read = reader.read(record)
            for reason, count in read.aside.items():
                sums.aside[reason] = sums.aside.get(reason, 0) + count
            waiting.append(pool.submit(_judged, read, table, taken))
            while len(waiting) > threads:
                _take(sums, waiting.pop(0), taken)
        for result in waiting:
            _take(sums, result, taken)
    left = tuple(r.id for r in chosen if r not in taken)
    return _result(sums, reader, taken, left)


@dataclass
class _Judged:
    """What one chunk adds."""

    verdicts: dict[str, NDArray[np.int64]]
    rows: dict[str, NDArray[np.int64]]


def _judged(read: ArrowRows, table: LawTable, rules: Sequence[Rule]) -> _Judged:
    batch, who = read.batch, read.enterprise
    outcomes = [(rule, judge(batch, table, rule)) for rule in rules]
    counts = {rule.id: np.bincount(o.verdict, minlength=len(VERDICT_NAMES)) for rule, o in outcomes}
    broken = np.zeros(batch.size, np.int64)
    for _, outcome in outcomes:
        broken += outcome.verdict == VIOLATION
    owed, _ = back_pay(outcomes, batch.size)
    found = np.flatnonzero(broken)
    return _Judged(
        counts,
        {
            "rows": np.bincount(who),
            "violations": _by(who[found], broken[found]),
            "back_pay": _by(who[found], owed[found]),
            "wages": _by(who, paid(batch)),
        },
    )


def _by(who: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.int64]:
    """Exact sums of whole numbers by enterprise.

    Sums of doubles are exact below 2**53; a chunk of 262,144 rows stays far below it.
    """
    return np.bincount(who, whole.astype(np.float64)).astype(np.int64)


def _take(sums: _Sums, done: Future[_Judged], rules: Sequence[Rule]) -> None:
    judged = done.result()
    for rule in rules:
        held = sums.verdicts.setdefault(rule.id, np.zeros(len(VERDICT_NAMES), np.int64))
        held += judged.verdicts[rule.id]
    for name, numbers in judged.rows.items():
        sums.add(name, numbers)


def _columns(file: parquet.ParquetFile) -> dict[str, str]:
    """Columns of the file by their name in the dictionary."""
    found: dict[str, str] = {}
    for name in file.schema_arrow.names:
        known = PLAN.table_column(name)
        if known and known not in found:
            found[known] = name
    return found


def _result(
    sums: _Sums, reader: ArrowReader, rules: Sequence[Rule], left: tuple[str, ...]
) -> StreamedReview:
    lines = [
        {
            "rule": rule.id,
            "title_zh": rule.title_zh,
            **dict(zip(VERDICT_NAMES, sums.verdicts[rule.id].tolist(), strict=True)),
        }
        for rule in rules
        if rule.id in sums.verdicts
    ]
    words = reader.enterprises.words
    table = pd.DataFrame({"enterprise_id": words})
    for name in ("rows", "wages", "violations", "back_pay"):
        numbers = np.zeros(len(words), np.int64)
        held = sums.rows.get(name, numbers)[: len(words)]
        numbers[: len(held)] = held
        table[name] = yuan(numbers) if name in ("wages", "back_pay") else numbers
    table = table[table["rows"] > 0].sort_values(
        ["back_pay", "violations", "enterprise_id"], ascending=[False, False, True]
    )
    return StreamedReview(
        pd.DataFrame(lines),
        table.reset_index(drop=True),
        int(table["rows"].sum()),
        sums.aside,
        left,
    )
