"""A figure and its standard error, as printed."""

from __future__ import annotations

import math


def with_error(estimate: float, se: float | None, digits: int = 4) -> str:
    """A figure and its standard error in brackets; – is no value, (–) no error."""
    if math.isnan(estimate):
        return "–"
    if se is None:
        return f"{estimate:,.{digits}f}"
    error = "–" if math.isnan(se) else f"{se:.{digits}f}"
    return f"{estimate:,.{digits}f} ({error})"
