"""Make the synthetic sample district again, or a larger one like it.

    python data/sample/generate.py
    python data/sample/generate.py --enterprises 1700 --workers 130000 --out data/generated/seed
    python data/sample/generate.py --years 2021-2026 --out data/generated/panel
    python data/sample/generate.py --parquet data/generated/ten_million.parquet --rows 10000000

Without options it writes the committed sample over itself, byte for byte.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The script runs from a bare checkout too, where the package is not installed.
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from generator import settings as s  # noqa: E402
from generator import write_microdata, write_plans, write_returns  # noqa: E402


def years_of(text: str) -> list[int]:
    """Years written as ``2025`` or ``2021-2026``."""
    first, _, last = text.partition("-")
    try:
        years = list(range(int(first), int(last or first) + 1))
    except ValueError:
        years = []
    if not years or years[0] < s.FIRST_YEAR or years[-1] > s.LAST_YEAR:
        raise argparse.ArgumentTypeError(
            f"{text!r}: a year or a span such as 2021-2026, from {s.FIRST_YEAR} to {s.LAST_YEAR}"
        )
    return years


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--enterprises", type=int, default=s.SAMPLE_ENTERPRISES, help="returns a year")
    add("--workers", type=int, default=s.SAMPLE_WORKERS, help="workers in the first year")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--year", type=years_of, dest="years", help="one year")
    which.add_argument("--years", type=years_of, help="a span of years: one panel")
    add("--seed", type=int, default=s.SEED, help="another seed, another district")
    add(
        "--out",
        type=Path,
        default=HERE,
        help="folder that gets returns/, plans/, truth/ and the frame",
    )
    add("--parquet", type=Path, help="write flat microdata to this file instead")
    add("--rows", type=int, default=10_000_000, help="rows of the microdata")
    add("--quiet", action="store_true", help="no progress bar")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 2 where the numbers asked for cannot be met."""
    options = parse(arguments)
    common = {"seed": options.seed, "progress": not options.quiet}
    try:
        if options.parquet:
            write_microdata(options.parquet, options.rows, **common)
            return 0
        write_returns(
            options.out,
            options.years or [s.SAMPLE_YEAR],
            enterprises=options.enterprises,
            workers=options.workers,
            **common,
        )
        write_plans(options.out, options.seed)
    except ValueError as problem:
        print(f"generate.py: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
