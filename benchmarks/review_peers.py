"""The shared rules of the review, as each peer would write them; one process a peer.

Shared are: the monthly minimum by place and month (as-of), with what does not count taken
off, probation pay, overtime pay, both caps of overtime, the contribution base, and sums by
enterprise. Run as `python review_peers.py PEER FILE`; prints seconds, peak memory and counts.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np

SHARED = (
    *("minimum_wage", "probation_wage", "overtime_pay", "overtime_month", "overtime_day"),
    "contribution_base",
)
COLUMNS = [
    *("enterprise_id", "place", "month", "attendance", "hours_system", "probation"),
    *("contract_wage", "base_pay", "bonus", "meal_allowance", "overtime_pay", "shift_allowance"),
    *("condition_allowance", "employee_housing_fund", "housing_fund_floor", "overtime_hours"),
    *("rest_day_hours", "comp_time_hours", "holiday_hours", "longest_day_overtime"),
    "contribution_base",
]
#: Minimum of each place and month as a table with the first day, for the as-of join.
MINIMA = [(p, d, w) for p in ("320115", "320117", "320106") for d, w in
          (("2021-08-01", 2280), ("2024-01-01", 2490), ("2026-01-01", 2660))]  # fmt: skip
FLOOR, CEILING = 4952.0, 24762.0


def scan(path: str) -> dict[str, int]:
    """The physical limit: read the columns and do nothing."""
    from pyarrow import parquet

    rows = 0
    for batch in parquet.ParquetFile(path).iter_batches(1 << 18, columns=COLUMNS):
        rows += batch.num_rows
    return {"rows": rows}


def wageguide(path: str) -> dict[str, int]:
    """The package's streamed review."""
    import wageguide as wg

    found = wg.review_file(path, rules=SHARED)
    return {r: int(n) for r, n in found.rules[["rule", "violation"]].itertuples(index=False)}


def wageguide_all(path: str) -> dict[str, int]:
    """The package's streamed review with every rule."""
    import wageguide as wg

    found = wg.review_file(path)
    return {"rows": found.rows}


def pandas(path: str) -> dict[str, int]:
    """Whole columns in memory, merge_asof, boolean masks, groupby."""
    import pandas as pd

    t = pd.read_parquet(path, columns=COLUMNS)
    flags = _pandas_flags(t)
    broken = sum(f.astype("int8") for f in flags.values())
    t.assign(broken=broken).groupby("enterprise_id")[["broken", "base_pay"]].sum()
    return {name: int(flag.sum()) for name, flag in flags.items()}


def _pandas_flags(t: object) -> dict[str, object]:
    import pandas as pd

    minima = pd.DataFrame(MINIMA, columns=["place", "day", "minimum"])
    minima["day"] = pd.to_datetime(minima["day"])
    keys = t[["place", "month"]].drop_duplicates()
    keys["day"] = pd.to_datetime(keys["month"])
    known = pd.merge_asof(keys.sort_values("day"), minima.sort_values("day"), on="day", by="place")
    t = t.merge(known[["place", "month", "minimum"]], on=["place", "month"], how="left")
    paid = t[["base_pay", "bonus", "meal_allowance", "overtime_pay", "shift_allowance",
              "condition_allowance"]].sum(axis=1)  # fmt: skip
    fund = t[["employee_housing_fund", "housing_fund_floor"]].min(axis=1)
    counted = t["base_pay"] + t["bonus"] + t["meal_allowance"] - fund
    full = t["attendance"] == "full"
    rest = (t["rest_day_hours"] - t["comp_time_hours"]).clip(lower=0)
    weighted = 1.5 * t["overtime_hours"] + 2 * rest + 3 * t["holiday_hours"]
    owed = (t["contract_wage"] * weighted / 174 * 100 + 0.5 - 1e-9).floordiv(1) / 100
    return {
        "minimum_wage": full & (counted.round(2) < t["minimum"]),
        "probation_wage": (t["probation"] == "yes")
        & full
        & ((paid - t["overtime_pay"]).round(2) < (0.8 * t["contract_wage"]).round(2)),
        "overtime_pay": t["overtime_pay"].round(2) < owed.round(2),
        "overtime_month": t["overtime_hours"] > 36,
        "overtime_day": (t["longest_day_overtime"] > 3) & (t["hours_system"] == "standard"),
        "contribution_base": full
        & (t["contribution_base"].round(2) < paid.clip(FLOOR, CEILING).round(2)),
    }


