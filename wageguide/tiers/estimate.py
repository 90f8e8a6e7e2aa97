"""From rows and keys to tier tables: checks, codes and cells, then the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wageguide.errors import InputError
from wageguide.tiers.checks import BadRows, checked_rows, require_columns
from wageguide.tiers.finish import Question
from wageguide.tiers.kernel import GroupedNumbers, grouped_numbers
from wageguide.tiers.keys import Cells, KeyColumn, combine, distinct_in_cells, encode_key
from wageguide.tiers.quantile import quantile_rule
from wageguide.tiers.scale import Ints, WageCheck, WeightCheck, WeightScale
from wageguide.tiers.scheme import Scheme, load_scheme
from wageguide.tiers.table import TierFacts, TierTable

if TYPE_CHECKING:
    import pandas as pd

OnBadRows = Literal["refuse", "set_aside"]


def estimate_tiers(
    data: pd.DataFrame | pa.Table,
    by: Sequence[str] = (),
    *,
    wage: str = "annual_wage",
    weight: str | None = None,
    enterprise: str | None = None,
    scheme: Scheme | Path | str = "percentiles",
    quantile: str = "inverted_cdf",
    facts: TierFacts | None = None,
    on_bad_rows: OnBadRows = "refuse",
) -> TierTable:
    """Estimate one table of wage tiers; see `estimate_tables`.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"post": ["a", "a", "b"], "annual_wage": [50000, 70000, 61234.5]})
    >>> estimate_tiers(rows, ["post"]).frame[["post", "workers", "p50"]].values.tolist()
    [['a', 2, 50000.0], ['b', 1, 61234.5]]
    """
    return estimate_tables(
        data,
        [by],
        wage=wage,
        weight=weight,
        enterprise=enterprise,
        scheme=scheme,
        quantile=quantile,
        facts=facts,
        on_bad_rows=on_bad_rows,
    )[0]


def estimate_tables(
    data: pd.DataFrame | pa.Table,
    groupings: Iterable[Sequence[str]],
    *,
    wage: str = "annual_wage",
    weight: str | None = None,
    enterprise: str | None = None,
    scheme: Scheme | Path | str = "percentiles",
    quantile: str = "inverted_cdf",
    facts: TierFacts | None = None,
    on_bad_rows: OnBadRows = "refuse",
) -> tuple[TierTable, ...]:
    """Estimate several tables of wage tiers from one set of rows.

    Rows are checked and coded once; each grouping is then one sort.

    Parameters
    ----------
    data
        One row a worker: a pandas frame or an Arrow table. It is not changed.
    groupings
        Key columns of each table; an empty list is the total.
    wage
        Column of wages, finite and not negative, in the unit that `facts` names.
    weight
        Column of weights, finite and above 0: the workers that a row stands for. None
        counts every row once.
    enterprise
        Column of enterprise identifiers, to be counted by cell.
    scheme
        A `Scheme`, the name of a built-in one, or a TOML file.
    quantile
        Rule by numpy's name or ``hf1``, ``hf2``, ``hf4`` … ``hf9``.
    facts
        What the tables say about themselves.
    on_bad_rows
        ``refuse`` stops with a list of all rows that cannot be used; ``set_aside`` leaves
        them out and states in the table how many and why.

    Raises
    ------
    InputError
        If a column is missing, a row cannot be used (with ``refuse``), or none can.
    """
    table = _as_arrow(data)
    groupings = [tuple(g) for g in groupings]
    chosen = scheme if isinstance(scheme, Scheme) else load_scheme(scheme)
    rule = quantile_rule(quantile)
    require_columns(table.column_names, groupings, wage, weight, enterprise, chosen)
    rows = checked_rows(table, wage, weight, enterprise, on_bad_rows)
    wages, weights = WageCheck(), WeightCheck()
    wages.see(rows.wages)
    if rows.weights is not None:
        weights.see(rows.weights)
    question = Question(chosen, rule, wages.scale(), weights.scale())
    coded = _Coded(
        question.wages.codes(rows.wages),
        None if rows.weights is None else question.weights.units(rows.weights),
        None if rows.enterprise is None else encode_key("enterprise", rows.enterprise),
    )
    keys = {k: encode_key(k, rows.table[k]) for k in dict.fromkeys(k for g in groupings for k in g)}
    facts = facts or TierFacts()
    tables = []
    for grouping in groupings:
        cells = combine([keys[k] for k in grouping], coded.code.size)
        use, left_out = _with_keys(cells, rows.left_out, on_bad_rows)
        numbers, enterprises = _numbers(cells, coded, use, question)
        columns = _columns(cells, numbers, enterprises, question)
        tables.append(
            TierTable(
                by=grouping,
                columns=columns,
                scheme=chosen,
                quantile=rule,
                facts=facts,
                rows_received=len(table),
                left_out=left_out,
                weights_held=_weights_held(question.weights, coded.weight),
            )
        )
    return tuple(tables)


@dataclass(frozen=True)
class _Coded:
    code: Ints
    weight: Ints | None
    enterprise: KeyColumn | None


def _as_arrow(data: Any) -> pa.Table:
    if isinstance(data, pa.Table):
        return data
    workers = getattr(data, "workers", data)  # a Survey
    names = [str(c) for c in workers.columns]
    if len(set(names)) < len(names):
        twice = sorted({n for n in names if names.count(n) > 1})
        raise InputError(f"Columns must have different names; {', '.join(twice)} stands twice.")
    return pa.table(
        {
            n: pa.array(workers[c], from_pandas=True)
            for n, c in zip(names, workers.columns, strict=True)
        }
    )


def _with_keys(
    cells: Cells, left_out: dict[str, int], on_bad_rows: OnBadRows
) -> tuple[NDArray[np.bool_] | None, dict[str, int]]:
    """Rows that have all keys of a table, and the table's account of those left out."""
    if not cells.keys or all(k.code.size == 0 or k.code.min() >= 0 for k in cells.keys):
        return None, dict(left_out)
    use = cells.number >= 0
    account = dict(left_out)
    for key in cells.keys:
        missing = int((key.code < 0).sum())
        if missing and on_bad_rows == "refuse":
            raise BadRows.of_key(key.name, key.code < 0)
    account["key missing"] = int((~use).sum())
    if not use.any():
        raise InputError(
            f"No row has a value for {', '.join(k.name for k in cells.keys)}: there is no cell."
        )
    return use, account


