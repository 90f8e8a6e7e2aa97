"""Every exception that `wageguide` raises on purpose.

A message has four parts in this order: what was asked, what was found, what would be
right, what to do. Where one file or frame has several problems, `problems` lists them
all and the message prints them one a line.
"""

from __future__ import annotations

from collections.abc import Sequence


class WageguideError(Exception):
    """Base class: catching it catches everything that this package raises on purpose."""

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *(f"  - {p}" for p in self.problems)]))


class InputError(WageguideError, ValueError):
    """A file, frame or option that cannot be used as it is."""


class SurveyError(InputError):
    """Survey returns from which no survey can be made."""


class WeightError(InputError):
    """A frame, a design or population totals from which no weights can be made."""


class SchemeError(InputError):
    """A scheme, quantile rule or probability that is unknown or contradicts itself."""


class PolicyError(InputError):
    """A policy file with an unknown, missing or impossible setting."""


class LawError(InputError):
    """Law data that contradict themselves, or a value that is not there to be looked up."""


class ComparisonError(InputError):
    """Two tables that do not measure the same thing."""


class ReleaseError(WageguideError, RuntimeError):
    """A release that cannot be written where it was asked for."""


class OfferError(InputError):
    """An offer, roster or assumption that cannot be costed as it is written."""
