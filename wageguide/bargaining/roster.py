"""The roster: who is paid what today, in whole fen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from wageguide.bargaining.money import Fen

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Roster:
    """Workers of one enterprise with their pay.

    Attributes
    ----------
    name
        Name of the enterprise.
    frame
        One row a worker, or several alike: ``worker``, ``post``, ``group`` (such as 一线 and
        管理; empty where it is not known), ``base``, ``allowance``, ``overtime`` (fen a month,
        int64), ``heads`` (workers that the row stands for), ``service`` (full years), ``sex``,
        ``occupation`` (code), ``level``.
    set_aside
        Rows that are not used, with ``line`` and ``reason``.
    """

    name: str
    frame: pd.DataFrame
    set_aside: pd.DataFrame

    @property
    def posts(self) -> tuple[str, ...]:
        """Posts in the order in which they first stand."""
        return tuple(dict.fromkeys(self.frame["post"]))

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in the order in which they first stand; without the empty one."""
        return tuple(g for g in dict.fromkeys(self.frame["group"]) if g)

    @property
    def heads(self) -> int:
        """Number of workers."""
        return int(self.frame["heads"].sum())

    @cached_property
    def pay(self) -> Fen:
        """Monthly pay of each row: base, allowance and overtime, shape (rows,)."""
        return self.column("base") + self.column("allowance") + self.column("overtime")

    def column(self, name: str) -> Fen:
        """A column of whole numbers, shape (rows,)."""
        return self.frame[name].to_numpy(dtype=np.int64)

    def chosen(self, posts: tuple[str, ...], groups: tuple[str, ...]) -> np.ndarray:
        """Rows that are in some posts and groups; empty names are all."""
        use = np.ones(len(self.frame), bool)
        if posts:
            use &= self.frame["post"].isin(posts).to_numpy()
        if groups:
            use &= self.frame["group"].isin(groups).to_numpy()
        return use

    def __repr__(self) -> str:
        total = int((self.pay * self.column("heads")).sum()) / 100
        return (
            f"名册 Roster {self.name}: {self.heads:,} 人 workers, {len(self.posts)} 个岗位 posts, "
            f"月工资 monthly pay {total:,.2f} 元 yuan; 剔除 set aside {len(self.set_aside)}"
        )
