"""Synthetic microdata with a sampling design: strata, enterprises, weights, occupations.

`python benchmarks/uncertainty_data.py rows.parquet --rows 130000 --cells 1500` writes the rows as
Parquet and, for programs that read no Parquet, as CSV beside it.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: Strata are industries by three sizes.
STRATA, INDUSTRIES = 60, 20
#: How much likelier an occupation is in its own industry.
HOME = 40.0
ROWS_PER_ENTERPRISE = 76.5
SMALLEST_ENTERPRISE = 5
#: Occupations of an enterprise, from and to.
MENU = (5, 30)
WEIGHT_UNIT = 10_000


@dataclass(frozen=True)
class DesignRows:
    """Microdata in random order, as the kernel takes them: codes, 1e-4 of a weight, and fen.

    Enterprise codes run over all strata; each enterprise is in one stratum and has one
    weight, each stratum has two enterprises or more, and each cell has a row.
    """

    cell: np.ndarray
    stratum: np.ndarray
    enterprise: np.ndarray
    weight: np.ndarray
    fen: np.ndarray


def _sizes(n: int, rng: np.random.Generator) -> np.ndarray:
    """Rows of each enterprise: skewed, none below the smallest, `n` in all."""
    count = max(2 * STRATA, round(n / ROWS_PER_ENTERPRISE))
    share = rng.lognormal(0, 1.1, count)
    spare = n - SMALLEST_ENTERPRISE * count
    if spare < 0:
        raise ValueError(f"n={n} rows are too few for {count} enterprises of 5 rows or more.")
    edges = np.rint(np.cumsum(share) / share.sum() * spare).astype(np.int64)
    return np.diff(edges, prepend=0) + SMALLEST_ENTERPRISE


def _strata(enterprises: int, rng: np.random.Generator) -> np.ndarray:
    """Stratum of each enterprise, two or more in each, in ascending order."""
    share = rng.lognormal(0, 0.8, STRATA)
    rest = rng.choice(STRATA, enterprises - 2 * STRATA, p=share / share.sum())
    return np.sort(np.r_[np.repeat(np.arange(STRATA), 2), rest])


def _menus(industry: np.ndarray, cells: int, rng: np.random.Generator) -> np.ndarray:
    """Occupations of each enterprise, without repetition, the likelier ones of its industry first.

    Drawn by popularity: each has the largest of popularity plus Gumbel noise.
    """
    share = rng.pareto(1.2, cells) + 0.1
    at_home = rng.integers(0, INDUSTRIES, cells) == np.arange(INDUSTRIES)[:, None]
    score = np.log(share) + np.log(HOME) * at_home
    menus = []
    for part in np.array_split(industry, -(-industry.size // 4096)):
        drawn = score[part] + rng.gumbel(size=(part.size, cells))
        top = np.argpartition(-drawn, MENU[1], axis=1)[:, : MENU[1]]
        by_score = np.argsort(-np.take_along_axis(drawn, top, axis=1), axis=1, kind="stable")
        menus.append(np.take_along_axis(top, by_score, axis=1))
    return np.concatenate(menus)


def _fill(menu: np.ndarray, kinds: np.ndarray, cells: int, rng: np.random.Generator) -> None:
    """Give cells that nobody drew a place of a cell that is in several menus."""
    row, place = np.nonzero(np.arange(menu.shape[1]) < kinds[:, None])
    drawn = np.bincount(menu[row, place], minlength=cells)
    absent = list(np.flatnonzero(drawn == 0))
    for k in rng.permutation(row.size):
        if not absent:
            return
        held = menu[row[k], place[k]]
        if drawn[held] > 1:
            drawn[held] -= 1
            menu[row[k], place[k]] = absent.pop()
    if absent:
        raise ValueError(f"{cells} cells do not fit into {menu.shape[0]} enterprises.")


def _cells(
    size: np.ndarray, industry: np.ndarray, cells: int, rng: np.random.Generator
) -> np.ndarray:
    """Cell of each row, enterprise by enterprise: each occupation once, then some more often."""
    kinds = np.minimum(rng.integers(MENU[0], MENU[1] + 1, size.size), size)
    menu = _menus(industry, cells, rng)
    _fill(menu, kinds, cells, rng)
    enterprise = np.repeat(np.arange(size.size), size)
    number = np.arange(enterprise.size) - (np.cumsum(size) - size)[enterprise]
    kind = kinds[enterprise]
    further = (rng.random(enterprise.size) ** 2 * kind).astype(np.int64)
    return menu[enterprise, np.where(number < kind, number, further)]


def make_design_rows(
    n: int, cells: int, seed: int = 20260101, *, mixed: bool = False
) -> DesignRows:
    """Wages in whole yuan by cells of very unequal size, in enterprises in strata.

    130 thousand rows have 1,699 enterprises, 1 million have 13,072. An enterprise has 5 to
    30 of the cells, as enterprises do; with `mixed` each row's cell is drawn without regard
    to its enterprise, so that a cell meets many more of them.
    """
    if cells <= MENU[1]:
        raise ValueError(f"cells={cells}: an enterprise has up to {MENU[1]} of them, give more.")
    rng = np.random.default_rng(seed)
    size = _sizes(n, rng)
    stratum = _strata(size.size, rng)
    enterprise = np.repeat(np.arange(size.size), size)
    if mixed:
        share = rng.pareto(1.2, cells) + 0.1
        cell = rng.choice(cells, n, p=share / share.sum())
    else:
        cell = _cells(size, stratum % INDUSTRIES, cells, rng)
    weight = np.rint(
        rng.uniform(0.5, 20, STRATA)[stratum] * rng.lognormal(0, 0.3, size.size) * WEIGHT_UNIT
    ).astype(np.int64)
    level = rng.normal(11, 0.4, cells)[cell] + rng.normal(0, 0.25, size.size)[enterprise]
    yuan = np.rint(np.exp(level + rng.normal(0, 0.35, n))).astype(np.int64)
    order = rng.permutation(n)
    return DesignRows(
        cell[order].astype(np.int32),
        stratum[enterprise][order].astype(np.int32),
        enterprise[order].astype(np.int32),
        weight[enterprise][order],
        100 * yuan[order],
    )


def as_text(pattern: str, codes: np.ndarray) -> np.ndarray:
    """Codes as they stand in a survey: text."""
    names = np.array([pattern.format(c) for c in range(int(codes.max()) + 1)], dtype=object)
    return names[codes]


def write_rows(rows: DesignRows, path: Path, *, text: bool = False) -> None:
    """Columns cell, stratum, enterprise, weight (workers) and wage (yuan), Parquet and CSV.

    With `text` the codes are text like those of occupations and enterprises.
    """
    import pyarrow as pa
    from pyarrow import csv, parquet

    columns = {"cell": rows.cell, "stratum": rows.stratum, "enterprise": rows.enterprise}
    if text:
        patterns = {
            "cell": "6-18-{:04d}",
            "stratum": "layer {:03d}",
            "enterprise": "91320115MA{:08d}",
        }
        columns = {name: as_text(patterns[name], codes) for name, codes in columns.items()}
    table = pa.table(
        {
            **columns,
            "weight": rows.weight / WEIGHT_UNIT,
            "wage": rows.fen / 100,
        }
    )
    parquet.write_table(table, path)
    csv.write_csv(table, path.with_suffix(".csv"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=130_000)
    parser.add_argument("--cells", type=int, default=1_500)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--mixed", action="store_true", help="cells without regard to enterprises")
    parser.add_argument("--text", action="store_true", help="codes as text")
    options = parser.parse_args()
    rows = make_design_rows(options.rows, options.cells, options.seed, mixed=options.mixed)
    write_rows(rows, options.path, text=options.text)


if __name__ == "__main__":
    main()
