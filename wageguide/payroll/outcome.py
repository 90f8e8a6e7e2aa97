"""What a rule says of each row: verdict, compared sums, and the sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from wageguide.payroll.batch import Batch
    from wageguide.payroll.law_table import LawTable

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Verdicts by code, with their names in Chinese and English.
VERDICTS: tuple[tuple[str, str], ...] = (
    ("不适用", "not applicable"),
    ("合法", "lawful"),
    ("违法", "violation"),
    ("提示", "advice"),
    ("无法核查", "not checkable"),
    ("取决于方法", "method-dependent"),
)
VERDICT_NAMES = ("not_applicable", "lawful", "violation", "advice", "not_checkable", "method")
NOT_APPLICABLE, LAWFUL, VIOLATION, ADVICE, NOT_CHECKABLE, METHOD = range(6)


@dataclass
class Outcome:
    """Verdicts of one rule on the rows of a batch.

    Attributes
    ----------
    verdict
        Codes of `VERDICTS`, int8, shape (rows,).
    compared, limit, owed
        What was compared with what, and what is short, fen; shape (rows,).
    back
        Wage to be paid, fen, where that is not what is short; shape (rows,).
    message
        Which of `sentences` is said of the row; -1 for none.
    sentences
        Chinese and English, with ``{compared}``, ``{limit}``, ``{owed}`` and the names of
        `extras`.
    extras
        Other amounts (fen) or texts that sentences name, one a row.
    readings
        Limits by the usual methods where the law has no formula, fen; by name.
    missing
        Rows that cannot be checked and why: a column, or what the law data lack.
    """

    verdict: NDArray[np.int8]
    compared: Ints
    limit: Ints
    owed: Ints
    message: NDArray[np.int8]
    sentences: list[tuple[str, str]] = field(default_factory=list)
    extras: dict[str, NDArray[np.generic]] = field(default_factory=dict)
    readings: dict[str, Ints] = field(default_factory=dict)
    missing: list[tuple[Bools, str]] = field(default_factory=list)
    back: Ints | None = None

    @classmethod
    def of(cls, size: int) -> Outcome:
        """Nothing said yet of any row."""
        zeros = np.zeros(size, np.int64)
        verdict = np.zeros(size, np.int8)
        return cls(verdict, zeros, zeros.copy(), zeros.copy(), np.full(size, -1, np.int8))

    def lack(self, rows: Bools, what: str) -> None:
        """Rows cannot be checked for want of something."""
        if rows.any():
            self.verdict[rows] = NOT_CHECKABLE
            self.missing.append((rows, what))

    def judge(self, rows: Bools, breach: Bools, zh: str, en: str, verdict: int = VIOLATION) -> None:
        """Rows are lawful, or, where there is a breach, get the verdict and the sentence."""
        found = np.where(breach, np.int8(verdict), np.int8(LAWFUL))
        np.copyto(self.verdict, found, where=rows)
        self.say(rows & breach, zh, en)

    def say(self, rows: Bools, zh: str, en: str) -> None:
        """Put a sentence to rows."""
        if rows.any():
            self.message[rows] = len(self.sentences)
            self.sentences.append((zh, en))


@dataclass(frozen=True)
class Rule:
    """One rule of the law.

    Attributes
    ----------
    id
        Its name in code.
    title_zh, title_en
        What it is about.
    article
        Text and article that a finding names.
    reads
        Columns without which it cannot be checked.
    applies
        Rows that it is about, shape (rows,).
    check
        Verdicts on those rows.
    start
        First day on which it is in force, YYYY-MM.
    places
        Places (with what lies in them) in which it is in force.
    binding
        Whether a breach is a violation; otherwise it is advice.
    back_pay
        What is owed is wage to be paid; of the rules of one name the largest sum counts, as
        it holds the others. Empty where nothing is to be paid.
    quantity
        Value of the law that a finding cites besides the article.
    yearly
        Whether it can judge a row that stands for a year.
    """

    id: str
    title_zh: str
    title_en: str
    article: str
    reads: tuple[str, ...]
    applies: Callable[[Batch], Bools]
    check: Callable[[Batch, LawTable, Bools], Outcome]
    start: str = "2004-03"
    places: tuple[str, ...] = ("CN",)
    binding: bool = True
    back_pay: str = ""
    quantity: str = ""
    yearly: bool = False


Check = Callable[["Batch", "LawTable", Bools], Outcome]
