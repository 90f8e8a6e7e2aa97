"""What must hold of rows before anything is computed from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wageguide.errors import InputError
from wageguide.tiers.arrow import from_flags, to_flags, to_floats
from wageguide.tiers.scale import WAGE_LIMIT, Floats, Ints
from wageguide.tiers.scheme import Scheme

Flags = NDArray[np.bool_]
#: What to do with rows that cannot be used.
OnBadRows = Literal["refuse", "set_aside"]

_SHOWN = 5


class BadRows(InputError):
    """Rows that cannot be used, with how many and the first of them."""


_REFUSED = (
    "Some rows cannot be used. Mend them in the source, or set them aside "
    "(on_bad_rows='set_aside', --bad-rows set-aside), which is then stated in the table:"
)


@dataclass(frozen=True)
class CheckedRows:
    """Rows that can be used.

    Attributes
    ----------
    table
        All columns of those rows.
    wages, weights
        Floats, shape (rows,); weights None where every row counts once.
    enterprise
        Enterprise column, or None.
    left_out
        Rows that are not here, by reason.
    sampled
        All rows that have a place in the sampling design: a row without a usable wage is
        in no cell, but its enterprise was sampled.
    place
        Place in `sampled` of each row, shape (rows,); None where they are the same rows.
    """

    table: pa.Table
    wages: Floats
    weights: Floats | None
    enterprise: pa.ChunkedArray | None
    left_out: dict[str, int]
    sampled: pa.Table
    place: Ints | None = None


def require_columns(
    present: Sequence[str],
    groupings: Sequence[Sequence[str]],
    wage: str,
    weight: str | None,
    enterprise: str | None,
    scheme: Scheme,
    of_design: Sequence[str] = (),
) -> None:
    """Check that all named columns exist and no key takes the name of a result."""
    problems = []
    asked = {"wage": wage, "weight": weight, "enterprise": enterprise}
    for role, name in asked.items():
        if name is not None and name not in present:
            problems.append(f"{role} column {name!r} is not there")
    problems += [
        f"column {name!r} of the design is not there"
        for name in of_design
        if name not in present and name not in (weight, enterprise)
    ]
    keys = dict.fromkeys(k for g in groupings for k in g)
    problems += [f"key column {k!r} is not there" for k in keys if k not in present]
    figures = ["mean", *(t.name for t in scheme.tiers)]
    results = {"table", "workers", "enterprises", "weight", "effective_enterprises", "df", *figures}
    results |= {f"{part}_{name}" for part in ("se", "low", "high") for name in figures}
    problems += [
        f"key column {k!r} has the name of a result; rename it" for k in keys if k in results
    ]
    problems += [
        f"key column {k!r} stands twice in one grouping"
        for g in groupings
        for k in sorted({k for k in g if list(g).count(k) > 1})
    ]
    if not groupings:
        problems.append("no grouping was asked for; an empty one is the total")
    if problems:
        names = ", ".join(present[:30]) + (" …" if len(present) > 30 else "")
        raise InputError(f"The columns do not fit what was asked. The data has: {names}.", problems)


def checked_rows(
    table: pa.Table,
    wage: str,
    weight: str | None,
    enterprise: str | None,
    on_bad_rows: OnBadRows,
    strata: str | None = None,
) -> CheckedRows:
    """Find the rows that can be used; those without a stratum cannot, if `strata` is named.

    Raises
    ------
    BadRows
        With ``refuse``, if any row has no usable wage, weight or enterprise: all reasons
        with their counts and first row numbers (the first row of data is 1).
    InputError
        If no row can be used.
    """
    if len(table) == 0:
        raise InputError("There are no rows: the data has headings and nothing below them.")
    wages, weights, bad = row_faults(table, wage, weight, enterprise)
    if strata is not None and table[strata].null_count:
        bad[f"{strata} is missing"] = to_flags(pc.is_null(table[strata]))
    members = None if enterprise is None else table[enterprise]
    if not bad:
        return CheckedRows(table, wages, weights, members, {}, table)
    refuse_rows({reason: [rows] for reason, rows in bad.items()}, on_bad_rows)
    use, left_out = usable(bad)
    kept = table.filter(from_flags(use))
    lost = [rows for reason, rows in bad.items() if not reason.startswith(f"{wage} is ")]
    sampled = ~np.logical_or.reduce(lost) if lost else np.ones(use.size, bool)
    return CheckedRows(
        kept,
        wages[use],
        None if weights is None else weights[use],
        None if enterprise is None else kept[enterprise],
        left_out,
        table.filter(from_flags(sampled)),
        (np.cumsum(sampled) - 1)[use],
    )


def row_faults(
    table: pa.Table, wage: str, weight: str | None, enterprise: str | None
) -> tuple[Floats, Floats | None, dict[str, Flags]]:
    """Wages and weights as floats, and for each fault that occurs the rows that have it."""
    wages = _floats(table[wage], wage)
    bad = {
        f"{wage} is missing": np.isnan(wages),
        f"{wage} is infinite": np.isinf(wages),
        f"{wage} is negative": (wages < 0) & np.isfinite(wages),
        f"{wage} is over {WAGE_LIMIT:,.0f}": (wages > WAGE_LIMIT) & np.isfinite(wages),
    }
    weights = None
    if weight is not None:
        weights = _floats(table[weight], weight)
        bad[f"{weight} is missing"] = np.isnan(weights)
        bad[f"{weight} is infinite"] = np.isinf(weights)
        bad[f"{weight} is zero or negative"] = weights <= 0
    if enterprise is not None and table[enterprise].null_count:
        bad[f"{enterprise} is missing"] = to_flags(pc.is_null(table[enterprise]))
    return wages, weights, {reason: rows for reason, rows in bad.items() if rows.any()}


def usable(bad: Mapping[str, Flags]) -> tuple[Flags, dict[str, int]]:
    """Rows without a fault, and how many are left out by reason: each under its first."""
    left_out = {}
    counted = np.zeros(next(iter(bad.values())).size, bool)
    for reason, rows in bad.items():
        left_out[reason] = int((rows & ~counted).sum())
        counted |= rows
    return ~counted, left_out


def refuse_rows(bad: Mapping[str, Sequence[Flags]], on_bad_rows: OnBadRows) -> None:
    """Stop with all faults of the chunks, if rows are not to be set aside or none is left.

    Raises
    ------
    BadRows
        With each reason, its count and the first rows; the first row of data is 1.
    """
    if not bad:
        return
    whole = {reason: np.concatenate(list(parts)) for reason, parts in bad.items()}
    lines = [_line(reason, rows) for reason, rows in whole.items()]
    if np.logical_or.reduce(list(whole.values())).all():
        raise BadRows("No row can be used:", lines)
    if on_bad_rows == "refuse":
        raise BadRows(_REFUSED, lines)


def _line(reason: str, rows: NDArray[np.bool_]) -> str:
    first = np.flatnonzero(rows)[:_SHOWN] + 1
    more = " …" if rows.sum() > _SHOWN else ""
    where = ", ".join(map(str, first)) + more
    return f"{reason} in {int(rows.sum()):,} of {rows.size:,} rows: row {where}"


def _floats(column: pa.ChunkedArray, name: str) -> Floats:
    kind = column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        shown = ", ".join(str(v) for v in column.slice(0, 3).to_pylist())
        raise InputError(
            f"Column {name!r} must hold numbers; it holds {kind} ({shown}, …). "
            "Remove units, separators and words, or name another column."
        )
    return to_floats(column)
