"""Findings as a table: sums, articles, and sentences in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.payroll.batch import PER_UNIT, Batch
from wageguide.payroll.law_table import LawTable
from wageguide.payroll.outcome import (
    ADVICE,
    METHOD,
    VERDICT_NAMES,
    VIOLATION,
    Outcome,
    Rule,
)
from wageguide.units import FEN_PER_YUAN

#: Columns of the findings, in order.
FINDING_COLUMNS = (
    *("enterprise_id", "enterprise_name", "place", "worker_id", "period"),
    *("rule", "title_zh", "title_en", "verdict", "compared", "limit", "short", "back_pay"),
    *("extra_least", "extra_most", "article", "source", "text_zh", "text_en"),
    *("readings", "marks_zh", "marks_en", "file", "sheet", "row"),
)
_MONEY = ("compared", "limit", "short", "back_pay", "extra_least", "extra_most")


class Amount(int):
    """A number of fen; with the format ``n``, of thousandths."""

    def __format__(self, spec: str) -> str:
        if spec == "n":
            whole, rest = divmod(int(self), PER_UNIT)
            return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")
        return yuan_text(int(self))


def yuan_text(fen: int) -> str:
    """Yuan with two decimals and thousands separated.

    >>> yuan_text(134529)
    '1,345.29'
    """
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{rest:02d}"


def yuan(fen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Yuan for a table: the number nearest to the exact amount."""
    return fen / float(FEN_PER_YUAN)


def findings_of(
    batch: Batch, law: LawTable, rows: pd.DataFrame, outcomes: Sequence[tuple[Rule, Outcome]]
) -> pd.DataFrame:
    """Violations, advice and verdicts that depend on the method, one row each.

    Returns
    -------
    DataFrame
        Columns `FINDING_COLUMNS`; money in yuan.
    """
    parts = [part for r, o in outcomes if (part := _part(batch, law, rows, r, o)) is not None]
    if not parts:
        empty: dict[str, pd.Series] = {
            n: pd.Series(dtype="float64" if n in _MONEY else "str") for n in FINDING_COLUMNS
        }
        return pd.DataFrame(empty).astype({"row": "int64"})
    table = pd.concat(parts, ignore_index=True)
    order = ["enterprise_id", "period", "worker_id"]
    return table.sort_values(order, kind="stable", ignore_index=True)


def _part(
    batch: Batch, law: LawTable, rows: pd.DataFrame, rule: Rule, outcome: Outcome
) -> pd.DataFrame | None:
    place = np.flatnonzero(np.isin(outcome.verdict, (VIOLATION, ADVICE, METHOD)))
    if not len(place):
        return None
    said = outcome.message[place]
    sentences = [
        _sentence(outcome, i, m) for i, m in zip(place.tolist(), said.tolist(), strict=True)
    ]
    owed = outcome.owed if outcome.back is None else outcome.back
    broken = outcome.verdict[place] == VIOLATION
    back = np.where(broken, owed[place], 0) if rule.back_pay else np.zeros(len(place), np.int64)
    least, most = extra_compensation(batch, law)
    marks = _marks(batch, law)
    cells = batch.cell[place].tolist()
    cited = {c: _cited(law, rule, batch, c) for c in set(cells)}
    where = rows.iloc[place]
    facts: Mapping[str, object] = {
        **{n: where[n].to_numpy() for n in ("enterprise_id", "enterprise_name")},
        "place": [batch.cells[c].place for c in cells],
        **{n: where[n].to_numpy() for n in ("worker_id", "period")},
        "rule": rule.id,
        "title_zh": rule.title_zh,
        "title_en": rule.title_en,
        "verdict": [VERDICT_NAMES[v] for v in outcome.verdict[place].tolist()],
        "compared": yuan(outcome.compared[place]),
        "limit": yuan(outcome.limit[place]),
        "short": yuan(outcome.owed[place]),
        "back_pay": yuan(back),
        "extra_least": yuan(_share(back, least[place])),
        "extra_most": yuan(_share(back, most[place])),
        "article": rule.article,
        "source": [cited[c] for c in cells],
        "text_zh": [zh for zh, _ in sentences],
        "text_en": [en for _, en in sentences],
        "readings": [_readings(outcome, i) for i in place.tolist()],
        "marks_zh": [marks[c][0] for c in cells],
        "marks_en": [marks[c][1] for c in cells],
        **{n: where[n].to_numpy() for n in ("file", "sheet", "row")},
    }
    return pd.DataFrame(facts)


def extra_compensation(batch: Batch, law: LawTable) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Shares (thousandths) that may be ordered on top if back pay is not paid by the deadline."""
    shares = [law.share(batch, "arrears_compensation", k) for k in ("least", "most")]
    return np.maximum(shares[0], 0), np.maximum(shares[1], 0)


def _share(fen: NDArray[np.int64], thousandths: NDArray[np.int64]) -> NDArray[np.int64]:
    result: NDArray[np.int64] = (2 * fen * thousandths + PER_UNIT) // (2 * PER_UNIT)
    return result


def _sentence(outcome: Outcome, row: int, message: int) -> tuple[str, str]:
    if message < 0:
        return "", ""
    facts: dict[str, object] = {
        name: Amount(getattr(outcome, name)[row]) for name in ("compared", "limit", "owed")
    }
    for name, values in outcome.extras.items():
        value = values[row]
        facts[name] = Amount(value) if isinstance(value, np.integer) else value
    zh, en = outcome.sentences[message]
    said = en.format(**facts)
    return zh.format(**facts) + "。", said[:1].upper() + said[1:] + "."


def _readings(outcome: Outcome, row: int) -> str:
    if outcome.verdict[row] != METHOD:
        return ""
    return "; ".join(f"{n}: {yuan_text(int(v[row]))}" for n, v in outcome.readings.items())


def _cited(law: LawTable, rule: Rule, batch: Batch, cell: int) -> str:
    if not rule.quantity:
        return ""
    found = [
        f for (q, _, c), f in law.used.items() if q == rule.quantity and c == batch.cells[cell]
    ]
    return "；".join(dict.fromkeys(f.cited for f in found))


def _marks(batch: Batch, law: LawTable) -> list[tuple[str, str]]:
    """What is to be said of the law used in each cell, in both languages."""
    held: dict[object, dict[tuple[str, str], None]] = {c: {} for c in batch.cells}
    for (_, _, cell), found in law.used.items():
        if found.marks and cell in held:
            title = found.quantity
            held[cell][
                f"{title.title_zh}：{found.marks_zh}", f"{title.title_en}: {found.marks_en}"
            ] = None
    return [
        ("；".join(zh for zh, _ in held[c]), "; ".join(en for _, en in held[c]))
        for c in batch.cells
    ]
