"""A review as a file: workbook, CSV or JSON Lines, whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd

from wageguide.errors import InputError
from wageguide.payroll.result import Review
from wageguide.publish.opendata import write_frame
from wageguide.publish.review_book import write_review_workbook
from wageguide.publish.settings import Lang

FORMS = (".xlsx", ".csv", ".jsonl")


def write_review(review: Review, out: Path | str, *, lang: Lang = "zh") -> None:
    """Write a review.

    Parameters
    ----------
    review
        What was found.
    out
        ``.xlsx``: a workbook; ``.csv``: the findings; ``.jsonl``: for machines, one line an
        enterprise, finding or open question, told apart by ``kind``.
    lang
        Language of the workbook.

    Raises
    ------
    InputError
        If the ending is none of these.
    """
    out = Path(out)
    check_form(out)
    beside = out.with_name(f".{out.name}.part")
    try:
        if out.suffix == ".xlsx":
            write_review_workbook(beside, review, lang)
        elif out.suffix == ".csv":
            write_frame(beside, review.findings)
        else:
            _write_lines(beside, review)
        os.replace(beside, out)
    finally:
        beside.unlink(missing_ok=True)


def check_form(out: Path) -> None:
    """Refuse a file of another kind, before the work is done."""
    if out.suffix not in FORMS:
        raise InputError(f"A review is written as {', '.join(FORMS)}; {out.name} is none of these.")
    if not out.parent.is_dir():
        raise InputError(f"There is no folder {out.parent} to write {out.name} into.")


def _write_lines(path: Path, review: Review) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        head: dict[str, object] = {
            "kind": "review",
            "law_version": review.law_version,
            "own_law": review.own_law,
            "assumed": dict(review.assumed),
            "marks": [zh for zh, _ in review.marks],
            **review.totals,
        }
        file.write(_line(head))
        for kind, frame in (
            ("enterprise", review.enterprises),
            ("finding", review.findings),
            ("not_checkable", review.not_checkable),
            ("problem", review.plan.findings.frame),
        ):
            for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
                file.write(_line({"kind": kind} | {str(k): v for k, v in row.items()}))


def _line(record: dict[str, object]) -> str:
    plain = {k: _plain(v) for k, v in record.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=False) + "\n"


def _plain(value: object) -> object:
    if hasattr(value, "item"):
        return value.item()
    return None if value is pd.NA else value
