"""What a release says of the quality of its figures, and the record of every grade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wageguide.publish.notes import Note
from wageguide.publish.settings import ReleasePlan
from wageguide.publish.tables import PriceTable
from wageguide.tiers.grade_reasons import floor_text, why
from wageguide.tiers.quality import COUNTED, relative_error, tail_share

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.tiers.grading import GradeClass, Grading


def quality_notes(plan: ReleasePlan, tables: Sequence[PriceTable]) -> list[Note]:
    """Notes on sampling errors and grades, in printed order."""
    grading = plan.grading
    notes = [
        Note("抽样误差", "Sampling errors", *_halves(line)) for line in tables[0].tiers.error_notes
    ]
    notes.append(
        Note(
            "质量等级",
            "Quality grades",
            f"{grading.title_zh}。{grading.evidence_zh}",
            f"{grading.title_en}. {grading.evidence_en}",
        )
    )
    notes += [_class_note(grading, c) for c in grading.classes]
    for floor in grading.floors:
        text = floor_text(floor)
        notes.append(Note("等级下限", "Floor of grades", text.zh, text.en))
    notes.append(
        Note(
            "相对标准误和置信区间",
            "Errors and intervals",
            "编号带 b 的表列出每个数值的相对标准误（标准误除以估计值）和95%置信区间；"
            "“–”为误差不可估，或该数值未发布。",
            "The sheets numbered b hold the relative standard error of every figure (standard "
            "error over estimate) and its 95 % interval; – is an error that cannot be estimated, "
            "or a figure that is not published.",
        )
    )
    return notes


def _halves(line: str) -> tuple[str, str]:
    zh, _, en = line.partition(" · ")
    return zh, en


def _class_note(grading: Grading, grade: GradeClass) -> Note:
    within = "≤" if grading.rse_bound == "at_most" else "<"
    bound = "" if grade.rse_max is None else f"{within} {100 * grade.rse_max:g}%"
    zh = [grade.label_zh, *([f"相对标准误 {bound}"] if bound else [])]
    en = [grade.label_en, *([f"relative standard error {bound}"] if bound else [])]
    if not grade.published:
        zh.append("不发布数值")
        en.append("the figure is not shown")
    return Note(f"等级 {grade.code}", f"Grade {grade.code}", "；".join(zh), "; ".join(en))


def grade_record(tables: Sequence[PriceTable], grading: Grading) -> pd.DataFrame:
    """Every figure with its error, grade and the bounds that decided it; stays in the office.

    Returns
    -------
    DataFrame
        ``table``, ``cell`` (codes joined by |, empty for all workers), ``workers``,
        ``enterprises``, ``effective_enterprises``, ``df``, ``figure``, ``estimate``, ``se``,
        ``low``, ``high``, ``rse``, ``grade``, ``why_zh``, ``why_en``.
    """
    import pandas as pd

    rows = []
    for table in tables:
        shares = {"mean": None, **{t.name: tail_share(t) for t in table.tiers.scheme.tiers}}
        estimates = table.tiers.frame
        grades = table.grades
        for place, cell in enumerate(estimates.to_dict("records")):
            counts = {name: float(cell[column]) for name, column in COUNTED.items()}
            counted = {name: cell[name] for name in (*COUNTED.values(), "df")}
            for figure, share in shares.items():
                rse = float(relative_error(cell[figure], cell[f"se_{figure}"]))
                reason = why(
                    grading,
                    rse=rse,
                    df=float(cell["df"]),
                    share=share,
                    **counts,
                )
                rows.append(
                    {
                        "table": table.settings.id,
                        "cell": "|".join(str(cell[key]) for key in table.settings.by),
                        **counted,
                        "figure": figure,
                        "estimate": cell[figure],
                        **{part: cell[f"{part}_{figure}"] for part in ("se", "low", "high")},
                        "rse": rse,
                        "grade": grades[figure][place],
                        "why_zh": reason.zh,
                        "why_en": reason.en,
                    }
                )
    return pd.DataFrame(rows)
