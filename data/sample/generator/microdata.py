"""Flat microdata of any length as Parquet, made and written chunk by chunk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from .enterprises import make_enterprises
from .panel import frame_of
from .settings import SAMPLE_YEAR, SEED
from .wages import pay
from .workers import STATE, staff

#: Rows of a chunk, which is also a row group; memory is bounded by it.
CHUNK_ROWS = 200_000
_WORKERS_PER_ENTERPRISE = 76
_COLUMNS = (
    "annual_wage", "weight", "enterprise_id", "occupation", "industry", "enterprise_size",
    "skill_level", "post_level", "education", "place",
)  # fmt: skip
_NUMBERS = ("annual_wage", "weight")


def _schema() -> pa.Schema:
    return pa.schema([(c, pa.float64() if c in _NUMBERS else pa.string()) for c in _COLUMNS])


def chunk(number: int, rows: int, *, seed: int = SEED) -> pa.Table:
    """Rows of one chunk; it depends on nothing but its number, its length and the seed."""
    key = np.random.SeedSequence((seed, 5, number))
    rng = np.random.Generator(np.random.PCG64(key))
    firms = max(1, rows // _WORKERS_PER_ENTERPRISE)
    first = 1 + number * (CHUNK_ROWS // _WORKERS_PER_ENTERPRISE)
    enterprises = make_enterprises(rng, firms, max(rows, firms * 8), first_number=first)
    people = staff(rng, enterprises, SAMPLE_YEAR, np.arange(firms))[list(STATE)]
    frame = frame_of(people, enterprises, pay(rng, people, enterprises, SAMPLE_YEAR), SAMPLE_YEAR)
    weight = np.round(1 + rng.gamma(2.0, 4.0, firms), 2)
    frame["weight"] = weight[people["enterprise"].to_numpy()]
    return pa.Table.from_pandas(
        frame[list(_COLUMNS)].iloc[:rows], schema=_schema(), preserve_index=False
    )


def write_microdata(path: Path, rows: int, *, seed: int = SEED, progress: bool = True) -> None:
    """Write `rows` rows of uncorrupted microdata with a design weight each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    starts = range(0, rows, CHUNK_ROWS)
    with pq.ParquetWriter(path, _schema(), compression="zstd") as writer:
        for number, start in enumerate(tqdm(starts, unit="chunk", disable=not progress)):
            table = chunk(number, min(CHUNK_ROWS, rows - start), seed=seed)
            writer.write_table(table, row_group_size=CHUNK_ROWS)
