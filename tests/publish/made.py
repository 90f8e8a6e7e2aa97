"""Printed tables, an edition and a workbook made from the test survey."""

from __future__ import annotations

from wageguide.publish.compared import Compared
from wageguide.publish.edition import Edition
from wageguide.publish.protected import protect_release, read_protection
from wageguide.publish.settings import read_release_plan
from wageguide.publish.steps import estimate_release, make_edition, printed_tables
from wageguide.publish.workbook import write_price_workbook

YEAR = 2025


def made_tables(survey, policy, *, weighted=False, lang="zh"):
    return made_edition(survey, policy, lang=lang).tables


def made_edition(
    survey, policy, *, lang="zh", protected=None, compared=None, status="draft"
) -> Edition:
    plan = read_release_plan(policy)
    estimates = estimate_release(survey, plan, YEAR)
    protected = protected or protect_release(survey, estimates, plan, read_protection(policy, plan))
    return make_edition(
        survey,
        plan,
        printed_tables(estimates, protected, plan, lang),
        year=YEAR,
        lang=lang,
        weighted=estimates.weighted,
        status=status,
        protected=protected,
        compared=compared or Compared(),
    )


def made_workbook(path, survey, policy, *, lang="zh"):
    edition = made_edition(survey, policy, lang=lang)
    write_price_workbook(path, edition)
    return edition.tables
