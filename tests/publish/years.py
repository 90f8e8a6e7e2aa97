"""An edition with changes and a series, made up from its own figures."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from wageguide.publish.edition import Edition
from wageguide.publish.opendata import long_frame


def two_years(edition: Edition) -> Edition:
    """Last year everything was a tenth lower; odd rows changed within the error."""
    changes = {}
    for table in edition.tables:
        frame = table.frame[list(table.settings.by)].copy()
        frame["cell"] = "both"
        odd = pd.Series(range(len(frame))) % 2 == 1
        for figure in table.figures:
            shown = table.frame[figure].notna()
            frame[f"growth_{figure}"] = pd.Series(0.111).repeat(len(frame)).to_numpy()
            frame.loc[~shown, f"growth_{figure}"] = float("nan")
            frame[f"low_growth_{figure}"] = frame[f"growth_{figure}"] - odd * 0.2 - 0.01
            frame[f"high_growth_{figure}"] = frame[f"growth_{figure}"] + odd * 0.2 + 0.01
            frame[f"reading_{figure}"] = [
                "" if not s else "noise" if o else "up" for s, o in zip(shown, odd, strict=True)
            ]
        changes[table.settings.id] = frame
    now = long_frame(edition.tables, edition.year)
    now = now[[c for c in now if not c.startswith("name")]].drop(columns=["unit"])
    now = now.drop(columns=["rse", "low", "high", "grade"])
    now["scheme"], now["status"] = edition.plan.scheme.id, "provisional"
    then = now.assign(reference_year=edition.year - 1, status="final")
    counts = then["measure"].isin(["workers", "enterprises", "weight"])
    then["value"] = then["value"].where(counts, (then["value"] * 0.9 / 10).round() * 10)
    series = pd.concat([then, now], ignore_index=True)
    return replace(edition, changes=changes, series=series)
