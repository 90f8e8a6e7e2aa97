"""The options of a release that decide its figures, as its manifest keeps them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wageguide.publish.edition import Edition
    from wageguide.publish.settings import ReleasePlan
    from wageguide.survey.design import Design


def release_options(
    plan: ReleasePlan,
    design: Design,
    edition: Edition,
    *,
    counts_multiple: int | None,
    notebooks: bool,
) -> dict[str, Any]:
    """Options of a release as plain JSON values."""
    options = {
        "year": edition.year,
        "lang": edition.lang,
        **_definitions(plan),
        "rounding_yuan": plan.settings.rounding_yuan,
        "counts_multiple": counts_multiple,
        "errors": asdict(plan.errors),
        "design": asdict(design),
        "grades": plan.grading.id,
        "tables": {t.id: list(t.by) for t in plan.tables},
        "notebooks": notebooks,
    }
    plain: dict[str, Any] = json.loads(json.dumps(options))
    return plain


#: Options that say which edition it is, not how its figures are made.
_OF_THE_EDITION = ("year", "lang", "notebooks")


def differing_options(now: dict[str, Any], then: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name, earlier value and present value of every option that differs.

    >>> differing_options({"quantile": "weibull", "year": 2}, {"quantile": "hazen", "year": 1})
    [('quantile', 'hazen', 'weibull')]
    """
    names = [n for n in dict.fromkeys([*now, *then]) if n not in _OF_THE_EDITION]
    found = []
    for name in names:
        new, old = now.get(name), then.get(name)
        if isinstance(new, dict) and isinstance(old, dict):
            inside = differing_options(new, old)
            found += [(f"{name}.{inner}", a, b) for inner, a, b in inside]
        elif new != old:
            found.append((name, _plain(old), _plain(new)))
    return found


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


#: Options that decide what a figure is.
_DEFINITIONS = ("scheme", "tiers", "boundary", "quantile")


def definitions_differ(plan: ReleasePlan, then: dict[str, Any]) -> tuple[str, ...]:
    """What a figure of this release is that one of an earlier release was not.

    Parameters
    ----------
    plan
        What is released.
    then
        Options of the earlier release.
    """
    now = _definitions(plan)
    before = {name: then.get(name) for name in _DEFINITIONS}
    return tuple(f"{name}: {a} → {b}" for name, a, b in differing_options(now, before))


def _definitions(plan: ReleasePlan) -> dict[str, Any]:
    return {
        "scheme": plan.scheme.id,
        "tiers": {t.name: f"{t.kind} {float(t.share):g}" for t in plan.scheme.tiers},
        "boundary": plan.scheme.boundary,
        "quantile": plan.settings.quantile,
    }
