"""The command line: parses, calls one public function, prints.

Exit status: 0 done; 2 unusable input or arguments, with the reasons on standard error and
nothing written.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from wageguide.errors import WageguideError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="wageguide")
def commands() -> None:
    """Wages from evidence: survey returns to a published price table."""


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--wage", required=True, help="Column of wages.")
@click.option(
    "--by",
    "groupings",
    multiple=True,
    required=True,
    help='Key columns COL[,COL…]; "" is the total. Repeat it for several tables.',
)
@click.option("--weight", help="Column of weights; every row counts once without it.")
@click.option("--enterprise", help="Column of enterprises, to count them by cell.")
@click.option(
    "--scheme",
    default="percentiles",
    show_default=True,
    help="percentiles, tail_means, middle_means or a TOML file.",
)
@click.option("--probs", help="Other shares for the scheme's tiers: 0.1,0.25,…")
@click.option(
    "--quantile",
    default="inverted_cdf",
    show_default=True,
    help="Quantile rule by numpy's name, or hf1 … hf9.",
)
@click.option(
    "--bad-rows",
    type=click.Choice(["refuse", "set-aside"]),
    default="refuse",
    show_default=True,
    help="Rows without a usable wage, weight or key: stop, or leave out and say so.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help=".csv, .parquet, .xlsx")
def tiers(
    file: Path,
    wage: str,
    groupings: tuple[str, ...],
    weight: str | None,
    enterprise: str | None,
    scheme: str,
    probs: str | None,
    quantile: str,
    bad_rows: str,
    out: Path,
) -> None:
    """Wage tiers of any file of microdata (CSV, Parquet, workbook), with any headings."""
    from wageguide.tiers.microdata import open_microdata
    from wageguide.tiers.output import form_of, write_tables
    from wageguide.tiers.scheme import load_scheme
    from wageguide.tiers.stream import FileQuestion, estimate_file
    from wageguide.tiers.table import TierFacts

    form = form_of(out)
    chosen = load_scheme(scheme)
    if probs is not None:
        chosen = chosen.with_shares(probs.split(","))
    asked = FileQuestion(
        groupings=tuple(tuple(k.strip() for k in g.split(",")) if g else () for g in groupings),
        wage=wage,
        weight=weight,
        enterprise=enterprise,
        scheme=chosen,
        quantile=quantile,
        facts=TierFacts(unit=wage, source=file.name),
        on_bad_rows="refuse" if bad_rows == "refuse" else "set_aside",
    )
    numbers = [wage, *([weight] if weight else [])]
    texts = [*asked.keys, *([enterprise] if enterprise else [])]
    tables = estimate_file(open_microdata(file, numbers, texts), asked)
    write_tables(tables, out, form)
    for table in tables:
        click.echo(table.title, err=True)
        for note in table.notes:
            click.echo(f"  {note}", err=True)


def main() -> None:
    """Run a command; a mistake in the input ends with its reasons and status 2."""
    try:
        commands(prog_name="wageguide")
    except WageguideError as error:
        click.echo(f"wageguide: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
