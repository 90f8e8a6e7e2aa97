"""There is one quantile in the package: the kernel in `wageguide.tiers`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "wageguide").rglob("*.py"), *(ROOT / "notebooks").glob("*.ipynb")])

OTHER_QUANTILES = re.compile(
    r"\b(?:np|numpy)\.(?:nan)?(?:percentile|quantile|median)\b"
    r"|\.(?:quantile|median|nanmedian|nanquantile|nanpercentile)\("
    r"|\b(?:nanmedian|nanquantile|nanpercentile|mquantiles|scoreatpercentile)\b"
    r"|\bfrom (?:numpy|statistics|scipy\S*) import .*\b(?:percentile|quantiles?|median)\b"
    r"|\bstatistics\.(?:median\w*|quantiles)\b"
)


def offences(text: str) -> list[str]:
    return [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if OTHER_QUANTILES.search(line)
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_other_quantile_is_used(path):
    assert offences(path.read_text(encoding="utf-8")) == []


def test_there_are_sources():
    assert SOURCES


@pytest.mark.parametrize(
    "line",
    [
        "np.percentile(wages, 50)",
        "numpy.quantile(wages, 0.5)",
        "np.nanmedian(wages)",
        "frame.groupby('occupation')['annual_wage'].quantile(0.9)",
        "wages.median()",
        "from numpy import median",
        "statistics.median(wages)",
    ],
)
def test_a_planted_one_is_found(line):
    assert offences(line)


def test_a_setting_of_that_name_is_no_offence():
    assert not offences("quantile_rule(release.quantile)")
