"""A record batch of a Parquet file as a batch of rows, without a data frame in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wageguide.law.places import Places
from wageguide.payroll.batch import CODED, KINDS, PER_UNIT, Batch, Cell
from wageguide.payroll.period import read_period
from wageguide.survey.codes import codes
from wageguide.units import FEN_PER_YUAN

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
N = TypeVar("N", np.int8, np.int64)

#: Columns of text that are needed besides those of the rules.
KEYS = ("enterprise_id", "place", "work_place", "month", "minimum_class")


@dataclass
class Numbering:
    """Numbers for texts, the same from batch to batch."""

    known: dict[str, int] = field(default_factory=dict)

    def of(self, column: pa.DictionaryArray) -> NDArray[np.int64]:
        """Number of each row; -1 where there is nothing."""
        here = [
            -1 if w is None else self._one(str(w).strip()) for w in column.dictionary.to_pylist()
        ]
        return _placed(column, np.array([*here, -1], dtype=np.int64))

    def _one(self, word: str) -> int:
        return self.known.setdefault(word, len(self.known)) if word else -1

    @property
    def words(self) -> list[str]:
        """The texts, in the order of their numbers."""
        return list(self.known)


@dataclass
class ArrowRows:
    """What was found in a record batch.

    Attributes
    ----------
    batch
        The rows that can be reviewed.
    enterprise
        Number of the enterprise of each of them.
    aside
        Rows set aside, by reason.
    """

    batch: Batch
    enterprise: Ints
    aside: dict[str, int]


@dataclass
class ArrowReader:
    """Turns record batches into batches, with numbers that stay the same.

    Attributes
    ----------
    places
        Known places.
    columns
        Columns of the file by their name in the dictionary.
    default_place, default_period
        Of rows that do not name their own.
    """

    places: Places
    columns: dict[str, str]
    default_place: str = ""
    default_period: str = ""
    enterprises: Numbering = field(default_factory=Numbering)
    _texts: dict[str, Numbering] = field(default_factory=dict)

    def read(self, table: pa.RecordBatch) -> ArrowRows:
        """Rows of a record batch that can be reviewed, and how many cannot and why."""
        size = table.num_rows
        keep = np.ones(size, bool)
        aside: dict[str, int] = {}
        values: dict[str, Ints | NDArray[np.int8]] = {}
        blank: dict[str, Bools] = {}

        def drop(bad: Bools, reason: str) -> None:
            fresh = int((bad & keep).sum())
            if fresh:
                aside[reason] = aside.get(reason, 0) + fresh
                np.logical_and(keep, ~bad, out=keep)

        for name, kind in KINDS.items():
            if name not in self.columns or name in KEYS:
                continue
            column = table.column(self.columns[name])
            empty: Bools | None
            if name in CODED:
                coded = self._coded(name, column)
                values[name], empty = coded, coded < 0
            elif kind in ("text", "code"):
                continue
            else:
                scale = FEN_PER_YUAN if kind == "money" else PER_UNIT
                figures = _figures(column)
                empty = np.isnan(figures) if column.null_count or _holds_nan(figures) else None
                held = _whole(figures, empty, scale)
                values[name] = held
                if held.size and held.min() < 0:
                    drop(held < 0, "amount_negative")
            if empty is not None and empty.any():
                blank[name] = empty
        for name in ("work_form", "attendance", "base_pay"):
            if name in self.columns and name in blank:
                drop(blank[name], "answer_unusable")
        enterprise = self._text("enterprise_id", table, "")
        drop(enterprise < 0, "answer_unusable")
        cells, cell, home, unknown_place, unknown_period = self._cells(table, size)
        drop(unknown_place, "place_unknown")
        drop(unknown_period, "period_unknown")
        if not keep.all():
            values = {n: v[keep] for n, v in values.items()}
            blank = {n: b[keep] for n, b in blank.items()}
            cell, home, enterprise = cell[keep], home[keep], enterprise[keep]
        batch = Batch(len(cell), values, blank, dict.fromkeys(values, False), cells, cell, home)
        return ArrowRows(batch, enterprise, aside)

    def _coded(self, name: str, column: pa.Array) -> NDArray[np.int8]:
        listed = codes(CODED[name])
        order = list(listed.entries)
        held = _dictionary(column)
        found = [None if w is None else listed.find(str(w)) for w in held.dictionary.to_pylist()]
        places = [*(-1 if f is None else order.index(f) for f in found), -1]
        return _placed(held, np.array(places, dtype=np.int8))

    def _text(self, name: str, table: pa.RecordBatch, default: str) -> Ints:
        numbering = (
            self.enterprises
            if name == "enterprise_id"
            else self._texts.setdefault(name, Numbering())
        )
        if name not in self.columns:
            return np.full(table.num_rows, numbering._one(default), np.int64)
        numbers = numbering.of(_dictionary(table.column(self.columns[name])))
        if default:
            numbers[numbers < 0] = numbering._one(default)
        return numbers

    def _cells(
        self, table: pa.RecordBatch, size: int
    ) -> tuple[Sequence[Cell], NDArray[np.intp], NDArray[np.intp], Bools, Bools]:
        home = self._text("place", table, self.default_place)
        work = self._text("work_place", table, "")
        month = self._text("month", table, self.default_period)
        category = self._text("minimum_class", table, "")
        names = {p.name_zh: p.code for p in self.places.places.values() if not p.successor}
        at = _known(self._texts["place"].words, self.places, names)
        there = _known(self._texts["work_place"].words, self.places, names)
        codes_ = sorted({*at, *there})
        number = {c: i for i, c in enumerate(codes_)}
        home_code = np.array([*(number[c] for c in at), number.get("", -1)])[home]
        own = np.array([*(number[c] for c in there), -1])[work]
        work_code = np.where(work < 0, home_code, own)
        periods = [read_period(w) for w in self._texts["month"].words]
        blank = number.get("", -1)
        no_place = (home_code == blank) | (work_code == blank)
        no_period = np.array([*(p is None for p in periods), True])[month]
        shape = (len(codes_), len(periods) + 1, len(self._texts["minimum_class"].words) + 1)
        good = ~(no_place | no_period)
        flat = [
            np.where(good, (p * shape[1] + month) * shape[2] + category + 1, 0)
            for p in (work_code, home_code)
        ]
        seen = flat[0] if work_code is home_code else np.concatenate(flat)
        fits = good if work_code is home_code else np.concatenate([good, good])
        used = np.flatnonzero(np.bincount(seen[fits], minlength=1))
        place_of = np.zeros(int(used.max(initial=0)) + 1, np.intp)
        place_of[used] = np.arange(len(used))
        cells = []
        for key in used.tolist():
            rest, which = divmod(key, shape[2])
            place, when = divmod(rest, shape[1])
            period = periods[when]
            assert period is not None
            named = self._texts["minimum_class"].words[which - 1] if which else ""
            cells.append(Cell(codes_[place], period.first, period.months, named))
        indices = [place_of[np.where(good, f, used[0] if len(used) else 0)] for f in flat]
        return cells, indices[0], indices[1], no_place, no_period


def _known(words: Sequence[str], places: Places, names: dict[str, str]) -> list[str]:
    return [w if w in places else names.get(w, "") for w in words]


def _dictionary(column: pa.Array) -> pa.DictionaryArray:
    if pa.types.is_dictionary(column.type):
        return column
    return pc.cast(column, pa.string()).dictionary_encode()


def _figures(column: pa.Array) -> NDArray[np.float64]:
    if not pa.types.is_float64(column.type):
        column = pc.cast(column, pa.float64())
    figures: NDArray[np.float64] = column.to_numpy(zero_copy_only=False)
    return figures


def _placed(column: pa.DictionaryArray, places: NDArray[N]) -> NDArray[N]:
    """What stands for each row's text; the last place stands for nothing."""
    indices = column.indices
    if indices.null_count:
        indices = indices.fill_null(len(places) - 1)
    result: NDArray[N] = places[indices.to_numpy(zero_copy_only=False)]
    return result


def _holds_nan(figures: NDArray[np.float64]) -> bool:
    return bool(figures.size) and bool(np.isnan(figures.sum()))


def _whole(figures: NDArray[np.float64], empty: Bools | None, scale: int) -> Ints:
    """Whole fen or thousandths, rounded once; 0 where there is nothing."""
    scaled = figures * scale
    np.rint(scaled, out=scaled)
    if empty is not None:
        scaled[empty] = 0.0
    return scaled.astype(np.int64)
