"""The numbers of editing that an office decides: section `[editing]` of the policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wageguide.errors import PolicyError


@dataclass(frozen=True)
class EditingPolicy:
    """Bounds for checks and decisions; none has a default.

    Attributes
    ----------
    age_min, age_max
        Possible ages, both included.
    weekly_hours_max
        Possible hours a week, included; more than 0 always.
    pay_sum_tolerance
        Yuan by which the parts of pay may miss `annual_wage`, included.
    annual_wage_min, annual_wage_max
        Plausible wages of a full year, yuan, both included.
    slip_return_low, slip_return_high
        Plausible ratio of a return's usual wage to what the same occupations are paid in
        the other returns, both included.
    slip_row_low, slip_row_high
        The same for one worker.
    slip_suspect
        Ratio to the usual wage below which a wrong unit is suspected.
    slip_min_returns
        Other returns that an occupation needs to have a usual wage of its own.
    outlier_method
        ``log_median_mad``: distance from the occupation's middle log wage, in robust
        standard deviations (1.4826 × the median absolute deviation).
    outlier_min_rows
        Rows that an occupation needs to be looked at for outliers.
    outlier_flag, outlier_set_aside
        Robust standard deviations beyond which a wage is flagged (and kept), and set aside.
    """

    age_min: int
    age_max: int
    weekly_hours_max: float
    pay_sum_tolerance: float
    annual_wage_min: float
    annual_wage_max: float
    slip_return_low: float
    slip_return_high: float
    slip_row_low: float
    slip_row_high: float
    slip_suspect: float
    slip_min_returns: int
    outlier_method: Literal["log_median_mad"]
    outlier_min_rows: int
    outlier_flag: float
    outlier_set_aside: float

    def __post_init__(self) -> None:
        pairs = (
            ("age_min", "age_max"),
            ("annual_wage_min", "annual_wage_max"),
            ("slip_return_low", "slip_return_high"),
            ("slip_row_low", "slip_row_high"),
            ("outlier_flag", "outlier_set_aside"),
        )
        problems = [
            f"{low} = {getattr(self, low)} must be below {high} = {getattr(self, high)}"
            for low, high in pairs
            if not getattr(self, low) < getattr(self, high)
        ]
        positive = ("annual_wage_min", "slip_return_low", "slip_row_low", "outlier_flag")
        problems += [
            f"{name} = {getattr(self, name)} must be above 0"
            for name in positive
            if not getattr(self, name) > 0
        ]
        if self.pay_sum_tolerance < 0:
            problems.append(f"pay_sum_tolerance = {self.pay_sum_tolerance} must not be negative")
        if problems:
            raise PolicyError("The policy section [editing] contradicts itself:", problems)
