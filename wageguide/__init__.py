"""Compute, check and negotiate wages from evidence. `import wageguide as wg`.

The public names below are loaded when they are first used, so that a command which needs
no data frame does not wait for pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wageguide.analysis.gap import decompose_gap as decompose_gap
    from wageguide.analysis.gap_reweight import decompose_quantile_gap as decompose_quantile_gap
    from wageguide.analysis.inequality import inequality as inequality
    from wageguide.analysis.pooling import pool_small_cells as pool_small_cells
    from wageguide.analysis.shrinkage import shrink_small_cells as shrink_small_cells
    from wageguide.analysis.small_cells import SmallCells as SmallCells
    from wageguide.analysis.sums import estimate_ratios as estimate_ratios
    from wageguide.analysis.sums import estimate_totals as estimate_totals
    from wageguide.disclosure.attack_files import read_published as read_published
    from wageguide.disclosure.audit import Audit as Audit
    from wageguide.disclosure.audit import audit as audit
    from wageguide.disclosure.protect import Protection as Protection
    from wageguide.disclosure.protect import protect as protect
    from wageguide.disclosure.settings import read_disclosure as read_disclosure
    from wageguide.errors import WageguideError as WageguideError
    from wageguide.law.law import Law as Law
    from wageguide.law.load import read_law as read_law
    from wageguide.payroll.plan import Plan as Plan
    from wageguide.payroll.read import read_plan as read_plan
    from wageguide.payroll.result import Review as Review
    from wageguide.payroll.review import review as review
    from wageguide.payroll.stream import review_file as review_file
    from wageguide.policy import Policy as Policy
    from wageguide.policy import read_policy as read_policy
    from wageguide.publish.notices import write_notices as write_notices
    from wageguide.publish.release import make_release as make_release
    from wageguide.publish.review_files import write_review as write_review
    from wageguide.survey.design import Calibration as Calibration
    from wageguide.survey.design import Design as Design
    from wageguide.survey.design import ReplicateWeights as ReplicateWeights
    from wageguide.survey.edit import edit as edit
    from wageguide.survey.findings import Findings as Findings
    from wageguide.survey.frame import read_frame as read_frame
    from wageguide.survey.kept import KeptSurvey as KeptSurvey
    from wageguide.survey.kept import load_survey as load_survey
    from wageguide.survey.read import read_survey as read_survey
    from wageguide.survey.survey import Survey as Survey
    from wageguide.survey.validate import validate as validate
    from wageguide.survey.weight import weigh as weigh
    from wageguide.tiers.compare import Comparison as Comparison
    from wageguide.tiers.compare_surveys import compare_surveys as compare_surveys
    from wageguide.tiers.compare_surveys import decompose_change as decompose_change
    from wageguide.tiers.correspondence import read_correspondence as read_correspondence
    from wageguide.tiers.estimate import estimate_tables as estimate_tables
    from wageguide.tiers.estimate import estimate_tiers as estimate_tiers
    from wageguide.tiers.grade_files import load_grading as load_grading
    from wageguide.tiers.quality import graded as graded
    from wageguide.tiers.scheme import Scheme as Scheme
    from wageguide.tiers.scheme import load_scheme as load_scheme
    from wageguide.tiers.table import TierFacts as TierFacts
    from wageguide.tiers.table import TierTable as TierTable

_HOMES = {
    "decompose_gap": "analysis.gap",
    "decompose_quantile_gap": "analysis.gap_reweight",
    "inequality": "analysis.inequality",
    "pool_small_cells": "analysis.pooling",
    "shrink_small_cells": "analysis.shrinkage",
    "SmallCells": "analysis.small_cells",
    "estimate_ratios": "analysis.sums",
    "estimate_totals": "analysis.sums",
    "read_published": "disclosure.attack_files",
    "Audit": "disclosure.audit",
    "audit": "disclosure.audit",
    "Protection": "disclosure.protect",
    "protect": "disclosure.protect",
    "read_disclosure": "disclosure.settings",
    "WageguideError": "errors",
    "Law": "law.law",
    "read_law": "law.load",
    "Plan": "payroll.plan",
    "read_plan": "payroll.read",
    "Review": "payroll.result",
    "review": "payroll.review",
    "review_file": "payroll.stream",
    "write_notices": "publish.notices",
    "write_review": "publish.review_files",
    "Policy": "policy",
    "read_policy": "policy",
    "make_release": "publish.release",
    "Calibration": "survey.design",
    "Design": "survey.design",
    "ReplicateWeights": "survey.design",
    "edit": "survey.edit",
    "Findings": "survey.findings",
    "read_frame": "survey.frame",
    "KeptSurvey": "survey.kept",
    "load_survey": "survey.kept",
    "read_survey": "survey.read",
    "Survey": "survey.survey",
    "validate": "survey.validate",
    "weigh": "survey.weight",
    "Comparison": "tiers.compare",
    "compare_surveys": "tiers.compare_surveys",
    "decompose_change": "tiers.compare_surveys",
    "read_correspondence": "tiers.correspondence",
    "estimate_tables": "tiers.estimate",
    "estimate_tiers": "tiers.estimate",
    "load_grading": "tiers.grade_files",
    "graded": "tiers.quality",
    "Scheme": "tiers.scheme",
    "load_scheme": "tiers.scheme",
    "TierFacts": "tiers.table",
    "TierTable": "tiers.table",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'wageguide' has no attribute {name!r}")
    return getattr(import_module(f"wageguide.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
