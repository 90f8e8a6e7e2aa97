"""Pinyin of names, so that the page finds an occupation by how it sounds."""

from __future__ import annotations

from functools import cache


@cache
def pinyin_of(name: str) -> str:
    """Syllables of a name in lower case without tones, each with a capital; Latin as it is.

    The page takes the initials from the capitals.

    >>> pinyin_of("会计人员")
    'KuaiJiRenYuan'
    """
    from pypinyin import Style, lazy_pinyin

    parts = lazy_pinyin(name, style=Style.NORMAL, errors=_plain)
    return "".join(part.capitalize() if part.isascii() else "" for part in parts)


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isalnum())
