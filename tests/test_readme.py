"""What the READMEs say can be done can be done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
PAGES = [*READMES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("path", READMES, ids=lambda p: p.name)
def test_it_opens_with_the_two_commands(path):
    assert blocks(path, "sh")[0] == "make release\nmake test\n"
    assert path.read_text(encoding="utf-8").index("make release") < 100


def test_both_languages_show_the_same_code():
    english, chinese = (
        [re.sub(r" *#.*", "", b) for b in blocks(path, "(?:sh|bat|python)")] for path in READMES
    )

    assert english == chinese


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?://)([^)#]+)", path.read_text(encoding="utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", READMES, ids=lambda p: p.name)
def test_the_example_runs(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (example,) = blocks(path, "python")

    exec(compile(example, path.name, "exec"), {})
