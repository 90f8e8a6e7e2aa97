"""From survey returns to a release folder: one call a step, from reading to the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.errors import InputError
from wageguide.policy import Policy, read_policy
from wageguide.provenance import hash_file
from wageguide.publish.attacked import attack_release
from wageguide.publish.compared import Previous, previous_release
from wageguide.publish.edition import Edition
from wageguide.publish.final import check_final
from wageguide.publish.folder import check_target, replaced_folder
from wageguide.publish.forms import WORKBOOK, workbook_name, write_forms
from wageguide.publish.growth import compare_release
from wageguide.publish.internal import CONTRIBUTORS, write_attack, write_internal
from wageguide.publish.manifest import INTERNAL, build_manifest, write_manifest
from wageguide.publish.news import write_differences
from wageguide.publish.notes import status_line
from wageguide.publish.options import release_options
from wageguide.publish.protected import protect_release, read_protection
from wageguide.publish.returns import write_returns
from wageguide.publish.settings import Lang, read_release_plan
from wageguide.publish.steps import edited_survey, estimate_release, make_edition, printed_tables
from wageguide.publish.tables import PriceTable
from wageguide.survey.code_levels import with_levels

if TYPE_CHECKING:
    from wageguide.disclosure.earlier import Earlier
    from wageguide.survey.survey import Survey


@dataclass(frozen=True, repr=False)
class Release:
    """A release that has been written.

    Attributes
    ----------
    folder
        Where it is.
    workbook
        The price workbook in it.
    edition
        What it says, from which every form was made.
    survey
        The survey as edited, with findings, changes and account.
    manifest
        What went in, what made it, what came out.
    """

    folder: Path
    workbook: Path
    edition: Edition
    survey: Survey
    manifest: Mapping[str, Any]

    @property
    def tables(self) -> tuple[PriceTable, ...]:
        """The printed tables, rounded, each with its unrounded estimates."""
        return self.edition.tables

    def _lines(self) -> list[str]:
        tables = ", ".join(
            f"{t.settings.title_zh} {len(t.frame) - t.total_rows}" for t in self.tables
        )
        returns = sum(name.startswith(f"{INTERNAL}/returns/") for name in self.manifest["files"])
        return [
            f"发布文件夹 Release: {self.folder}",
            f"价位表 Workbook: {self.workbook.name}",
            f"表（行数）Tables (rows): {tables}",
            f"文件 Files: {len(self.manifest['files']):,}，其中退回核对 returns: {returns:,}",
            f"状态 Status: {status_line(self.edition)}",
        ]

    def __repr__(self) -> str:
        return "\n".join([*self._lines(), "", repr(self.survey.account)])

    def _repr_html_(self) -> str:
        body = "<br>".join(escape(line) for line in self._lines())
        return f"<p>{body}</p>{self.survey.account._repr_html_()}"


def make_release(
    survey_path: Path | str,
    *,
    year: int,
    policy: Policy | Path | str,
    out: Path | str,
    previous: Path | str | None = None,
    final: bool = False,
    lang: Lang = "zh",
    notebooks: bool = False,
    processes: int | None = None,
    progress: bool = True,
) -> Release:
    """Make a release folder from survey returns.

    The folder is written beside `out` and renamed into place, so that an error or an
    interruption leaves an earlier release whole. The same input gives the same bytes.

    Parameters
    ----------
    survey_path
        Folder of returns, one workbook, CSV or Parquet file.
    year
        Reference year: in which the wages were paid.
    policy
        A policy, or the file to read it from.
    out
        Folder of the release. One that holds a draft of this package is replaced;
        anything else there is refused, a final release above all.
    previous
        Folder of the release of an earlier year, or of an earlier edition.
    final
        Whether the release is final; refused while anything forbids it.
    lang
        Language of the workbooks, ``zh`` or ``en``.
    notebooks
        Whether the yearly notebooks are run and kept as pages in the internal part.
    processes
        Processes to read and write workbooks with; None takes one a core.
    progress
        Whether progress bars are shown on standard error.

    Returns
    -------
    Release
        The folder holds the workbook, ``tables``, ``sdmx``, ``release_notes.md`` and
        ``manifest.json``; what stays in the office is under ``internal``.

    Raises
    ------
    PolicyError, SurveyError
        If the policy or the returns cannot be used.
    ReleaseError
        If the folder cannot be written there, or the release cannot be final.
    """
    if lang not in WORKBOOK:
        raise InputError(f"lang = {lang!r} is not one of {', '.join(WORKBOOK)}.")
    survey_path, out = Path(survey_path), Path(out)
    policy = policy if isinstance(policy, Policy) else read_policy(policy)
    from wageguide.survey.weight import policy_frame

    plan = read_release_plan(policy)
    rules = read_protection(policy, plan)
    frame = policy_frame(policy)
    check_target(out, [survey_path, policy.path])
    earlier: Previous | None = None
    if previous is not None:
        earlier = previous_release(previous, year=year, out=out)
    survey = edited_survey(survey_path, year, policy, frame, processes, progress)
    survey = with_levels(survey, [key for table in plan.tables for key in table.by])
    estimates = estimate_release(survey, plan, year)
    protected = protect_release(survey, estimates, plan, rules, _contributors(earlier, year))
    tables = printed_tables(estimates, protected, plan, lang)
    compared = compare_release(
        survey,
        estimates,
        tables,
        plan,
        earlier,
        year=year,
        status="final" if final else "draft",
        folder=policy.path.parent,
    )
    edition = make_edition(
        survey,
        plan,
        tables,
        year=year,
        lang=lang,
        weighted=estimates.weighted,
        status="final" if final else "draft",
        protected=protected,
        compared=compared,
    )
    if final:
        check_final(edition)
    options = release_options(
        plan,
        survey.design,
        edition,
        counts_multiple=protected.counts_multiple,
        notebooks=notebooks,
    )
    with replaced_folder(out) as folder:
        write_forms(folder, edition, progress=progress)
        write_differences(folder, options, earlier)
        write_internal(folder / INTERNAL, survey, edition, protected, compared)
        (folder / INTERNAL / "returns").mkdir()
        write_returns(
            folder / INTERNAL / "returns",
            survey_path,
            survey.findings.frame,
            year=year,
            lang=lang,
            processes=processes,
            progress=progress,
        )
        if notebooks:
            from wageguide.publish.notebooks import write_notebooks

            write_notebooks(
                folder / INTERNAL / "notebooks", survey_path, policy, year=year, progress=progress
            )
        before = [earlier.folder] if earlier else []
        attack = attack_release(folder, options, survey.workers, protected, rules, before)
        write_attack(folder / INTERNAL, attack)
        manifest = build_manifest(
            folder,
            inputs=survey.sources,
            policy=hash_file(policy.path),
            options=options,
            account=survey.account.frame,
            edition=edition,
            previous=earlier,
        )
        write_manifest(folder, manifest)
    return Release(out, out / workbook_name(edition), edition, survey, manifest)


def _contributors(earlier: Previous | None, year: int) -> Earlier | None:
    """Contributors of an earlier edition of the same year; None for another year."""
    from wageguide.disclosure.earlier import Earlier

    if earlier is None or earlier.year != year:
        return None
    return Earlier.load(earlier.folder / INTERNAL / CONTRIBUTORS)
