"""A pytest plugin that turns what tests compare into docs/validation.md.

A test calls the fixture `compared(chapter, what, figure, bound)`; it fails if the figure is
over its bound, and with ``--write-validation`` all figures are written down.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "validation.md"
HEAD = """# Validation

What the tests compare with other answers, and the largest difference they found. Written by
`make validation`, from the tests themselves; a test fails where a figure is over its bound.
"""

Record = tuple[str, str, str, str]
RECORDS = pytest.StashKey[list[Record]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-validation", action="store_true", help="write docs/validation.md from the tests"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RECORDS] = []


@pytest.fixture
def compared(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Record a figure under a chapter, and hold it against its bound.

    ``compared(chapter, what, figure, bound)`` asserts figure <= bound;
    with ``at_least=True`` figure >= bound.
    """

    def compare(
        chapter: str, what: str, figure: float, bound: float, *, at_least: bool = False
    ) -> None:
        sign = "≥" if at_least else "≤"
        row = (chapter, what, f"{figure:.4g}", f"{sign} {bound:g}")
        request.config.stash[RECORDS].append(row)
        assert (figure >= bound) if at_least else (figure <= bound), row

    return compare


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if not session.config.getoption("--write-validation") or exitstatus:
        return
    chapters: dict[str, list[Record]] = {}
    for record in session.config.stash[RECORDS]:
        chapters.setdefault(record[0], []).append(record)
    text = HEAD
    for chapter, records in chapters.items():
        text += f"\n## {chapter}\n\n| compared | found | bound |\n|---|---|---|\n"
        text += "".join(f"| {what} | {found} | {bound} |\n" for _, what, found, bound in records)
    PAGE.write_text(text, encoding="utf-8")
