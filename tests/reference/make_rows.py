"""Make the rows and the known totals that the answers of R rest on.

`python tests/reference/make_rows.py` writes rows.csv, poststrata.csv, margins.csv and
regression_totals.csv beside itself, the same bytes every time. Nothing here is real.

The design is small but has every case that a variance formula treats apart: a stratum
taken whole, a stratum with one sampled enterprise, an enterprise with one sampled worker
of several, an occupation seen in two enterprises and one seen in a single one, weights
that differ within an enterprise, and wages with many ties.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

SEED = 20260215
HERE = Path(__file__).parent

#: Enterprises in the frame and in the sample, by stratum. D5 is taken whole, D6 has one.
STRATA = {
    "D1": (40, 10),
    "D2": (90, 12),
    "D3": (25, 6),
    "D4": (120, 14),
    "D5": (5, 5),
    "D6": (9, 1),
    "D7": (30, 4),
    "D8": (60, 8),
}
#: For replicates that cannot do without a second enterprise, D6 goes with D7.
MERGED = {stratum: "D6+D7" if stratum in {"D6", "D7"} else stratum for stratum in STRATA}
#: Division of the strata for post-stratification.
GROUPS = dict(zip(STRATA, ["G1", "G1", "G2", "G2", "G3", "G3", "G3", "G3"], strict=True))
OCCUPATIONS = ["o1", "o2", "o3", "o4"]
SHARES = [0.4, 0.3, 0.2, 0.1]
LEVEL = {"o1": 10.9, "o2": 11.2, "o3": 11.5, "o4": 12.0, "o5": 11.3, "o6": 11.1}
#: Two occupations are seen only here: o5 in two enterprises of one stratum, o6 in one.
RARE = {("D2-03", 1): "o5", ("D2-03", 2): "o5", ("D2-07", 0): "o5", ("D2-07", 4): "o5"}
RARE |= {("D4-02", k): "o6" for k in range(5)}
ONE_WORKER_OF_SEVERAL = "D8-05"
COLUMNS = [
    "row",
    "stratum",
    "enterprise",
    "enterprises_in_stratum",
    "workers_in_enterprise",
    "occupation",
    "sex",
    "hours",
    "wage",
    "weight",
    "merged_stratum",
    "in_pairs",
    "group",
]


def make_rows(rng: np.random.Generator) -> list[dict]:
    """One dict per sampled worker, enterprises in order of stratum and number."""
    rows: list[dict] = []
    for stratum, (frame, sampled) in STRATA.items():
        for number in range(1, sampled + 1):
            enterprise = f"{stratum}-{number:02d}"
            workers = int(rng.integers(8, 41))
            taken = 1 if enterprise == ONE_WORKER_OF_SEVERAL else min(workers, 6 + number % 9)
            level = rng.normal(0, 0.25)
            response = rng.uniform(0.85, 1.35)
            for k in range(taken):
                occupation = str(rng.choice(OCCUPATIONS, p=SHARES))
                occupation = RARE.get((enterprise, k), occupation)
                sex = "f" if rng.random() < 0.45 else "m"
                wage = np.exp(LEVEL[occupation] + level + rng.normal(0, 0.3))
                adjustment = response * (1.06 if sex == "f" else 0.97)
                rows.append(
                    {
                        "row": len(rows) + 1,
                        "stratum": stratum,
                        "enterprise": enterprise,
                        "enterprises_in_stratum": frame,
                        "workers_in_enterprise": workers,
                        "occupation": occupation,
                        "sex": sex,
                        "hours": int(rng.integers(160, 241)) * 10,
                        "wage": round(wage / 500) * 500,
                        "weight": f"{frame / sampled * workers / taken * adjustment:.4f}",
                        "merged_stratum": MERGED[stratum],
                        "in_pairs": int(number <= 2 and stratum != "D6"),
                        "group": GROUPS[stratum],
                    }
                )
    return rows


def sums(rows: list[dict], *keys: str, of: str | None = None) -> dict[tuple, float]:
    """Weighted count, or total of a column, by keys."""
    total: dict[tuple, float] = defaultdict(float)
    for row in rows:
        total[tuple(row[k] for k in keys)] += float(row["weight"]) * (row[of] if of else 1)
    return dict(sorted(total.items()))


def write(name: str, columns: list[str], rows: list) -> None:
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main() -> None:
    rng = np.random.default_rng(SEED)
    rows = make_rows(rng)
    write("rows.csv", COLUMNS, [[row[c] for c in COLUMNS] for row in rows])

    # What a register would say: the sample's own estimates, some per cent off, in whole workers.
    known = {
        key: round(total * rng.uniform(0.9, 1.12))
        for key, total in sums(rows, "group", "sex").items()
    }
    write("poststrata.csv", ["group", "sex", "workers"], [[*k, n] for k, n in known.items()])

    # Margins must have one sum, so the last stratum takes what is left.
    by_sex = {s: sum(n for (_, t), n in known.items() if t == s) for s in ("f", "m")}
    everyone = sum(by_sex.values())
    estimated = sums(rows, "stratum")
    share = everyone / sum(estimated.values())
    by_stratum = {
        h: round(total * share * rng.uniform(0.95, 1.05)) for (h,), total in estimated.items()
    }
    last = list(by_stratum)[-1]
    by_stratum[last] += everyone - sum(by_stratum.values())
    margins = [["stratum", *item] for item in by_stratum.items()]
    margins += [["sex", *item] for item in by_sex.items()]
    write("margins.csv", ["variable", "level", "workers"], margins)

    # The regression knows the workers of each stratum, how many are women, and all hours.
    hours = round(sums(rows, of="hours")[()] * share * 1.02)
    totals = [[f"stratum {h}", n] for h, n in by_stratum.items()]
    totals += [["sex f", by_sex["f"]], ["hours", hours]]
    write("regression_totals.csv", ["auxiliary", "total"], totals)


if __name__ == "__main__":
    main()
