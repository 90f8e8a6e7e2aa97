"""What is published of a wage distribution: a scheme is data, and carries its meaning.

高位数 alone has three incompatible meanings, so a tier always says what it is: a quantile,
the mean of a tail, or the mean of the middle. Built-in schemes are the files in `schemes`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal, get_args

from wageguide.errors import SchemeError

TierKind = Literal["quantile", "lower_tail_mean", "upper_tail_mean", "middle_mean"]
Boundary = Literal["fractional", "whole_persons"]

_SCHEMES = Path(__file__).parent / "schemes"

#: Names of the schemes that come with the package.
BUILT_IN: tuple[str, ...] = ("percentiles", "tail_means", "middle_means")

#: Shares are exact decimals of at most this many places, so that share x wage fits 63 bits.
SHARE_PLACES = 4


@dataclass(frozen=True)
class Tier:
    """One published figure of a cell.

    Attributes
    ----------
    name
        Column name, ``p10`` or ``upper_tail_mean``.
    kind
        ``quantile``: the value at `share`; ``lower_tail_mean`` and ``upper_tail_mean``: the
        mean of the lowest and highest `share`; ``middle_mean``: the mean of the middle
        `share`.
    share
        Between 0 and 1, exact.
    label_zh, label_en
        Printed heading.
    """

    name: str
    kind: TierKind
    share: Fraction
    label_zh: str
    label_en: str

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """Shares of the distribution between which a mean is taken."""
        match self.kind:
            case "lower_tail_mean":
                return Fraction(0), self.share
            case "upper_tail_mean":
                return 1 - self.share, Fraction(1)
            case "middle_mean":
                return (1 - self.share) / 2, (1 + self.share) / 2
            case _:
                raise SchemeError(f"Tier {self.name!r} is a quantile: it has no two bounds.")


@dataclass(frozen=True)
class Scheme:
    """The tiers of a table and how a mean's boundary is cut.

    Attributes
    ----------
    id, title_zh, title_en
        Name in code and in print.
    tiers
        In the order of the columns.
    boundary
        How many workers a share of a cell is: ``fractional`` takes the exact share, the
        worker on the boundary counting in part (the Lorenz ordinate); ``whole_persons``
        takes the whole number of workers below it, and a share of less than one worker
        has no mean.
    """

    id: str
    title_zh: str
    title_en: str
    tiers: tuple[Tier, ...]
    boundary: Boundary = "fractional"

    def with_shares(self, shares: Iterable[str | float | Fraction]) -> Scheme:
        """The same kinds of tier at other shares (``--probs``)."""
        exact = [parse_share(s) for s in shares]
        tiers: list[Tier] = []
        for share in exact:
            for kind in dict.fromkeys(t.kind for t in self.tiers if _varies(self, t)):
                tiers.append(_tier(kind, share, several=len(exact) > 1))
        kept = [t for t in self.tiers if not _varies(self, t)]
        return replace(self, tiers=_checked((*tiers, *kept), self.id))


def load_scheme(name: str | Path) -> Scheme:
    """Read a scheme: a built-in one by name, or a TOML file of the same form.

    Raises
    ------
    SchemeError
        If there is none of that name, or the file has unknown, missing or impossible
        entries; all of them are listed.
    """
    if str(name) in BUILT_IN:
        path = _SCHEMES / f"{name}.toml"
    else:
        path = Path(name)
        if path.suffix != ".toml" or not path.is_file():
            raise SchemeError(
                f"Scheme {str(name)!r} is neither a built-in one ({', '.join(BUILT_IN)}) nor a "
                "TOML file that can be read. Copy a built-in scheme file and change it."
            )
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemeError(f"Scheme file {path} is not TOML in UTF-8: {error}.") from error
    return _from_table(table, path.name)


def parse_share(share: object) -> Fraction:
    """An exact share from ``"0.05"``, 0.05 or a Fraction.

    >>> parse_share(0.1)
    Fraction(1, 10)

    Raises
    ------
    SchemeError
        If it is not a number strictly between 0 and 1 with at most `SHARE_PLACES` decimals.
    """
    try:
        exact = share if isinstance(share, Fraction) else Fraction(str(share))
    except (ValueError, ZeroDivisionError):
        exact = Fraction(-1)
    if not 0 < exact < 1 or (exact * 10**SHARE_PLACES).denominator != 1:
        raise SchemeError(
            f"Share {share!r} must lie strictly between 0 and 1 and have at most "
            f"{SHARE_PLACES} decimals: the 10th percentile is 0.1, not 10."
        )
    return exact


def _varies(scheme: Scheme, tier: Tier) -> bool:
    """Whether other shares replace this tier: in a scheme of means its median stays."""
    only_quantiles = all(t.kind == "quantile" for t in scheme.tiers)
    return only_quantiles or tier.kind != "quantile"


def _tier(kind: TierKind, share: Fraction, *, several: bool) -> Tier:
    percent = f"{float(share * 100):g}"
    plain = percent.replace(".", "_")
    if kind == "quantile":
        return Tier(f"p{plain}", kind, share, f"{percent}%分位", f"{percent}% quantile")
    part_zh = {"lower_tail_mean": "最低", "upper_tail_mean": "最高", "middle_mean": "中间"}[kind]
    part_en = {"lower_tail_mean": "lowest", "upper_tail_mean": "highest", "middle_mean": "middle"}
    name = f"{kind}_{plain}" if several else kind
    return Tier(
        name, kind, share, f"{part_zh}{percent}%平均", f"Mean of the {part_en[kind]} {percent}%"
    )


def _from_table(table: dict[str, object], where: str) -> Scheme:
    problems = _key_problems(table, {"id", "title_zh", "title_en", "boundary", "tier"}, "")
    tiers: list[Tier] = []
    entries = table.get("tier", [])
    for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        at = f"tier {number}: "
        found = _key_problems(entry, {"name", "kind", "share", "label_zh", "label_en"}, at)
        if not found and entry["kind"] not in get_args(TierKind):
            found = [f"{at}kind {entry['kind']!r} is not one of {', '.join(get_args(TierKind))}"]
        if not found:
            try:
                tiers.append(Tier(**{**entry, "share": parse_share(entry["share"])}))
            except SchemeError as error:
                found = [f"{at}{error}"]
        problems += found
    if table.get("boundary") not in get_args(Boundary):
        problems.append(f"boundary must be one of {', '.join(get_args(Boundary))}")
    if problems:
        raise SchemeError(f"Scheme {where} cannot be used:", problems)
    boundary: Boundary = "whole_persons" if table["boundary"] == "whole_persons" else "fractional"
    return Scheme(
        str(table["id"]),
        str(table["title_zh"]),
        str(table["title_en"]),
        _checked(tuple(tiers), where),
        boundary,
    )


def _checked(tiers: tuple[Tier, ...], where: str) -> tuple[Tier, ...]:
    names = [t.name for t in tiers]
    reserved = {"workers", "enterprises", "weight", "mean", "table"}
    problems = [
        f"two tiers are called {n!r}" for n in sorted({n for n in names if names.count(n) > 1})
    ]
    problems += [
        f"a tier may not be called {n!r}: the table has that column" for n in reserved & set(names)
    ]
    problems += [
        f"tier {t.name!r} is a tail of {float(t.share):g}; a tail is at most half of a cell"
        for t in tiers
        if t.kind in ("lower_tail_mean", "upper_tail_mean") and t.share > Fraction(1, 2)
    ]
    if not tiers:
        problems.append("it has no tier")
    if problems:
        raise SchemeError(f"Scheme {where} cannot be used:", problems)
    return tiers


def _key_problems(table: object, keys: set[str], at: str) -> list[str]:
    if not isinstance(table, dict):
        return [f"{at}should be a table of settings, not {table!r}"]
    return [f"{at}unknown key {k!r}" for k in table if k not in keys] + [
        f"{at}missing key {k!r}" for k in sorted(keys - table.keys())
    ]
