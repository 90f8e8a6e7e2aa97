"""What a cost rests on besides the offer: prices, minimum wage, contributions, heads, interest."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from wageguide.bargaining.money import fen, share
from wageguide.bargaining.months import month_number, year_of
from wageguide.errors import OfferError

BASES = ("current", "previous_year")


@dataclass(frozen=True)
class Contribution:
    """An employer's contribution: ``rate`` of a base between ``floor`` and ``ceiling`` (fen).

    Attributes
    ----------
    name
        What it is.
    start
        Month number from which these values hold.
    rate, floor, ceiling
        Share, and the least and most of the monthly base; a ceiling of 0 is none.
    source
        Where the values come from, printed beside the cost.
    """

    name: str
    start: int
    rate: Fraction
    floor: int = 0
    ceiling: int = 0
    source: str = ""


@dataclass(frozen=True)
class Assumptions:
    """Everything is the user's; nothing has a value unless it is given.

    Attributes
    ----------
    contributions
        By name and start; the latest that has begun holds.
    contribution_base
        ``current``: pay of the month, without lump sums and back pay. ``previous_year``: the
        average of all that was paid in the calendar year before, from `base_month` on;
        before that, and for months before the offer, pay as it is in the roster.
    base_month
        Month of the year (1 to 12) in which a new base begins.
    minimum_wage
        Month number to fen a month; each holds until the next.
    cpi
        Calendar year to growth of consumer prices.
    overtime_follows
        Whether overtime pay moves with the base wage.
    headcount
        Calendar year to heads as a multiple of the roster's.
    turnover
        Share of the workers that leave and are replaced each year, spread over its months.
    entry_ratio
        Pay of a replacement as a share of the pay of who left.
    discount
        Yearly rate of interest for the present value.
    sales
        Calendar year to sales, fen, for what labour costs of them.
    """

    contributions: tuple[Contribution, ...] = ()
    contribution_base: str = "current"
    base_month: int = 1
    minimum_wage: Mapping[int, int] = field(default_factory=dict)
    cpi: Mapping[int, Fraction] = field(default_factory=dict)
    overtime_follows: bool = True
    headcount: Mapping[int, Fraction] = field(default_factory=dict)
    turnover: Fraction = Fraction(0)
    entry_ratio: Fraction = Fraction(1)
    discount: Fraction = Fraction(0)
    sales: Mapping[int, int] = field(default_factory=dict)

    def minimum_of(self, month: int) -> int | None:
        """Minimum wage of a month in fen; None before the first that is given."""
        known = [m for m in self.minimum_wage if m <= month]
        return self.minimum_wage[max(known)] if known else None

    def in_force(self, month: int) -> list[Contribution]:
        """Contributions of a month, by name."""
        latest: dict[str, Contribution] = {}
        for one in sorted(self.contributions, key=lambda c: c.start):
            if one.start <= month:
                latest[one.name] = one
        return [latest[name] for name in sorted(latest)]

    def heads_factor(self, month: int, start: int) -> Fraction:
        """What the sums of a month are multiplied by, for heads and for cheaper replacements.

        Of the positions, ``turnover`` a year are filled anew, by equal parts each month, at most
        all of them; a replacement costs ``entry_ratio`` of who left.
        """
        heads = Fraction(1)
        for year in sorted(self.headcount):
            if year <= year_of(month):
                heads = self.headcount[year]
        replaced = min(Fraction(1), self.turnover * (month - start + 1) / 12)
        return heads * (1 - replaced * (1 - self.entry_ratio))

    def sales_parts(self, months: Sequence[int]) -> dict[int, Fraction]:
        """Sales of each calendar year that fall on some months, fen, spread evenly.

        Raises
        ------
        OfferError
            If those of a year are not given.
        """
        years = [year_of(m) for m in months]
        missing = sorted(set(years) - set(self.sales))
        if missing:
            raise OfferError(
                f"A limit is on what labour costs of sales, but those of "
                f"{', '.join(map(str, missing))} are not given. Add them to the assumptions, in "
                f"yuan: sales = {{ {missing[0]} = 12000000 }}"
            )
        return {y: Fraction(self.sales[y] * years.count(y), 12) for y in sorted(set(years))}

    def discounted(self, month: int, start: int) -> float:
        """Present value, at the first month, of 1 paid in a month."""
        return float((1.0 + float(self.discount)) ** (-(month - start) / 12))


def make_assumptions(given: Mapping[str, Any]) -> Assumptions:
    """Assumptions of plain values, as a TOML file holds them.

    Raises
    ------
    OfferError
        With every problem.
    """
    problems: list[str] = []
    values: dict[str, Any] = {}
    readers: dict[str, Callable[[Any], Any]] = {
        "contribution_base": _one_of(BASES),
        "base_month": _month_of_year,
        "minimum_wage": _table("minimum_wage", month_number, fen, problems),
        "cpi": _table("cpi", _year, share, problems),
        "overtime_follows": _yes_or_no,
        "headcount": _table("headcount", _year, lambda v: share(v, least=0, most=10), problems),
        "turnover": lambda v: share(v, least=0),
        "entry_ratio": lambda v: share(v, least=0, most=2),
        "discount": lambda v: share(v, least=0),
        "sales": _table("sales", _year, fen, problems),
    }
    for name, value in given.items():
        if name == "contribution":
            continue
        if name not in readers:
            problems.append(f"unknown key {name!r}; there are {', '.join(readers)}, contribution")
            continue
        try:
            values[name] = readers[name](value)
        except ValueError as error:
            problems.append(f"{name}: {error}")
    listed = given.get("contribution", [])
    if isinstance(listed, Sequence) and not isinstance(listed, str):
        made = [_contribution(problems, n, e) for n, e in enumerate(listed, 1)]
        values["contributions"] = tuple(c for c in made if c is not None)
    else:
        problems.append("contribution should be a list; in TOML write [[contribution]]")
    if problems:
        raise OfferError("The assumptions cannot be used:", problems)
    return Assumptions(**values)


def read_assumptions(path: Path | str) -> Assumptions:
    """Read assumptions from a TOML file; see `make_assumptions`."""
    path = Path(path)
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OfferError(f"The assumptions {path} cannot be read: {error}.") from error
    return make_assumptions(given)


def _contribution(problems: list[str], number: int, entry: object) -> Contribution | None:
    where = f"contribution {number}"
    if not isinstance(entry, Mapping):
        problems.append(f"{where} should be a table with name, from and rate")
        return None
    unknown = sorted(set(entry) - {"name", "from", "rate", "floor", "ceiling", "source"})
    found = [f"{where}: unknown key {k!r}" for k in unknown]
    values: dict[str, Any] = {
        "name": str(entry.get("name", "")),
        "source": str(entry.get("source", "")),
    }
    if not values["name"]:
        found.append(f"{where}: name is missing")
    for name, key, reader in (
        ("start", "from", month_number), ("rate", "rate", lambda v: share(v, least=0)),
        ("floor", "floor", fen), ("ceiling", "ceiling", fen),
    ):  # fmt: skip
        if key not in entry and key in ("floor", "ceiling"):
            continue
        try:
            values[name] = reader(entry.get(key, ""))
        except ValueError as error:
            found.append(f"{where}: {key}: {error}")
    if 0 < values.get("ceiling", 0) < values.get("floor", 0):
        found.append(f"{where}: the ceiling is below the floor")
    problems += found
    return None if found else Contribution(**values)


def _table(
    name: str,
    read_key: Callable[[Any], int],
    read_value: Callable[[Any], Any],
    problems: list[str],
) -> Callable[[Any], dict[int, Any]]:
    def read(value: object) -> dict[int, Any]:
        if not isinstance(value, Mapping):
            raise ValueError(f"{value!r} should be a table, such as {name} = {{ 2026 = … }}")
        found = {}
        for key, own in value.items():
            try:
                found[read_key(key)] = read_value(own)
            except ValueError as error:
                problems.append(f"{name}: {key}: {error}")
        return found

    return read


def _one_of(choices: Sequence[str]) -> Callable[[Any], str]:
    def read(value: object) -> str:
        if value not in choices:
            raise ValueError(f"{value!r} should be one of {', '.join(choices)}")
        return str(value)

    return read


def _year(value: object) -> int:
    text = str(value)
    if not (text.isdigit() and len(text) == 4):
        raise ValueError(f"{value!r} is no year; write 2026")
    return int(text)


def _month_of_year(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 12:
        raise ValueError(f"{value!r} should be a month from 1 to 12")
    return value


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} should be true or false")
    return value
