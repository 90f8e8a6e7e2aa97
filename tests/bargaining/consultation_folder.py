"""Folders of enterprises made from the sample consultation."""

from __future__ import annotations

import shutil
from pathlib import Path

from wageguide.provenance import data_dir

SAMPLE = data_dir() / "sample" / "consultation"


def made_folder(folder: Path, many: int) -> Path:
    """A folder with as many enterprises, each a copy of the sample's."""
    for number in range(many):
        place = folder / f"企业{number:04}"
        place.mkdir(parents=True)
        for name in ("roster.csv", "offers.toml"):
            shutil.copy(SAMPLE / name, place)
    return folder
