"""From rows and keys to tier tables: checks, codes and cells, then the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from numpy.typing import NDArray

from wageguide.errors import InputError
from wageguide.tiers.arrow import to_arrow
from wageguide.tiers.cells import Question
from wageguide.tiers.checks import (
    Flags,
    OnBadRows,
    checked_rows,
    refuse_rows,
    require_columns,
    usable,
)
from wageguide.tiers.kernel import GroupedNumbers, grouped_numbers
from wageguide.tiers.keys import Cells, KeyColumn, combine, distinct_in_cells, encode_key
from wageguide.tiers.quantile import quantile_rule
from wageguide.tiers.scale import Ints, WageCheck, WeightCheck
from wageguide.tiers.scheme import Scheme, load_scheme
from wageguide.tiers.table import TierFacts, TierTable

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.survey.survey import Survey


def estimate_tiers(
    data: pd.DataFrame | pa.Table | Survey,
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
    data: pd.DataFrame | pa.Table | Survey,
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
        One row a worker: a pandas frame, an Arrow table, or the `workers` of a survey. It
        is not changed.
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
        If a column is missing, a row cannot be used (with ``refuse``), or none can. A
        table whose keys every row lacks is empty (with ``set_aside``), and says so.
    """
    wanted = [tuple(g) for g in groupings]
    keys_wanted = dict.fromkeys(k for g in wanted for k in g)
    chosen = scheme if isinstance(scheme, Scheme) else load_scheme(scheme)
    rule = quantile_rule(quantile)
    source = data if isinstance(data, pa.Table) or hasattr(data, "columns") else data.workers
    names = _names(source)
    require_columns(names, wanted, wage, weight, enterprise, chosen)
    needed = [n for n in names if n in {wage, weight, enterprise, *keys_wanted}]
    table = _as_arrow(source, needed)
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
    keys = {k: encode_key(k, rows.table[k]) for k in keys_wanted}
    facts = facts or TierFacts()
    tables = []
    for grouping in wanted:
        cells = combine([keys[k] for k in grouping], coded.code.size)
        left_out = dict(rows.left_out)
        use = with_keys(cells, on_bad_rows)
        if use is not None:
            left_out["key missing"] = int((~use).sum())
        numbers, enterprises = _numbers(cells, coded, use, question)
        columns = result_columns(cells, numbers, enterprises, question)
        held = "every row counts once" if coded.weight is None else question.weights.text
        tables.append(TierTable(grouping, columns, chosen, rule, facts, len(table), left_out, held))
    return tuple(tables)


@dataclass(frozen=True)
class _Coded:
    code: Ints
    weight: Ints | None
    enterprise: KeyColumn | None


def _names(data: Any) -> list[str]:
    if isinstance(data, pa.Table):
        return list(data.column_names)
    return [str(c) for c in data.columns]


def _as_arrow(data: Any, needed: Sequence[str]) -> pa.Table:
    """The needed columns as Arrow arrays."""
    twice = sorted({n for n in needed if list(needed).count(n) > 1})
    if twice:
        raise InputError(f"Columns must have different names; {', '.join(twice)} stands twice.")
    if isinstance(data, pa.Table):
        return data.select(list(needed))
    places = {name: place for place, name in enumerate(_names(data))}
    columns = {}
    for name in needed:
        try:
            columns[name] = pa.array(data.iloc[:, places[name]], from_pandas=True)
        except pa.ArrowException as error:
            raise InputError(
                f"Column {name!r} holds values of different kinds: {error}. Make all of them "
                "numbers, or all of them text."
            ) from error
    return pa.table(columns)


def with_keys(cells: Cells, on_bad_rows: OnBadRows) -> Flags | None:
    """Rows that have all keys of a table; None if all do."""
    missing = {f"{k.name} is missing": k.code < 0 for k in cells.keys}
    missing = {reason: rows for reason, rows in missing.items() if rows.any()}
    if not missing:
        return None
    if on_bad_rows == "refuse":
        refuse_rows({reason: [rows] for reason, rows in missing.items()}, on_bad_rows)
    return usable(missing)[0]


def _numbers(
    cells: Cells, coded: _Coded, use: Flags | None, question: Question
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


def result_columns(
    cells: Cells, numbers: GroupedNumbers, enterprises: Ints | None, question: Question
) -> pa.Table:
    """Figures of the cells that hold rows, as the columns of a table."""
    columns: dict[str, Any] = dict(cells.key_values(numbers.cell))
    figures: dict[str, NDArray[Any]] = {"workers": numbers.workers}
    if enterprises is not None:
        figures["enterprises"] = enterprises
    figures["weight"] = question.weights.weights(numbers.weight)
    figures["mean"] = numbers.mean
    figures |= {t.name: numbers.tiers[:, i] for i, t in enumerate(question.scheme.tiers)}
    columns |= {name: to_arrow(values) for name, values in figures.items()}
    return pa.Table.from_arrays(list(columns.values()), list(columns))
