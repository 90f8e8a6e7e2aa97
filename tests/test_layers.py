"""Who may import whom, and how long a module may be."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "wageguide"
MODULES = sorted(PACKAGE.rglob("*.py"))

#: Modules that every room may import; and what they may import themselves.
BASE = {
    "errors": set(),
    "shown": set(),
    "units": {"errors"},
    "provenance": {"errors"},
    "policy": {"errors", "units", "provenance"},
}

#: What a room may import besides itself and the base modules.
ROOMS = {
    "law": set(),
    "survey": set(),
    "payroll": {"law", "survey"},
    "tiers": {"survey"},
    "analysis": {"survey", "tiers"},
    "disclosure": {"survey", "tiers"},
    "bargaining": {"law", "payroll", "survey", "tiers"},
    "publish": {"survey", "tiers", "analysis", "disclosure", "law", "payroll", "bargaining"},
}

#: The doors of the house open every room.
DOORS = {
    "cli": set(ROOMS),
    "__init__": set(ROOMS),
    "__main__": {"cli"},
}

LONGEST = 400
MEDIAN = 150


def room_of(path: Path) -> str:
    """First folder or module name below the package."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_rooms(source: str, package: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Room and line of every import of the package, those inside functions too.

    `package` is where the module stands, for relative imports: ("wageguide", "tiers").
    """
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join([*above, *([node.module] if node.module else [])])
            names = [f"{start}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "wageguide":
                yield (parts[1] if len(parts) > 1 else "__init__"), node.lineno


def allowed(room: str) -> set[str]:
    if room in BASE:
        return BASE[room] | {room}
    return ({*ROOMS, *DOORS} & {room}) | set(BASE) | {**ROOMS, **DOORS}[room]


def test_every_room_is_in_the_plan_and_the_plan_has_no_other():
    assert {room_of(path) for path in MODULES} == {*BASE, *ROOMS, *DOORS}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_keep_to_the_plan(path):
    room = room_of(path)
    package = ("wageguide", *path.relative_to(PACKAGE).parts[:-1])
    wrong = [
        f"line {line}: {room} may not import {other}"
        for other, line in imported_rooms(path.read_text(encoding="utf-8"), package)
        if other not in allowed(room)
    ]
    assert not wrong, wrong


@pytest.mark.parametrize(
    "source",
    [
        "import wageguide.publish.release",
        "from wageguide.publish import release",
        "from wageguide import publish",
        "def late():\n    from wageguide.publish.release import make_release",
        "from ..publish import release",
        "from .. import publish",
    ],
)
def test_a_forbidden_import_is_found_however_it_is_written(source):
    found = [room for room, _ in imported_rooms(source, ("wageguide", "tiers"))]

    assert found == ["publish"]
    assert "publish" not in allowed("tiers")


def test_modules_are_short():
    lines = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES}

    assert {p.name: n for p, n in lines.items() if n > LONGEST} == {}
    assert statistics.median(lines.values()) < MEDIAN
