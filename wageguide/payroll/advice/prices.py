"""Lowest and highest price of each occupation, from the tables of a release."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from wageguide.errors import InputError

_FILE = "prices_long.csv"
_NEEDED = {"key1", "code1", "key2", "measure", "value"}


def read_prices(release: Path | str) -> pd.DataFrame:
    """Prices by occupation.

    Returns
    -------
    DataFrame
        ``low`` and ``high`` (10th and 90th percentile, yuan a year), indexed by occupation.
        An occupation without a published figure is left out.

    Raises
    ------
    InputError
        If the folder holds no such table.
    """
    folder = Path(release)
    path = next((p for p in (folder / "tables" / _FILE, folder / _FILE) if p.is_file()), None)
    if path is None:
        raise InputError(f"{folder} holds no {_FILE}; give the folder of a release.")
    table = pd.read_csv(path, encoding="utf-8-sig", dtype={"code1": "str", "key2": "str"})
    if missing := sorted(_NEEDED - set(table.columns)):
        raise InputError(f"{path.name} has no column {', '.join(missing)}.")
    mine = table["key1"].eq("occupation") & table["key2"].isna() & table["code1"].notna()
    wide = table[mine].pivot_table(index="code1", columns="measure", values="value")
    if not {"p10", "p90"} <= set(wide.columns):
        raise InputError(f"{path.name} has no p10 and p90 of occupations to compare wages with.")
    prices = wide[["p10", "p90"]].set_axis(["low", "high"], axis=1).dropna()
    prices.index.name = "occupation"
    return prices
