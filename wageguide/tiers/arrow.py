"""Arrow arrays from and to numpy, by their buffers.

pyarrow's own conversions load pandas, which takes longer than a table of a whole district.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_TYPES = {
    np.dtype(np.int32): pa.int32(),
    np.dtype(np.int64): pa.int64(),
    np.dtype(np.float64): pa.float64(),
}


def to_arrow(values: NDArray[Any]) -> pa.Array:
    """A numpy array of int32, int64 or float64 as an Arrow array on the same memory."""
    values = np.ascontiguousarray(values)
    buffers = [None, pa.py_buffer(values)]
    return pa.Array.from_buffers(_TYPES[values.dtype], values.size, buffers)


def to_numpy(array: pa.Array, dtype: type) -> NDArray[Any]:
    """An Arrow array of plain numbers without missing values as numpy, on the same memory."""
    values: NDArray[Any] = np.frombuffer(array.buffers()[1], dtype=dtype)
    return values[array.offset : array.offset + len(array)]


def to_flags(array: pa.Array | pa.ChunkedArray) -> NDArray[np.bool_]:
    """An Arrow array of true and false as numpy."""
    return to_numpy(plain_array(array).cast(pa.int8()), np.int8).astype(bool)


def from_flags(flags: NDArray[np.bool_]) -> pa.Array:
    """Flags as an Arrow array of true and false."""
    buffer = pa.py_buffer(np.packbits(flags, bitorder="little"))
    return pa.Array.from_buffers(pa.bool_(), flags.size, [None, buffer])


def to_floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """A numeric column as floats, missing values as NaN."""
    array = plain_array(column.cast(pa.float64(), safe=False))
    values = to_numpy(array, np.float64)
    if array.null_count:
        values = np.where(to_flags(pc.is_null(array)), np.nan, values)
    return values


def repeated_text(text: str, rows: int) -> pa.Array:
    """The same text in every row."""
    encoded = text.encode()
    ends = np.arange(rows + 1, dtype=np.int32) * len(encoded)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(encoded * rows)]
    return pa.Array.from_buffers(pa.string(), rows, buffers)


def plain_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array of its values, not of codes into a dictionary."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # text past 2 GB stays in chunks
        array = pa.concat_arrays([c.cast(pa.large_string()) for c in array.chunks])
    if pa.types.is_dictionary(array.type):
        return array.cast(array.type.value_type)
    return array
