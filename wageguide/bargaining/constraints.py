"""What each side says it can go to: limits with their source, read from plain values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wageguide.errors import OfferError

#: What a limit is on: growth of the average monthly pay at the end of the offer (a share);
#: its cost above doing nothing, yuan; that as a share of the cost of doing nothing; all labour
#: cost as a share of sales; the lowest base wage at the end, yuan; average monthly pay at the end,
#: yuan.
MEASURES: dict[str, tuple[str, str]] = {
    "growth": ("平均工资增幅", "growth of average pay"),
    "cost": ("增加的成本（元）", "cost above doing nothing, yuan"),
    "cost_share": ("增加的成本占比", "cost above doing nothing, share"),
    "labour_share": ("人工成本占销售收入比", "labour cost as a share of sales"),
    "lowest": ("最低的基本工资（元/月）", "lowest base wage, yuan a month"),
    "average": ("平均月工资（元）", "average monthly pay, yuan"),
}
#: Measures that are shares.
SHARES = ("growth", "cost_share", "labour_share")
#: A limit that is missed by no more than the rounding of a quotient is met.
_ROUNDING = 1e-9
_SIDES = ("workers", "enterprise")


@dataclass(frozen=True)
class Constraint:
    """One limit of one side: the workers' is a least, the enterprise's a most.

    Attributes
    ----------
    name
        What it is, as it is printed: 上线, CPI, 支付能力.
    side
        ``workers`` or ``enterprise``.
    measure
        Of `MEASURES`.
    limit
        The value that may be reached.
    source
        Where it comes from; printed beside it.
    binding
        Whether it is law; the others inform.
    """

    name: str
    side: str
    measure: str
    limit: float
    source: str = ""
    binding: bool = False

    def short(self, value: float) -> float:
        """By how much a value misses the limit; 0 where it is met."""
        gap = self.limit - value if self.side == "workers" else value - self.limit
        return gap if gap > _ROUNDING * max(1.0, abs(self.limit)) else 0.0


def make_constraints(entries: Sequence[Mapping[str, Any]]) -> tuple[Constraint, ...]:
    """Constraints of plain values: ``name``, ``side``, ``measure``, ``limit``, ``source``.

    Raises
    ------
    OfferError
        With every problem.
    """
    problems: list[str] = []
    found = []
    for number, entry in enumerate(entries, 1):
        where = f"constraint {number} ({entry.get('name', '?')})"
        unknown = sorted(set(entry) - {"name", "side", "measure", "limit", "source", "binding"})
        own = [f"{where}: unknown key {k!r}" for k in unknown]
        own += [
            f"{where}: {k} is missing"
            for k in ("name", "side", "measure", "limit")
            if k not in entry
        ]
        if entry.get("side") not in _SIDES and "side" in entry:
            own.append(f"{where}: side = {entry['side']!r} should be workers or enterprise")
        if entry.get("measure") not in MEASURES and "measure" in entry:
            own.append(
                f"{where}: measure = {entry['measure']!r} should be one of {', '.join(MEASURES)}"
            )
        limit = entry.get("limit", 0)
        if isinstance(limit, bool) or not isinstance(limit, int | float):
            own.append(f"{where}: limit = {limit!r} should be a number")
        elif entry.get("measure") in SHARES and not -1 < limit < 1:
            own.append(f"{where}: limit = {limit} is a share; for six per cent write 0.06")
        problems += own
        if not own:
            found.append(Constraint(**{**entry, "limit": float(limit)}))
    if problems:
        raise OfferError("The constraints cannot be used:", problems)
    return tuple(found)


def read_constraints(path: Path | str) -> tuple[Constraint, ...]:
    """Read ``[[constraint]]`` tables from a TOML file; see `make_constraints`."""
    path = Path(path)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OfferError(f"The constraints {path} cannot be read: {error}.") from error
    entries = document.get("constraint")
    if not isinstance(entries, list) or set(document) != {"constraint"}:
        raise OfferError(f"{path} should hold [[constraint]] tables and nothing else.")
    return make_constraints(entries)
