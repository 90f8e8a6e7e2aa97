"""From TOML tables and CSV lines to entries; every problem is listed, none stops the rest."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from wageguide.law.entries import Entry, Quantity
from wageguide.law.evidence import EVIDENCE
from wageguide.law.places import Places
from wageguide.law.sources import LawSource, read_date

#: Columns of a long table, all of them, in this order.
TABLE_COLUMNS = (
    *("quantity", "place", "category", "from", "from_is", "until", "then", "value"),
    *("source", "clause", "evidence", "note", "plausible"),
)
_HEAD = {
    *("id", "title_zh", "title_en", "unit", "kind", "allowed", "categories", "class_of"),
    *("checked_through", "checked_through_at", "least", "most", "description", "value"),
}
_VALUE = set(TABLE_COLUMNS) - {"quantity"}


def read_toml(path: Path, problems: list[str]) -> dict[str, Any]:
    """A TOML file as tables; empty, and a problem more, if it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: not TOML in UTF-8: {error}")
        return {}


def parse_quantity(
    path: Path, tables: Mapping[str, Any], places: Places, problems: list[str]
) -> Quantity | None:
    """The head of a quantity's file."""
    where = path.name
    problems += [f"{where}: unknown key {k!r}" for k in sorted(tables.keys() - _HEAD)]
    missing = [k for k in ("id", "title_zh", "title_en", "kind") if not tables.get(k)]
    missing += ["unit"] if "unit" not in tables else []
    problems += [f"{where}: {k} is missing" for k in missing]
    if missing:
        return None
    if tables["id"] != path.stem:
        problems.append(f"{where}: id is {tables['id']!r}; it should be the file's name")
    if tables["kind"] not in ("number", "text"):
        problems.append(f"{where}: kind is {tables['kind']!r}; it should be number or text")
    if (tables["kind"] == "text") != ("allowed" in tables):
        problems.append(f"{where}: allowed belongs to a quantity of texts, and to it alone")
    unit = tables["unit"]
    checked = {"": tables.get("checked_through")} | dict(tables.get("checked_through_at", {}))
    for place in checked.keys() - {""} - places.places.keys():
        problems.append(f"{where}: checked_through_at names the unknown place {place!r}")
    days = {
        place: day
        for place, text in checked.items()
        if (day := read_date(text, f"{where}: checked_through {place}".rstrip(), problems))
    }
    return Quantity(
        id=path.stem,
        title_zh=tables["title_zh"],
        title_en=tables["title_en"],
        units={"": unit} if isinstance(unit, str) else unit,
        kind=tables["kind"],
        allowed=tuple(tables.get("allowed", ())),
        categories=tuple(tables.get("categories", ())),
        class_of=tables.get("class_of", ""),
        checked_through=days,
        least=_bound(tables, "least", where, problems),
        most=_bound(tables, "most", where, problems),
        description=tables.get("description", ""),
    )


def _bound(tables: Mapping[str, Any], key: str, where: str, problems: list[str]) -> Decimal | None:
    if key not in tables:
        return None
    return _decimal(tables[key], f"{where}: {key}", problems)


def _decimal(text: object, where: str, problems: list[str]) -> Decimal | None:
    if isinstance(text, str):
        try:
            number = Decimal(text)
            if number.is_finite():
                return number
        except InvalidOperation:
            pass
    problems.append(f"{where} is {text!r}; it should be an exact decimal in quotes, such as '1.5'")
    return None