def _numbers(
    cells: Cells, coded: _Coded, use: NDArray[np.bool_] | None, question: Question
) -> tuple[GroupedNumbers, Ints | None]:
    number, code, weight, enterprise = cells.number, coded.code, coded.weight, coded.enterprise
    member = None if enterprise is None else enterprise.code
    if use is not None:
        number, code = number[use], code[use]
        weight = None if weight is None else weight[use]
        member = None if member is None else member[use]
    numbers = grouped_numbers(number, cells.count, code, weight, question)
    if enterprise is None or member is None:
        return numbers, None
    count = distinct_in_cells(number, cells.count, member, len(enterprise.values))
    return numbers, count[numbers.cell]


def _columns(
    cells: Cells, numbers: GroupedNumbers, enterprises: Ints | None, question: Question
) -> pa.Table:
    columns: dict[str, Any] = dict(cells.key_values(numbers.cell))
    columns["workers"] = numbers.workers
    if enterprises is not None:
        columns["enterprises"] = enterprises
    columns["weight"] = question.weights.weights(numbers.weight)
    columns["mean"] = numbers.mean
    for place, tier in enumerate(question.scheme.tiers):
        columns[tier.name] = np.ascontiguousarray(numbers.tiers[:, place])
    return pa.table(columns)


def _weights_held(scale: WeightScale, weight: Ints | None) -> str:
    return "every row counts once" if weight is None else scale.text