def pandera(path: str) -> dict[str, int]:
    """Derived columns by pandas, then a lazy schema whose checks are the rules."""
    import pandas as pd
    import pandera.pandas as pa

    t = pd.read_parquet(path, columns=COLUMNS)
    flags = _pandas_flags(t)
    table = pd.DataFrame({name: ~flag for name, flag in flags.items()})
    schema = pa.DataFrameSchema({name: pa.Column(bool, pa.Check.eq(True)) for name in flags})
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        counts = error.failure_cases["column"].value_counts()
        return {name: int(counts.get(name, 0)) for name in flags}
    return dict.fromkeys(flags, 0)


def duckdb(path: str) -> dict[str, int]:
    """SQL over the file: as-of join of the minima, sums, groups."""
    import duckdb

    values = ", ".join(f"('{p}', DATE '{d}', {100 * w})" for p, d, w in MINIMA)
    fen = lambda c: f"CAST(round({c} * 100) AS BIGINT)"  # noqa: E731
    query = f"""
        WITH minima(place, day, minimum) AS (VALUES {values}),
        cells AS (SELECT DISTINCT place, month FROM read_parquet('{path}')),
        known AS (SELECT c.place, c.month, m.minimum FROM cells c ASOF JOIN minima m
                  ON c.place = m.place AND CAST(c.month || '-01' AS DATE) >= m.day),
        t AS (SELECT enterprise_id, attendance = 'full' AS fullm, probation, hours_system,
              {fen("base_pay")} AS base, {fen("bonus")} AS bonus, {fen("meal_allowance")} AS meal,
              {fen("overtime_pay")} AS overtime, {fen("shift_allowance")} AS shift,
              {fen("condition_allowance")} AS conditions,
              least({fen("employee_housing_fund")}, {fen("housing_fund_floor")}) AS fund,
              {fen("contract_wage")} AS contract, {fen("contribution_base")} AS declared,
              CAST(round(overtime_hours * 1000) AS BIGINT) AS h,
              greatest(CAST(round((rest_day_hours - comp_time_hours) * 1000) AS BIGINT), 0) AS r,
              CAST(round(holiday_hours * 1000) AS BIGINT) AS s, longest_day_overtime AS longest,
              known.minimum
              FROM read_parquet('{path}') JOIN known USING (place, month)),
        f AS (SELECT enterprise_id, base + bonus + meal + overtime + shift + conditions AS paid,
              fullm AND base + bonus + meal - fund < minimum AS a,
              probation = 'yes' AND fullm AND base + bonus + meal + shift + conditions
                < (8 * contract + 5) // 10 AS b,
              overtime < (2 * contract * (150 * h + 200 * r + 300 * s) + 17400000)
                // 34800000 AS c,
              h > 36000 AS d, longest > 3 AND hours_system = 'standard' AS e,
              fullm AND declared < least(greatest(
                base + bonus + meal + overtime + shift + conditions, 495200), 2476200) AS g FROM t)
        SELECT enterprise_id, count(*), sum(paid), sum(a::INT), sum(b::INT), sum(c::INT),
               sum(d::INT), sum(e::INT), sum(g::INT) FROM f GROUP BY enterprise_id
    """
    table = duckdb.sql(query).fetchnumpy()
    sums = [int(np.sum(column)) for column in list(table.values())[3:]]
    return dict(zip(SHARED, sums, strict=True))


