"""A release that is killed at any moment leaves the old one whole, and no half one."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wageguide.provenance import data_dir
from wageguide.publish.checksums import changed_files, foreign_files
from wageguide.publish.folder import recover
from wageguide.publish.manifest import read_manifest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL"),
]

MOMENTS = 50
CHILD = """
import sys
from wageguide.publish.release import make_release
import wageguide.publish.booklet, wageguide.publish.charts, wageguide.publish.page
print("ready", flush=True)
returns, policy, out = sys.argv[1:]
make_release(returns, year=2025, policy=policy, out=out, processes=1, progress=False)
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> tuple[Path, float]:
    """Returns of a few enterprises, a policy, a finished release, and how long one takes."""
    folder = tmp_path_factory.mktemp("office")
    sample = data_dir() / "sample"
    returns = sorted((sample / "returns" / "2025").glob("*.xlsx"))
    (folder / "returns").mkdir()
    for path in returns[:8]:
        shutil.copy(path, folder / "returns")
    text = (sample / "policy.toml").read_text(encoding="utf-8")
    text = re.sub(r"\n\[weights\].*?(?=\n# -{20})", "\n", text, flags=re.DOTALL)
    (folder / "policy.toml").write_text(text, encoding="utf-8")
    begin = time.perf_counter()
    child = started(folder)
    assert child.wait() == 0
    return folder, time.perf_counter() - begin


def started(folder: Path) -> subprocess.Popen[str]:
    """A process that has everything loaded and begins to make the release."""
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            CHILD,
            *(str(folder / n) for n in ("returns", "policy.toml", "out")),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_killed_at_any_moment(office, moment):
    folder, seconds = office
    child = started(folder)
    time.sleep(random.Random(moment).random() * seconds)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()

    out = folder / "out"
    recover(out)

    manifest = read_manifest(out)
    assert manifest is not None
    assert changed_files(out, manifest) == []
    assert foreign_files(out, manifest) == []
    assert (out / "internal" / "manifest.json").is_file()
    beside = {p.name for p in folder.iterdir()}
    assert beside == {"returns", "policy.toml", "out"}
