"""Fixtures that all tests may use."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of reference answers beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(
            f"the reference answers are not here: no folder {SHARED.name} beside the checkout"
        )
    return SHARED
