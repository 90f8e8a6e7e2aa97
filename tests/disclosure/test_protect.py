"""Protected releases against an oracle that knows the workers' own combinations of keys."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from district import District, hidden_of, rows_of
from random_districts import NESTED, SHAPES, random_district
from worker_oracle import Oracle

from wageguide.disclosure.earlier import Earlier
from wageguide.errors import InputError

SEEDS = 8


@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_every_unsafe_row_stays_as_uncertain_as_it_must(rules, shape):
    settings = rules(p_percent=15)
    looked_at = 0
    for seed in range(SEEDS):
        district = random_district(seed, shape, rows=14 if shape == 0 else 50)
        found = district.protected(settings, nested=NESTED)
        hidden = hidden_of(found)
        needed = iter(found.record["needed"])
        wanted = [
            (t, row, need)
            for t in range(len(hidden))
            for row in np.flatnonzero(hidden[t])
            if (need := next(needed)) > 0
        ]
        for measure in ("weight", "payroll"):
            oracle = Oracle(district, measure, hidden, settings.intruder_share)
            for t, row, need in wanted:
                low, high = oracle.range(t, row)
                true = oracle.true(t, row)
                assert low <= true * (1 - need) * (1 + 1e-6), (seed, measure, t, row)
                assert high >= true * (1 + need) * (1 - 1e-6), (seed, measure, t, row)
                looked_at += 1
    assert looked_at > 10


def test_unsafe_rows_alone_would_not_be_enough(rules):
    """The oracle finds them out where only they are hidden: the test above can fail."""
    found_out = 0
    for seed in range(SEEDS):
        district = random_district(seed, 1)
        found = district.protected(rules(method="quantiles_only"))
        hidden = hidden_of(found)
        oracle = Oracle(district, "payroll", hidden, None)
        for t in range(len(hidden)):
            for row in np.flatnonzero(hidden[t]):
                low, high = oracle.range(t, row)
                found_out += high - low < 1e-6 * high
    assert found_out > 5


@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_order_of_rows_and_tables_does_not_matter(rules, shape):
    district = random_district(3, shape)
    once = district.protected(rules(), nested=NESTED)
    again = District.of(district.rows.sample(frac=1, random_state=1), district.groupings).protected(
        rules(), nested=NESTED
    )
    assert once.record.drop(columns=["weight", "payroll", "top_share"]).equals(
        again.record.drop(columns=["weight", "payroll", "top_share"])
    )


def test_the_hidden_parts_of_a_sum_are_not_one_enterprises(rules):
    """A and B have cells of their own; each could take itself off their known sum."""
    lines = [({"k": "x"}, "A", 100), ({"k": "y"}, "B", 100)]
    lines += [({"k": f"z{n}"}, f"E{m}", 90) for n in range(3) for m in range(4)]
    found = District.of(rows_of(*lines), [("k",), ()]).protected(rules())
    reasons = found.record.set_index("k")["reasons_en"]
    assert list(reasons.index[:2]) == ["x", "y"]
    assert reasons.iloc[2:].tolist() == ["could be worked out from totals otherwise"]


def test_a_second_edition_does_not_give_an_added_enterprise_away(rules, tmp_path):
    lines = [({"k": k}, f"{k}{m}", 90 + m) for k in "xyz" for m in range(6)]
    first = District.of(rows_of(*lines), [("k",)]).protected(rules())
    assert first.record.empty
    first.contributors.save(tmp_path / "c.parquet")
    earlier = Earlier.load(tmp_path / "c.parquet")

    same = District.of(rows_of(*lines), [("k",)]).protected(rules(), earlier=earlier)
    assert same.record.empty
    more = District.of(rows_of(*lines, ({"k": "x"}, "new", 500)), [("k",)])
    found = more.protected(rules(), earlier=earlier)
    assert found.record["k"].tolist() == ["x"]
    assert found.record["reasons_en"].tolist() == [
        "only a few enterprises differ from the earlier edition of the year"
    ]
    three = [({"k": "x"}, f"new{n}", 500) for n in range(3)]
    assert (
        District.of(rows_of(*lines, *three), [("k",)])
        .protected(rules(), earlier=earlier)
        .record.empty
    )
    raised = [(k, who, wage + (who == "x0")) for k, who, wage in lines]
    found = District.of(rows_of(*raised), [("k",)]).protected(rules(), earlier=earlier)
    assert found.record["k"].tolist() == ["x"]


def test_contributors_of_another_kind_of_file_are_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        Earlier.load(tmp_path / "absent.parquet")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "other.parquet")
    with pytest.raises(InputError, match="has the columns a"):
        Earlier.load(tmp_path / "other.parquet")


def test_saved_contributors_are_the_same_bytes(rules, tmp_path):
    district = random_district(1, 3)
    for n in (1, 2):
        district.protected(rules()).contributors.save(tmp_path / f"{n}.parquet")
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


def test_a_table_of_other_workers_is_refused(rules):
    district = random_district(1, 0)
    other = District(district.rows[district.rows["a"] != "a0"], district.groupings, district.tables)
    with pytest.raises(InputError, match="1 rows have no worker"):
        other.protected(rules())


def test_nothing_is_changed_in_place(rules):
    district = random_district(2, 4)
    before = district.rows.copy(deep=True)
    frames = [t.frame.copy(deep=True) for t in district.tables]
    district.protected(rules(), nested=NESTED)
    pd.testing.assert_frame_equal(district.rows, before)
    for table, frame in zip(district.tables, frames, strict=True):
        pd.testing.assert_frame_equal(table.frame, frame)


def test_summary_counts_what_stays_visible(rules):
    lines = [({"k": "x"}, f"E{n}", 100) for n in range(3)] + [({"k": "y"}, "A", 100)]
    lines += [({"k": "z"}, f"E{n}", 100) for n in range(4)]
    found = District.of(rows_of(*lines), [("k",), ()]).protected(rules())
    assert found.summary.to_dict("records")[0] == {
        "table": "k", "rows": 3, "confidential": 2, "primary": 1, "workers_shown": 0.5,
    }  # fmt: skip
    assert "workers_shown" in repr(found)
    assert "<table" in found._repr_html_()
