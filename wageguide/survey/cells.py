"""A column of cells as received: numbers in one array, texts in another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


@dataclass(frozen=True)
class Cells:
    """Cells of one column, in row order.

    Attributes
    ----------
    numbers
        Value of the cells that hold a number, NaN elsewhere; None where no cell does.
    texts
        Text of the cells that hold none, null elsewhere; None where no cell does. An
        empty cell is the empty text.
    """

    numbers: NDArray[np.float64] | None
    texts: pa.Array | None


def make_cells(values: Sequence[Any]) -> Cells:
    """Split the values of one column, as a workbook gives them."""
    kinds = set(map(type, values))
    if kinds <= {float, int}:
        return Cells(np.array(values, dtype=np.float64), None)
    if kinds == {str}:
        return Cells(None, pa.array(values, pa.string()))
    numeric = {float, int}
    numbers = np.array([v if type(v) in numeric else np.nan for v in values], dtype=np.float64)
    texts = pa.array([None if type(v) in numeric else _text(v) for v in values], pa.string())
    return Cells(numbers, texts)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else ("" if value is None else str(value))


@dataclass(frozen=True)
class Column:
    """A whole column of the survey as received, its texts held once each.

    Attributes
    ----------
    numbers
        Value of the cells that hold a number, NaN elsewhere.
    codes
        Position in `words` of each cell's text, -1 where the cell holds a number.
    words
        The different texts; an empty cell is the empty text.
    """

    numbers: NDArray[np.float64]
    codes: NDArray[np.int32]
    words: tuple[str, ...]

    def received(self, rows: NDArray[np.intp]) -> list[str]:
        """What the cells of `rows` showed, as text."""
        return [
            self.words[c] if c >= 0 else number_text(v)
            for c, v in zip(self.codes[rows].tolist(), self.numbers[rows].tolist(), strict=True)
        ]

    def empty(self) -> NDArray[np.bool_]:
        """Cells without anything but blanks."""
        blank = np.array([not w.strip() for w in self.words] + [False])
        result: NDArray[np.bool_] = blank[self.codes]
        return result


def join_cells(parts: Sequence[Cells], sizes: Sequence[int]) -> Column:
    """Put the parts of a column, each of its own size, under one another."""
    numbers = np.concatenate(
        [
            np.full(n, np.nan) if p.numbers is None else p.numbers
            for p, n in zip(parts, sizes, strict=True)
        ]
    )
    texts = pa.chunked_array(
        [
            pa.nulls(n, pa.string()) if p.texts is None else p.texts
            for p, n in zip(parts, sizes, strict=True)
        ],
        pa.string(),
    )
    coded = texts.combine_chunks().dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Column(numbers, codes, tuple(coded.dictionary.to_pylist()))


def number_text(value: float) -> str:
    """A number as a person would write it, without a needless point.

    >>> number_text(2021003.0), number_text(0.5)
    ('2021003', '0.5')
    """
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
