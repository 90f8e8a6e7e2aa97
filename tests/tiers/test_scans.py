"""The two scans over chunks give, bit for bit, what one sort of all rows gives."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wageguide.survey.design import Design
from wageguide.tiers import microdata
from wageguide.tiers.cells import Question
from wageguide.tiers.kernel import grouped_numbers
from wageguide.tiers.quantile import RULES
from wageguide.tiers.scale import WageCheck, WeightScale
from wageguide.tiers.scans import Bins, Chunk, finish_scans, merge, plan, scan1, scan2
from wageguide.tiers.scheme import load_scheme
from wageguide.tiers.stream import FileQuestion, estimate_file

ALL_TIERS = dataclasses.replace(
    load_scheme("percentiles"),
    tiers=(
        *load_scheme("percentiles").tiers,
        *(t for t in load_scheme("tail_means").tiers if t.kind != "quantile"),
        *load_scheme("middle_means").tiers,
    ),
)


@given(seed=st.integers(0, 10**6), chunks=st.integers(1, 5), money=st.booleans())
@pytest.mark.parametrize("boundary", ["fractional", "whole_persons"])
def test_chunking_does_not_matter(boundary, seed, chunks, money):
    rng = np.random.default_rng(seed)
    n, n_cells = int(rng.integers(1, 400)), int(rng.integers(1, 6))
    cell = rng.integers(0, n_cells, n)
    wage = rng.integers(1, 60, n) * 500.25 if money else rng.lognormal(3, 1, n)
    weight = rng.integers(1, 9, n) if seed % 2 else rng.integers(1, 2**44, n) // n + 1
    check = WageCheck()
    check.see(wage)
    scale = check.scale()
    code = scale.codes(wage)
    scheme = dataclasses.replace(ALL_TIERS, boundary=boundary)
    for rule in RULES:
        question = Question(scheme, rule, scale, WeightScale(Fraction(1), True))
        sorted_once = grouped_numbers(cell, n_cells, code, weight, question)

        bounds = (int(code.min()), int(code.max()))
        bins = Bins.of(n_cells, bounds, (int(weight.max()), int(weight.sum())), scale)
        parts = [Chunk(cell[i::chunks], code[i::chunks], weight[i::chunks]) for i in range(chunks)]
        state = merge([scan1(p, bins, scale) for p in reversed(parts)])
        wanted = plan(state, bins, question)
        found = [scan2(p, bins, wanted, scale) for p in parts]
        scanned = finish_scans(state, bins, wanted, found, question)

        for field in ("cell", "workers", "weight", "mean", "tiers"):
            np.testing.assert_array_equal(getattr(scanned, field), getattr(sorted_once, field))


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_file_in_chunks_gives_the_same_table(tmp_path, monkeypatch, ending):
    rng = np.random.default_rng(7)
    n = 5_000
    rows = pd.DataFrame(
        {
            "pay": np.where(rng.random(n) < 0.01, np.nan, rng.integers(2000, 90000, n) / 4),
            "w": rng.integers(1, 500, n) / 10,
            "post": rng.integers(1, 30, n),
            "size": rng.choice(["大型", "中型", None], n),
            "firm": rng.integers(1, 80, n),
        }
    )
    path = tmp_path / f"rows{ending}"
    rows.to_csv(path, index=False) if ending == ".csv" else rows.to_parquet(path)
    monkeypatch.setattr(microdata, "_CHUNK_ROWS", 700)
    monkeypatch.setattr(microdata, "_CSV_BLOCK", 1 << 14)
    asked = FileQuestion(
        (("post",), ("post", "size"), ()),
        "pay",
        Design(weight="w", enterprise="firm"),
        on_bad_rows="set_aside",
    )
    small = microdata.open_microdata(path, ["pay", "w"], ["post", "size", "firm"])
    assert len(list(dataclasses.replace(small, large=True).chunks())) > 3

    in_memory = estimate_file(small, asked)
    in_chunks = estimate_file(dataclasses.replace(small, large=True), asked)

    for one, other in zip(in_memory, in_chunks, strict=True):
        assert one.columns.equals(other.columns)
        assert one.notes == other.notes
        assert one.rows_received == n
        assert sum(one.columns["workers"].to_pylist()) + sum(one.left_out.values()) == n
