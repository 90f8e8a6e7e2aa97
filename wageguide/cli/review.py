"""The command that reviews payroll plans."""

from __future__ import annotations

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

import click

from wageguide.cli.law import OWN


@click.command()
@click.argument("plans", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--place", help="Code of the place, for plans that do not name their own.")
@click.option("--as-of", "period", help="Month (2026-03) or year, likewise.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help=".xlsx, .csv, .jsonl")
@click.option("--notices", type=click.Path(path_type=Path), help="Folder of notices, replaced.")
@click.option("--rule", "rules", multiple=True, help="Only this rule; repeat for several.")
@click.option(
    "--assume",
    multiple=True,
    help="COLUMN=ANSWER for columns that files have not got, such as attendance=full.",
)
@click.option(
    "--stale",
    type=click.Choice(["stop", "last"]),
    default="stop",
    show_default=True,
    help="Months after the last day of checking: not checkable, or the last value, marked.",
)
@click.option("--unverified", is_flag=True, help="Allow law that is recalled or in conflict.")
@OWN
@click.option("--prices", type=click.Path(path_type=Path), help="Release to compare pay with.")
@click.option("--lines", help="Guideline line: upper=16.5,baseline=10.5,lower=5.5")
@click.option("--state-share", help="Share of the growth of results, for state-owned enterprises.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--processes", type=click.IntRange(1), help="Processes; one a core without it.")
@click.option("--quiet", is_flag=True, help="No progress bars.")
def review(
    plans: tuple[Path, ...],
    place: str | None,
    period: str | None,
    out: Path,
    notices: Path | None,
    rules: tuple[str, ...],
    assume: tuple[str, ...],
    stale: Literal["stop", "last"],
    unverified: bool,
    own: Path | None,
    prices: Path | None,
    lines: str | None,
    state_share: str | None,
    lang: Literal["zh", "en"],
    processes: int | None,
    quiet: bool,
) -> None:
    """Review payroll PLANS by the law in force at their place and month.

    PLANS are workbooks, CSV or Parquet files, or folders of workbooks. Exit status 1: at
    least one violation was found.
    """
    from wageguide.law.load import read_law
    from wageguide.payroll.read import read_plan
    from wageguide.payroll.review import review as review_plan
    from wageguide.publish.notices import write_notices
    from wageguide.publish.review_files import check_form, write_review

    check_form(out)
    law = read_law(own)
    plan = read_plan(
        *plans, place=place, period=period, law=law, processes=processes, progress=not quiet
    )
    found = review_plan(
        plan,
        law=law,
        rules=rules or None,
        assume=_pairs(assume, "--assume"),
        on_stale=stale,
        unverified=unverified,
        lines=_pairs(lines.split(","), "--lines") if lines else None,
        state_share=_decimal(state_share),
        prices=prices,
    )
    write_review(found, out, lang=lang)
    if notices is not None:
        write_notices(found, notices, progress=not quiet)
    click.echo(repr(found))
    if found.totals["violations"]:
        sys.exit(1)


def _pairs(given: tuple[str, ...] | list[str], option: str) -> dict[str, str]:
    from wageguide.errors import InputError

    pairs = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise InputError(f"{option} takes NAME=VALUE; found {text!r}.")
        pairs[name.strip()] = value.strip()
    return pairs


def _decimal(text: str | None) -> Decimal | None:
    from wageguide.errors import InputError

    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        raise InputError(f"--state-share is a number such as 0.7; found {text!r}.") from None
