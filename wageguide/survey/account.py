"""The account of a survey: every row and every fen received is used or set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from wageguide.survey.reasons import REASONS
from wageguide.units import FEN_PER_YUAN, fen_to_yuan

_SAFE = 1 << 62


@dataclass(frozen=True, repr=False)
class Account:
    """Rows received = rows used + rows set aside by reason, in rows and in fen.

    Attributes
    ----------
    received_rows, received_fen
        All worker rows, and their annual wages as read in the unit that each return
        declared. A wage that could not be read counts 0.
    used_rows, used_fen
        Rows that are left, and their wages as read.
    set_aside
        Reason to rows and fen as read.
    unread_rows
        Rows received whose wage could not be read.
    converted_fen
        What the conversion of wrong units added to the wages of the rows used; it is no
        part of the balance, which is in figures as read.
    """

    received_rows: int
    received_fen: int
    used_rows: int
    used_fen: int
    set_aside: Mapping[str, tuple[int, int]]
    unread_rows: int
    converted_fen: int

    @property
    def closes(self) -> bool:
        """Whether rows and fen received are those used and those set aside."""
        rows = self.used_rows + sum(r for r, _ in self.set_aside.values())
        fen = self.used_fen + sum(f for _, f in self.set_aside.values())
        return (rows, fen) == (self.received_rows, self.received_fen)

    @property
    def frame(self) -> pd.DataFrame:
        """One line an entry: ``entry``, ``title_zh``, ``title_en``, ``rows``, ``yuan``.

        `yuan` holds exact decimals. The entries before ``converted`` are the balance.
        """
        lines = [("received", "收到", "received", self.received_rows, self.received_fen)]
        lines += [
            (reason, f"剔除：{REASONS[reason].title_zh}", f"set aside: {REASONS[reason].title_en}")
            + self.set_aside[reason]
            for reason in REASONS
            if reason in self.set_aside
        ]
        lines += [
            ("used", "采用（按收到金额）", "used (as read)", self.used_rows, self.used_fen),
            ("converted", "单位换算增加", "added by unit conversion", 0, self.converted_fen),
            (
                "used_edited",
                "采用（换算后）",
                "used (after conversion)",
                self.used_rows,
                self.used_fen + self.converted_fen,
            ),
            (
                "unread",
                "其中工资无法读取（计0元）",
                "wage not readable (counted 0)",
                self.unread_rows,
                0,
            ),
        ]
        frame = pd.DataFrame(lines, columns=["entry", "title_zh", "title_en", "rows", "yuan"])
        exact = [fen_to_yuan(line[-1]) for line in lines]
        frame["yuan"] = pd.Series(exact, dtype=object)
        return frame

    def _title(self) -> str:
        state = "平衡 closes" if self.closes else "不平衡 DOES NOT CLOSE"
        return f"收支核对（{state}）: 收到 = 采用 + 剔除 · received = used + set aside"

    def __repr__(self) -> str:
        shown = self.frame.assign(yuan=[f"{y:,.2f}" for y in self.frame["yuan"]])
        with pd.option_context("display.unicode.east_asian_width", True, "display.width", 160):
            return f"{self._title()}\n\n{shown.drop(columns='entry').to_string(index=False)}"

    def _repr_html_(self) -> str:
        shown = self.frame.assign(yuan=[f"{y:,.2f}" for y in self.frame["yuan"]])
        return f"<p><b>{self._title()}</b></p>{shown.drop(columns='entry').to_html(index=False)}"


def sum_fen(yuan: ArrayLike) -> int:
    """Exact sum in fen of amounts that are whole numbers of fen; NaN counts 0."""
    fen = np.nan_to_num(np.rint(np.asarray(yuan, dtype=np.float64) * FEN_PER_YUAN), nan=0.0)
    if not fen.size or float(np.abs(fen).max()) * fen.size < _SAFE:
        return int(fen.astype(np.int64).sum())
    return sum(int(f) for f in fen.tolist())


def make_account(
    as_read: pd.Series, reason: pd.Series, used_wages: pd.Series | None = None
) -> Account:
    """Close the account of a survey.

    Parameters
    ----------
    as_read
        Annual wage of every row received, yuan, NaN where it could not be read.
    reason
        Reason code for which each row was set aside, empty where it is used.
    used_wages
        Annual wages of the rows used after editing; as read where it is left out.
    """
    used = reason.eq("")
    aside = {
        str(r): (int(reason.eq(r).sum()), sum_fen(as_read[reason.eq(r)]))
        for r in sorted(set(reason[~used]))
    }
    used_fen = sum_fen(as_read[used])
    edited_fen = used_fen if used_wages is None else sum_fen(used_wages)
    return Account(
        received_rows=len(as_read),
        received_fen=sum_fen(as_read),
        used_rows=int(used.sum()),
        used_fen=used_fen,
        set_aside=aside,
        unread_rows=int(as_read.isna().sum()),
        converted_fen=edited_fen - used_fen,
    )
