"""Where inputs came from and what made a result: file hashes, versions, the data folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Source:
    """One input file.

    Attributes
    ----------
    name
        File name, or its path inside the folder that was read.
    sha256
        Hash of its bytes, lower-case hexadecimal.
    size
        Bytes.
    """

    name: str
    sha256: str
    size: int


def hash_file(path: Path | str, name: str | None = None) -> Source:
    """Hash a file; `name` replaces its own name in the record."""
    path = Path(path)
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return Source(name or path.name, digest.hexdigest(), size)


@cache
def package_version() -> str:
    """Version of the installed package; a checkout that is not installed says so."""
    try:
        return metadata.version("wageguide")
    except metadata.PackageNotFoundError:
        return "not installed"


@cache
def data_dir() -> Path:
    """The folder that holds `reference` and `sample`: in the wheel, or beside the package."""
    package = Path(__file__).parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent / "data"
