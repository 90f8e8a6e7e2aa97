"""A value as it was looked up, with all that is needed to check it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from wageguide.law.entries import Entry, Quantity
from wageguide.law.evidence import EVIDENCE
from wageguide.law.places import Place

#: What is said of a value that is not the plain checked one.
MARKS = {
    "stale": ("沿用最近核对值，此后未再核对", "last value carried on past the day it was checked"),
    "seen": ("起始日不详，此日已见施行", "first day not known; seen in force on that day"),
    "derived": ("由已核对数值推算", "computed from values that were read"),
    "unlocated": ("出处未留存", "address of the source not kept"),
    "recalled": ("凭记忆，未核对", "recalled, not found in a text"),
    "conflict": ("来源互相矛盾", "sources contradict each other"),
    "own": ("使用者自行录入", "entered by the user"),
}


@dataclass(frozen=True, repr=False)
class Found:
    """A value of the law at a place on a day.

    Attributes
    ----------
    quantity
        What was asked.
    place, on
        Where and when.
    category
        Category that it was found under, such as a class of the minimum wage.
    entry
        The value as it stands in the law data.
    until
        Last day of the value, as far as is known; None if nothing has followed it.
    found_at
        The place that the value is made for.
    checked_through
        Last day on which somebody looked.
    marks
        Keys of `MARKS`.
    """

    quantity: Quantity
    place: Place
    on: dt.date
    category: str
    entry: Entry
    until: dt.date | None
    found_at: Place
    checked_through: dt.date
    marks: tuple[str, ...]

    @property
    def value(self) -> Decimal | str:
        """The value itself."""
        return self.entry.value

    @property
    def number(self) -> Decimal:
        """The value of a quantity of numbers."""
        assert isinstance(self.entry.value, Decimal)
        return self.entry.value

    @property
    def unit(self) -> str:
        """Unit of the value."""
        return self.quantity.unit(self.category, self.found_at.currency)

    @property
    def cited(self) -> str:
        """Source and clause in one line."""
        return f"{self.entry.source.cited} {self.entry.clause}".strip()

    @property
    def marks_zh(self) -> str:
        """Marks in Chinese; empty if there is none."""
        return "；".join(MARKS[m][0] for m in self.marks)

    @property
    def marks_en(self) -> str:
        """Marks in English; empty if there is none."""
        return "; ".join(MARKS[m][1] for m in self.marks)

    def lines(self) -> list[tuple[str, str]]:
        """Headings and what is said under them, for display."""
        until = "" if self.until is None else f" – {self.until}"
        evidence = EVIDENCE[self.entry.evidence]
        said = [
            ("地点 Place", f"{self.place.name_zh} {self.place.code}"),
            ("日期 Day", str(self.on)),
            ("数值 Value", f"{self.value} {self.unit}".strip()),
            ("类别 Category", self.category),
            ("适用范围 Made for", f"{self.found_at.name_zh} {self.found_at.code}"),
            ("有效期 In force", f"{self.entry.start}{until}"),
            ("依据 Source", self.cited),
            ("所读副本 Copy read", self.entry.source.copy),
            ("核对 Evidence", f"{evidence.label_zh} · {evidence.label_en}"),
            ("核对至 Checked through", str(self.checked_through)),
            ("提示 Marks", f"{self.marks_zh} · {self.marks_en}" if self.marks else ""),
            ("说明 Note", self.entry.note),
        ]
        return [(heading, text) for heading, text in said if text]

    @property
    def title(self) -> str:
        """What it is, in both languages."""
        return f"{self.quantity.title_zh} {self.quantity.title_en}"

    def __repr__(self) -> str:
        return "\n".join([self.title, *(f"  {h}: {t}" for h, t in self.lines())])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{escape(h)}</th><td>{escape(t)}</td></tr>" for h, t in self.lines()
        )
        return f"<p><strong>{escape(self.title)}</strong></p><table>{rows}</table>"
