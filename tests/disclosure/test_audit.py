"""The attacker: what brute force finds it finds, and every planted hole by its kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from district import District, hidden_of, rows_of
from hypothesis import given, settings
from hypothesis import strategies as st
from random_districts import NESTED, SHAPES, random_district
from worker_oracle import Oracle

from wageguide.disclosure.attack_ranges import ranges, tightened
from wageguide.disclosure.attack_sums import known
from wageguide.disclosure.audit import audit
from wageguide.disclosure.published import PublishedTable
from wageguide.errors import InputError

LEVELS = {"a": ("fine", 2)}
OPTIONS = {"width": 0.05, "few": 1}


@pytest.mark.parametrize("shape", range(len(SHAPES)))
@pytest.mark.parametrize("measure", ["weight", "payroll"])
def test_ranges_are_those_of_all_possible_workers(rules, shape, measure):
    looked_at = 0
    for seed in range(4):
        district = random_district(seed, shape, rows=14 if shape == 0 else 40, missing=0)
        hidden = hidden_of(district.protected(rules(method="quantiles_only")))
        facts = known(district.published(hidden), LEVELS)
        flags = np.concatenate(hidden)
        found, exact = ranges(facts.sums, getattr(facts, measure), flags)
        assert exact.all()
        oracle = Oracle(district, measure, hidden, None)
        for cell, (t, row) in enumerate(
            (t, r) for t, h in enumerate(hidden) for r in range(len(h))
        ):
            if flags[cell]:
                expected = oracle.range(t, row)
                assert found[:, cell] == pytest.approx(expected, rel=1e-6, abs=1e-5), (seed, t, row)
                looked_at += 1
    assert looked_at > 3


@given(st.integers(0, 10_000), st.lists(st.booleans(), min_size=9, max_size=9))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_brute_force_over_whole_numbers_of_a_small_table(seed, secret):
    """3 x 3 counts with printed margins: every table of whole numbers is tried."""
    counts = np.random.default_rng(seed).integers(0, 3, (3, 3))
    sums = np.zeros((6, 9))
    for n in range(3):
        sums[n, 3 * n : 3 * n + 3] = 1
        sums[3 + n, n::3] = 1
    hidden = np.array(secret)
    place = np.flatnonzero(hidden)
    right = sums @ counts.ravel()
    if not 0 < place.size <= 5:
        return
    grid = np.meshgrid(*[np.arange(7)] * place.size, indexing="ij")
    choices = np.stack(grid, -1).reshape(-1, place.size)
    tables = np.tile(counts.ravel(), (len(choices), 1))
    tables[:, place] = choices
    possible = tables[(tables @ sums.T == right).all(axis=1)]

    from scipy import sparse

    # The printed margins are cells of their own, known exactly.
    matrix = sparse.csr_array(np.hstack([sums, -np.eye(6)]))
    cells = np.concatenate([counts.ravel(), right]).astype(float)
    low, high = cells.copy(), cells.copy()
    low[place], high[place] = 0, np.inf
    flags = np.zeros(15, bool)
    flags[place] = True
    found, _ = ranges(matrix, np.array([low, high]), flags)
    assert np.allclose(found[0, place], possible[:, place].min(axis=0))
    assert np.allclose(found[1, place], possible[:, place].max(axis=0))


@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_nothing_survives_in_a_protected_release(rules, shape):
    attacked = 0
    for seed in range(6):
        rows = 14 if shape == 0 else 50
        district = random_district(seed, shape, rows=rows, missing=0)
        strict = rules(p_percent=15)
        safe = district.protected(strict, nested=NESTED)
        tables = district.published(hidden_of(safe))
        found = audit(tables, levels=LEVELS, needed=safe.needed, **OPTIONS)
        assert found.passed, found
        attacked += found.attacked
    assert attacked > 10


def small():
    """x is one enterprise's, y and z are safe; by size as well."""
    lines = [({"k": "x", "s": "big"}, "A", 100)]
    lines += [
        ({"k": k, "s": s}, f"{s}{m}", 90) for k in "yz" for s in ("big", "small") for m in range(5)
    ]
    return District.of(rows_of(*lines), [("k", "s"), ("k",), ()])


def marked(district, *secret):
    """The release with the named rows hidden."""
    return district.published(
        [
            np.array([(n, *row) in secret for row in table.frame[list(by)].itertuples(index=False)])
            if by
            else np.array([(n,) in secret])
            for n, (by, table) in enumerate(zip(district.groupings, district.tables, strict=True))
        ]
    )


