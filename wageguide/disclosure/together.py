"""Several linear programs at once: the solver leaves Python alone while it works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def together(run: Callable[[Item], Answer], items: Sequence[Item]) -> list[Answer]:
    """What `run` gives for each item, in their order; each item has a thread of its own."""
    with ThreadPoolExecutor(max(len(items), 1)) as pool:
        return list(pool.map(run, items))
