"""The law as data: values looked up by place and day."""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from wageguide.errors import LawError
from wageguide.law.calendar import Calendar
from wageguide.law.entries import Entry, Quantity
from wageguide.law.evidence import EVIDENCE
from wageguide.law.found import Found
from wageguide.law.places import Place, Places
from wageguide.law.plausible import Flag, flags
from wageguide.law.series import SeriesMap, by_place

if TYPE_CHECKING:
    import pandas as pd

OnStale = Literal["stop", "last"]
_MARKED = ("derived", "unlocated", "recalled", "conflict", "own")


@dataclass(frozen=True, repr=False)
class Law:
    """Quantities, places and values, checked when they were read.

    Attributes
    ----------
    quantities
        By id.
    places
        By code.
    series
        Values in the order of their days, by quantity, place and category.
    calendar
        Statutory holidays, rest days and make-up days.
    own_file
        Name of the user's file that was merged; empty if none.
    """

    quantities: Mapping[str, Quantity]
    places: Places
    series: SeriesMap
    calendar: Calendar
    own_file: str = ""

    def __repr__(self) -> str:
        values = sum(map(len, self.series.values()))
        own = f" + {self.own_file}" if self.own_file else ""
        return (
            f"法规数据 Law: {len(self.quantities)} quantities, {values:,} values at "
            f"{len({place for _, place, _ in self.series})} places{own} · {self.version}"
        )

    @cached_property
    def version(self) -> str:
        """Hash of all values, days and marks: the same law data have the same version."""
        digest = hashlib.sha256()
        for key in sorted(self.series):
            for e in self.series[key]:
                line = (*key, e.start, e.until, e.unknown_after, e.value, e.source.key, e.evidence)
                digest.update(repr(tuple(map(str, line))).encode())
        digest.update(repr(sorted(self.calendar.days.items())).encode())
        for q in sorted(self.quantities):
            digest.update(repr(sorted(self.quantities[q].checked_through.items())).encode())
        return digest.hexdigest()[:12]

    def flags(self) -> list[Flag]:
        """Values that look odd and of which nobody has said why they are right."""
        return flags(self.series)

    def quantity(self, name: str) -> Quantity:
        """A quantity by its id.

        Raises
        ------
        LawError
            If there is none of that name.
        """
        if name not in self.quantities:
            raise LawError(
                f"There is no legal quantity {name!r}. There are: "
                f"{', '.join(sorted(self.quantities))}."
            )
        return self.quantities[name]

    def look_up(
        self,
        quantity: str,
        place: str,
        on: dt.date | str,
        category: str | None = None,
        *,
        on_stale: OnStale = "stop",
        unverified: bool = False,
    ) -> Found:
        """The value in force at a place on a day.

        The place itself is asked first, then what it lies in, up to the nation.

        Parameters
        ----------
        quantity
            Its id, such as ``minimum_wage_monthly``.
        place
            Code of the place, such as ``320115``.
        on
            Day of the work, not of the payment; a date or ``2026-03-01``.
        category
            Category of the value. Where it is left out: the class that the place has on
            that day, or the only category there is.
        on_stale
            What happens after the last day on which somebody looked: ``stop``, or go on
            with the ``last`` value, which is then marked.
        unverified
            Whether values that are only recalled, or on which sources differ, may be used;
            they are marked.

        Raises
        ------
        LawError
            If the quantity, the place or the category is not known, there is no value on
            that day, or it may not be used without being asked for.
        """
        what, day = self.quantity(quantity), _day(on)
        path = self.places.path(place)
        category, marks = self._category(what, path, day, category, on_stale, unverified)
        for at in path:
            entries = self.series.get((quantity, at.code, category))
            if entries:
                found = self._in_force(what, path[0], at, entries, day, on_stale)
                found = self._allowed(found, unverified)
                return replace(found, marks=tuple(dict.fromkeys([*found.marks, *marks])))
        raise LawError(self._nothing(what, path, day, category))

    def history(self, quantity: str, place: str) -> pd.DataFrame:
        """All values of a quantity at a place and at what it lies in, day by day.

        Returns
        -------
        DataFrame
            ``quantity``, ``place``, ``name_zh``, ``category``, ``from``, ``from_is``, ``until``,
            ``value``, ``unit``, ``source``, ``clause``, ``evidence``, ``note``: the nearest
            place first, and before all of them the classes that the place had.
        """
        import pandas as pd

        what = self.quantity(quantity)
        rows = self._lines(self.quantities[what.class_of], place) if what.class_of else []
        values = self._lines(what, place)
        if not values:
            raise LawError(f"{quantity} has no value at {place} or at what it lies in.")
        return pd.DataFrame([*rows, *values])

    def _lines(self, what: Quantity, place: str) -> list[dict[str, object]]:
        """One line a value of a quantity at a place and at what it lies in."""
        rows: list[dict[str, object]] = []
        for at in self.places.path(place):
            for category in self._categories.get((what.id, at.code), ()):
                entries = self.series[what.id, at.code, category]
                for entry in entries:
                    until = _last_day(entries, entry)
                    rows.append(
                        {
                            "quantity": what.id,
                            "place": at.code,
                            "name_zh": at.name_zh,
                            "category": category,
                            "from": entry.start,
                            "from_is": entry.from_is,
                            "until": until or "",
                            "value": str(entry.value),
                            "unit": what.unit(category, at.currency),
                            "source": entry.source.cited,
                            "clause": entry.clause,
                            "evidence": entry.evidence,
                            "note": entry.note,
                        }
                    )
        return rows

    def checked_through(self, quantity: str, place: str) -> dt.date:
        """Last day on which somebody looked at the quantity for this place."""
        days = self.quantity(quantity).checked_through
        for at in self.places.path(place):
            if at.code in days:
                return days[at.code]
        return days[""]

    @cached_property
    def _categories(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        return by_place(self.series)

    def _category(
        self,
        what: Quantity,
        path: tuple[Place, ...],
        day: dt.date,
        asked: str | None,
        on_stale: OnStale,
        unverified: bool,
    ) -> tuple[str, tuple[str, ...]]:
        """The category that holds at the place, and the marks of that."""
        if asked is not None:
            return asked, ()
        if what.class_of and any((what.class_of, at.code, "") in self.series for at in path):
            try:
                place = path[0].code
                held_class = self.look_up(
                    what.class_of, place, day, "", on_stale=on_stale, unverified=unverified
                )
                return str(held_class.value), held_class.marks
            except LawError as error:
                if not any(len(self._categories.get((what.id, p.code), ())) == 1 for p in path):
                    raise error
        for at in path:
            known = self._categories.get((what.id, at.code), ())
            if len(known) == 1:
                return known[0], ()
            if known:
                held = [c for c in known if _at(self.series[what.id, at.code, c], day) is not None]
                if len(held) == 1:
                    return held[0], ()
                raise LawError(
                    f"{what.title_zh} {what.id} at {at.name_zh} {at.code} has several values: "
                    f"{', '.join(held or known)}. Say which one holds for {path[0].name_zh} "
                    "(category)."
                )
        return "", ()

    def _in_force(
        self,
        what: Quantity,
        place: Place,
        at: Place,
        entries: tuple[Entry, ...],
        day: dt.date,
        on_stale: OnStale,
    ) -> Found:
        entry = _at(entries, day)
        checked = self.checked_through(what.id, place.code)
        if entry is None:
            raise LawError(self._gap(what, place, at, entries, day))
        marks = [entry.evidence] if entry.evidence in _MARKED else []
        if entry.from_is == "seen":
            marks.append("seen")
        if day > checked and not entry.own:
            if on_stale == "stop":
                raise LawError(
                    f"{what.title_zh} {what.id} at {place.name_zh} {place.code} was last checked "
                    f"on {checked}; {day} is later. Look whether {entry.source.cited} is still in "
                    f"force (last value {entry.value}); then put the new value, or the new day of "
                    "checking, into a file of your own, or ask for the last value (on_stale)."
                )
            marks.append("stale")
        until = _last_day(entries, entry)
        return Found(what, place, day, entry.category, entry, until, at, checked, tuple(marks))

    def _allowed(self, found: Found, unverified: bool) -> Found:
        evidence = EVIDENCE[found.entry.evidence]
        if evidence.usable or unverified:
            return found
        raise LawError(
            f"{found.entry.named} = {found.value} is marked {found.entry.evidence} "
            f"({evidence.label_en}). Check it in {found.cited}; then put it into a file of your "
            "own, or allow values that are not verified: results then say so."
        )

    def _gap(
        self, what: Quantity, place: Place, at: Place, entries: tuple[Entry, ...], day: dt.date
    ) -> str:
        before = [e for e in entries if e.start <= day]
        if not before:
            first = entries[0]
            return (
                f"{what.title_zh} {what.id} at {place.name_zh} {place.code}: the first value known "
                f"at {at.name_zh} is of {first.start} ({first.value}); {day} is earlier. Put the "
                "value of that day into a file of your own."
            )
        last = before[-1]
        successor = f" The place is now {at.successor}." if at.successor else ""
        follows = [e for e in entries if e.start > day]
        then = f"; the next one known is of {follows[0].start}" if follows else ""
        return (
            f"{what.title_zh} {what.id} at {place.name_zh} {place.code}: {last.value} is known "
            f"through {last.until}{then}; {day} is not known.{successor} Put the value of that "
            "day into a file of your own."
        )

    def _nothing(self, what: Quantity, path: tuple[Place, ...], day: dt.date, category: str) -> str:
        known = {c for at in path for c in self._categories.get((what.id, at.code), ())}
        there = f" There is {', '.join(sorted(known))}." if known else ""
        named = f" {category!r}" if category else ""
        return (
            f"{what.title_zh} {what.id}{named} has no value at {path[0].name_zh} {path[0].code} "
            f"or at what it lies in, on {day}.{there} Put the value into a file of your own."
        )


def _at(entries: tuple[Entry, ...], day: dt.date) -> Entry | None:
    """The entry in force on a day."""
    place = bisect_right([e.start for e in entries], day) - 1
    if place < 0 or ((until := entries[place].until) is not None and day > until):
        return None
    return entries[place]


def _last_day(entries: tuple[Entry, ...], entry: Entry) -> dt.date | None:
    """Last day of a value: as stated, or the day before the next one."""
    after = entries.index(entry) + 1
    if entry.until is None and after < len(entries):
        return entries[after].start - dt.timedelta(days=1)
    return entry.until


def _day(given: dt.date | str) -> dt.date:
    if isinstance(given, dt.date):
        return given
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        raise LawError(
            f"{given!r} is no day; write it as 2026-03-01, and see that it exists."
        ) from None
