"""The two-enterprise trap, in wageguide and in acro 1.0.2.

    python benchmarks/protection_acro.py [PYTHON]

24 blast-furnace workers of two enterprises, paid almost alike, among 1,500 others. PYTHON is
an interpreter in which acro is installed; without it that half is skipped.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd

from wageguide.disclosure.protect import protect
from wageguide.disclosure.settings import DisclosureSettings
from wageguide.tiers.estimate import estimate_tables

#: Run by the other interpreter: acro's own table of means with its checks.
ACRO = """
import io, logging, sys
import pandas as pd
logging.disable(logging.CRITICAL)
from acro import ACRO
rows = pd.read_csv(io.StringIO(sys.stdin.read()))
acro = ACRO(suppress=True)
acro.crosstab(rows["occupation"], rows["district"], values=rows["wage"], aggfunc="mean")
record = acro.results.get_index(-1)
print("acro:", record.status, "|", record.summary)
print(record.output[0].to_string())
"""
RULES = DisclosureSettings(
    method="suppress",
    owner="",
    min_enterprises=3,
    min_workers=10,
    dominance_n=0,
    dominance_share=0.9,
    p_percent=10,
    weights_public=False,
    quantile_enterprises=3,
    quantile_rounding_yuan=100,
    top_code_yuan=0,
    counts_multiple=1,
    protect_share=0.1,
    intruder_share=0.5,
    cost="workers",
    exact_cells=40,
    revision_enterprises=3,
    audit_width=0.1,
)


def trap() -> pd.DataFrame:
    """Monthly wages, yuan."""
    rng = np.random.default_rng(1)
    lines = [("高炉工", f"F{n % 2}", 9000 + rng.normal(0, 3)) for n in range(24)]
    lines += [("焊工", f"E{n % 40}", 6000 + rng.normal(0, 900)) for n in range(800)]
    lines += [("电工", f"E{n % 35}", 6500 + rng.normal(0, 900)) for n in range(700)]
    rows = pd.DataFrame(lines, columns=["occupation", "enterprise", "wage"])
    return rows.assign(wage=rows["wage"].round(2), district="A", weight=1.0)


def main(python: str | None) -> None:
    """Print what each of them hides."""
    rows = trap()
    tables = estimate_tables(
        rows, [("occupation",), ()], wage="wage", weight="weight", enterprise="enterprise"
    )
    found = protect(rows, tables, ids=["occupation", "total"], settings=RULES,
                    enterprise="enterprise", wage="wage", weight="weight")  # fmt: skip
    print("wageguide: hidden")
    print(found.record[["occupation", "workers", "enterprises", "reasons_en"]].to_string())
    if python is None:
        print("acro: skipped, no interpreter with acro was named")
        return
    run = subprocess.run(
        [python, "-c", ACRO], input=rows.to_csv(index=False), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    print(run.stdout or run.stderr)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
