"""How results of the inequality and gap analyses show themselves: title, table, notes."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_ROWS_SHOWN = 40


class Shown:
    """A result with a title, a frame to display and notes; shown as text and as HTML."""

    @property
    def title(self) -> str:
        """What, by what, when and in which unit, in one line."""
        raise NotImplementedError

    @property
    def notes(self) -> tuple[str, ...]:
        """What is printed under the table."""
        raise NotImplementedError

    def _display(self) -> pd.DataFrame:
        raise NotImplementedError

    def __repr__(self) -> str:
        import pandas as pd

        with pd.option_context("display.unicode.east_asian_width", True, "display.width", 160):
            body = self._display().to_string(index=False, max_rows=_ROWS_SHOWN)
        return "\n".join([self.title, "", body, "", *self.notes])

    def _repr_html_(self) -> str:
        body = self._display().to_html(index=False, max_rows=_ROWS_SHOWN, border=0, escape=True)
        notes = "<br>".join(escape(line) for line in self.notes)
        return f"<p><strong>{escape(self.title)}</strong></p>{body}<p><small>{notes}</small></p>"


def with_error(estimate: float, se: float | None, digits: int = 4) -> str:
    """A figure and its standard error in brackets; – is no value, (–) no error."""
    if math.isnan(estimate):
        return "–"
    if se is None:
        return f"{estimate:,.{digits}f}"
    error = "–" if math.isnan(se) else f"{se:.{digits}f}"
    return f"{estimate:,.{digits}f} ({error})"
