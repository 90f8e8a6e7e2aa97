"""Tier tables of a file that does not fit into memory: look through it, then two scans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from wageguide.errors import InputError
from wageguide.survey.design import Design
from wageguide.tiers import scans
from wageguide.tiers.arrow import from_flags, plain_array, to_flags
from wageguide.tiers.cells import Question
from wageguide.tiers.checks import (
    Flags,
    OnBadRows,
    refuse_rows,
    require_columns,
    row_faults,
    usable,
)
from wageguide.tiers.error_settings import ErrorSettings
from wageguide.tiers.estimate import estimate_tables, result_columns
from wageguide.tiers.keys import (
    Cells,
    combine,
    encode_key,
    key_values_in_order,
    plain_whole_numbers,
)
from wageguide.tiers.microdata import Microdata
from wageguide.tiers.quantile import quantile_rule
from wageguide.tiers.scale import Floats, Ints, WageCheck, WeightCheck
from wageguide.tiers.scheme import Scheme, load_scheme
from wageguide.tiers.table import TierFacts, TierTable

#: Pairs of cell and enterprise that are marked in one array of flags, 128 MB.
_MOST_PAIRS = 1 << 27


@dataclass(frozen=True)
class FileQuestion:
    """What is asked of a file; fields as in `estimate_tables`."""

    groupings: tuple[tuple[str, ...], ...]
    wage: str
    design: Design = field(default_factory=Design)
    se: ErrorSettings | None = None
    scheme: Scheme | str = "percentiles"
    quantile: str = "inverted_cdf"
    facts: TierFacts = field(default_factory=TierFacts)
    on_bad_rows: OnBadRows = "refuse"

    @property
    def keys(self) -> tuple[str, ...]:
        """Key columns, each once."""
        return tuple(dict.fromkeys(k for g in self.groupings for k in g))

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the design that are needed.

        Raises
        ------
        InputError
            If the design says more than weight and enterprise, and no errors are asked for.
        """
        needed = tuple(c for c in (self.weight, self.enterprise) if c is not None)
        others = [c for c in self.design.columns if c not in needed]
        if self.se is None and others:
            raise InputError(
                f"{', '.join(others)}: strata, populations and replicate weights are for sampling "
                "errors, and none are asked for. Add --se linearized, or leave them out."
            )
        return self.design.columns

    @property
    def weight(self) -> str | None:
        """Column of weights."""
        return self.design.weight

    @property
    def enterprise(self) -> str | None:
        """Column of enterprises."""
        return self.design.enterprise


def estimate_file(data: Microdata, asked: FileQuestion) -> tuple[TierTable, ...]:
    """Tier tables of a file, in memory or, where it is large, in two scans: same figures.

    Sampling errors need all rows of an enterprise together: with them, every file is read
    into memory.
    """
    if data.large and asked.se is None:
        return _Stream(data, asked).tables()
    return estimate_tables(
        data.read(),
        asked.groupings,
        wage=asked.wage,
        design=asked.design,
        se=asked.se,
        scheme=asked.scheme,
        quantile=asked.quantile,
        facts=asked.facts,
        on_bad_rows=asked.on_bad_rows,
    )


@dataclass
class _Seen:
    """What a first look through the file finds out."""

    wages: WageCheck = field(default_factory=WageCheck)
    weights: WeightCheck = field(default_factory=WeightCheck)
    wage_bounds: tuple[float, float] = (np.inf, 0.0)
    heaviest: float = 1.0
    rows: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    values: dict[str, pa.Array] = field(default_factory=dict)


@dataclass(frozen=True)
class _Usable:
    """Rows of a chunk that can be used, and why the others cannot."""

    table: pa.Table
    wages: Floats
    weights: Floats
    faults: Mapping[str, Flags] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)


class _Stream:
    def __init__(self, data: Microdata, asked: FileQuestion) -> None:
        self.data, self.asked = data, asked
        scheme = asked.scheme
        self.scheme = scheme if isinstance(scheme, Scheme) else load_scheme(scheme)
        self.rule = quantile_rule(asked.quantile)
        require_columns(
            data.names, asked.groupings, asked.wage, asked.weight, asked.enterprise, self.scheme
        )
        self.seen = self._look()
        self.question = Question(
            self.scheme, self.rule, self.seen.wages.scale(), self.seen.weights.scale()
        )

    def _look(self) -> _Seen:
        asked, seen = self.asked, _Seen()
        bad: dict[str, list[Flags]] = {}
        columns = [*asked.keys, *([asked.enterprise] if asked.enterprise else [])]
        for table in self.data.chunks():
            rows = self._usable(table)
            faults = dict(rows.faults)
            if asked.on_bad_rows == "refuse":
                missing = {f"{k} is missing": to_flags(table[k].is_null()) for k in asked.keys}
                faults |= {reason: flags for reason, flags in missing.items() if flags.any()}
            for reason, flags in faults.items():
                bad.setdefault(reason, [np.zeros(seen.rows, bool)]).append(flags)
            seen.rows += len(table)
            for parts in bad.values():
                behind = seen.rows - sum(p.size for p in parts)
                parts.append(np.zeros(behind, bool))
            for reason, count in rows.left_out.items():
                seen.left_out[reason] = seen.left_out.get(reason, 0) + count
            if len(rows.table) == 0:
                continue
            seen.wages.see(rows.wages)
            seen.weights.see(rows.weights)
            low, high = seen.wage_bounds
            seen.wage_bounds = (min(low, rows.wages.min()), max(high, rows.wages.max()))
            seen.heaviest = max(seen.heaviest, float(rows.weights.max()))
            for name in columns:
                new = plain_array(rows.table[name]).unique().drop_null()
                known = seen.values.get(name)
                seen.values[name] = (
                    new if known is None else pa.concat_arrays([known, new]).unique()
                )
        if seen.rows == 0:
            raise InputError("There are no rows: the data has headings and nothing below them.")
        refuse_rows(bad, asked.on_bad_rows)
        return seen

    def _usable(self, table: pa.Table) -> _Usable:
        asked = self.asked
        wages, weights, faults = row_faults(table, asked.wage, asked.weight, asked.enterprise)
        weights = np.ones_like(wages) if weights is None else weights
        if not faults:
            return _Usable(table, wages, weights)
        use, left_out = usable(faults)
        kept = table.filter(from_flags(use))
        return _Usable(kept, wages[use], weights[use], faults, left_out)

    def tables(self) -> tuple[TierTable, ...]:
        tables = [_Table(self, grouping) for grouping in self.asked.groupings]
        for chunk in self._coded():
            for table in tables:
                table.scan1(*chunk)
        for table in tables:
            table.plan()
        for chunk in self._coded():
            for table in tables:
                table.scan2(*chunk)
        return tuple(table.finish() for table in tables)

    def _coded(self) -> Iterator[tuple[pa.Table, Ints, Ints]]:
        for table in self.data.chunks():
            rows = self._usable(table)
            code = self.question.wages.codes(rows.wages)
            yield rows.table, code, self.question.weights.units(rows.weights)


