"""A small survey as editing leaves it, and a policy to release it by."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from wageguide.policy import Policy, read_policy
from wageguide.survey.design import Design

POLICY = """
[release]
place_zh = "测试区"
place_en = "Test district"
title_zh = "工资价位"
title_en = "Wage prices"
scheme = "percentiles"
quantile = "inverted_cdf"
rounding_yuan = 10
price_basis_zh = "税前工资"
price_basis_en = "Wages before tax"
notice_zh = "合成数据"
notice_en = "Synthetic"
published_on = 2026-07-01

[errors]
se = "linearized"
interval = "mean"
seed = 1

[quality]
id = "test"
title_zh = "测试等级"
title_en = "Test grades"
evidence_zh = "测试用。"
evidence_en = "For tests."
rse_bound = "at_most"
without_error = "N"

[[quality.grade]]
code = "A"
label_zh = "好"
label_en = "good"
good = true
published = true
rse_max = 0.10

[[quality.grade]]
code = "D"
label_zh = "谨慎使用"
label_en = "use with caution"
good = false
published = true
rse_max = 0.30

[[quality.grade]]
code = "N"
label_zh = "误差不可估"
label_en = "error not estimable"
good = false
published = true

[[quality.grade]]
code = "x"
label_zh = "不发布"
label_en = "not published"
good = false
published = false

[[quality.floor]]
measure = "enterprises"
figures = "all"
at_least = 3
at_best = "D"

[disclosure]
method = "suppress"
owner = ""
min_enterprises = 1
min_workers = 1
dominance_n = 0
dominance_share = 1.0
p_percent = 0
weights_public = false
quantile_enterprises = 1
quantile_rounding_yuan = 1
top_code_yuan = 0
counts_multiple = 1
protect_share = 0.1
intruder_share = 0.5
cost = "workers"
exact_cells = 0
revision_enterprises = 1
audit_width = 0.05

[[table]]
id = "occupation"
by = ["occupation"]
title_zh = "分职业"
title_en = "By occupation"

[[table]]
id = "occupation_skill"
by = ["occupation", "skill_level"]
title_zh = "分职业和技能等级"
title_en = "By occupation and skill"

[[table]]
id = "education"
by = ["education"]
title_zh = "分学历"
title_en = "By education"
"""

OCCUPATIONS = ["2-02-07-01", "1-06-01-02", "2-02-10-03"]


@pytest.fixture
def policy(tmp_path) -> Policy:
    path = tmp_path / "policy.toml"
    path.write_text(POLICY, encoding="utf-8")
    return read_policy(path)


@pytest.fixture
def survey() -> SimpleNamespace:
    """60 workers; every fourth has no skill level. Only what `publish` reads of a survey."""
    rng = np.random.default_rng(20250101)
    n = 60
    workers = pd.DataFrame(
        {
            "enterprise_id": np.array(["E1", "E2", "E3"])[np.arange(n) % 3],
            "occupation": np.array(OCCUPATIONS)[rng.integers(0, 3, n)],
            "skill_level": [None if i % 4 == 0 else f"S{i % 3}" for i in range(n)],
            "education": np.array(["E3", "E1", "E2"])[rng.integers(0, 3, n)],
            "annual_wage": np.round(rng.lognormal(11.3, 0.5, n), 2),
            "weight": 1.0,
        }
    )
    account = pd.DataFrame(
        [
            ("received", "收到", "received", n + 2, "6000000.00"),
            ("used", "使用", "used", n, "5900000.00"),
            ("partial_year", "不满一年", "part of the year", 2, "100000.00"),
        ],
        columns=["line", "title_zh", "title_en", "rows", "yuan"],
    )
    return SimpleNamespace(
        workers=workers,
        design=Design(weight="weight", enterprise="enterprise_id"),
        weighting=None,
        set_aside=pd.DataFrame({"reason": ["partial_year", "partial_year"]}),
        changes=pd.DataFrame({"reason": ["unit_slip"]}),
        account=SimpleNamespace(frame=account, closes=True),
    )
