"""How a table of results shows itself: title, table and notes, as text and as HTML."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_ROWS_SHOWN = 20


class Shown:
    """A table of results with a title and notes; shown as text and, in a notebook, as HTML."""

    columns: pa.Table

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The columns as a pandas frame with a plain row index."""
        frame: pd.DataFrame = self.columns.to_pandas()
        return frame

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


def html_table(frame: pd.DataFrame) -> str:
    """A frame as an HTML table: yuan in whole, small figures with four places, gaps as a dash."""
    return frame.to_html(index=False, border=0, na_rep="–", float_format=_plain)


def _plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