def test_a_margin_left_in_is_found():
    # Hidden in both tables, and yet the total minus the others.
    found = audit(marked(small(), (0, "x", "big"), (1, "x")), **OPTIONS)
    assert set(found.findings["kind"]) == {"sums"}
    pay = found.findings[found.findings["measure"] == "payroll"]
    assert sorted(pay["keys"]) == ["x", "x × big"]
    assert np.allclose(pay["low"], 100)
    assert np.allclose(pay["high"], 100)


def test_a_mean_follows_from_counts_and_other_means():
    """The row shows its count, but not its mean: counts x means of the others give it."""
    tables = marked(small())
    for table in tables[:2]:
        secret = table.frame["k"] == "x"
        table.frame["mark_mean"] = np.where(secret, "c", "")
        table.frame.loc[secret, "mean"] = np.nan
    found = audit(tables, **OPTIONS)
    means = found.findings[found.findings["measure"] == "mean"]
    assert sorted(means["keys"]) == ["x", "x × big"]
    assert np.allclose(means["high"], 100)


def test_a_class_two_levels_up_gives_its_only_hidden_member_away():
    """By detailed code and by major class, with no table of the level between."""
    lines = [({"d": "1-01", "major": "1"}, "A", 100)]
    lines += [
        ({"d": d, "major": d[0]}, f"{d}{m}", 90) for d in ("1-02", "2-01", "2-02") for m in range(5)
    ]
    district = District.of(rows_of(*lines), [("d",), ("major",)])
    levels = {"middle": ("d", 3), "major": ("middle", 1)}

    found = audit(marked(district, (0, "1-01")), levels=levels, **OPTIONS)
    assert set(found.findings["keys"]) == {"1-01"}
    assert audit(marked(district, (0, "1-01"), (0, "1-02")), levels=levels, **OPTIONS).passed
    # Of which class it is, is what gives it away.
    both = marked(district, (0, "1-01"), (0, "2-01"))
    assert audit(both, **OPTIONS).passed
    assert not audit(both, levels=levels, **OPTIONS).passed


def test_hidden_with_another_is_not_found():
    assert audit(
        marked(small(), (0, "x", "big"), (0, "y", "big"), (1, "x"), (1, "y")), width=0.05, few=1
    ).passed


def test_another_edition_gives_a_row_away():
    now = marked(small(), (0, "x", "big"), (0, "y", "big"), (1, "x"), (1, "y"))
    found = audit(now, earlier=[marked(small())], **OPTIONS)
    assert set(found.findings["kind"]) == {"edition"}
    assert len(found.findings) == 4

    more = District.of(
        pd.concat([small().rows, rows_of(({"k": "z", "s": "big"}, "new", 5000))]),
        small().groupings,
    )
    found = audit(marked(more), earlier=[marked(small())], width=0.05, few=3)
    edition = found.findings[found.findings["kind"] == "edition"]
    assert sorted(edition["keys"]) == ["", "z", "z × big"]
    assert np.allclose(edition["low"], 5000)


def test_a_growth_rate_gives_the_other_year_away():
    now = marked(small(), (0, "x", "big"), (0, "y", "big"), (1, "x"), (1, "y"))
    now[1].frame["growth_mean"] = 0.25
    then = small().published(year=2024)
    found = audit(now, earlier=[then], **OPTIONS)
    assert set(found.findings["kind"]) == {"growth"}
    assert dict(zip(found.findings["keys"], found.findings["low"], strict=True)) == {
        "x": 125.0,
        "y": 112.5,
    }
    now[1].frame["growth_mean"] = np.nan
    assert audit(now, earlier=[then], **OPTIONS).passed


def test_a_row_of_one_enterprise_is_found():
    found = audit(marked(small()), width=0.05, few=3)
    assert set(found.findings["kind"]) == {"one"}
    assert sorted(found.findings["keys"]) == ["x", "x × big"]


def test_rounding_leaves_what_it_leaves():
    """Means in tens: 100 hidden beside sums of 1,000 is known to within the rounding alone."""
    tables = [
        type(t)(t.id, t.year, t.by, t.frame, {"weight": 1.0, "mean": 10.0})
        for t in marked(small(), (0, "x", "big"), (1, "x"))
    ]
    facts = known(tables)
    pay = facts.payroll[:, facts.cells["hidden"].to_numpy()]
    assert np.isinf(pay[1]).all()
    found, _ = ranges(facts.sums, facts.payroll, facts.cells["hidden"].to_numpy())
    width = found[1] - found[0]
    assert (width[facts.cells["hidden"].to_numpy()] > 100).all()


