"""Values of one quantity, place and category, one after another: no overlap, no gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from wageguide.law.entries import Entry, Series
from wageguide.law.parse import day_after

SeriesMap = dict[Series, tuple[Entry, ...]]


def build_series(entries: Iterable[Entry], problems: list[str]) -> SeriesMap:
    """Entries by series, in their order; every fault of a series is a problem."""
    lists: dict[Series, list[Entry]] = {}
    for entry in entries:
        lists.setdefault(entry.series, []).append(entry)
    for series in lists.values():
        for first, second in pairwise(series):
            _check_pair(first, second, problems)
    return {key: tuple(series) for key, series in lists.items()}


def _check_pair(first: Entry, second: Entry, problems: list[str]) -> None:
    here = f"{second.where}: {second.named}"
    if second.start == first.start:
        problems.append(f"{here} stands twice, also in {first.where}")
    elif second.start < first.start:
        problems.append(f"{here} stands after {first.start}; put values in order of their days")
    elif first.until is not None and first.until >= second.start:
        problems.append(f"{here} overlaps {first.named} until {first.until} ({first.where})")
    elif first.until is not None and first.until < second.start and not first.unknown_after:
        if day_after(first.until) < second.start:
            problems.append(
                f"{here} leaves a gap after {first.until} ({first.where}); fill it, or say then = "
                "'unknown' there"
            )
    elif first.until is None and second.from_is == "seen" and first.value != second.value:
        problems.append(
            f"{here} was only seen in force, and {first.named} has another value: say there until "
            "which day it was seen, and then = 'unknown'"
        )


def merge_own(shipped: SeriesMap, own: Iterable[Entry], problems: list[str]) -> SeriesMap:
    """A user's entries put in: they replace those of the same day and cut those before."""
    added: dict[Series, list[Entry]] = {}
    for entry in own:
        twins = [e for e in added.setdefault(entry.series, []) if e.start == entry.start]
        problems += [f"{entry.where}: {entry.named} stands twice, also in {e.where}" for e in twins]
        added[entry.series].append(entry)
    merged = dict(shipped)
    for key, mine in added.items():
        days = {e.start for e in mine}
        kept = [e for e in shipped.get(key, ()) if e.start not in days]
        merged[key] = tuple(_cut(sorted([*kept, *mine], key=lambda e: e.start), problems))
    return merged


def _cut(entries: list[Entry], problems: list[str]) -> Iterable[Entry]:
    for entry, after in zip(entries, [*entries[1:], None], strict=True):
        if after is not None and entry.until is not None and entry.until >= after.start:
            if entry.own and after.own:
                problems.append(f"{after.where}: {after.named} overlaps {entry.named}")
            yield replace(entry, until=None, unknown_after=False)
        else:
            yield entry


def by_place(series: SeriesMap) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Categories that a quantity has at a place."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for quantity, place, category in series:
        found[quantity, place] = (*found.get((quantity, place), ()), category)
    return found
