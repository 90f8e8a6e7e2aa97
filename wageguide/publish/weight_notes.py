"""What a release says of its weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wageguide.publish.notes import Note
from wageguide.survey.totals import FRAME_PREFIX

if TYPE_CHECKING:
    from wageguide.survey.weighting import Weighting

_METHODS = {
    "poststratify": ("事后分层", "post-stratification"),
    "raking": ("迭代调整", "raking"),
    "linear": ("线性（广义回归）校准", "linear (GREG) calibration"),
}


def weight_notes(weighting: Weighting) -> list[Note]:
    """Notes on sample, non-response, calibration and the spread of weights, in printed order."""
    e = weighting.enterprises
    rate = e["responded"] / e["selected"]
    final = weighting.weights.iloc[-1]
    least, middle, most = (f"{final[n]:,.3g}" for n in ("least", "median", "most"))
    effect = final["design_effect"]
    merged = int(weighting.classes["merged"].sum())
    notes = [
        Note(
            "样本",
            "Sample",
            f"抽样框 {e['frame']:,} 户企业，抽中 {e['selected']:,} 户，回答 {e['responded']:,} 户"
            f"（{rate:.1%}），其中无统计对象 {e['out_of_scope']:,} 户。",
            f"Of {e['frame']:,} enterprises in the frame {e['selected']:,} were selected and "
            f"{e['responded']:,} responded ({rate:.1%}), {e['out_of_scope']:,} of them without a "
            "worker in scope.",
        ),
        Note(
            "无回答调整",
            "Non-response",
            f"在 {len(weighting.classes):,} 个调整组内由回答企业代表未回答企业"
            f"（其中合并组 {merged:,} 个）。",
            "Respondents stand in for silent enterprises of their class; "
            f"{len(weighting.classes):,} classes, {merged:,} of them merged.",
        ),
    ]
    if weighting.method:
        zh, en = _METHODS[weighting.method]
        gap = f"{weighting.largest_gap:.0e}"
        margins = [
            *dict.fromkeys(name.removeprefix(FRAME_PREFIX) for name in weighting.margins["margin"])
        ]
        notes.append(
            Note(
                "校准",
                "Calibration",
                f"{zh}，校准到总体人数：{'、'.join(margins)}；最大相对差 {gap}，达到界限 "
                f"{weighting.at_bounds:,} 行。",
                f"{en[0].upper()}{en[1:]} to population totals: {', '.join(margins)}; largest "
                f"relative gap {gap}, {weighting.at_bounds:,} rows at a bound.",
            )
        )
    cap_zh = "" if np.isnan(weighting.cap) else f"；上限 {weighting.cap:,.4g}"
    cap_en = "" if np.isnan(weighting.cap) else f"; none above {weighting.cap:,.4g}"
    notes.append(
        Note(
            "权数范围",
            "Range of weights",
            f"{least} 至 {most}，中位数 {middle}{cap_zh}；不等权设计效应 {effect:.3f}。",
            f"{least} to {most}, median {middle}{cap_en}; design effect of unequal weights "
            f"{effect:.3f}.",
        )
    )
    return notes
