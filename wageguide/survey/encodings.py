"""Text files as offices send them: UTF-8, or GBK and its superset GB18030."""

from __future__ import annotations

_ENCODINGS = ("utf-8-sig", "gb18030")


def decode(data: bytes) -> str:
    """The text of a file.

    Raises
    ------
    ValueError
        Saying what the bytes are not.
    """
    if b"\0" in data:
        raise ValueError("is not text: it holds zero bytes")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("is neither UTF-8 nor GBK/GB18030")
