"""Why a figure has its grade, in words."""

from __future__ import annotations

import math
from typing import NamedTuple

from wageguide.tiers.grade_places import (
    LEAST_DF,
    NO_SPREAD,
    Share,
    as_columns,
    floors_for,
    grade_by_error,
    grades,
    needed,
    shorter_side,
)
from wageguide.tiers.grading import Floor, Grading


class Why(NamedTuple):
    """What decided a grade, in both languages."""

    zh: str
    en: str


def why(
    grading: Grading,
    *,
    rse: float,
    df: float,
    workers: float,
    enterprises: float,
    effective: float,
    share: Share = None,
) -> Why:
    """Tell which bounds decided the grade of one figure; see `grades`.

    All that would have led to this grade by itself is named; of several floors of one
    measure, the highest.

    >>> from wageguide.tiers.grade_files import load_grading
    >>> cn = load_grading("cn_enterprise")
    >>> print(why(cn, rse=0.0001, df=1, workers=300, enterprises=2, effective=1.9).en)
    x, unreliable, not published: 2 enterprises, at least 3 needed
    """
    counts = {"workers": workers, "enterprises": enterprises, "effective": effective}
    place = int(grades(grading, rse=rse, df=df, share=share, **counts))
    counts |= {"df": df, "tail": workers}
    missed = [
        floor
        for floor in floors_for(grading, share)
        if grading.place(floor.at_best) == place
        and not counts[floor.measure] >= needed(floor, share)
    ]
    # Of two floors of enterprises, the higher one says what is needed.
    of_measure = {f.measure: f for f in sorted(missed, key=lambda f: f.at_least)}
    reasons = [
        _floor_reason(floor, counts[floor.measure], share)
        for floor in missed
        if floor is of_measure[floor.measure]
    ]
    if int(grade_by_error(grading, *as_columns(rse, df))) == place:
        reasons.insert(0, _error_reason(grading, place, rse, df))
    given = grading.classes[place]
    return Why(
        f"{given.code} {given.label_zh}：" + "；".join(r.zh for r in reasons),
        f"{given.code}, {given.label_en}: " + "; ".join(r.en for r in reasons),
    )


def _floor_reason(floor: Floor, count: float, share: Share) -> Why:
    least = f"{floor.at_least:g}"
    if math.isnan(count):
        return Why(f"{_COUNTED[floor.measure].zh}不明", f"{_COUNTED[floor.measure].en} not known")
    if floor.measure == "tail":
        shorter = shorter_side(share)
        tail = f"{count * float(shorter):.6g}"
        return Why(
            f"较短一侧 {tail} 人（{count:g} 人的 {100 * float(shorter):g}%），至少应有 {least} 人",
            f"{tail} workers on the shorter side ({100 * float(shorter):g} % of {count:g}), "
            f"at least {least} needed",
        )
    named = _COUNTED[floor.measure]
    return Why(
        f"{named.zh} {count:.6g}，至少应为 {least}",
        f"{count:.6g} {named.en}, at least {least} needed",
    )


_COUNTED = {
    "workers": Why("人数", "workers"),
    "enterprises": Why("企业数", "enterprises"),
    "df": Why("自由度", "degrees of freedom"),
    "effective": Why("等效企业数", "effective enterprises"),
    "tail": Why("人数", "workers"),
}


def _error_reason(grading: Grading, place: int, rse: float, df: float) -> Why:
    if rse <= NO_SPREAD:
        return Why("标准误为 0，不作精确论", "the standard error is 0, which is no precision")
    if not math.isfinite(rse):
        return Why("没有标准误", "there is no standard error")
    if not df >= LEAST_DF:
        return Why(
            f"标准误的自由度 {df:g}，不足 {LEAST_DF}",
            f"the standard error has {df:g} degrees of freedom, fewer than {LEAST_DF}",
        )
    found = f"{100 * rse:.6g}%"
    bound = grading.classes[place].rse_max
    inclusive = grading.rse_bound == "at_most"
    if bound is None:
        last = max(c.rse_max for c in grading.classes if c.rse_max is not None)
        over = Why("超过", "over") if inclusive else Why("不低于", "not below")
        return Why(
            f"相对标准误 {found}，{over.zh} {100 * last:g}%",
            f"RSE {found}, {over.en} {100 * last:g}%",
        )
    within = Why("不超过", "at most") if inclusive else Why("低于", "below")
    return Why(
        f"相对标准误 {found}，{within.zh} {100 * bound:g}%",
        f"RSE {found}, {within.en} {100 * bound:g}%",
    )


def floor_text(floor: Floor) -> Why:
    """What a floor asks, for the notes of a table.

    >>> floor_text(Floor("enterprises", "quantiles", 5, "x")).en
    'Quantiles: fewer than 5 enterprises give grade x at best.'
    """
    figures = {"all": Why("各项", "All figures"), "quantiles": Why("分位数", "Quantiles")}
    named = figures[floor.figures]
    if floor.measure == "tail":
        counted = Why("较短一侧人数 n·min(p, 1−p)", "workers on the shorter side, n min(p, 1-p),")
    else:
        counted = _COUNTED[floor.measure]
    return Why(
        f"{named.zh}：{counted.zh}少于 {floor.at_least:g} 时，最高为 {floor.at_best} 级。",
        f"{named.en}: fewer than {floor.at_least:g} {counted.en} give grade {floor.at_best} "
        "at best.",
    )
