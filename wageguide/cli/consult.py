"""The command that prepares consultations, one or many."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Literal

import click

from wageguide.cli.law import OWN

_NO_CONTRIBUTIONS = (
    "没有给出单位缴费的费率，成本不含社会保险费和住房公积金；用 --assumptions 给出。 "
    "Costs are without contributions; give their rates with --assumptions."
)


@click.command()
@click.argument("roster", type=click.Path(path_type=Path))
@click.option("--offers", type=click.Path(path_type=Path), help="TOML file of [[offer]] tables.")
@click.option("--market", type=click.Path(path_type=Path), help="Folder of a release of prices.")
@click.option("--assumptions", type=click.Path(path_type=Path), help="TOML file: contributions …")
@click.option(
    "--constraints", type=click.Path(path_type=Path), help="TOML file: both sides' limits."
)
@click.option("--scenarios", type=click.Path(path_type=Path), help="TOML file: what is uncertain.")
@click.option("--facts", type=click.Path(path_type=Path), help="TOML file: factors of Art. 8.")
@click.option("--last", type=click.Path(path_type=Path), help="Last year's roster.")
@click.option("--name", default="", help="Name of the enterprise; the file's without it.")
@click.option("--grid", multiple=True, help="Negotiated parameter: 1.rate=0:10%:0.5%; repeat it.")
@click.option("--place", help="Code of the place of work, such as 320115, for its law.")
@click.option("--on", help="Day whose law counts; the first of the first offer without it.")
@click.option("--announced", help="Later day for which a new minimum wage is announced.")
@OWN
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.option(
    "--charts/--no-charts",
    default=None,
    help="Draw charts; without either, for one enterprise, not for a folder.",
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--processes", type=click.IntRange(1), help="Processes; one a core without it.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def consult(
    roster: Path,
    offers: Path | None,
    market: Path | None,
    assumptions: Path | None,
    constraints: Path | None,
    scenarios: Path | None,
    facts: Path | None,
    last: Path | None,
    name: str,
    grid: tuple[str, ...],
    place: str | None,
    on: str | None,
    announced: str | None,
    own: Path | None,
    out: Path,
    charts: bool | None,
    lang: Literal["zh", "en"],
    processes: int | None,
    quiet: bool,
) -> None:
    """Cost both sides' offers for ROSTER, and write a brief, a workbook and tables.

    ROSTER is a file, or a folder with a folder for each enterprise that holds roster.csv (or
    .xlsx) and offers.toml; its own assumptions.toml, constraints.toml, scenarios.toml and
    facts.toml go before the common ones. What is done is left alone, so an interrupted run goes
    on where it was.
    """
    from wageguide.errors import InputError
    from wageguide.publish.consultation_batch import consult_folder, enterprises_in, first_existing
    from wageguide.publish.consultation_files import (
        ConsultationInputs,
        make_consultation,
        write_consultation,
    )
    from wageguide.publish.consultation_place import check_place

    _check_files({"offers": offers, "assumptions": assumptions, "constraints": constraints,
                  "scenarios": scenarios, "facts": facts, "last": last, "own": own})  # fmt: skip
    drawn = not roster.is_dir() if charts is None else charts
    day, later = _day("--on", on), _day("--announced", announced)

    def inputs_of(folder: Path, file: Path) -> ConsultationInputs:
        def its(name: str, common: Path | None) -> Path | None:
            return first_existing([folder / f"{name}.toml", common])

        return ConsultationInputs(
            file,
            its("offers", offers) or folder / "offers.toml",
            its("assumptions", assumptions),
            its("constraints", constraints),
            its("scenarios", scenarios),
            its("facts", facts),
            first_existing([folder / "last.csv", folder / "last.xlsx", last]),
            market,
            place,
            day,
            later,
            own,
            grid,
            drawn,
            lang,
        )

    if roster.is_dir():
        summary = consult_folder(roster, out, inputs_of, processes=processes, progress=not quiet)
        states = summary["state"].value_counts()
        click.echo(", ".join(f"{n:,} {state}" for state, n in states.items()))
        failed = summary[summary["state"] == "failed"]
        for line in failed.head(20).to_dict("records"):
            click.echo(f"{line['enterprise']}: {line['problem']}", err=True)
        if assumptions is None:
            own_files = [r.parent / "assumptions.toml" for _, r in enterprises_in(roster)]
            if bare := sum(not f.is_file() for f in own_files):
                click.echo(f"{bare:,} × {_NO_CONTRIBUTIONS}", err=True)
        if len(failed):
            sys.exit(1)
        return
    if offers is None:
        raise InputError("A consultation needs --offers, a TOML file of [[offer]] tables.")
    inputs = ConsultationInputs(roster, offers, assumptions, constraints, scenarios, facts, last,
                                market, place, day, later, own, grid, drawn, lang)  # fmt: skip
    check_place(out)
    found = make_consultation(inputs, name=name)
    write_consultation(out, found, lang=lang, charts=drawn)
    click.echo(repr(found))
    if assumptions is None:
        click.echo(_NO_CONTRIBUTIONS, err=True)


def _check_files(files: dict[str, Path | None]) -> None:
    """Stop at a file that is named and is not there: an enterprise would be costed without it."""
    from wageguide.errors import InputError

    missing = [f"--{n} {p}" for n, p in files.items() if p is not None and not p.is_file()]
    if missing:
        raise InputError("Files that are named are not there; check their paths:", missing)


def _day(option: str, text: str | None) -> dt.date | None:
    from wageguide.errors import InputError

    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text!r} is no day; write it like 2026-04-01.") from None
