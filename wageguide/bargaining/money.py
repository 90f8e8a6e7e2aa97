"""Exact money: shares as fractions, wages as whole fen, every product rounded once, halves up."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wageguide.units import FEN_PER_YUAN

Fen = NDArray[np.int64]
#: Decimals of a share; keeps every product of a wage and a share inside 63 bits.
SHARE_PLACES = 6


def share(value: object, *, least: float = -1, most: float = 1) -> Fraction:
    """A share, exactly: ``0.055``, ``"0.055"`` or ``"5.5%"``.

    >>> share("5.5%")
    Fraction(11, 200)

    Raises
    ------
    ValueError
        If it is no number, is finer than a millionth, or lies outside `least` to `most`;
        with what to write.
    """
    text = str(value).strip().replace("％", "%")
    per_cent = text.endswith("%")
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        number = Decimal(text.removesuffix("%").strip())
    except InvalidOperation as error:
        raise ValueError(f'{value!r} is no share; write 0.055 or "5.5%"') from error
    found = Fraction(number) / (100 if per_cent else 1)
    if not least <= found <= most:
        hint = f": for {text} per cent write {_decimal(found / 100)}" if not per_cent else ""
        raise ValueError(f"{value!r} is outside {least:g} to {most:g}{hint}")
    if (found * 10**SHARE_PLACES).denominator != 1:
        raise ValueError(f"{value!r} is finer than a millionth; round it")
    return found


def _decimal(value: Fraction) -> str:
    text = f"{float(value):.6f}".rstrip("0").rstrip(".")
    return f"{text} or {100 * float(value):g}%"


def fen(value: object, *, least: int = 0) -> int:
    """Whole fen of an amount in yuan: ``300``, ``"300.50"``.

    >>> fen("300.50")
    30050

    Raises
    ------
    ValueError
        If it is no amount, is finer than a fen, or is below `least` fen.
    """
    text = re.sub(r"[,，\s元]", "", str(value))
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        amount = Decimal(text) * FEN_PER_YUAN
        whole = int(amount)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(f"{value!r} is no amount in yuan; write 300 or 300.50") from error
    if amount != whole:
        raise ValueError(f"{value!r} is finer than a fen; write two decimals at most")
    if whole < least:
        raise ValueError(f"{value!r} should be {least / FEN_PER_YUAN:g} yuan or more")
    return whole


def times(amounts: Fen, factor: Fraction) -> Fen:
    """Amounts times a factor, each rounded once to whole fen.

    Halves go up: 0.5 fen is 1 fen, and -0.5 is 0.

    >>> times(np.array([1, 3, -1]), Fraction(1, 2)).tolist()
    [1, 2, 0]
    """
    numerator, denominator = factor.numerator, factor.denominator
    largest = int(np.abs(amounts).max(initial=0))
    if 2 * largest * abs(numerator) + denominator >= 1 << 62:
        exact: list[Any] = [
            (2 * int(a) * numerator + denominator) // (2 * denominator) for a in amounts.tolist()
        ]
        return np.array(exact, dtype=np.int64)
    return (2 * amounts * numerator + denominator) // (2 * denominator)


def total(amounts: Fen, heads: Fen) -> int:
    """Sum of amounts times heads, exact."""
    return int(np.dot(amounts.astype(object), heads.astype(object))) if amounts.size else 0
