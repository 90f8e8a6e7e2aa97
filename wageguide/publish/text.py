"""Text that may stand in any form: no control character, nothing that turns the reading order."""

from __future__ import annotations

import re

#: Controls, and marks that embed, override or isolate a direction of writing.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def visible(text: str) -> str:
    r"""A text without the characters that nobody sees and that change how the rest looks.

    >>> visible("车\u202e工\x07")
    '车工'
    """
    return _INVISIBLE.sub("", text)
