"""Match returns with the frame: who is not in it, or was not drawn, is not used."""

from __future__ import annotations

from wageguide.survey.checks import Checked
from wageguide.survey.frame import Frame
from wageguide.survey.reasons import Note


def match(checked: Checked, frame: Frame) -> None:
    """Note and set aside enterprises that are not in the frame, or were not selected."""
    workers = checked.survey.workers
    known = frame.table.set_index("enterprise_id")["selected"]
    present = workers["enterprise_id"].notna()
    outside = present & ~workers["enterprise_id"].isin(known.index)
    unselected = present & workers["enterprise_id"].isin(known.index[~known])
    reasons = {"enterprise_not_in_frame": outside, "enterprise_not_selected": unselected}
    for reason, rows in reasons.items():
        pairs = workers.loc[rows, ["file", "enterprise_id"]].drop_duplicates()
        for file, identity in pairs.itertuples(index=False):
            checked.notes.append(
                Note(file, "", 0, "enterprise_id", identity, reason, frame.source.name)
            )
        checked.put_aside(rows.to_numpy(), reason)
