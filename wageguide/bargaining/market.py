"""Printed wage prices of a release, as an enterprise and its union look them up."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wageguide.errors import OfferError

_LONG, _MANIFEST = Path("tables") / "prices_long.csv", "manifest.json"


@dataclass(frozen=True)
class Price:
    """Printed prices of one cell.

    Attributes
    ----------
    table
        Id of the table that they stand in.
    codes
        Codes of the cell.
    tiers
        Share at or below, and yuan a year, of the quantiles that are shown, ascending.
    """

    table: str
    codes: tuple[str, ...]
    tiers: tuple[tuple[float, int], ...]

    def at(self, share: float) -> int | None:
        """The printed price at a share; None where it is not shown."""
        return next((yuan for s, yuan in self.tiers if abs(s - share) < 1e-9), None)

    def place(self, yuan: float) -> tuple[str, float | None]:
        """Between which printed tiers a wage lies, and its percentile by interpolation.

        The percentile is a straight line between two printed tiers: a hint, no estimate. Below
        the lowest and above the highest there is none.
        """
        shares = [s for s, _ in self.tiers]
        values = [v for _, v in self.tiers]
        if not values:
            return "", None
        names = [f"P{100 * s:g}" for s in shares]
        if yuan < values[0]:
            return f"< {names[0]}", None
        if yuan > values[-1]:
            return f"> {names[-1]}", None
        for n, value in enumerate(values):
            if yuan == value:
                return names[n], shares[n]
            if yuan < value:
                part = (yuan - values[n - 1]) / (value - values[n - 1])
                return f"{names[n - 1]}–{names[n]}", shares[n - 1] + part * (
                    shares[n] - shares[n - 1]
                )
        return names[-1], shares[-1]


@dataclass(frozen=True)
class Market:
    """The price tables of one release.

    Attributes
    ----------
    year
        Reference year of the prices.
    prices
        By codes of the keys that the cells have, such as ``(("occupation", "6-18-01-01"),)``.
    """

    year: int
    prices: Mapping[tuple[tuple[str, str], ...], Price]

    def find(self, occupation: str, level: str) -> Price | None:
        """Prices of an occupation at a level, or of the occupation; None if none is shown."""
        asked = [(("occupation", occupation), ("post_level", level)), (("occupation", occupation),)]
        for key in asked:
            price = self.prices.get(key)
            if price is not None and price.tiers:
                return price
        return None


def read_market(folder: Path | str) -> Market:
    """Read the printed prices of a release from its public files.

    Raises
    ------
    OfferError
        If the folder is no release.
    """
    folder = Path(folder)
    try:
        options = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["options"]
        with (folder / _LONG).open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        shares = {
            name: float(what.split()[1])
            for name, what in options["tiers"].items()
            if what.startswith("quantile ")
        }
        year = int(options["year"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OfferError(
            f"{folder} is no release with prices ({type(error).__name__}: {error}). Name the "
            "folder of a release: it holds manifest.json and tables/prices_long.csv."
        ) from error
    found: dict[tuple[tuple[str, str], ...], dict[float, int]] = {}
    tables: dict[tuple[tuple[str, str], ...], str] = {}
    for line in lines:
        keys = [n for n in ("1", "2", "3") if line.get(f"key{n}")]
        cell = tuple((line[f"key{n}"], line[f"code{n}"]) for n in keys)
        tables.setdefault(cell, line["table"])
        own = found.setdefault(cell, {})
        if line["measure"] in shares and line["value"]:
            own[shares[line["measure"]]] = int(float(line["value"]))
    prices = {
        cell: Price(tables[cell], tuple(c for _, c in cell), tuple(sorted(tiers.items())))
        for cell, tiers in found.items()
    }
    return Market(year, prices)
