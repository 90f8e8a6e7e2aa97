"""What the benchmarks share: synthetic microdata, interleaved timing, and what machine this is."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata

import numpy as np

#: numpy's AVX-512 sort is several times slower than its AVX2 sort on some machines and
#: faster on others; a ratio to np.sort must say which one it is.
DISPATCHES = {"default": "", "without AVX-512": "X86_V4"}

#: Keep freed memory in the process, so that no contender pays for fresh pages.
STEADY_MALLOC = {
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "17179869184",
}


@dataclass(frozen=True)
class Rows:
    """Microdata as the kernel takes them: integer codes, fen, and weights in 1e-4.

    `size`, `skill` and `industry` are further keys.
    """

    occupation: np.ndarray
    size: np.ndarray
    skill: np.ndarray
    industry: np.ndarray
    fen: np.ndarray
    weight: np.ndarray


OCCUPATIONS, SIZES, SKILLS, INDUSTRIES = 1500, 4, 6, 20


def make_rows(n: int, seed: int = 20260101) -> Rows:
    """Synthetic wages in whole yuan by 1,500 occupations of very unequal size."""
    rng = np.random.default_rng(seed)
    share = rng.pareto(1.2, OCCUPATIONS) + 0.1
    occupation = rng.choice(OCCUPATIONS, n, p=share / share.sum()).astype(np.int32)
    level = rng.normal(11, 0.4, OCCUPATIONS)
    yuan = np.rint(np.exp(level[occupation] + rng.normal(0, 0.5, n))).astype(np.int64)
    return Rows(
        occupation,
        rng.integers(0, SIZES, n, dtype=np.int32),
        rng.integers(0, SKILLS, n, dtype=np.int32),
        rng.integers(0, INDUSTRIES, n, dtype=np.int32),
        yuan * 100,
        rng.integers(5_000, 400_000, n),
    )


def interleaved(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each contender in each round, run in turn after one warm-up each."""
    for run in contenders.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            begin = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - begin)
    return seconds


def summary(seconds: dict[str, list[float]], unit: str) -> list[tuple[str, str, str]]:
    """Name, median (min–max) in ms, and ratio of medians to `unit`, a row each."""
    base = statistics.median(seconds[unit])
    return [
        (
            name,
            f"{1e3 * statistics.median(s):,.1f} ({1e3 * min(s):,.1f}–{1e3 * max(s):,.1f})",
            f"{statistics.median(s) / base:,.2f}",
        )
        for name, s in seconds.items()
    ]


def print_table(title: str, heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a Markdown table."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(heading) + " |")
    print("|" + "---|" * len(heading))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)


def machine(*packages: str) -> str:
    """Processor, cores, numpy's sort dispatch and versions, in one line."""
    from numpy._core._multiarray_umath import __cpu_features__ as features

    level = "AVX-512" if features.get("AVX512_SKX") or features.get("X86_V4") else "AVX2 or lower"
    cpu = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            cpu = next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    versions = ", ".join(
        f"{p} {metadata.version(p)}" for p in ("numpy", "pandas", "pyarrow", *packages)
    )
    return (
        f"{cpu}, {os.cpu_count()} cores; np.sort dispatch: {level}; "
        f"Python {platform.python_version()}, {versions}"
    )


def rerun(script: str, dispatch: str, *arguments: str) -> None:
    """Run a benchmark script again in a process with one of numpy's sort dispatches."""
    environment = {**os.environ, **STEADY_MALLOC, "NPY_DISABLE_CPU_FEATURES": DISPATCHES[dispatch]}
    subprocess.run(
        [sys.executable, "-W", "ignore", script, *arguments], env=environment, check=True
    )
