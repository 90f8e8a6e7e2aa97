"""Key columns as integer codes, and cells as combinations of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wageguide.tiers.arrow import plain_array, to_arrow, to_flags, to_numpy
from wageguide.tiers.scale import Ints

#: Above so many possible cells, only the combinations that occur are numbered.
_DENSE_CELLS = 1 << 21


@dataclass(frozen=True)
class KeyColumn:
    """One key column.

    Attributes
    ----------
    name
        Column name.
    values
        Distinct values in ascending order (text by code point), without missing ones.
    code
        Place in `values` of each row, shape (rows,); -1 where the key is missing.
    """

    name: str
    values: pa.Array
    code: NDArray[np.int32]


@dataclass(frozen=True)
class Cells:
    """Cells of one table.

    Attributes
    ----------
    keys
        Key columns; none for the total.
    number
        Cell of each row, shape (rows,); rows with a missing key hold -1.
    count
        Number of cells that are numbered; some may hold no row.
    """

    keys: tuple[KeyColumn, ...]
    number: Ints | NDArray[np.int32]
    count: int
    present: Ints | None = None

    def key_values(self, cell: Ints) -> dict[str, pa.Array]:
        """Key values of some cells, by key name."""
        combined = cell if self.present is None else self.present[cell]
        sizes = [max(len(k.values), 1) for k in self.keys]
        places = np.unravel_index(combined, sizes) if sizes else ()
        return {k.name: k.values.take(to_arrow(p)) for k, p in zip(self.keys, places, strict=True)}


def encode_key(
    name: str, column: pa.ChunkedArray | pa.Array, values: pa.Array | None = None
) -> KeyColumn:
    """Number the distinct values of a column, or their places in given sorted `values`."""
    array = plain_array(column)
    if values is not None:
        code = pc.index_in(array, value_set=values)
        return KeyColumn(name, values, _codes(code))
    encoded = array.dictionary_encode()
    order = pc.array_sort_indices(encoded.dictionary)
    rank = np.empty(len(order), np.int32)
    rank[to_numpy(order, np.uint64)] = np.arange(len(order), dtype=np.int32)
    code = _codes(encoded.indices)
    if len(rank):
        code = np.where(code < 0, np.int32(-1), rank[code])
    return KeyColumn(name, encoded.dictionary.take(order), code)


def combine(keys: Sequence[KeyColumn], rows: int) -> Cells:
    """Number the combinations of keys, in the order of the keys' values."""
    sizes = [max(len(k.values), 1) for k in keys]
    if len(keys) == 1:
        return Cells(tuple(keys), keys[0].code, sizes[0])
    number = np.zeros(rows, np.int64)
    missing = np.zeros(rows, bool)
    for key, size in zip(keys, sizes, strict=True):
        number *= size
        number += key.code
        missing |= key.code < 0
    number[missing] = -1
    possible = int(np.prod(sizes, dtype=object)) if sizes else 1
    if possible <= _DENSE_CELLS:
        return Cells(tuple(keys), number, possible)
    present = np.unique(number[~missing])
    dense = np.searchsorted(present, number)
    dense[missing] = -1
    return Cells(tuple(keys), dense, present.size, present)


def key_values_in_order(values: pa.Array) -> pa.Array:
    """Distinct values sorted; codes that are plain whole numbers by their size."""
    if plain_whole_numbers(values):
        return pc.cast(_sorted(pc.cast(values, pa.int64())), pa.string())
    return _sorted(values)


def plain_whole_numbers(distinct: pa.Array | pa.ChunkedArray) -> bool:
    """Whether text values are all whole numbers in their plain form, 7 and not 007."""
    if not pa.types.is_string(distinct.type) or not len(distinct):
        return False
    plain = pc.match_substring_regex(distinct, r"^(0|-?[1-9][0-9]{0,17})$")
    return bool(pc.all(plain).as_py())


def _sorted(values: pa.Array) -> pa.Array:
    return values.take(pc.array_sort_indices(values))


def distinct_in_cells(
    cell: Ints | NDArray[np.int32], n_cells: int, member: NDArray[np.int32], members: int
) -> Ints:
    """How many different members (enterprises) each cell has, shape (n_cells,)."""
    pair = cell.astype(np.int64) * members + member
    if n_cells * members <= 1 << 26:
        seen = np.zeros(n_cells * members, bool)
        seen[pair] = True
        by_cell: Ints = seen.reshape(n_cells, members).sum(axis=1, dtype=np.int64)
        return by_cell
    count: Ints = np.bincount(np.unique(pair) // members, minlength=n_cells)
    return count


def _codes(indices: pa.Array) -> NDArray[np.int32]:
    codes = to_numpy(indices, np.int32)
    if indices.null_count:
        codes = np.where(to_flags(pc.is_null(indices)), np.int32(-1), codes)
    return codes
