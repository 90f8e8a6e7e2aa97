"""The `[disclosure]` section of a policy: by which rules a release is protected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wageguide.errors import PolicyError
from wageguide.policy import Policy

#: How rows that are not safe are dealt with.
#:
#: ``suppress`` keeps them, and as many others as it takes, confidential.
#: ``quantiles_only`` prints no counts and no means, so that nothing adds up; only the rows
#: that are unsafe themselves are kept confidential.
Method = Literal["suppress", "quantiles_only"]
#: What it costs to keep a row confidential.
Cost = Literal["workers", "payroll", "rows"]


@dataclass(frozen=True)
class DisclosureSettings:
    """Rules of protection; they are the office's and have no defaults.

    Attributes
    ----------
    method
        What is done about unsafe rows.
    owner
        Column that names the owner of an enterprise, so that enterprises of one owner
        count as one; empty where no such column is known.
    min_enterprises, min_workers
        A row shows figures of at least so many enterprises and workers surveyed.
    dominance_n, dominance_share
        Unsafe where the largest n hold more than this share of the payroll; n = 0 is no
        such rule.
    p_percent
        Unsafe where one enterprise could work out another's payroll to within so many per
        cent; 0 is no such rule.
    weights_public
        Whether an enterprise may know the weights of the others.
    quantile_enterprises
        A quantile or tail mean rests on at least so many enterprises on each side of it.
    quantile_rounding_yuan
        Smallest unit to which a release must round, so that no quantile is one person's
        exact wage.
    top_code_yuan
        Tiers above it are not printed; 0 is no such bound.
    counts_multiple
        Counts of workers are printed as multiples of this; 1 is no rounding.
    protect_share
        Share of a row's value by which it must stay uncertain, up and down, where it is
        unsafe by a count or by dominance. The p % rule has a width of its own.
    intruder_share
        Every value is assumed to be known beforehand to within this share.
    cost
        What is to be lost as little of as possible.
    exact_cells
        Blocks of at most so many rows are solved exactly.
    revision_enterprises
        A row of a second edition of the same year is not printed where the enterprises in
        it changed by fewer than this, but changed.
    audit_width
        Share of its middle below which an interval worked out by an attacker counts as
        found out.
    """

    method: Method
    owner: str
    min_enterprises: int
    min_workers: int
    dominance_n: int
    dominance_share: float
    p_percent: float
    weights_public: bool
    quantile_enterprises: int
    quantile_rounding_yuan: int
    top_code_yuan: int
    counts_multiple: int
    protect_share: float
    intruder_share: float
    cost: Cost
    exact_cells: int
    revision_enterprises: int
    audit_width: float

    def __post_init__(self) -> None:
        wrong = [
            f"{name} = {getattr(self, name)} should be {least} or more"
            for name, least in (
                ("min_enterprises", 1),
                ("min_workers", 1),
                ("dominance_n", 0),
                ("p_percent", 0),
                ("quantile_enterprises", 1),
                ("quantile_rounding_yuan", 1),
                ("top_code_yuan", 0),
                ("counts_multiple", 1),
                ("exact_cells", 0),
                ("revision_enterprises", 1),
            )
            if getattr(self, name) < least
        ]
        wrong += [
            f"{name} = {getattr(self, name)} is a share: 0.85 for eighty-five per cent"
            for name in ("dominance_share", "protect_share", "intruder_share", "audit_width")
            if not 0 < getattr(self, name) <= 1
        ]
        if self.protect_share > self.intruder_share:
            wrong.append(
                f"protect_share = {self.protect_share} is more than intruder_share = "
                f"{self.intruder_share}, which the reader is assumed to know already"
            )
        if wrong:
            raise PolicyError("[disclosure] cannot be used:", wrong)


def read_disclosure(policy: Policy) -> DisclosureSettings:
    """Read and check the rules of protection.

    Raises
    ------
    PolicyError
        With every unknown, missing or impossible setting.
    """
    return policy.section("disclosure", DisclosureSettings)