def openfisca(path: str) -> dict[str, int]:
    """A country of one person a row, whose variables are the rules."""
    from openfisca_core import entities, periods, simulation_builder, taxbenefitsystems, variables
    from pyarrow import parquet

    person = entities.Entity("worker", "workers", "", "")
    system = taxbenefitsystems.TaxBenefitSystem([person])
    figures = COLUMNS[6:]
    members = {"entity": person, "definition_period": periods.DateUnit.MONTH}
    for name in (*figures, "minimum"):
        system.add_variable(type(name, (variables.Variable,), {**members, "value_type": float}))
    for name in ("fullm", "trial", "standard"):
        system.add_variable(type(name, (variables.Variable,), {**members, "value_type": bool}))

    def rule(name: str, formula: Callable[..., object]) -> None:
        body = {**members, "value_type": bool, "formula": formula}
        system.add_variable(type(name, (variables.Variable,), body))

    def whole(worker: object, period: object) -> object:
        return sum(worker(n, period) for n in ("base_pay", "bonus", "meal_allowance",
                   "overtime_pay", "shift_allowance", "condition_allowance"))  # fmt: skip

    rule("minimum_wage", lambda w, p: w("fullm", p) & (np.round(
        w("base_pay", p) + w("bonus", p) + w("meal_allowance", p)
        - np.minimum(w("employee_housing_fund", p), w("housing_fund_floor", p)), 2)
        < w("minimum", p)))  # fmt: skip
    rule("probation_wage", lambda w, p: w("trial", p) & w("fullm", p) & (
        whole(w, p) - w("overtime_pay", p) < 0.8 * w("contract_wage", p)))  # fmt: skip
    rule("overtime_pay_short", lambda w, p: np.round(w("overtime_pay", p), 2) < np.floor(
        w("contract_wage", p) / 174 * 100 * (1.5 * w("overtime_hours", p) + 2 * np.maximum(
            w("rest_day_hours", p) - w("comp_time_hours", p), 0) + 3 * w("holiday_hours", p))
        + 0.5) / 100)  # fmt: skip
    rule("overtime_month", lambda w, p: w("overtime_hours", p) > 36)
    rule("overtime_day", lambda w, p: w("standard", p) & (w("longest_day_overtime", p) > 3))
    rule("contribution_short", lambda w, p: w("fullm", p) & (
        w("contribution_base", p) < np.clip(whole(w, p), FLOOR, CEILING) - 0.005))  # fmt: skip
    table = parquet.read_table(path, columns=COLUMNS)
    size, month = table.num_rows, "2026-03"
    simulation = simulation_builder.SimulationBuilder().build_default_simulation(system, size)
    for name in figures:
        simulation.set_input(name, month, table.column(name).to_numpy())
    for name, column, word in (("fullm", "attendance", "full"), ("trial", "probation", "yes"),
                               ("standard", "hours_system", "standard")):  # fmt: skip
        words = table.column(column).combine_chunks().dictionary_encode()
        position = words.dictionary.to_pylist().index(word)
        simulation.set_input(name, month, words.indices.to_numpy() == position)
    place = table.column("place").combine_chunks().dictionary_encode()
    lookup = np.array([max((d, w) for q, d, w in MINIMA if q == p)[1] for p in
                       place.dictionary.to_pylist()], dtype=float)  # fmt: skip
    simulation.set_input("minimum", month, lookup[place.indices.to_numpy()])
    names = (
        *("minimum_wage", "probation_wage", "overtime_pay_short", "overtime_month"),
        *("overtime_day", "contribution_short"),
    )
    flags = [simulation.calculate(name, month) for name in names]
    who = table.column("enterprise_id").combine_chunks().dictionary_encode().indices.to_numpy()
    np.bincount(who, sum(f.astype(np.int8) for f in flags))
    return {name: int(flag.sum()) for name, flag in zip(SHARED, flags, strict=True)}


PEERS = {
    f.__name__: f for f in (scan, wageguide, wageguide_all, duckdb, pandas, pandera, openfisca)
}

if __name__ == "__main__":
    begin = time.perf_counter()
    counts = PEERS[sys.argv[1]](sys.argv[2])
    seconds = time.perf_counter() - begin
    with open("/proc/self/status", encoding="ascii") as status:  # of this process alone
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1e6
    print(json.dumps({"seconds": seconds, "peak_gb": peak, "counts": counts}))
