"""Texts in cells: what number, total or formula they stand for."""

from __future__ import annotations

import math
import re
import unicodedata

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?")
_MONEY_SUFFIX = re.compile(r"(千|万)?元?(?:整|人民币)?(?:/年)?$")
_COUNT_SUFFIX = re.compile(r"(?:周?岁|年|个?月|小时(?:/周)?|h|人|次)$")
_TOTAL = re.compile(
    r"(?:本页|本表|本单位|全部|人员|工资)?(?:合计|小计|总计|共计)(?:[(:]?\d*人?\)?)?"
    r"|(?:sub|grand)?\s*total:?"
)
_MULTIPLES = {"千": 1_000.0, "万": 10_000.0}

#: How people write "nothing to report".
NOTHING = frozenset({"", "-", "--", "—", "——", "－", "/", "\\", "无", "n/a", "na", "null", "none"})


def read_number(text: str, *, money: bool) -> float:
    """The number that a text states, NaN where it states none.

    Full-width digits, separators of thousands, a currency sign and a unit are understood;
    the unit 万元 multiplies.

    >>> read_number("１２，３４５.５元", money=True)
    12345.5
    >>> read_number("38岁", money=False)
    38.0
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    plain = re.sub(r"[\s,，¥￥]|(?:rmb|cny)", "", plain).replace("−", "-").lstrip("'")
    factor = 1.0
    if money:
        suffix = _MONEY_SUFFIX.search(plain)
        if suffix and suffix.group(0):
            factor = _MULTIPLES.get(suffix.group(1) or "", 1.0)
            plain = plain[: suffix.start()]
    else:
        plain = _COUNT_SUFFIX.sub("", plain)
    if not _NUMBER.fullmatch(plain):
        return math.nan
    value = float(plain) * factor
    return value if math.isfinite(value) else math.nan


def is_plain_number(text: str) -> bool:
    """Whether a text is a number as a machine writes it, such as a CSV file holds."""
    return _NUMBER.fullmatch(text.strip().casefold()) is not None


def is_total(text: str) -> bool:
    """Whether a text marks a row of totals."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold())
    return _TOTAL.fullmatch(plain) is not None


def is_nothing(text: str) -> bool:
    """Whether a text says that there is nothing to report."""
    return text.strip().casefold() in NOTHING


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula."""
    stripped = text.strip()
    return len(stripped) > 1 and stripped[0] in "=+-@" and not is_plain_number(stripped)
