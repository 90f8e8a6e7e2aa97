"""Every number that shapes the district, in one place."""

from __future__ import annotations

from dataclasses import dataclass

#: The panel starts here; a later year is reached by ageing the district year by year.
FIRST_YEAR = 2021
LAST_YEAR = 2026
SAMPLE_YEAR = 2025
SAMPLE_ENTERPRISES = 60
SAMPLE_WORKERS = 4_000
SEED = 320115

#: Monthly minimum wage of Jiangning (class I of Jiangsu) that held on 1 January of the year,
#: or for most of it, yuan. Notices 苏人社发〔2018〕173号 (2,020 until July 2021),
#: 苏人社发〔2021〕72号 (2,280 from 2021-08-01), the 2024 notice (2,490 from 2024-01-01) and
#: 苏人社规〔2025〕3号 (2,660 from 2026-01-01), all read in secondary copies.
MINIMUM_WAGE = {2021: 2_020, 2022: 2_280, 2023: 2_280, 2024: 2_490, 2025: 2_490, 2026: 2_660}

#: Yearly growth of the general wage level, invented; the level of 2025 is 1.
WAGE_GROWTH = {2022: 0.055, 2023: 0.045, 2024: 0.042, 2025: 0.040, 2026: 0.038}

WORKER_TURNOVER = 0.12
ENTERPRISE_TURNOVER = 0.03
PARTIAL_YEAR = 0.06


@dataclass(frozen=True)
class FaultShares:
    """Shares of planted faults: rows of a return, or files of a delivery.

    The single faults of rows exclude each other, so that every planted fault can be found by
    its own reason. `file_*` are shares of enterprises whose whole return has the property.
    """

    unit_slip_row: float = 0.003
    text_number: float = 0.012
    pay_sum_mismatch: float = 0.004
    value_missing: float = 0.004
    value_not_number: float = 0.002
    age_impossible: float = 0.003
    hours_impossible: float = 0.003
    months_impossible: float = 0.002
    code_unknown: float = 0.004
    wage_negative: float = 0.0012
    wage_zero: float = 0.0012
    wage_implausible: float = 0.0008
    wage_outlier: float = 0.0015
    formula_text: float = 0.0015
    row_duplicate: float = 0.003
    row_empty: float = 0.003
    file_unit_slip: float = 0.06
    file_unit_declared: float = 0.05
    file_row_total: float = 0.30


SHARES = FaultShares()
