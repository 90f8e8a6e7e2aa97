"""What stands near some cells: a small part of all equations, so that little is solved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

#: Cells of an equation that is followed; longer ones tie everything to everything.
_SHORT = 60


def nearby(sums: sparse.sparray, cells: NDArray[np.intp], steps: int) -> NDArray[np.bool_]:
    """Cells that so many short equations in a row tie to some cells, and they themselves.

    Parameters
    ----------
    sums
        Equations, shape (equations, cells).
    cells
        Numbers of the cells to start from.
    steps
        Equations in a row.

    Returns
    -------
    ndarray
        Flags of shape (cells,).
    """
    rows = sparse.csr_array(sums)
    short = abs(rows[np.flatnonzero(np.diff(rows.indptr) <= _SHORT)])
    near = np.zeros(sums.shape[1])
    near[cells] = 1.0
    for _ in range(steps):
        near = ((short.T @ (short @ near) > 0) | (near > 0)).astype(np.float64)
    return np.asarray(near > 0)