class _Table:
    """One grouping on its way through both scans."""

    def __init__(self, stream: _Stream, grouping: Sequence[str]) -> None:
        self.stream, self.grouping = stream, tuple(grouping)
        self.values = {k: key_values_in_order(stream.seen.values[k]) for k in grouping}
        empty = self._cells(None)
        question, seen = stream.question, stream.seen
        codes = question.wages.codes(np.array(seen.wage_bounds))
        heaviest = int(question.weights.units(np.array([seen.heaviest]))[0])
        total = int(seen.weights.total / float(question.weights.unit) * 1.001) + seen.rows
        self.bins = scans.Bins.of(
            empty.count, (int(codes[0]), int(codes[1])), (heaviest, total), question.wages
        )
        self.state = scans.empty_scan1(self.bins)
        self.found: list[scans.Candidates] = []
        self.missing = 0
        self.members = self._member_flags(empty.count)

    def _member_flags(self, cells: int) -> Flags | None:
        enterprise = self.stream.asked.enterprise
        if enterprise is None:
            return None
        size = cells * len(self.stream.seen.values[enterprise])
        if size > _MOST_PAIRS:
            raise InputError(
                f"Counting enterprises by {', '.join(self.grouping)} needs {size:,} pairs of cell "
                f"and enterprise; {_MOST_PAIRS:,} can be held. Leave the enterprise out, or give "
                "a file small enough for memory."
            )
        return np.zeros(size, bool)

    def _cells(self, table: pa.Table | None) -> Cells:
        """Cells of a chunk's rows; numbered alike in every chunk."""
        keys = []
        for name, values in self.values.items():
            column = pa.array([], values.type) if table is None else table[name]
            keys.append(encode_key(name, column, values))
        cells = combine(keys, 0 if table is None else len(table))
        if cells.present is not None:
            raise InputError(
                f"The keys {', '.join(self.grouping)} have more combinations than a file of this "
                "size can be tabulated by. Use coarser keys."
            )
        return cells

    def _chunk(self, table: pa.Table, code: Ints, weight: Ints) -> tuple[scans.Chunk, Flags | None]:
        cells = self._cells(table)
        use = cells.number >= 0
        if use.all():
            return scans.Chunk(cells.number, code, weight), None
        return scans.Chunk(cells.number[use], code[use], weight[use]), use

    def scan1(self, table: pa.Table, code: Ints, weight: Ints) -> None:
        chunk, use = self._chunk(table, code, weight)
        if use is not None:
            self.missing += int((~use).sum())
        scans.scan1(chunk, self.bins, self.stream.question.wages, self.state)
        if self.members is not None:
            self._count_members(table, chunk, use)

    def _count_members(self, table: pa.Table, chunk: scans.Chunk, use: Flags | None) -> None:
        enterprise = self.stream.asked.enterprise
        assert enterprise is not None
        assert self.members is not None
        values = self.stream.seen.values[enterprise]
        member = encode_key(enterprise, table[enterprise], values).code
        member = member if use is None else member[use]
        self.members[chunk.cell.astype(np.int64) * len(values) + member] = True

    def plan(self) -> None:
        self.wanted = scans.plan(self.state, self.bins, self.stream.question)

    def scan2(self, table: pa.Table, code: Ints, weight: Ints) -> None:
        chunk, _ = self._chunk(table, code, weight)
        self.found.append(scans.scan2(chunk, self.bins, self.wanted, self.stream.question.wages))

    def finish(self) -> TierTable:
        stream, question = self.stream, self.stream.question
        numbers = scans.finish_scans(self.state, self.bins, self.wanted, self.found, question)
        cells = self._cells(None)
        enterprises = None
        if self.members is not None:
            enterprises = self.members.reshape(cells.count, -1).sum(axis=1)[numbers.cell]
        columns = result_columns(cells, numbers, enterprises, question)
        for name, values in self.values.items():
            if plain_whole_numbers(values):
                place = columns.column_names.index(name)
                columns = columns.set_column(place, name, columns[name].cast(pa.int64()))
        left_out: dict[str, int] = dict(stream.seen.left_out)
        if self.missing:
            left_out["key missing"] = self.missing
        held = question.weights.text if stream.asked.weight else "every row counts once"
        return TierTable(
            self.grouping,
            columns,
            stream.scheme,
            stream.rule,
            stream.asked.facts,
            stream.seen.rows,
            left_out,
            held,
        )
