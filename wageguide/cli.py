"""The command line: parses, calls one public function, prints.

Exit status: 0 done; 2 unusable input or arguments, with the reasons on standard error and
nothing written.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

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
@click.option("--se", type=click.Choice(["none"]), default="none", help="Sampling errors.")
@click.option("--engine", type=click.Choice(["memory"]), default="memory", help="What computes.")
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
    se: str,
    engine: str,
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


@commands.command()
@click.argument("survey", type=click.Path(path_type=Path))
@click.option("--year", required=True, type=int, help="Reference year: when wages were paid.")
@click.option("--policy", required=True, type=click.Path(path_type=Path), help="Policy file.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Release folder.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--processes", type=click.IntRange(1), help="Processes; one a core without it.")
@click.option("--quiet", is_flag=True, help="No progress bars.")
def release(
    survey: Path,
    year: int,
    policy: Path,
    out: Path,
    lang: Literal["zh", "en"],
    processes: int | None,
    quiet: bool,
) -> None:
    """A release from survey returns: read, validate, edit, estimate, write.

    SURVEY is a folder of workbooks, one workbook, a CSV or a Parquet file.
    """
    from wageguide.publish.release import make_release

    made = make_release(
        survey,
        year=year,
        policy=policy,
        out=out,
        lang=lang,
        processes=processes,
        progress=not quiet,
    )
    click.echo(repr(made))


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
def sample(folder: Path) -> None:
    """Copy the synthetic sample district into FOLDER, which must not exist yet."""
    import shutil

    from wageguide.errors import InputError
    from wageguide.provenance import data_dir

    if folder.exists():
        raise InputError(f"{folder} is there already; name a folder that is not.")
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(data_dir() / "sample", folder, ignore=ignore)
    click.echo(f"样例（合成数据）Sample district (synthetic): {folder}")


def main() -> None:
    """Run a command; a mistake in the input ends with its reasons and status 2."""
    try:
        commands(prog_name="wageguide")
    except WageguideError as error:
        click.echo(f"wageguide: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
