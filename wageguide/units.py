"""Yuan and fen, 元/千元/万元, month and year: the only place where a unit is converted."""

from __future__ import annotations

from decimal import Decimal

#: Fen in one yuan. Wages are integers of fen inside the package.
FEN_PER_YUAN = 100

#: Months in a year, the divisor between an annual and a monthly wage.
MONTHS_PER_YEAR = 12

#: Yuan in one of the units in which enterprises report money.
YUAN_PER: dict[str, int] = {"元": 1, "千元": 1_000, "万元": 10_000}


def fen_to_yuan(fen: int) -> Decimal:
    """Exact yuan for a whole number of fen.

    >>> fen_to_yuan(134529)
    Decimal('1345.29')
    """
    return Decimal(fen) / FEN_PER_YUAN
