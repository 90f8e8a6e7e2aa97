"""Gradings from files: the presets in `grades`, an office's own file, or its policy.

Every number in a preset says where it comes from. No bound has a default in code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from wageguide.errors import PolicyError
from wageguide.policy import Policy, settings
from wageguide.tiers.grading import Floor, GradeClass, Grading, RseBound

T = TypeVar("T")

_GRADES = Path(__file__).parent / "grades"

#: Names of the presets that come with the package.
BUILT_IN: tuple[str, ...] = ("cn_enterprise", "uk_ashe", "us_oews", "statcan")


@dataclass(frozen=True)
class QualitySettings:
    """The `[quality]` section of a policy that names a grading, one way or the other.

    Attributes
    ----------
    preset
        A preset by name.
    grading
        A TOML file, its path relative to the policy.
    """

    preset: str | None = None
    grading: str | None = None


@dataclass(frozen=True)
class _GradingFile:
    id: str
    title_zh: str
    title_en: str
    evidence_zh: str
    evidence_en: str
    rse_bound: RseBound
    without_error: str
    grade: tuple[object, ...]
    floor: tuple[object, ...]


def load_grading(name: Path | str) -> Grading:
    """Read a grading: a preset by name, or a TOML file of the same form.

    Raises
    ------
    PolicyError
        If there is none of that name, or the file has unknown, missing or impossible
        entries; all of them are listed.
    """
    path = _GRADES / f"{name}.toml" if name in BUILT_IN else Path(name)
    if path.suffix != ".toml" or not path.is_file():
        raise PolicyError(
            f"Grading {str(name)!r} is neither a preset ({', '.join(BUILT_IN)}) nor a TOML "
            "file that can be read. Copy a preset file and change it."
        )
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"Grading file {path} is not TOML in UTF-8: {error}.") from error
    return _grading(table, path.name)


def read_grading(policy: Policy) -> Grading:
    """Read the `[quality]` section.

    It says ``preset = "cn_enterprise"``, or ``grading = "my.toml"``, or holds all that
    such a file holds.

    Raises
    ------
    PolicyError
        If the section is missing, or cannot be used.
    """
    table = policy.sections.get("quality")
    where = f"{policy.path.name} [quality]"
    if isinstance(table, Mapping) and "grade" in table:
        return _grading(table, where)
    named = policy.section("quality", QualitySettings)
    if (named.preset is None) == (named.grading is None):
        raise PolicyError(
            f"{where} should name either a preset or a file: preset = "
            f"{BUILT_IN[0]!r}, or grading = 'my.toml'."
        )
    if named.preset is not None:
        if named.preset not in BUILT_IN:
            raise PolicyError(
                f"{where} preset = {named.preset!r} is not one of {', '.join(BUILT_IN)}. A file "
                "is named with grading = 'my.toml'."
            )
        return load_grading(named.preset)
    path = policy.path.parent / str(named.grading)
    if path.suffix != ".toml" or not path.is_file():
        raise PolicyError(
            f"{where} grading = {named.grading!r} is no TOML file that can be read; its path is "
            "relative to the policy. Copy a preset file and change it."
        )
    return load_grading(path)


def _grading(table: object, where: str) -> Grading:
    file = settings(_GradingFile, table, where)
    problems: list[str] = []
    classes = tuple(_entries(GradeClass, file.grade, "[[grade]]", problems))
    floors = tuple(_entries(Floor, file.floor, "[[floor]]", problems))
    stated = {f.name: getattr(file, f.name) for f in fields(Grading) if hasattr(file, f.name)}
    if not problems:
        try:
            return Grading(**stated, classes=classes, floors=floors)
        except PolicyError as error:
            problems += error.problems
    raise PolicyError(f"{where} cannot be used for grades:", problems)


def _entries(cls: type[T], entries: Iterable[object], what: str, problems: list[str]) -> list[T]:
    made = []
    for number, entry in enumerate(entries, 1):
        try:
            made.append(settings(cls, entry, f"{what} {number}"))
        except PolicyError as error:
            problems += [f"{what} {number}: {p}" for p in error.problems or (str(error),)]
    return made
