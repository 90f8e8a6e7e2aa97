"""Fixtures that all tests may use."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine is doing; it is no property.
settings.register_profile("wageguide", deadline=None, print_blob=True)
settings.load_profile("wageguide")

pytest_plugins = ["validation"]

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of reference answers beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(
            f"the reference answers are not here: no folder {SHARED.name} beside the checkout"
        )
    return SHARED


def digest(thing: pd.DataFrame | Path | bytes) -> str:
    """Hash of a frame (values, index, columns, types, attributes) or of all files of a path."""
    sha = hashlib.sha256()
    if isinstance(thing, bytes):
        sha.update(thing)
    elif isinstance(thing, Path):
        files = sorted(p for p in thing.rglob("*") if p.is_file()) if thing.is_dir() else [thing]
        for file in files:
            sha.update(file.relative_to(thing).as_posix().encode())
            sha.update(file.read_bytes())
    else:
        described = [(str(name), str(kind)) for name, kind in thing.dtypes.items()]
        sha.update(repr((described, thing.index.names, thing.attrs)).encode())
        sha.update(pd.util.hash_pandas_object(thing, index=True).to_numpy().tobytes())
    return sha.hexdigest()


@pytest.fixture
def unchanged() -> Any:
    """A context in which frames and files must stay as they are.

    ``with unchanged(frame, folder): call(frame, folder)`` fails if the call changed either.
    """

    @contextmanager
    def watch(*things: pd.DataFrame | Path) -> Iterator[None]:
        before = [digest(thing) for thing in things]
        yield
        after = [digest(thing) for thing in things]
        changed = [
            place for place, (a, b) in enumerate(zip(before, after, strict=True), 1) if a != b
        ]
        assert not changed, f"the call changed its inputs: number {changed} of {len(things)}"

    return watch
