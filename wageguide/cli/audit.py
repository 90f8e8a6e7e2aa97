"""`wageguide audit`: attack a release with nothing but its published files."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("release", type=click.Path(path_type=Path))
@click.argument("earlier", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--width",
    type=float,
    required=True,
    help="A figure is found out if its range is narrower than this part of the middle.",
)
@click.option(
    "--few", type=click.IntRange(1), required=True, help="Fewer enterprises must not be told apart."
)
@click.option("--complete", is_flag=True, help="All workers are in every table.")
@click.option("--out", type=click.Path(path_type=Path), help="CSV file for the findings.")
def audit(
    release: Path,
    earlier: tuple[Path, ...],
    width: float,
    few: int,
    complete: bool,
    out: Path | None,
) -> None:
    """Work out what RELEASE keeps confidential, alone and beside EARLIER ones.

    Uses tables/prices_long.csv and manifest.json of each folder and nothing internal. The
    exit status is 1 if something is found out. Keep the findings in the office.
    """
    from wageguide.disclosure.attack_files import read_published
    from wageguide.disclosure.audit import audit as attack
    from wageguide.survey.code_levels import CODE_LEVELS

    found = attack(
        read_published(release),
        width=width,
        earlier=[read_published(folder) for folder in earlier],
        few=few,
        levels=CODE_LEVELS,
        complete=complete,
    )
    click.echo(repr(found))
    if out is not None:
        found.findings.to_csv(out, index=False, encoding="utf-8-sig")
    if not found.passed:
        sys.exit(1)
