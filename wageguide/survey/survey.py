"""The survey: worker rows of all returns, and all that is known about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.errors import InputError
from wageguide.provenance import Source
from wageguide.survey.account import Account
from wageguide.survey.cells import Column
from wageguide.survey.design import Design
from wageguide.survey.findings import Findings
from wageguide.survey.weighting import Weighting

#: Columns of the log of changes.
CHANGE_COLUMNS: tuple[str, ...] = (
    "enterprise_id",
    "file",
    "sheet",
    "row",
    "column",
    "before",
    "after",
    "reason",
    "method",
)


@dataclass(frozen=True, repr=False)
class Survey:
    """Survey returns as read, or as edited.

    Attributes
    ----------
    workers
        One row a worker: the enterprise and worker columns of the data dictionary (money
        in yuan, to the fen; codes as in the code lists), ``file``, ``sheet``, ``row``.
        The index stays that of reading.
    enterprises
        One row a return: ``file``, the enterprise columns, ``workers`` (rows received).
    findings
        What reading found; after `edit`, also what the checks found.
    set_aside
        Rows that are not used: as `workers`, with ``reason``. Empty before `edit`.
    changes
        Every value that `edit` changed: `CHANGE_COLUMNS`.
    account
        Rows and yuan received, used and set aside.
    reference_year
        Year in which the wages were paid, where it is known.
    sources
        Every file read, with its hash.
    extra
        Filled cells that the form does not ask for, as text: ``file``, ``sheet``,
        ``row``, ``heading``, ``value``.
    edited
        Whether the decisions of a policy have been applied.
    design
        How the rows were sampled, for sampling errors: the weights and enterprises of the
        returns, until the survey is weighed.
    weighting
        What `weigh` did; None before.
    cells, exact
        Every cell as received, by column, and money before it was rounded to the fen; by
        the index labels of reading. See `received`.
    """

    workers: pd.DataFrame
    enterprises: pd.DataFrame
    findings: Findings
    set_aside: pd.DataFrame
    changes: pd.DataFrame
    account: Account
    reference_year: int | None
    sources: tuple[Source, ...]
    extra: pd.DataFrame
    edited: bool = False
    design: Design = field(
        default_factory=lambda: Design(weight="weight", enterprise="enterprise_id")
    )
    weighting: Weighting | None = None
    cells: Mapping[str, Column] = field(default_factory=dict)
    exact: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def received(self, column: str, index: pd.Index | None = None) -> pd.Series:
        """Cells of a column as they were received, as text.

        Parameters
        ----------
        column
            Canonical name.
        index
            Rows by their index label; those of `workers` where it is left out.
        """
        index = self.workers.index if index is None else index
        if column not in self.cells:
            known = ", ".join(sorted(self.cells))
            raise InputError(f"No return has a column {column!r}; the returns have {known}.")
        values = self.cells[column].received(np.asarray(index, dtype=np.intp))
        return pd.Series(values, index=index, name=column, dtype="str")

    def _title(self) -> str:
        year = f"{self.reference_year}年 " if self.reference_year else ""
        state = "已审核 edited" if self.edited else "未审核 as read"
        return (
            f"{year}企业薪酬调查（{state}）: {len(self.enterprises):,} 家报送 returns · "
            f"{len(self.workers):,} 人 workers · {len(self.findings):,} 条核对结果 findings"
        )

    def __repr__(self) -> str:
        return f"{self._title()}\n\n{self.account!r}"

    def _repr_html_(self) -> str:
        return f"<p><b>{self._title()}</b></p>{self.account._repr_html_()}"
