"""From rows and keys to tier tables: checks, codes and cells, then the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wageguide.errors import InputError
from wageguide.survey.design import Design
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
from wageguide.tiers.error_settings import ErrorSettings, error_facts, error_settings
from wageguide.tiers.kernel import GroupedNumbers, sort_rows
from wageguide.tiers.keys import Cells, KeyColumn, combine, distinct_in_cells, encode_key
from wageguide.tiers.pairs import PairRows
from wageguide.tiers.quantile import quantile_rule
from wageguide.tiers.sample import SampleDesign
from wageguide.tiers.sampling import sample_design
from wageguide.tiers.scale import Ints, WageCheck, WeightCheck
from wageguide.tiers.scheme import Scheme, load_scheme
from wageguide.tiers.table import TierFacts, TierTable
from wageguide.tiers.uncertainty import Errors, numbers_with_errors

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
    design: Design | None = None,
    se: str | ErrorSettings | None = None,
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
        design=design,
        se=se,
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
    design: Design | None = None,
    se: str | ErrorSettings | None = None,
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
    design
        How the rows were sampled; it names weight and enterprise too. A survey brings its
        own.
    se
        Sampling errors: ``none``, ``linearized``, ``bootstrap:200``, ``jackknife`` or
        settings. Without a design every row of `enterprise` is a sampling unit of one
        stratum; without an enterprise every row is one.
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
    settings = error_settings(se)
    design = _design(data, design, weight, enterprise)
    weight, enterprise = design.weight, design.enterprise
    source = data if isinstance(data, pa.Table) or hasattr(data, "columns") else data.workers
    names = _names(source)
    of_design = design.columns if settings else ()
    require_columns(names, wanted, wage, weight, enterprise, chosen, of_design)
    needed = [n for n in names if n in {wage, weight, enterprise, *keys_wanted, *of_design}]
    table = _as_arrow(source, needed)
    strata = design.stratum if settings else None
    rows = checked_rows(table, wage, weight, enterprise, on_bad_rows, strata)
    wages, weights = WageCheck(), WeightCheck()
    wages.see(rows.wages)
    if rows.weights is not None:
        weights.see(rows.weights)
    question = Question(chosen, rule, wages.scale(), weights.scale())
    coded = _Coded(
        question.wages.codes(rows.wages),
        None if rows.weights is None else question.weights.units(rows.weights),
        rows.enterprise is not None,
        encode_key("enterprise", rows.enterprise)
        if rows.enterprise is not None and settings is None
        else None,
        None if settings is None else sample_design(rows.sampled, design),
        rows.place,
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
        numbers, enterprises, errors = _numbers(cells, coded, use, question, settings)
        columns = result_columns(cells, numbers, enterprises, question, errors)
        held = "every row counts once" if coded.weight is None else question.weights.text
        tables.append(
            TierTable(
                grouping,
                columns,
                chosen,
                rule,
                facts,
                len(table),
                left_out,
                held,
                error_facts(settings, design, coded.sample),
            )
        )
    return tuple(tables)


@dataclass(frozen=True)
class _Coded:
    """Rows in codes; enterprises are counted by the errors where there are any."""

    code: Ints
    weight: Ints | None
    counted: bool
    enterprise: KeyColumn | None
    sample: SampleDesign | None
    place: Ints | None


def _design(data: Any, design: Design | None, weight: str | None, enterprise: str | None) -> Design:
    """The design that was named, or a survey's own, or one of weight and enterprise alone."""
    own: Design | None = getattr(data, "design", None)
    if design is None and isinstance(own, Design) and weight is None and enterprise is None:
        return own
    if design is None:
        return Design(weight=weight, enterprise=enterprise)
    for role, name, named in (
        ("weight", weight, design.weight),
        ("enterprise", enterprise, design.enterprise),
    ):
        if name is not None and name != named:
            raise InputError(
                f"{role} = {name!r}, but the design says {named!r}. Name it once, in the design."
            )
    return design


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
    cells: Cells,
    coded: _Coded,
    use: Flags | None,
    question: Question,
    settings: ErrorSettings | None,
) -> tuple[GroupedNumbers, Ints | None, Errors | None]:
    number, code, weight, enterprise = cells.number, coded.code, coded.weight, coded.enterprise
    member = None if enterprise is None else enterprise.code
    if use is not None:
        number, code = number[use], code[use]
        weight = None if weight is None else weight[use]
        member = None if member is None else member[use]
    rows = sort_rows(number, cells.count, code, weight)
    if settings is not None and coded.sample is not None:
        place = coded.place if use is None or coded.place is None else coded.place[use]
        if use is not None and coded.place is None:
            place = np.flatnonzero(use)
        whole = PairRows.of(number, code, weight, coded.sample, place)
        numbers, errors = numbers_with_errors(rows, whole, question, coded.sample, settings)
        return numbers, errors.enterprises if coded.counted else None, errors
    numbers = rows.numbers(question)
    if enterprise is None or member is None:
        return numbers, None, None
    count = distinct_in_cells(number, cells.count, member, len(enterprise.values))
    return numbers, count[numbers.cell], None


def result_columns(
    cells: Cells,
    numbers: GroupedNumbers,
    enterprises: Ints | None,
    question: Question,
    errors: Errors | None = None,
) -> pa.Table:
    """Figures of the cells that hold rows, as the columns of a table."""
    columns: dict[str, Any] = dict(cells.key_values(numbers.cell))
    figures: dict[str, NDArray[Any]] = {"workers": numbers.workers}
    if enterprises is not None:
        figures["enterprises"] = enterprises
    figures["weight"] = question.weights.weights(numbers.weight)
    figures["mean"] = numbers.mean
    figures |= {t.name: numbers.tiers[:, i] for i, t in enumerate(question.scheme.tiers)}
    if errors is not None:
        for place, name in enumerate(["mean", *(t.name for t in question.scheme.tiers)]):
            figures[f"se_{name}"] = errors.se[:, place]
            figures[f"low_{name}"] = errors.low[:, place]
            figures[f"high_{name}"] = errors.high[:, place]
        figures["effective_enterprises"] = errors.effective
        figures["df"] = errors.df
    columns |= {name: to_arrow(values) for name, values in figures.items()}
    return pa.Table.from_arrays(list(columns.values()), list(columns))
