"""From the columns of a design to its arrays, with all that does not fit listed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from wageguide.errors import InputError
from wageguide.survey.design import Design
from wageguide.tiers.arrow import to_arrow, to_floats
from wageguide.tiers.calibrated import auxiliaries
from wageguide.tiers.keys import encode_key
from wageguide.tiers.sample import Codes, SampleDesign, SecondStage
from wageguide.tiers.scale import Floats, Ints

_SHOWN = 10


def sample_design(table: pa.Table, design: Design) -> SampleDesign:
    """Turn the columns of a design into arrays.

    Parameters
    ----------
    table
        Rows with the design's columns; every sampled row, those of no cell too.
    design
        Names of the columns.

    Raises
    ------
    InputError
        If a column is absent, or the design contradicts itself: an enterprise in two
        strata, a population that varies within a stratum or is smaller than the sample, a
        stratum of one unit where the design says ``fail``. All of them at once.
    """
    missing = [c for c in design.columns if c not in table.column_names]
    if missing:
        raise InputError(
            f"The design names columns that are not there: {', '.join(missing)}. The data has "
            f"{', '.join(table.column_names[:30])}."
        )
    rows = len(table)
    weights = to_floats(table[design.weight]) if design.weight else np.ones(rows)
    problems: list[str] = []
    stratum, stratum_names = _codes(table, design.stratum, rows, problems)
    enterprise, names = _codes(table, design.enterprise, rows, problems, own=True)
    if problems:
        raise InputError("The design does not fit the rows:", problems)
    unit, first = _units(enterprise, stratum, len(names))
    stratum_of = stratum[first]
    problems += _in_two_strata(enterprise, stratum, names, stratum_names)
    sampled = np.bincount(stratum_of, minlength=len(stratum_names)).astype(np.int64)
    share = np.zeros(sampled.size)
    if design.population:
        population = to_floats(table[design.population])
        share = _shares(population, stratum, sampled, stratum_names, problems)
    second = _second_stage(table, design, unit, names.take(to_arrow(enterprise[first])), problems)
    made = SampleDesign(
        weights=weights,
        unit=unit,
        stratum_of=stratum_of,
        sampled=sampled,
        share=share,
        single_unit=design.single_unit,
        second=second,
        auxiliaries=auxiliaries(table, design.calibration) if design.calibration else None,
        unit_names=names.take(to_arrow(enterprise[first])),
        stratum_names=stratum_names,
        replicates=_replicates(table, design, weights, problems),
        given=design.replicates,
    )
    problems += _alone(made)
    if problems:
        raise InputError("The design does not fit the rows:", problems)
    return made


def _codes(
    table: pa.Table, column: str | None, rows: int, problems: list[str], *, own: bool = False
) -> tuple[Codes, pa.Array]:
    """Codes and names of a column; without one, a code for all rows or each its own."""
    if column is None:
        if own:
            return np.arange(rows, dtype=np.int32), to_arrow(np.arange(1, rows + 1))
        return np.zeros(rows, np.int32), pa.array(["all"])
    key = encode_key(column, table[column])
    absent = np.flatnonzero(key.code < 0)
    if absent.size:
        first = ", ".join(map(str, absent[:5] + 1))
        problems.append(f"{column} is missing in {absent.size:,} rows: row {first}")
    return key.code, key.values


def _units(enterprise: Codes, stratum: Codes, enterprises: int) -> tuple[Codes, Ints]:
    """Units numbered by stratum and enterprise, and the first row of each."""
    first = np.full(enterprises, -1, np.int64)
    first[enterprise[::-1]] = np.arange(enterprise.size - 1, -1, -1)
    order = np.argsort(stratum[first], kind="stable")
    number = np.empty(enterprises, np.int32)
    number[order] = np.arange(enterprises, dtype=np.int32)
    return number[enterprise], first[order]


def _in_two_strata(
    enterprise: Codes, stratum: Codes, names: pa.Array, strata: pa.Array
) -> list[str]:
    home = np.empty(len(names), np.int32)
    home[enterprise] = stratum
    astray = np.flatnonzero(home[enterprise] != stratum)
    found: dict[int, set[int]] = {}
    for row in astray[:1000]:
        found.setdefault(int(enterprise[row]), set()).update({int(stratum[row])})
    lines = []
    for member, others in list(found.items())[:_SHOWN]:
        all_of = sorted({int(home[member]), *others})
        named = ", ".join(str(strata[s]) for s in all_of)
        lines.append(
            f"enterprise {names[member]} stands in strata {named}; an enterprise is drawn in one"
        )
    return lines


def _shares(
    population: Floats, stratum: Codes, sampled: Ints, names: pa.Array, problems: list[str]
) -> Floats:
    strata = sampled.size
    total = np.full(strata, np.nan)
    total[stratum] = population
    same = (population == total[stratum]) | (np.isnan(population) & np.isnan(total[stratum]))
    for s in np.unique(stratum[~same])[:_SHOWN]:
        found = ", ".join(f"{v:g}" for v in np.unique(population[stratum == s])[:3])
        problems.append(f"stratum {names[int(s)]} has several populations: {found}")
    for s in np.flatnonzero(total < sampled)[:_SHOWN]:
        problems.append(
            f"stratum {names[int(s)]} has a population of {total[s]:g} enterprises, but "
            f"{sampled[s]:,} were sampled"
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(np.isnan(total), 0.0, np.minimum(sampled / total, 1.0)))


def _second_stage(
    table: pa.Table, design: Design, unit: Codes, names: pa.Array, problems: list[str]
) -> SecondStage | None:
    if design.workers is None:
        return None
    workers = to_floats(table[design.workers])
    drawn = np.bincount(unit, minlength=len(names)).astype(np.int64)
    present = np.full(len(names), np.nan)
    present[unit] = workers
    wrong = np.unique(unit[~(workers == present[unit])])
    problems += [
        f"enterprise {names[int(u)]} has several numbers of workers, or none"
        for u in wrong[:_SHOWN]
    ]
    few = np.flatnonzero(present < drawn)
    problems += [
        f"enterprise {names[int(u)]} has {present[u]:g} workers, but {drawn[u]:,} rows"
        for u in few[:_SHOWN]
    ]
    second = SecondStage(drawn, present)
    alone = np.flatnonzero(np.isnan(second.factor))
    if alone.size and design.single_unit == "fail":
        shown = ", ".join(str(names[int(u)]) for u in alone[:_SHOWN])
        problems.append(
            f"{alone.size:,} enterprises have one row of several workers ({shown}), from which no "
            "spread within the enterprise can be seen; name a choice for single_unit"
        )
    return second


def _replicates(
    table: pa.Table, design: Design, weights: Floats, problems: list[str]
) -> Floats | None:
    if design.replicates is None:
        return None
    given = np.stack([to_floats(table[c]) for c in design.replicates.columns], axis=1)
    for place in np.flatnonzero(~(given >= 0).all(axis=0))[:_SHOWN]:
        problems.append(
            f"replicate weight {design.replicates.columns[place]} is missing or negative in "
            f"{int((~(given[:, place] >= 0)).sum()):,} rows"
        )
    return np.asarray(given / weights[:, None])


def _alone(design: SampleDesign) -> list[str]:
    alone = np.flatnonzero(design.single)
    if not alone.size:
        return []
    if design.single_unit == "fail":
        shown = ", ".join(str(design.stratum_names[int(s)]) for s in alone[:_SHOWN])
        return [
            f"{alone.size:,} strata have one sampled enterprise ({shown}), from which no variance "
            "can be seen. Merge them with strata like them, or name a choice for single_unit: "
            "certainty, average or adjust"
        ]
    if design.single_unit == "average" and alone.size == design.sampled.size:
        return ["every stratum has one sampled enterprise, so there is no average to take"]
    return []
