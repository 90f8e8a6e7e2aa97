"""How well a value of the law is known, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """A mark of evidence.

    Attributes
    ----------
    usable
        Whether a value so marked may be used without being asked for.
    label_zh, label_en
        The mark in words.
    """

    usable: bool
    label_zh: str
    label_en: str


#: Marks by name, the strongest first.
EVIDENCE = {
    "verified": Evidence(True, "已核对原文", "read in the text itself"),
    "secondary": Evidence(True, "据转载文本", "read in a copy that names the document"),
    "derived": Evidence(True, "由已核对数值推算", "computed from values that were read"),
    "unlocated": Evidence(True, "据转载，出处未留存", "read in a copy whose address was not kept"),
    "own": Evidence(True, "使用者自行录入", "entered by the user"),
    "recalled": Evidence(False, "凭记忆，未核对", "recalled, not found in a text"),
    "conflict": Evidence(False, "来源互相矛盾", "sources contradict each other"),
}
