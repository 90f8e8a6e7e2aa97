"""The `[release]` and `[[table]]` sections of a policy: what an office publishes, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from wageguide.analysis.small_cells import SmallCells, read_small_cells
from wageguide.errors import PolicyError, SchemeError
from wageguide.policy import Policy, settings
from wageguide.publish.text import visible
from wageguide.tiers.error_settings import ErrorSettings, error_settings
from wageguide.tiers.grade_files import read_grading
from wageguide.tiers.grading import Grading
from wageguide.tiers.intervals import IntervalMethod
from wageguide.tiers.quantile import quantile_rule
from wageguide.tiers.scheme import Scheme, load_scheme

Lang = Literal["zh", "en"]

#: Columns of a survey that may be the key of a published table.
KEYS: tuple[str, ...] = (
    "occupation",
    "occupation_small",
    "occupation_middle",
    "occupation_major",
    "post_level",
    "skill_level",
    "education",
    "sex",
    "employment_form",
    "industry",
    "place",
    "registration_type",
    "enterprise_size",
)


@dataclass(frozen=True)
class ReleaseSettings:
    """What the release says of itself and how its figures are made.

    Attributes
    ----------
    place_zh, place_en
        Place that the tables describe.
    title_zh, title_en
        Title on the cover.
    scheme
        A built-in scheme by name, or a TOML file beside the policy.
    quantile
        Quantile rule by name.
    rounding_yuan
        Published figures are multiples of this many yuan, halves rounded up.
    price_basis_zh, price_basis_en
        What the wage includes.
    notice_zh, notice_en
        Printed on every sheet where it is not empty, such as a mark of synthetic data.
    published_on
        Day of publication, printed as it is. Without it there are drafts only.
    correspondence
        CSV beside the policy of the codes that changed since last year; None for none.
    """

    place_zh: str
    place_en: str
    title_zh: str
    title_en: str
    scheme: str
    quantile: str
    rounding_yuan: int
    price_basis_zh: str
    price_basis_en: str
    notice_zh: str
    notice_en: str
    published_on: date | None = None
    correspondence: str | None = None


@dataclass(frozen=True)
class ErrorPolicy:
    """The `[errors]` section: how sampling errors are computed.

    Attributes
    ----------
    se
        ``linearized``, ``bootstrap:200``, ``jackknife`` …; a release has no ``none``.
    interval
        How the limits of a share are set for Woodruff's intervals.
    seed
        Of a bootstrap's draws.
    """

    se: str
    interval: IntervalMethod
    seed: int


@dataclass(frozen=True)
class TableSettings:
    """One published table.

    Attributes
    ----------
    id
        File name of its CSV, in plain letters.
    by
        Key columns; an empty list is the total.
    title_zh, title_en
        Printed title, also the name of its sheet.
    """

    id: str
    by: tuple[str, ...]
    title_zh: str
    title_en: str


@dataclass(frozen=True)
class ReleasePlan:
    """Everything that the policy says about a release, checked.

    `small_cells` is None where thin cells are offered nothing else.
    """

    settings: ReleaseSettings
    tables: tuple[TableSettings, ...]
    scheme: Scheme
    errors: ErrorSettings
    grading: Grading
    small_cells: SmallCells | None = None

    def text(self, name: str, lang: Lang) -> str:
        """A setting that exists in both languages, such as ``title``."""
        return visible(str(getattr(self.settings, f"{name}_{lang}")))


def read_release_plan(policy: Policy) -> ReleasePlan:
    """Read and check what a release needs of a policy.

    Raises
    ------
    PolicyError
        With every table that cannot be made, and every setting that is impossible.
    SchemeError
        If the scheme or quantile rule is unknown.
    """
    release = policy.section("release", ReleaseSettings)
    quantile_rule(release.quantile)
    entries = policy.sections.get("table", [])
    if not isinstance(entries, list) or not entries:
        raise PolicyError(f"{policy.path.name} asks for no table; add a [[table]] section.")
    tables = tuple(_table(entry, policy, n) for n, entry in enumerate(entries, 1))
    problems = _table_problems(tables)
    if release.rounding_yuan < 1:
        problems.append(
            f"[release] rounding_yuan = {release.rounding_yuan} should be 1 or more whole yuan"
        )
    errors = policy.section("errors", ErrorPolicy)
    asked = error_settings(errors.se)
    if asked is None:
        problems.append('[errors] se = "none": every published figure has a sampling error')
    if problems or asked is None:
        raise PolicyError(f"{policy.path.name} cannot be used for a release:", problems)
    return ReleasePlan(
        release,
        tables,
        _scheme(release.scheme, policy.path.parent),
        replace(asked, interval=errors.interval, seed=errors.seed),
        read_grading(policy),
        read_small_cells(policy) if "small_cells" in policy.sections else None,
    )


def _table(entry: Mapping[str, Any], policy: Policy, number: int) -> TableSettings:
    return settings(TableSettings, entry, f"{policy.path.name} [[table]] {number}")


def _table_problems(tables: tuple[TableSettings, ...]) -> list[str]:
    problems = []
    ids, titles = [t.id for t in tables], [t.title_zh for t in tables]
    for table in tables:
        where = f"[[table]] {table.id!r}:"
        if not (table.id.isascii() and table.id.replace("_", "").isalnum()):
            problems.append(f"{where} an id is made of plain letters, digits and _")
        problems += [
            f"{where} {key!r} is not a key; choose from {', '.join(KEYS)}"
            for key in table.by
            if key not in KEYS
        ]
        if len(set(table.by)) < len(table.by):
            problems.append(f"{where} a key stands twice in by")
    problems += [
        f"two tables have the id {i!r}" for i in sorted({i for i in ids if ids.count(i) > 1})
    ]
    problems += [
        f"two tables have the title {t!r}"
        for t in sorted({t for t in titles if titles.count(t) > 1})
    ]
    return problems


def _scheme(name: str, folder: Path) -> Scheme:
    if not name.endswith(".toml"):
        return load_scheme(name)
    path = folder / name
    if not path.is_file():
        raise SchemeError(f"[release] scheme = {name!r}: there is no such file beside the policy.")
    return load_scheme(path)
