"""What occupations too thin for their own figure are offered; a file for the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wageguide.analysis.pooling import pool_small_cells
from wageguide.analysis.shrinkage import shrink_small_cells
from wageguide.errors import InputError
from wageguide.publish.settings import ReleasePlan

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.survey.survey import Survey

_MODEL = ("typical_wage", "low_typical_wage", "high_typical_wage", "gamma")


def small_cell_offers(survey: Survey, plan: ReleasePlan) -> pd.DataFrame:
    """Pooled and model-assisted figures of the thin occupations, each with its mark.

    Returns
    -------
    DataFrame
        One row an occupation: its counts, the level pooled to, the group's figures with
        their errors, ``pooled_mark_zh`` and ``pooled_mark_en``; then the model's typical
        wage, its limits and the weight ``gamma`` of the occupation's own rows, with
        ``model_mark_zh`` and ``model_mark_en``. The model's columns are empty where no
        model can be fitted, and the marks say so.
    """
    assert plan.small_cells is not None
    pooled = pool_small_cells(
        survey,
        rule=plan.small_cells,
        scheme=plan.scheme,
        quantile=plan.settings.quantile,
        se=plan.errors,
        on_bad_rows="set_aside",
    ).small.rename(columns={"mark_zh": "pooled_mark_zh", "mark_en": "pooled_mark_en"})
    try:
        model = shrink_small_cells(survey, rule=plan.small_cells, on_bad_rows="set_aside").frame
    except InputError as error:
        none = dict.fromkeys(_MODEL, float("nan"))
        marks = {"model_mark_zh": f"无法拟合模型：{error}", "model_mark_en": f"no model: {error}"}
        return pooled.assign(**none, **marks)
    columns = {"mark_zh": "model_mark_zh", "mark_en": "model_mark_en"}
    model = model[["occupation", *_MODEL, *columns]].rename(columns=columns)
    return pooled.merge(model, on="occupation", how="left", validate="one_to_one")
