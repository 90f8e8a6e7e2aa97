"""Rules, and small surveys whose contributions are known by heart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wageguide.disclosure.settings import DisclosureSettings

RULES = DisclosureSettings(
    method="suppress",
    owner="",
    min_enterprises=3,
    min_workers=1,
    dominance_n=0,
    dominance_share=0.85,
    p_percent=0,
    weights_public=False,
    quantile_enterprises=1,
    quantile_rounding_yuan=10,
    top_code_yuan=0,
    counts_multiple=1,
    protect_share=0.1,
    intruder_share=0.5,
    cost="workers",
    exact_cells=0,
    revision_enterprises=3,
    audit_width=0.1,
)


@pytest.fixture
def rules():
    """Three enterprises at least, and no other rule; changed by keyword."""

    def changed(**settings) -> DisclosureSettings:
        return replace(RULES, **settings)

    return changed
