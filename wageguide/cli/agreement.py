"""The command that checks a signed agreement."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from wageguide.cli.law import OWN


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--roster", type=click.Path(path_type=Path), help="Individual pay, beside its levels."
)
@OWN
@click.option("--out", type=click.Path(path_type=Path), help="Folder for checklist and calendar.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def agreement(
    file: Path,
    roster: Path | None,
    own: Path | None,
    out: Path | None,
    lang: Literal["zh", "en"],
) -> None:
    """Check the agreement of FILE (TOML) against every text that holds at its place.

    With --out it writes checklist.csv and deadlines.ics. The status is 1 if a text is violated.
    """
    from wageguide.bargaining.agreement import read_agreement
    from wageguide.bargaining.agreement_check import check_agreement
    from wageguide.bargaining.roster_read import read_roster
    from wageguide.law.load import read_law
    from wageguide.publish.agreement_files import write_agreement_check

    found = check_agreement(
        read_agreement(file),
        law=read_law(own),
        roster=None if roster is None else read_roster(roster),
    )
    if out is not None:
        write_agreement_check(found, out, lang=lang)
    click.echo(repr(found))
    if any(f.verdict == "violation" for f in found.found):
        sys.exit(1)
