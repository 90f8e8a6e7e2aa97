"""What may be wrong with a payroll plan, besides what may be wrong with any form."""

from __future__ import annotations

from wageguide.survey.reasons import Reason

PLAN_REASONS = {
    "period_unknown": Reason(
        "error",
        "期间无法识别",
        "period not understood",
        "{label}“{value}”不是月份；请写成 2026-03，全年计划写成 2026",
        "{label} {value!r} is no month; write 2026-03, or 2026 for a plan of the whole year",
    ),
    "period_mixed": Reason(
        "error",
        "月份与计划期间不符",
        "month outside the plan",
        "月份“{value}”不在计划期间 {detail} 之内；请核对，或另报一份计划",
        "month {value!r} is outside the period {detail} of the plan; correct it, or send it in a "
        "plan of its own",
    ),
    "place_unknown": Reason(
        "error",
        "地点无法识别",
        "place not known",
        "{label}“{value}”不是已知地点；请填写行政区划代码，如 320115",
        "{label} {value!r} is no known place; give its code, such as 320115",
    ),
    "amount_negative": Reason(
        "error",
        "金额为负",
        "negative amount",
        "{label}为负数 {value}；请核对，扣款请填在扣款栏",
        "{label} is negative, {value}; correct it, and put deductions into their own columns",
    ),
    "amount_not_number": Reason(
        "error",
        "金额不是数字",
        "amount is no number",
        "{label}“{value}”不是数字；请只填数字",
        "{label} {value!r} is no number; give a number alone",
    ),
    "hours_impossible": Reason(
        "error",
        "工时或天数不可能",
        "impossible hours or days",
        "{label} {value} 不可能，最多 {detail}；请核对",
        "{label} {value} is impossible, at most {detail}; correct it",
    ),
    "worker_month_twice": Reason(
        "error",
        "同一人员同一月份重复",
        "worker and month twice",
        "人员“{value}”在 {detail} 出现多行；请合并为一行",
        "worker {value!r} stands in several rows for {detail}; make them one",
    ),
    "answer_unusable": Reason(
        "error",
        "必填项无法使用",
        "required answer not usable",
        "{label}“{value}”缺失或不在代码表中；请按填表说明填写",
        "{label} {value!r} is missing or not in the code list; fill it in as the form says",
    ),
}
