"""Commands of the law: show a value, check the data, list a history."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

OWN = click.option(
    "--own", type=click.Path(path_type=Path), help="TOML file with law of your own, merged."
)
PLACE = click.option("--place", required=True, help="Code of the place, such as 320115.")


@click.group()
def law() -> None:
    """The law as dated data: values by place and day, each with its source."""


@law.command()
@click.argument("quantity")
@PLACE
@click.option("--on", required=True, help="Day of the work, 2026-03-01.")
@click.option("--category", help="Category of the value, such as a class; found if left out.")
@click.option(
    "--stale",
    type=click.Choice(["stop", "last"]),
    default="stop",
    show_default=True,
    help="After the day on which somebody last looked: stop, or go on with the last value.",
)
@click.option("--unverified", is_flag=True, help="Allow values that are recalled or in conflict.")
@OWN
def show(
    quantity: str,
    place: str,
    on: str,
    category: str | None,
    stale: Literal["stop", "last"],
    unverified: bool,
    own: Path | None,
) -> None:
    """The value of QUANTITY in force at a place on a day, with its source."""
    from wageguide.law.load import read_law

    found = read_law(own).look_up(
        quantity, place, on, category, on_stale=stale, unverified=unverified
    )
    click.echo(repr(found))


@law.command()
@OWN
def check(own: Path | None) -> None:
    """Check the law data; what is wrong stops, what looks odd is listed (status 1)."""
    from wageguide.law.load import read_law

    read = read_law(own)
    click.echo(repr(read))
    odd = read.flags()
    for flag in odd:
        click.echo(f"存疑 Odd: {flag}")
    for name in sorted(read.quantities):
        days = sorted(set(read.quantities[name].checked_through.values()))
        click.echo(f"{name}: 核对至 checked through {', '.join(map(str, days))}")
    if odd:
        sys.exit(1)


@law.command()
@click.argument("quantity")
@PLACE
@OWN
@click.option("--out", type=click.Path(path_type=Path), help="CSV file; printed if left out.")
def history(quantity: str, place: str, own: Path | None, out: Path | None) -> None:
    """All values of QUANTITY at a place and at what it lies in."""
    from wageguide.law.load import read_law

    table = read_law(own).history(quantity, place)
    if out is None:
        shown = table[
            [
                "quantity",
                "place",
                "category",
                "from",
                "until",
                "value",
                "unit",
                "evidence",
                "source",
            ]
        ]
        click.echo(shown.to_string(index=False, max_colwidth=40))
    else:
        table.to_csv(out, index=False, encoding="utf-8-sig", lineterminator="\n")
