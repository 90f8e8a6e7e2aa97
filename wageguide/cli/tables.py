"""Commands of the price table: tiers of a file, a release, the sample district."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click


@click.command()
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
@click.option(
    "--se",
    default="none",
    show_default=True,
    help="Sampling errors: none, linearized, bootstrap:200, jackknife, jk1, brr, fay:0.5, "
    "replicates. Adds se_, low_ and high_ (95 %) for the mean and every tier.",
)
@click.option("--stratum", help="Column of strata, within which enterprises were drawn.")
@click.option("--population", help="Column: enterprises that the row's stratum has in the frame.")
@click.option("--enterprise-workers", help="Column: workers of the enterprise, if some were drawn.")
@click.option(
    "--single-unit",
    type=click.Choice(["fail", "certainty", "average", "adjust"]),
    default="fail",
    show_default=True,
    help="What a stratum with one sampled enterprise contributes.",
)
@click.option(
    "--interval",
    type=click.Choice(["mean", "xlogit", "asin", "beta"]),
    default="mean",
    show_default=True,
    help="How limits of a share are set for Woodruff's intervals.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the bootstrap's draws.")
@click.option("--replicate-weights", help='With --se replicates: their columns, W1,W2,… or "W*".')
@click.option("--replicate-scale", type=float, help="Factor of their squares, such as 1/(R-1).")
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
    stratum: str | None,
    population: str | None,
    enterprise_workers: str | None,
    single_unit: Literal["fail", "certainty", "average", "adjust"],
    interval: Literal["mean", "xlogit", "asin", "beta"],
    seed: int,
    replicate_weights: str | None,
    replicate_scale: float | None,
    engine: str,
    out: Path,
) -> None:
    """Wage tiers of any file of microdata (CSV, Parquet, workbook), with any headings."""
    from dataclasses import replace

    from wageguide.survey.design import Design
    from wageguide.tiers.error_settings import error_settings, given_replicates
    from wageguide.tiers.microdata import open_microdata
    from wageguide.tiers.output import form_of, write_tables
    from wageguide.tiers.scheme import load_scheme
    from wageguide.tiers.stream import FileQuestion, estimate_file
    from wageguide.tiers.table import TierFacts

    form = form_of(out)
    chosen = load_scheme(scheme)
    if probs is not None:
        chosen = chosen.with_shares(probs.split(","))
    settings = error_settings(se)
    if settings is not None:
        settings = replace(settings, interval=interval, seed=seed)
    given = None
    if replicate_weights is not None:
        given = given_replicates(
            replicate_weights, replicate_scale, open_microdata(file, [], []).names
        )
    design = Design(
        weight=weight,
        enterprise=enterprise,
        stratum=stratum,
        population=population,
        workers=enterprise_workers,
        single_unit=single_unit,
        replicates=given,
    )
    asked = FileQuestion(
        groupings=tuple(tuple(k.strip() for k in g.split(",")) if g else () for g in groupings),
        wage=wage,
        design=design,
        se=settings,
        scheme=chosen,
        quantile=quantile,
        facts=TierFacts(unit=wage, source=file.name),
        on_bad_rows="refuse" if bad_rows == "refuse" else "set_aside",
    )
    texts = [*asked.keys, *(c for c in (enterprise, stratum) if c)]
    numbers = [wage, *(c for c in asked.columns if c not in texts)]
    tables = estimate_file(open_microdata(file, numbers, texts), asked)
    write_tables(tables, out, form)
    for table in tables:
        click.echo(table.title, err=True)
        for note in table.notes:
            click.echo(f"  {note}", err=True)


@click.command()
@click.argument("survey", required=False, type=click.Path(path_type=Path))
@click.option("--year", type=int, help="Reference year: when wages were paid.")
@click.option("--policy", type=click.Path(path_type=Path), help="Policy file.")
@click.option("--out", type=click.Path(path_type=Path), help="Release folder.")
@click.option(
    "--previous", type=click.Path(path_type=Path), help="Release of an earlier year, to compare."
)
@click.option("--final", is_flag=True, help="Mark it final; refused while anything forbids it.")
@click.option("--notebooks", is_flag=True, help="Also run the yearly notebooks.")
@click.option(
    "--verify",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Check a release: its hashes; with SURVEY and --policy, make it again and compare.",
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--processes", type=click.IntRange(1), help="Processes; one a core without it.")
@click.option("--quiet", is_flag=True, help="No progress bars.")
def release(
    survey: Path | None,
    year: int | None,
    policy: Path | None,
    out: Path | None,
    previous: Path | None,
    final: bool,
    notebooks: bool,
    verify: Path | None,
    lang: Literal["zh", "en"],
    processes: int | None,
    quiet: bool,
) -> None:
    """A release from survey returns: read, validate, edit, weigh, estimate, protect, write.

    SURVEY is a folder of workbooks, one workbook, a CSV or a Parquet file. With --verify
    nothing is written; the exit status is 2 if anything differs.
    """
    if verify is not None:
        _verify(verify, survey, policy, previous, processes, quiet)
        return
    if survey is None or year is None or policy is None or out is None:
        given = {"SURVEY": survey, "--year": year, "--policy": policy, "--out": out}
        missing = ", ".join(name for name, value in given.items() if value is None)
        raise click.UsageError(f"A release needs {missing}; or name one to check with --verify.")
    from wageguide.publish.release import make_release

    made = make_release(
        survey,
        year=year,
        policy=policy,
        out=out,
        previous=previous,
        final=final,
        notebooks=notebooks,
        lang=lang,
        processes=processes,
        progress=not quiet,
    )
    click.echo(repr(made))


def _verify(
    folder: Path,
    survey: Path | None,
    policy: Path | None,
    previous: Path | None,
    processes: int | None,
    quiet: bool,
) -> None:
    from wageguide.publish.verify import verify_release

    found = verify_release(
        folder,
        survey,
        policy=policy,
        previous=previous,
        processes=processes,
        progress=not quiet,
    )
    click.echo(repr(found), err=not found.passed)
    if not found.passed:
        sys.exit(2)


@click.command()
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
