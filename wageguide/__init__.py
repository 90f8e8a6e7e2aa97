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
    from wageguide.bargaining.agreement import make_agreement as make_agreement
    from wageguide.bargaining.agreement import read_agreement as read_agreement
    from wageguide.bargaining.agreement_check import check_agreement as check_agreement
    from wageguide.bargaining.assumptions import Assumptions as Assumptions
    from wageguide.bargaining.assumptions import make_assumptions as make_assumptions
    from wageguide.bargaining.assumptions import read_assumptions as read_assumptions
    from wageguide.bargaining.clauses import Offer as Offer
    from wageguide.bargaining.constraints import make_constraints as make_constraints
    from wageguide.bargaining.constraints import read_constraints as read_constraints
    from wageguide.bargaining.consultation import Consultation as Consultation
    from wageguide.bargaining.consultation import consult as consult
    from wageguide.bargaining.cost import Cost as Cost
    from wageguide.bargaining.cost import compare_offers as compare_offers
    from wageguide.bargaining.cost import cost_offer as cost_offer
    from wageguide.bargaining.curves import cost_curve as cost_curve
    from wageguide.bargaining.gains import gains as gains
    from wageguide.bargaining.market import read_market as read_market
    from wageguide.bargaining.offer import make_offer as make_offer
    from wageguide.bargaining.offer import offer as offer
    from wageguide.bargaining.offer import read_offers as read_offers
    from wageguide.bargaining.outlook import Outlook as Outlook
    from wageguide.bargaining.outlook import outlook as outlook
    from wageguide.bargaining.packages import packages as packages
    from wageguide.bargaining.position import Position as Position
    from wageguide.bargaining.position import position as position
    from wageguide.bargaining.roster import Roster as Roster
    from wageguide.bargaining.roster_read import read_roster as read_roster
    from wageguide.bargaining.scenarios_read import make_uncertainty as make_uncertainty
    from wageguide.bargaining.scenarios_read import read_uncertainty as read_uncertainty
    from wageguide.bargaining.simulate import simulate as simulate
    from wageguide.bargaining.wages import roster_paid as roster_paid
    from wageguide.bargaining.zone import Zone as Zone
    from wageguide.bargaining.zone import find_zone as find_zone
    from wageguide.bargaining.zone import sensitivity as sensitivity
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
    from wageguide.publish.agreement_files import write_agreement_check as write_agreement_check
    from wageguide.publish.consultation_files import write_consultation as write_consultation
    from wageguide.publish.consultation_panel import ConsultationPanel as ConsultationPanel
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
    "outlook": "bargaining.outlook",
    "Outlook": "bargaining.outlook",
    "check_agreement": "bargaining.agreement_check",
    "make_agreement": "bargaining.agreement",
    "read_agreement": "bargaining.agreement",
    "Assumptions": "bargaining.assumptions",
    "make_assumptions": "bargaining.assumptions",
    "read_assumptions": "bargaining.assumptions",
    "make_constraints": "bargaining.constraints",
    "read_constraints": "bargaining.constraints",
    "Consultation": "bargaining.consultation",
    "consult": "bargaining.consultation",
    "Cost": "bargaining.cost",
    "cost_offer": "bargaining.cost",
    "compare_offers": "bargaining.cost",
    "cost_curve": "bargaining.curves",
    "gains": "bargaining.gains",
    "read_market": "bargaining.market",
    "Offer": "bargaining.clauses",
    "make_offer": "bargaining.offer",
    "offer": "bargaining.offer",
    "read_offers": "bargaining.offer",
    "packages": "bargaining.packages",
    "Position": "bargaining.position",
    "position": "bargaining.position",
    "Roster": "bargaining.roster",
    "read_roster": "bargaining.roster_read",
    "make_uncertainty": "bargaining.scenarios_read",
    "read_uncertainty": "bargaining.scenarios_read",
    "simulate": "bargaining.simulate",
    "roster_paid": "bargaining.wages",
    "find_zone": "bargaining.zone",
    "sensitivity": "bargaining.zone",
    "Zone": "bargaining.zone",
    "write_agreement_check": "publish.agreement_files",
    "write_consultation": "publish.consultation_files",
    "ConsultationPanel": "publish.consultation_panel",
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
