"""The Frictionless description of the open data: what each file is, column by column."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.provenance import hash_file
from wageguide.publish.dictionary import Field

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.publish.edition import Edition

#: File name that programs which read data packages look for.
DATAPACKAGE = "datapackage.json"


@dataclass(frozen=True)
class DataFile:
    """One data file before it is written.

    Attributes
    ----------
    name
        File name without its ending.
    title_zh, title_en
        What it holds.
    frame
        Its rows.
    fields
        Its columns, in their order.
    """

    name: str
    title_zh: str
    title_en: str
    frame: pd.DataFrame
    fields: Sequence[Field]


def write_datapackage(folder: Path, edition: Edition, files: Sequence[DataFile]) -> None:
    """Describe the files of `folder`, which are there already, with their hashes."""
    plan, lang = edition.plan, edition.lang
    package = {
        "profile": "data-package",
        "name": f"wage-prices-{edition.year}",
        "title": f"{plan.text('place', lang)} {edition.year} {plan.text('title', lang)}",
        "description": " ".join(t for other in ("zh", "en") if (t := plan.text("notice", other))),
        "version": f"{edition.year}-{edition.status}",
        "resources": [r for f in files for r in _resources(folder, f, lang)],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2)
    (folder / DATAPACKAGE).write_text(text + "\n", encoding="utf-8", newline="\n")


def _resources(folder: Path, file: DataFile, lang: str) -> list[dict[str, Any]]:
    slug = file.name.lower().replace("_", "-")
    title = file.title_zh if lang == "zh" else file.title_en
    found = [
        {
            "profile": "tabular-data-resource",
            "name": slug,
            "title": title,
            **_file(folder / f"{file.name}.csv"),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8-sig",
            "schema": {
                "fields": [_field(f, lang) for f in file.fields],
                "missingValues": [""],
            },
        }
    ]
    beside = folder / f"{file.name}.parquet"
    if beside.exists():
        found.append(
            {
                "profile": "data-resource",
                "name": f"{slug}-parquet",
                "title": title,
                **_file(beside),
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
            }
        )
    return found


def _file(path: Path) -> dict[str, Any]:
    source = hash_file(path)
    return {"path": path.name, "bytes": source.size, "hash": f"sha256:{source.sha256}"}


def _field(field: Field, lang: str) -> dict[str, Any]:
    zh = lang == "zh"
    described = {
        "name": field.name,
        "type": field.kind,
        "title": field.title_zh if zh else field.title_en,
        "description": field.text_zh if zh else field.text_en,
    }
    return {**described, "unit": field.unit} if field.unit else described
