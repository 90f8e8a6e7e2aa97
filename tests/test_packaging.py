"""The wheel works away from the checkout: code, code lists, sample and command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]

ROOT = Path(__file__).parents[1]
#: What is not in the source tree of a fresh clone.
NOT_SOURCE = shutil.ignore_patterns(
    ".*", "*.egg-info", "__pycache__", "build", "dist", "release", "generated"
)
LARGEST_WHEEL = 5_000_000  # bytes; the sample is at most 3 MB


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy so that the checkout stays clean."""
    source = tmp_path_factory.mktemp("source") / "wageguide"
    shutil.copytree(ROOT, source, ignore=NOT_SOURCE)
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", out, source)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """Folder of the programs of an environment that has the wheel and nothing of the checkout.

    The dependencies are those of the environment that runs the tests, by a .pth file.
    """
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False, symlinks=os.name != "nt")
    scheme = {"base": str(place), "platbase": str(place)}
    programs = Path(sysconfig.get_path("scripts", "venv", scheme))
    packages = Path(sysconfig.get_path("purelib", "venv", scheme))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    python = programs / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel)
    return programs


def run(*command: object, cwd: Path | None = None) -> str:
    surroundings = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**surroundings, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_wheel_holds_what_it_should_and_no_more(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    assert wheel.stat().st_size < LARGEST_WHEEL
    assert {
        "wageguide/py.typed",
        "wageguide/tiers/schemes/percentiles.toml",
        "wageguide/_data/reference/occupation.csv",
        "wageguide/_data/sample/policy.toml",
        "wageguide/_data/sample/README.md",
    } <= names
    assert not [n for n in names if n.endswith(".pyc") or "/generated/" in n]
    assert not [n for n in names if n.split("/")[0] in {"tests", "data", "docs"}]


def test_it_is_imported_from_the_environment(installed, tmp_path):
    code = "import wageguide, wageguide.tiers.estimate as e; print(wageguide.__file__, e.__file__)"

    assert str(ROOT) not in run(installed / "python", "-c", code, cwd=tmp_path)


def test_the_code_lists_are_found(installed, tmp_path):
    code = (
        "from wageguide.provenance import data_dir\n"
        "print(data_dir())\n"
        "print(*sorted(p.name for p in (data_dir() / 'reference').glob('*.csv')))"
    )
    where, names = run(installed / "python", "-c", code, cwd=tmp_path).splitlines()

    assert where.endswith("_data")
    assert names.split() == sorted(p.name for p in (ROOT / "data" / "reference").glob("*.csv"))
    assert names


def test_the_sample_can_be_copied_out(installed, tmp_path):
    run(installed / "wageguide", "sample", "district", cwd=tmp_path)

    copied = {p.name for p in (tmp_path / "district" / "returns" / "2025").iterdir()}
    assert copied == {p.name for p in (ROOT / "data/sample/returns/2025").iterdir()}
    assert (tmp_path / "district" / "policy.toml").is_file()


def test_the_command_explains_itself(installed, tmp_path):
    said = run(installed / "wageguide", "--help", cwd=tmp_path)

    assert "tiers" in said
    assert "release" in said
