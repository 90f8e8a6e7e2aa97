"""The command line: parses, calls one public function, prints.

Exit status: 0 done; 1 something was found (violations by `review` and `agreement`, odd values by
`law check`, confidential figures by `audit`, enterprises that could not be done by `consult`);
2 unusable input or arguments, with the reasons on standard error and nothing written.
"""

from __future__ import annotations

import sys

import click

from wageguide.cli.agreement import agreement
from wageguide.cli.audit import audit
from wageguide.cli.consult import consult
from wageguide.cli.law import law
from wageguide.cli.review import review
from wageguide.cli.tables import release, sample, tiers
from wageguide.errors import WageguideError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="wageguide")
def commands() -> None:
    """Wages from evidence: price tables, review of plans, consultation, the law by place."""


for command in (tiers, release, audit, review, consult, agreement, law, sample):
    commands.add_command(command)


def main() -> None:
    """Run a command; a mistake in the input ends with its reasons and status 2."""
    try:
        commands(prog_name="wageguide")
    except WageguideError as error:
        click.echo(f"wageguide: {error}", err=True)
        sys.exit(2)