class EntryReader:
    """Turns tables into entries; remembers what is wrong.

    Parameters
    ----------
    quantities, places, sources
        What an entry may name.
    problems
        Where problems are added.
    own
        Whether a user's file is read: its sources may be words, its evidence is its own.
    broken
        Quantities whose own head cannot be used, so that nothing more is said of them.
    """

    def __init__(
        self,
        quantities: Mapping[str, Quantity],
        places: Places,
        sources: Mapping[str, LawSource],
        problems: list[str],
        own: bool = False,
        broken: Collection[str] = (),
    ) -> None:
        self.quantities, self.places, self.sources = quantities, places, sources
        self.problems, self.own, self.broken = problems, own, broken

    def toml_values(self, name: str, quantity: str, tables: object) -> Iterator[Entry]:
        """Entries of the [[value]] tables of one quantity's file."""
        for number, table in enumerate(_tables(tables, name, self.problems), 1):
            where = f"{name} value {number}"
            self.problems += [f"{where}: unknown key {k!r}" for k in sorted(table.keys() - _VALUE)]
            if entry := self.entry({**table, "quantity": quantity}, where):
                yield entry

    def own_values(self, name: str, tables: object) -> Iterator[Entry]:
        """Entries of the [[value]] tables of a user's file."""
        for number, table in enumerate(_tables(tables, name, self.problems), 1):
            where = f"{name} value {number}"
            unknown = sorted(table.keys() - _VALUE - {"quantity"})
            self.problems += [f"{where}: unknown key {k!r}" for k in unknown]
            if entry := self.entry(table, where):
                yield entry

    def csv_values(self, path: Path) -> Iterator[Entry]:
        """Entries of a long table."""
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != TABLE_COLUMNS:
                self.problems.append(
                    f"{path.name}: columns are {reader.fieldnames}, not {list(TABLE_COLUMNS)}"
                )
                return
            for line, row in enumerate(reader, 2):
                filled = {k: v for k, v in row.items() if v}
                if entry := self.entry(filled, f"{path.name} line {line}"):
                    yield entry

    def entry(self, table: Mapping[str, Any], where: str) -> Entry | None:
        """One value; None, and problems more, if it cannot be used."""
        if table.get("quantity") in self.broken:
            return None
        before = len(self.problems)
        add = self.problems.append
        quantity = self.quantities.get(str(table.get("quantity")))
        if quantity is None:
            add(f"{where}: quantity {table.get('quantity')!r} is not known")
        place = str(table.get("place", ""))
        if place not in self.places:
            add(f"{where}: place {place!r} is not known")
        category = str(table.get("category", ""))
        if quantity and quantity.categories and category not in quantity.categories:
            add(f"{where}: category {category!r} is none of {', '.join(quantity.categories)}")
        start = read_date(table.get("from"), f"{where}: from", self.problems)
        until = None
        if "until" in table:
            until = read_date(table["until"], f"{where}: until", self.problems)
        if start and until and until < start:
            add(f"{where}: until {until} is before from {start}")
        from_is = table.get("from_is", "effective")
        if from_is not in ("effective", "seen"):
            add(f"{where}: from_is is {from_is!r}; it should be effective or seen")
        then = table.get("then", "")
        if then not in ("", "unknown") or (then and not until):
            add(f"{where}: then may be unknown, after an until; found {then!r}")
        if "value" not in table:
            add(f"{where}: has no value")
        value = self._value(quantity, table.get("value"), where) if quantity else None
        source = self._source(table.get("source"), where)
        evidence = "own" if self.own else str(table.get("evidence", ""))
        if evidence not in EVIDENCE:
            add(f"{where}: evidence is {evidence!r}; it should be one of {', '.join(EVIDENCE)}")
        if len(self.problems) > before or start is None or source is None or value is None:
            return None
        return Entry(
            quantity=str(table["quantity"]),
            place=place,
            category=category,
            start=start,
            value=value,
            source=source,
            from_is=from_is,
            until=until,
            unknown_after=then == "unknown",
            clause=str(table.get("clause", "")),
            evidence=evidence,
            note=str(table.get("note", "")),
            plausible=str(table.get("plausible", "")),
            where=where,
            own=self.own,
        )

    def _value(self, quantity: Quantity, given: object, where: str) -> Decimal | str | None:
        if quantity.kind == "text":
            if given not in quantity.allowed:
                allowed = ", ".join(quantity.allowed)
                self.problems.append(f"{where}: value is {given!r}; it should be one of {allowed}")
            return str(given)
        number = _decimal(given, f"{where}: value", self.problems)
        if number is None:
            return None
        for bound, wrong in (
            (quantity.least, quantity.least is not None and number < quantity.least),
            (quantity.most, quantity.most is not None and number > quantity.most),
        ):
            if wrong:
                self.problems.append(f"{where}: value {number} is beyond the bound {bound}")
        return number

    def _source(self, given: object, where: str) -> LawSource | None:
        if not given:
            self.problems.append(f"{where}: has no source")
        elif self.own:
            return LawSource("own", str(given))
        elif given not in self.sources:
            self.problems.append(f"{where}: source {given!r} is not in sources.toml")
        else:
            return self.sources[str(given)]
        return None


def _tables(tables: object, name: str, problems: list[str]) -> list[Mapping[str, Any]]:
    if isinstance(tables, list) and all(isinstance(t, dict) for t in tables):
        return tables
    problems.append(f"{name}: values should stand in [[value]] tables")
    return []


def day_after(day: dt.date) -> dt.date:
    """The next day."""
    return day + dt.timedelta(days=1)
