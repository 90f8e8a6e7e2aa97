"""Read the law data, and a user's own file; all that is wrong is listed together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from wageguide.errors import LawError
from wageguide.law.calendar import Calendar, add_day, read_calendar
from wageguide.law.entries import Entry, Quantity
from wageguide.law.law import Law
from wageguide.law.parse import EntryReader, parse_quantity, read_toml
from wageguide.law.places import Place, Places, read_places
from wageguide.law.series import build_series, merge_own
from wageguide.law.sources import read_date, read_sources

_DATA = Path(__file__).parent / "data"
_OWN_TABLES = {"value", "checked", "day", "place"}


def read_law(own: Path | str | None = None, *, folder: Path | str | None = None) -> Law:
    """Read the law.

    Parameters
    ----------
    own
        A TOML file with values that a user adds or corrects: ``[[value]]`` with
        ``quantity``, ``place``, ``category``, ``from``, ``value``, ``source`` (in words) and,
        if needed, ``until``, ``clause``, ``note``; ``[[checked]]`` with ``quantity``,
        ``place``, ``through``, after having looked and found nothing new; ``[[day]]`` with
        ``date`` and ``kind`` for another year's calendar; ``[[place]]`` with ``code``,
        ``parent``, ``name_zh``. What comes from it is marked in every result.
    folder
        Another folder of law data in place of the package's own.

    Raises
    ------
    LawError
        With every fault of the data, one a line.
    """
    law = _shipped() if folder is None else _read_folder(Path(folder))
    return law if own is None else _with_own(law, Path(own))


@cache
def _shipped() -> Law:
    return _read_folder(_DATA)


def _read_folder(folder: Path) -> Law:
    problems: list[str] = []
    sources = read_sources(folder / "sources.toml", problems)
    places = read_places(folder / "places.csv", problems)
    files = {p: read_toml(p, problems) for p in sorted(folder.glob("*.toml"))}
    del files[folder / "sources.toml"]
    quantities: dict[str, Quantity] = {}
    for path, tables in files.items():
        if tables and (quantity := parse_quantity(path, tables, places, problems)):
            quantities[quantity.id] = quantity
    broken = {path.stem for path in files} - quantities.keys()
    reader = EntryReader(quantities, places, sources, problems, broken=broken)
    entries: list[Entry] = []
    for path, tables in files.items():
        if "value" in tables:
            entries += reader.toml_values(path.name, path.stem, tables["value"])
    days: dict[dt.date, str] = {}
    for path in sorted(folder.glob("*.csv")):
        if path.name == "calendar.csv":
            days = read_calendar(path, sources, problems)
        elif path.name != "places.csv":
            entries += reader.csv_values(path)
    problems += [
        f"{q.id}: class_of names {q.class_of!r}, which is no quantity"
        for q in quantities.values()
        if q.class_of and q.class_of not in quantities
    ]
    series = build_series(entries, problems)
    empty = quantities.keys() - {quantity for quantity, _, _ in series}
    problems += [f"{name}: has no value" for name in sorted(empty)]
    _stop(problems, f"The law data in {folder.name} cannot be used")
    return Law(quantities, places, series, Calendar(days))


def _with_own(law: Law, path: Path) -> Law:
    if not path.is_file():
        raise LawError(f"There is no file {path} with law of your own.")
    problems: list[str] = []
    tables = read_toml(path, problems)
    unknown = sorted(tables.keys() - _OWN_TABLES)
    problems += [f"{path.name}: unknown table [[{name}]]" for name in unknown]
    places = _own_places(law.places, tables.get("place", []), path.name, problems)
    reader = EntryReader(law.quantities, places, {}, problems, own=True)
    mine = list(reader.own_values(path.name, tables.get("value", [])))
    series = merge_own(law.series, mine, problems)
    quantities = _own_checks(law.quantities, places, tables.get("checked", []), path, problems)
    days = dict(law.calendar.days)
    for number, day in enumerate(tables.get("day", []), 1):
        where = f"{path.name} day {number}"
        add_day(days, day.get("date"), day.get("kind"), where, problems)
    _stop(problems, f"The law of your own in {path.name} cannot be used")
    return Law(quantities, places, series, Calendar(days), path.name)


def _own_places(
    places: Places, tables: list[Mapping[str, Any]], name: str, problems: list[str]
) -> Places:
    known = dict(places.places)
    for number, table in enumerate(tables, 1):
        where = f"{name} place {number}"
        code, parent = str(table.get("code", "")), str(table.get("parent", ""))
        if not code or code in known or parent not in known or not table.get("name_zh"):
            problems.append(f"{where}: needs a new code, a known parent and name_zh; found {table}")
            continue
        names = str(table["name_zh"]), str(table.get("name_en", table["name_zh"]))
        known[code] = Place(code, parent, *names, known[parent].currency)
    return Places(known)


def _own_checks(
    quantities: Mapping[str, Quantity],
    places: Places,
    tables: list[Mapping[str, Any]],
    path: Path,
    problems: list[str],
) -> Mapping[str, Quantity]:
    changed = dict(quantities)
    for number, table in enumerate(tables, 1):
        where = f"{path.name} checked {number}"
        name, place = str(table.get("quantity", "")), str(table.get("place", ""))
        day = read_date(table.get("through"), f"{where}: through", problems)
        if name not in changed or place not in places:
            problems.append(f"{where}: needs a known quantity and place; found {name!r}, {place!r}")
        elif day is not None:
            checked = {**changed[name].checked_through, place: day}
            changed[name] = replace(changed[name], checked_through=checked)
    return changed


def _stop(problems: list[str], message: str) -> None:
    if problems:
        raise LawError(f"{message}; {len(problems)} problems:", problems)
