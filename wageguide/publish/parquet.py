"""Data files as Parquet: our own schema, units beside the columns, the same bytes each time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from wageguide.publish.datapackage import DataFile
    from wageguide.publish.edition import Edition

_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}


def write_parquet(path: Path, file: DataFile, edition: Edition) -> None:
    """Write one data file; its schema names unit, headings and meaning of every column."""
    from pyarrow import parquet

    fields = [
        pa.field(
            f.name,
            _TYPES[f.kind],
            metadata={
                "unit": f.unit,
                "title_zh": f.title_zh,
                "title_en": f.title_en,
                "description_zh": f.text_zh,
                "description_en": f.text_en,
            },
        )
        for f in file.fields
    ]
    schema = pa.schema(
        fields,
        metadata={
            "title_zh": file.title_zh,
            "title_en": file.title_en,
            "place_zh": edition.plan.text("place", "zh"),
            "place_en": edition.plan.text("place", "en"),
            "notice_zh": edition.plan.text("notice", "zh"),
            "notice_en": edition.plan.text("notice", "en"),
            "reference_year": str(edition.year),
            "status": edition.status,
        },
    )
    arrays = [pa.array(file.frame[f.name], type=_TYPES[f.kind]) for f in file.fields]
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), path, compression="zstd")
