"""The same tier table by other libraries: count, weight, mean, five percentiles, two tails.

Each function takes `Rows` and returns a dict of arrays by occupation code: `p10` … `p90`
(yuan, inverted CDF) and `mean`; those that can also give `lower` and `upper` tail means.
"""

from __future__ import annotations

import numpy as np
from common import Rows

PROBS = (0.10, 0.25, 0.50, 0.75, 0.90)
NAMES = ("p10", "p25", "p50", "p75", "p90")
TAIL = 0.05


def numpy_lexsort(rows: Rows) -> dict[str, np.ndarray]:
    """Floats, one lexsort, prefix sums: what one writes by hand."""
    order = np.lexsort((rows.fen, rows.occupation))
    cell, x, w = rows.occupation[order], rows.fen[order] / 100, rows.weight[order] / 1e4
    start = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])
    end = np.r_[start[1:], cell.size]
    c = np.r_[0.0, np.cumsum(w)]
    s = np.r_[0.0, np.cumsum(w * x)]
    total = c[end] - c[start]
    out = {"occupation": cell[start], "mean": (s[end] - s[start]) / total}
    for name, p in zip(NAMES, PROBS, strict=True):
        out[name] = x[np.searchsorted(c[1:], c[start] + p * total)]
    k = np.searchsorted(c[1:], c[start] + TAIL * total)
    out["lower"] = (s[k] - s[start] + (c[start] + TAIL * total - c[k]) * x[k]) / (TAIL * total)
    k = np.searchsorted(c[1:], c[end] - TAIL * total)
    out["upper"] = (s[end] - s[k + 1] + (c[k + 1] - c[end] + TAIL * total) * x[k]) / (TAIL * total)
    return out


def pandas_groupby(rows: Rows) -> dict[str, np.ndarray]:
    """`groupby.apply` with a function on sorted arrays."""
    import pandas as pd

    frame = pd.DataFrame({"g": rows.occupation, "x": rows.fen / 100, "w": rows.weight / 1e4})

    def figures(cell: pd.DataFrame) -> pd.Series:
        order = np.argsort(cell["x"].to_numpy())
        x, w = cell["x"].to_numpy()[order], cell["w"].to_numpy()[order]
        c = np.cumsum(w)
        at = np.searchsorted(c, np.array(PROBS) * c[-1])
        t = TAIL * c[-1]
        low = np.clip(t - (c - w), 0, w)
        high = np.clip(t - (c[-1] - c), 0, w)
        figures = [(w * x).sum() / c[-1], *x[at], (low * x).sum() / t, (high * x).sum() / t]
        return pd.Series(figures, index=["mean", *NAMES, "lower", "upper"])

    table = frame.groupby("g")[["x", "w"]].apply(figures)
    return {"occupation": table.index.to_numpy(), **{c: table[c].to_numpy() for c in table}}


def statsmodels_cells(rows: Rows) -> dict[str, np.ndarray]:
    """`DescrStatsW` cell by cell; it has no tail means."""
    import pandas as pd
    from statsmodels.stats.weightstats import DescrStatsW

    frame = pd.DataFrame({"g": rows.occupation, "x": rows.fen / 100, "w": rows.weight / 1e4})
    codes, means, quantiles = [], [], []
    for code, cell in frame.groupby("g"):
        stats = DescrStatsW(cell["x"].to_numpy(), cell["w"].to_numpy())
        codes.append(code)
        means.append(stats.mean)
        quantiles.append(stats.quantile(PROBS, return_pandas=False))
    q = np.array(quantiles)
    return {
        "occupation": np.array(codes),
        "mean": np.array(means),
        **{n: q[:, i] for i, n in enumerate(NAMES)},
    }


def polars_frame(rows: Rows):
    """Rows as a polars frame, made outside the timing."""
    import polars as pl

    return pl.DataFrame({"occupation": rows.occupation, "x": rows.fen, "w": rows.weight})


def polars_table(frame, keys: tuple[str, ...] = ("occupation",)):
    """Sort once, then window sums and filters by expression, on integers."""
    import polars as pl

    by = list(keys) or [pl.lit(0).alias("all")]
    x, w = pl.col("x"), pl.col("w")
    c = w.cum_sum()
    total = w.sum()
    wf = w.cast(pl.Float64)
    t = TAIL * total
    low = pl.min_horizontal(wf, pl.max_horizontal(pl.lit(0.0), t - (c - w)))
    high = pl.min_horizontal(wf, pl.max_horizontal(pl.lit(0.0), t - (total - c)))
    return (
        frame.sort("x")
        .group_by(by, maintain_order=False)
        .agg(
            pl.len().alias("workers"),
            total.alias("weight"),
            ((wf * x).sum() / total / 100).alias("mean"),
            *(
                (x.filter(100 * c >= round(100 * p) * total).first() / 100).alias(n)
                for n, p in zip(NAMES, PROBS, strict=True)
            ),
            ((low * x).sum() / t / 100).alias("lower"),
            ((high * x).sum() / t / 100).alias("upper"),
        )
        .sort(list(keys) or ["all"])
    )


def duckdb_table(connection):
    """One window query; `connection` has a table `rows` (occupation, x fen, w)."""
    quantiles = ", ".join(
        f"min(x) FILTER (100 * c >= {round(100 * p)} * total) / 100.0 AS {n}"
        for n, p in zip(NAMES, PROBS, strict=True)
    )
    return connection.execute(f"""
        WITH s AS (
            SELECT occupation, x, w,
                   sum(w) OVER (PARTITION BY occupation ORDER BY x ROWS UNBOUNDED PRECEDING) AS c,
                   sum(w) OVER (PARTITION BY occupation) AS total
            FROM rows)
        SELECT occupation, count(*) AS workers, sum(w * x) / sum(w) / 100.0 AS mean, {quantiles},
               sum(least(w, greatest(0, {TAIL} * total - (c - w))) * x)
                 / ({TAIL} * any_value(total)) / 100.0 AS lower,
               sum(least(w, greatest(0, {TAIL} * total - (total - c))) * x)
                 / ({TAIL} * any_value(total)) / 100.0 AS upper
        FROM s GROUP BY occupation ORDER BY occupation""").fetchnumpy()
