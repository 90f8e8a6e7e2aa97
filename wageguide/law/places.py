"""Places and what they lie in: district, city, province, nation."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wageguide.errors import LawError

_COLUMNS = ("code", "parent", "name_zh", "name_en", "currency", "successor", "note")


@dataclass(frozen=True)
class Place:
    """A place that law is made for.

    Attributes
    ----------
    code
        Code of GB/T 2260 for places of China; otherwise a country (CN, GB, US) or its part.
    parent
        Code of the place that it lies in; empty for a country.
    name_zh, name_en
        Its name.
    currency
        ISO code of the money that is paid there.
    successor
        Code that the place has had since it was renamed; empty where it still exists.
    """

    code: str
    parent: str
    name_zh: str
    name_en: str
    currency: str
    successor: str = ""


@dataclass(frozen=True)
class Places:
    """All places by code."""

    places: Mapping[str, Place]

    def __getitem__(self, code: str) -> Place:
        """The place of a code.

        Raises
        ------
        LawError
            If no such place is known.
        """
        if code not in self.places:
            near = [p for p in self.places if len(code) > 3 and p[:4] == code[:4]]
            named = [p.code for p in self.places.values() if code and code in p.name_zh]
            hint = named or near
            tail = f" Near it: {', '.join(sorted(hint)[:8])}." if hint else ""
            raise LawError(
                f"Place {code!r} is not known. Give a code such as 320115 (江宁区) or 320000 "
                f"(江苏省), or add the place to a file of your own.{tail}"
            )
        return self.places[code]

    def __contains__(self, code: object) -> bool:
        return code in self.places

    def path(self, code: str) -> tuple[Place, ...]:
        """The place, what it lies in, and so on to the nation."""
        place = self[code]
        found = [place]
        while place.parent:
            place = self.places[place.parent]
            found.append(place)
        return tuple(found)


def read_places(path: Path, problems: list[str]) -> Places:
    """Read a table of places; what is wrong with it is added to `problems`."""
    found: dict[str, Place] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            problems.append(f"{path.name}: columns are {reader.fieldnames}, not {list(_COLUMNS)}")
            return Places({})
        for line, row in enumerate(reader, 2):
            where = f"{path.name} line {line}"
            row.pop("note")
            if not row["code"] or not row["name_zh"] or not row["currency"]:
                problems.append(f"{where}: code, name_zh and currency are needed")
            elif row["code"] in found:
                problems.append(f"{where}: place {row['code']} stands twice")
            else:
                found[row["code"]] = Place(**row)
    for place in found.values():
        for role in ("parent", "successor"):
            code = getattr(place, role)
            if code and code not in found:
                problems.append(f"{path.name}: {role} {code} of {place.code} is no place")
        chain, step = {place.code}, place
        while step.parent in found:
            step = found[step.parent]
            if step.code in chain:
                problems.append(f"{path.name}: {place.code} lies in itself")
                break
            chain.add(step.code)
    return Places(found)
