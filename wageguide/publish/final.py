"""What forbids a release to be final."""

from __future__ import annotations

from datetime import date

from wageguide.errors import ReleaseError
from wageguide.publish.edition import Edition


def check_final(edition: Edition) -> None:
    """Refuse to mark an edition final while anything forbids it.

    Raises
    ------
    ReleaseError
        With every reason.
    """
    reasons = []
    day = edition.published_on
    if day is None:
        reasons.append("the policy gives no [release] published_on, the day of publication")
    elif day <= date(edition.year, 12, 31):
        reasons.append(
            f"[release] published_on = {day.isoformat()} is not after the end of {edition.year}"
        )
    if reasons:
        raise ReleaseError(
            "This release cannot be final, and nothing was written. Make a draft without "
            "--final, or remove what forbids it:",
            reasons,
        )
