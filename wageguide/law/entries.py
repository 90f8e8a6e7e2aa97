"""What the law is made of: quantities, and their values from day to day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from wageguide.law.sources import LawSource

Series = tuple[str, str, str]
FromIs = Literal["effective", "seen"]


@dataclass(frozen=True)
class Quantity:
    """One legal quantity.

    Attributes
    ----------
    id
        Its name in code and on the command line.
    title_zh, title_en
        What it is called.
    units
        Unit by category; the category "" holds for all that are not named. ``currency``
        stands for the money of the place.
    kind
        ``number`` (exact decimals) or ``text`` (one of `allowed`).
    allowed
        Texts that a value may be.
    categories
        Categories that a value may have; any, if empty.
    class_of
        Quantity whose value at the place is the category that holds there.
    checked_through
        Last day on which somebody looked, by place; "" holds for all that are not named.
    least, most
        Bounds of numbers, if any.
    description
        What is to be known when it is used.
    """

    id: str
    title_zh: str
    title_en: str
    units: Mapping[str, str]
    kind: Literal["number", "text"]
    allowed: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    class_of: str = ""
    checked_through: Mapping[str, dt.date] = field(default_factory=dict)
    least: Decimal | None = None
    most: Decimal | None = None
    description: str = ""

    def unit(self, category: str, currency: str) -> str:
        """Unit of a value."""
        text = self.units.get(category, self.units.get("", ""))
        return text.replace("currency", "元" if currency == "CNY" else currency)


@dataclass(frozen=True)
class Entry:
    """A value from a day on.

    Attributes
    ----------
    quantity, place, category
        What it is a value of.
    start
        First day: of effect, or on which it was seen in force, as `from_is` says.
    until
        Last day, where it is stated; otherwise it holds until the next value.
    unknown_after
        Whether what follows `until` is not known.
    value
        The value.
    source
        Where it stands.
    clause
        Article and paragraph.
    evidence
        How well it is known; see `EVIDENCE`.
    note
        What else there is to say.
    plausible
        Why it is right although it looks odd; empty for most.
    where
        File and line that it was read from.
    own
        Whether a user added it.
    """

    quantity: str
    place: str
    category: str
    start: dt.date
    value: Decimal | str
    source: LawSource
    from_is: FromIs = "effective"
    until: dt.date | None = None
    unknown_after: bool = False
    clause: str = ""
    evidence: str = "verified"
    note: str = ""
    plausible: str = ""
    where: str = ""
    own: bool = False

    @property
    def series(self) -> Series:
        """Quantity, place and category."""
        return self.quantity, self.place, self.category

    @property
    def named(self) -> str:
        """Quantity, place, category and first day, for messages."""
        category = f" {self.category}" if self.category else ""
        return f"{self.quantity} {self.place}{category} from {self.start}"
