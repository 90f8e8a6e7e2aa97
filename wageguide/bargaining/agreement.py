"""A signed agreement: what it holds, read from plain values."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wageguide.bargaining.money import fen
from wageguide.errors import OfferError

#: What an agreement is to say, by 工资集体协商试行办法 Art. 7.
CONTENTS: dict[str, tuple[str, str]] = {
    "term": ("协议的期限", "term"),
    "system": ("工资分配制度、工资标准和工资分配形式", "wage system, standards and forms"),
    "level": ("职工年度平均工资水平及其调整幅度", "average wage level and its adjustment"),
    "bonus": ("奖金、津贴、补贴等分配办法", "bonuses and allowances"),
    "payment": ("工资支付办法", "payment"),
    "change": ("变更、解除协议的程序", "change and end"),
    "end": ("协议的终止条件", "when it ends"),
    "breach": ("违约责任", "breach"),
    "other": ("双方认为应当协商约定的其他事项", "other matters"),
}

_DAYS = (
    "requested",
    "answered",
    "signed",
    "filed",
    "received",
    "in_force",
    "published",
    "start",
    "end",
)
_COUNTS = ("workers", "workers_outside", "workers_front_line", "company", "company_outside")


@dataclass(frozen=True)
class Agreement:
    """What is known of an agreement; what is not known is None.

    Attributes
    ----------
    name
        Of the enterprise.
    place
        Code of the place, six digits.
    requested, answered
        Days of the request to talk and of the written answer.
    signed, filed, received
        Days of signing, of sending to the authority, and on which it received the text.
    objected
        Whether the authority objected within its time.
    in_force, published
        Days from which it holds, and on which the workers were told.
    start, end
        Term.
    workers, workers_outside, workers_front_line, company, company_outside
        Representatives of each side; of them from outside, and from the front line.
    congress
        Whether the draft was passed by the workers' congress or all workers.
    contents
        Of `CONTENTS`.
    levels
        Agreed monthly wage by post, fen; ``*`` for all posts.
    """

    name: str
    place: str
    requested: dt.date | None = None
    answered: dt.date | None = None
    signed: dt.date | None = None
    filed: dt.date | None = None
    received: dt.date | None = None
    objected: bool = False
    in_force: dt.date | None = None
    published: dt.date | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    workers: int | None = None
    workers_outside: int | None = None
    workers_front_line: int | None = None
    company: int | None = None
    company_outside: int | None = None
    congress: bool | None = None
    contents: tuple[str, ...] = ()
    levels: Mapping[str, int] = field(default_factory=dict)


def make_agreement(given: Mapping[str, Any]) -> Agreement:
    """An agreement of plain values.

    Raises
    ------
    OfferError
        With every problem.
    """
    problems: list[str] = []
    values: dict[str, Any] = {}
    known = set(Agreement.__dataclass_fields__)
    problems += [
        f"unknown key {k!r}; there are {', '.join(sorted(known))}"
        for k in sorted(set(given) - known)
    ]
    for name in ("name", "place"):
        if not str(given.get(name, "")).strip():
            problems.append(f"{name} is missing")
        values[name] = str(given.get(name, ""))
    if values["place"] and not (values["place"].isdigit() and len(values["place"]) == 6):
        problems.append(
            f"place = {values['place']!r} should be a code of six digits, such as 320115"
        )
    for name in (k for k in _DAYS if k in given):
        try:
            values[name] = _day(given[name])
        except ValueError as error:
            problems.append(f"{name}: {error}")
    values |= _typed(given, problems)
    contents = tuple(str(c) for c in given.get("contents", ()))
    astray = [c for c in contents if c not in CONTENTS]
    if astray:
        problems.append(f"contents {', '.join(astray)} should be of {', '.join(CONTENTS)}")
    levels = {}
    for post, yuan in dict(given.get("levels", {})).items():
        try:
            levels[str(post)] = fen(yuan, least=1)
        except ValueError as error:
            problems.append(f"levels: {post}: {error}")
    problems += _orders(values)
    if problems:
        raise OfferError("The agreement cannot be checked:", problems)
    return Agreement(**values, contents=contents, levels=levels)


def read_agreement(path: Path | str) -> Agreement:
    """Read an agreement from a TOML file; see `make_agreement`."""
    path = Path(path)
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OfferError(f"The agreement {path} cannot be read: {error}.") from error
    return make_agreement(given)


def _typed(given: Mapping[str, Any], problems: list[str]) -> dict[str, Any]:
    """Counts of persons and answers of yes or no."""
    values: dict[str, Any] = {}
    for name in (k for k in _COUNTS if k in given):
        value = given[name]
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            problems.append(f"{name} = {value!r} should be a number of persons")
        values[name] = value
    for name in (k for k in ("objected", "congress") if k in given):
        if not isinstance(given[name], bool):
            problems.append(f"{name} = {given[name]!r} should be true or false")
        values[name] = given[name]
    return values


def _day(value: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is no day; write 2026-03-02") from error


def _orders(values: Mapping[str, Any]) -> list[str]:
    """Days that cannot come in this order, and parts larger than their whole."""
    pairs = (
        ("requested", "answered"),
        ("signed", "filed"),
        ("filed", "received"),
        ("start", "end"),
    )
    found = [
        f"{later} = {values[later]} is before {first} = {values[first]}"
        for first, later in pairs
        if values.get(first) and values.get(later) and values[later] < values[first]
    ]
    for part in ("workers_outside", "workers_front_line", "company_outside"):
        whole = part.partition("_")[0]
        some, every = values.get(part), values.get(whole)
        if isinstance(some, int) and isinstance(every, int) and some > every:
            found.append(f"{part} = {some} is more than {whole} = {every}")
    return found
