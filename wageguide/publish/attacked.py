"""The last step: a release is attacked, and not put in place if that succeeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wageguide.disclosure.attack_files import read_published
from wageguide.disclosure.audit import Audit, audit
from wageguide.disclosure.published import PublishedTable
from wageguide.errors import ReleaseError
from wageguide.survey.code_levels import CODE_LEVELS

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.disclosure.settings import DisclosureSettings
    from wageguide.publish.protected import Protected

#: Findings that an error message lists.
_SAID = 20


def attack_release(
    folder: Path,
    options: Mapping[str, Any],
    workers: pd.DataFrame,
    protected: Protected,
    rules: DisclosureSettings,
    earlier: Sequence[Path],
) -> Audit:
    """Attack the public files of a release as a reader who knows more than any reader does.

    That reader knows every confidential value to within the policy's ``intruder_share``, and
    all of the workers that lack a key.

    Parameters
    ----------
    folder
        Folder of the release, with its open data.
    options
        Options that its manifest will have.
    workers
        The surveyed workers, from which those that lack a key are added.
    protected
        What is confidential, and how uncertain it must stay.
    rules
        The rules.
    earlier
        Folders of earlier releases.

    Raises
    ------
    ReleaseError
        With what was found out.
    """
    tables = [_with_left_out(t, workers) for t in read_published(folder, options)]
    found = audit(
        tables,
        width=rules.audit_width,
        earlier=[read_published(path) for path in earlier],
        few=rules.revision_enterprises,
        needed=protected.needed,
        levels=CODE_LEVELS,
    )
    if not found.passed:
        lines = [
            f"{line['table']} {line['keys']}: {line['measure']}, {line['why_zh']} {line['why_en']}"
            for line in found.findings.head(_SAID).to_dict("records")
        ]
        more = len(found.findings) - len(lines)
        raise ReleaseError(
            f"An attack on the finished release found out {len(found.findings):,} confidential "
            "figures, so it was not written. Make the rules of [disclosure] stricter, print "
            "fewer tables, or wait until more enterprises have changed:",
            [*lines, *([f"and {more:,} more"] if more else [])],
        )
    return found


def _with_left_out(table: PublishedTable, workers: pd.DataFrame) -> PublishedTable:
    """The table with the workers that lack one of its keys, as if they were printed."""
    import pandas as pd

    keys = workers[list(table.by)].astype("string").fillna("")
    lack = (keys == "").any(axis=1)
    if not table.by or not lack.any():
        return table
    rest = keys[lack].assign(
        weight=workers.loc[lack, "weight"],
        payroll=workers.loc[lack, "weight"] * workers.loc[lack, "annual_wage"],
    )
    sums = rest.groupby(list(table.by), as_index=False, observed=True).sum()
    sums["mean"] = np.where(sums["weight"] > 0, sums["payroll"] / sums["weight"], 0.0)
    # They are no row of the release: whether they are many enterprises' is not asked.
    sums = sums.drop(columns="payroll").assign(mark="", enterprises=np.inf)
    frame = pd.concat([table.frame, sums], ignore_index=True)
    return PublishedTable(table.id, table.year, table.by, frame, table.rounding)
