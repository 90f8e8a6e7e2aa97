"""The public names are these; a new one needs a reason."""

import subprocess
import sys

import pytest

import wageguide as wg

PUBLIC = {
    "Assumptions",
    "Audit",
    "Calibration",
    "Comparison",
    "Consultation",
    "ConsultationPanel",
    "Cost",
    "Design",
    "Findings",
    "KeptSurvey",
    "Law",
    "Offer",
    "Outlook",
    "Plan",
    "Policy",
    "Position",
    "Protection",
    "ReplicateWeights",
    "Review",
    "Roster",
    "Scheme",
    "SmallCells",
    "Survey",
    "TierFacts",
    "TierTable",
    "WageguideError",
    "Zone",
    "audit",
    "check_agreement",
    "compare_offers",
    "compare_surveys",
    "consult",
    "cost_curve",
    "cost_offer",
    "decompose_change",
    "decompose_gap",
    "decompose_quantile_gap",
    "edit",
    "estimate_ratios",
    "estimate_tables",
    "estimate_tiers",
    "estimate_totals",
    "find_zone",
    "gains",
    "graded",
    "inequality",
    "load_grading",
    "load_scheme",
    "load_survey",
    "make_agreement",
    "make_assumptions",
    "make_constraints",
    "make_offer",
    "make_release",
    "make_uncertainty",
    "offer",
    "outlook",
    "packages",
    "pool_small_cells",
    "position",
    "protect",
    "read_agreement",
    "read_assumptions",
    "read_constraints",
    "read_correspondence",
    "read_disclosure",
    "read_frame",
    "read_law",
    "read_market",
    "read_offers",
    "read_plan",
    "read_policy",
    "read_published",
    "read_roster",
    "read_survey",
    "read_uncertainty",
    "review",
    "review_file",
    "roster_paid",
    "sensitivity",
    "shrink_small_cells",
    "simulate",
    "validate",
    "weigh",
    "write_agreement_check",
    "write_consultation",
    "write_notices",
    "write_review",
}


def test_public_names_are_as_listed():
    assert set(wg.__all__) == PUBLIC
    assert set(dir(wg)) == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_name_exists_and_says_what_it_is(name):
    thing = getattr(wg, name)

    assert thing.__name__ == name
    assert thing.__module__.startswith("wageguide.")
    # A dataclass without a docstring gets its signature as one.
    assert thing.__doc__
    assert not thing.__doc__.startswith(f"{name}(")


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="read_servey"):
        _ = wg.read_servey


@pytest.mark.parametrize("module", ["wageguide", "wageguide.cli", "wageguide.tiers.stream"])
def test_pandas_is_not_loaded_before_it_is_needed(module):
    # A cold `wageguide tiers` would spend most of its time on that import.
    code = f"import sys, {module}; sys.exit('pandas' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
