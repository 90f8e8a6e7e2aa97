"""Compute, check and negotiate wages from evidence. `import wageguide as wg`.

The public names below are loaded when they are first used, so that a command which needs
no data frame does not wait for pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wageguide.errors import WageguideError as WageguideError
    from wageguide.policy import Policy as Policy
    from wageguide.policy import read_policy as read_policy
    from wageguide.publish.release import make_release as make_release
    from wageguide.survey.edit import edit as edit
    from wageguide.survey.findings import Findings as Findings
    from wageguide.survey.read import read_survey as read_survey
    from wageguide.survey.survey import Survey as Survey
    from wageguide.survey.validate import validate as validate
    from wageguide.tiers.estimate import estimate_tables as estimate_tables
    from wageguide.tiers.estimate import estimate_tiers as estimate_tiers
    from wageguide.tiers.scheme import Scheme as Scheme
    from wageguide.tiers.scheme import load_scheme as load_scheme
    from wageguide.tiers.table import TierFacts as TierFacts
    from wageguide.tiers.table import TierTable as TierTable

_HOMES = {
    "WageguideError": "errors",
    "Policy": "policy",
    "read_policy": "policy",
    "make_release": "publish.release",
    "edit": "survey.edit",
    "Findings": "survey.findings",
    "read_survey": "survey.read",
    "Survey": "survey.survey",
    "validate": "survey.validate",
    "estimate_tables": "tiers.estimate",
    "estimate_tiers": "tiers.estimate",
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
