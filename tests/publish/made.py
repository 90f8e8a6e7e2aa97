"""Printed tables and a workbook made from the test survey."""

from __future__ import annotations

from wageguide.publish.notes import printed_account, release_notes
from wageguide.publish.quality_notes import quality_notes
from wageguide.publish.release import _price_tables
from wageguide.publish.settings import read_release_plan
from wageguide.publish.workbook import write_price_workbook


def made_tables(survey, policy, *, weighted=False, lang="zh"):
    return _price_tables(survey, read_release_plan(policy), 2025, weighted, lang)


def made_workbook(path, survey, policy, *, lang="zh"):
    plan = read_release_plan(policy)
    tables = made_tables(survey, policy, lang=lang)
    write_price_workbook(
        path,
        tables,
        plan=plan,
        year=2025,
        notes=[
            *release_notes(plan, survey, tables, year=2025, weighted=False),
            *quality_notes(plan, tables),
        ],
        account=printed_account(survey, lang),
        lang=lang,
    )
    return tables
