"""A cold command: five groupings of 130,000 rows, process start to written file.

`wageguide tiers` beside a polars script that does the same, as whole processes in turn.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from common import interleaved, machine, make_rows, print_table, summary

ROWS, ROUNDS = 130_000, 11
GROUPINGS = ("occupation", "occupation,size", "occupation,skill", "industry", "")

POLARS = """
import sys
sys.path.insert(0, {here!r})
import polars as pl
from peers import polars_table
rows = pl.read_{kind}({source!r}).select(
    "occupation", "size", "skill", "industry",
    (pl.col("wage") * 100).round().cast(pl.Int64).alias("x"),
    (pl.col("weight") * 10000).round().cast(pl.Int64).alias("w"),
)
tables = [polars_table(rows, tuple(k for k in g.split(",") if k)) for g in {groupings!r}]
pl.concat(tables, how="diagonal_relaxed").write_csv({out!r})
"""


def main() -> None:
    """Write the rows once as CSV and as Parquet, then time both programs on each."""
    rows = make_rows(ROWS)
    frame = pd.DataFrame(
        {
            "occupation": rows.occupation,
            "size": rows.size,
            "skill": rows.skill,
            "industry": rows.industry,
            "wage": rows.fen / 100,
            "weight": rows.weight / 1e4,
        }
    )
    print(f"\n## Cold process\n\n{machine('polars')}")
    with tempfile.TemporaryDirectory() as folder:
        here, scheme = str(Path(__file__).parent), Path(folder) / "both.toml"
        scheme.write_text(_scheme(), encoding="utf-8")
        for kind, write in (("csv", frame.to_csv), ("parquet", frame.to_parquet)):
            source, out = f"{folder}/rows.{kind}", f"{folder}/out.csv"
            write(source, index=False)
            ours = [sys.executable, "-m", "wageguide", "tiers", source, "--wage", "wage"]
            ours += ["--weight", "weight", "--scheme", str(scheme), "--out", out]
            ours += [f"--by={g}" for g in GROUPINGS]
            script = POLARS.format(
                here=here, kind=kind, source=source, out=out, groupings=GROUPINGS
            )
            times = interleaved(
                {
                    "polars": lambda s=script: _run([sys.executable, "-c", s]),
                    "wageguide tiers": lambda c=ours: _run(c),
                },
                ROUNDS,
            )
            heading = ("program", "ms, median (min–max)", "x polars")
            print_table(f"{ROWS:,} rows from {kind}", heading, summary(times, "polars"))


def _scheme() -> str:
    tiers = [(f"p{p}", "quantile", p / 100) for p in (10, 25, 50, 75, 90)]
    tiers += [("lower", "lower_tail_mean", 0.05), ("upper", "upper_tail_mean", 0.05)]
    text = 'id = "both"\ntitle_zh = "both"\ntitle_en = "both"\nboundary = "fractional"\n'
    for name, kind, share in tiers:
        text += f'[[tier]]\nname = "{name}"\nkind = "{kind}"\nshare = "{share}"\n'
        text += f'label_zh = "{name}"\nlabel_en = "{name}"\n'
    return text


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
