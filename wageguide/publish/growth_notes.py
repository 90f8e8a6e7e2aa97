"""What is said of a comparison, in both languages: never a rise within the noise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wageguide.publish.notes import Note

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.tiers.compare import Comparison
    from wageguide.tiers.composition import Split


def comparison_notes(
    last: int, breaks: Sequence[str], total: Comparison | None
) -> tuple[Note, ...]:
    """With which release this one is compared, and how.

    Parameters
    ----------
    last
        Year of the previous release.
    breaks
        What is not as it was.
    total
        Comparison of all workers; None where only printed figures were at hand.
    """
    if total is None:
        how_zh = "变化率由两年公布的数值相除得出，没有误差，不判断升降。"
        how_en = (
            "Changes are ratios of the printed figures; they have no error, and nothing is read "
            "from them."
        )
    else:
        common = total.common or 0
        how_zh = (
            f"{last}年按本年口径重新计算；两年均被调查的企业{common:,}家，误差已考虑样本重叠；"
            "变化率只在两年均公布该数值时公布。"
        )
        how_en = (
            f"{last} was estimated again by this year's definitions; {common:,} enterprises are in "
            "both samples, which the errors take into account. A change is printed only where both "
            "years print the figure."
        )
    notes = [Note("与上年相比", "Since the year before", f"上一版为{last}年。{how_zh}",
                  f"The earlier release is of {last}. {how_en}")]  # fmt: skip
    if breaks:
        notes.append(Note("口径变化", "Breaks", "；".join(breaks) + "。", "; ".join(breaks) + "."))
    return tuple(notes)


def split_notes(split: Split | None) -> tuple[Note, ...]:
    """The change of the mean of all workers, and what of it is wages of the same work."""
    if split is None:
        return ()
    lines = split.lines()
    zh = "；".join(f"{what}{value}" for what, _, value in lines)
    en = "; ".join(f"{what} {value}" for _, what, value in lines)
    if math.isnan(split.low):
        read_zh, read_en = "误差不可估，不判断", "no error can be estimated, nothing is said"
    elif split.low > 1:
        read_zh, read_en = "同岗工资上升", "wages of the same work rose"
    elif split.high < 1:
        read_zh, read_en = "同岗工资下降", "wages of the same work fell"
    else:
        read_zh, read_en = "同岗工资变化在误差范围内", "the change is within the error"
    return (
        Note(
            "工资变化和结构变化", "Wages and composition", f"{zh}。{read_zh}。", f"{en}: {read_en}."
        ),
    )


def revision_note(year: int, revised: pd.DataFrame) -> Note:
    """How many printed figures an edition of the same year changes."""
    return Note(
        "修订",
        "Revision",
        f"本版修订{year}年前一版，{len(revised):,}个数值有变化。",
        f"This edition revises an earlier one of {year}; {len(revised):,} figures differ.",
    )