def rounded(weights, means):
    """Rows x (hidden) and y and their total, as printed in tens of workers and hundreds of yuan."""
    figures = [
        (("k",), ["x", "y"], ["c", ""], [np.nan, weights[0]], [np.nan, means[0]]),
        ((), [], [""], [weights[1]], [means[1]]),
    ]
    found = []
    for n, (by, codes, mark, weight, mean) in enumerate(figures):
        frame = pd.DataFrame({"mark": mark, "weight": weight, "mean": mean})
        if by:
            frame.insert(0, "k", codes)
        found.append(PublishedTable(str(n), 2025, by, frame, {"weight": 10.0, "mean": 100.0}))
    return found


@pytest.mark.parametrize(
    ("weights", "means", "count", "payroll"),
    [
        # 995 to 1,005 less 595 to 605. At least 995 x 4,950 less 605 x 6,050, at most
        # 1,005 x 5,050 less 595 x 5,950.
        ((600, 1000), (6000, 5000), (390, 410), (1_265_000, 1_535_000)),
        # 5 to 15 less 0 to 5, as nobody is fewer than none; 5 x 4,950 less 5 x 50, to 15 x 5,050.
        ((0, 10), (0, 5000), (0, 15), (24_500, 75_750)),
    ],
)
def test_printed_numbers_stand_for_half_a_unit_either_way(weights, means, count, payroll):
    facts = known(rounded(weights, means))
    hidden = facts.cells["hidden"].to_numpy()

    for bounds, expected in ((facts.weight, count), (facts.payroll, payroll)):
        found, exact = ranges(facts.sums, bounds, hidden)
        assert exact.all()
        assert found[:, hidden].ravel().tolist() == pytest.approx(expected, abs=1e-6)


def test_tables_that_contradict_each_other_are_said_so():
    tables = marked(small(), (1, "x"))
    tables[2].frame.loc[0, "weight"] -= 5
    found = audit(tables, **OPTIONS)
    assert set(found.findings["kind"]) == {"conflict"}


def test_workers_that_lack_a_key_make_the_reader_know_less(rules):
    district = random_district(5, 4, rows=50, missing=0.2)
    hidden = hidden_of(district.protected(rules(method="quantiles_only")))
    tables = district.published(hidden)
    assert set(audit(tables, **OPTIONS).findings["kind"]) == {"conflict"}
    facts = known(tables, complete=False)
    flags = facts.cells["hidden"].to_numpy()
    found, _ = ranges(facts.sums, facts.weight, flags)
    truth = np.concatenate([t.frame["weight"] for t in district.tables])
    printed = flags[: truth.size]
    assert printed.any()
    assert (found[0, : truth.size][printed] <= truth[printed] + 1e-6).all()
    assert (found[1, : truth.size][printed] >= truth[printed] - 1e-6).all()


def test_needed_ranges_take_the_place_of_the_width():
    now = marked(small(), (0, "x", "big"), (0, "y", "big"), (1, "x"), (1, "y"))
    line = {"table": "k", "keys": "x", "measure": "payroll", "prior_low": 50, "prior_high": 150}
    wide = pd.DataFrame([{**line, "low": 60, "high": 140}])
    assert audit(now, needed=wide, **OPTIONS).passed
    narrow = pd.DataFrame([{**line, "low": 40, "high": 140}])
    found = audit(now, needed=narrow, **OPTIONS)
    assert found.findings["keys"].tolist() == ["x"]


def test_a_width_that_is_no_part_is_refused():
    with pytest.raises(InputError, match="part of a range's middle"):
        audit(marked(small()), width=5, few=1)


def test_tightening_never_loses_the_truth():
    rng = np.random.default_rng(0)
    from scipy import sparse

    for _ in range(20):
        truth = rng.integers(0, 9, 6).astype(float)
        sums = sparse.csr_array(np.array([[1, 1, 1, -1, 0, 0], [0, 0, 1, 1, -1, 0]], dtype=float))
        truth[3] = truth[:3].sum()
        truth[4] = truth[2] + truth[3]
        low = np.maximum(truth - rng.integers(0, 3, 6), 0)
        found = tightened(sums, np.array([low, truth + rng.integers(0, 3, 6)]))
        assert (found[0] <= truth + 1e-9).all()
        assert (found[1] >= truth - 1e-9).all()
