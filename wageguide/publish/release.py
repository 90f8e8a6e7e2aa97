"""From survey returns to a release folder: read, validate, edit, estimate, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.errors import InputError, ReleaseError, SurveyError
from wageguide.policy import Policy, read_policy
from wageguide.provenance import hash_file
from wageguide.publish.folder import check_target, replaced_folder
from wageguide.publish.manifest import INTERNAL, build_manifest, write_manifest
from wageguide.publish.notes import DRAFT, printed_account, release_notes
from wageguide.publish.opendata import write_frame, write_price_tables
from wageguide.publish.quality_notes import grade_record, quality_notes
from wageguide.publish.returns import write_returns
from wageguide.publish.settings import Lang, ReleasePlan, read_release_plan
from wageguide.publish.small_cells import small_cell_offers
from wageguide.publish.tables import PriceTable, price_table
from wageguide.publish.weight_notes import weight_notes
from wageguide.publish.workbook import write_price_workbook
from wageguide.tiers.estimate import estimate_tables
from wageguide.tiers.table import TierFacts

if TYPE_CHECKING:
    from wageguide.survey.frame import Frame
    from wageguide.survey.survey import Survey

#: Name of the price workbook.
WORKBOOK = {"zh": "工资价位_{year}.xlsx", "en": "wage_prices_{year}.xlsx"}

_UNIT = "元/年"


@dataclass(frozen=True, repr=False)
class Release:
    """A release that has been written.

    Attributes
    ----------
    folder
        Where it is.
    workbook
        The price workbook in it.
    tables
        The printed tables, rounded, each with its unrounded estimates.
    survey
        The survey as edited, with findings, changes and account.
    manifest
        What went in, what made it, what came out.
    """

    folder: Path
    workbook: Path
    tables: tuple[PriceTable, ...]
    survey: Survey
    manifest: Mapping[str, Any]

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
            f"{DRAFT['zh']} {DRAFT['en']}",
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
    lang: Lang = "zh",
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
        Folder of the release. One that holds a release of this package is replaced;
        anything else there is refused.
    lang
        Language of the workbooks, ``zh`` or ``en``.
    processes
        Processes to read and write workbooks with; None takes one a core.
    progress
        Whether progress bars are shown on standard error.

    Returns
    -------
    Release
        The folder holds the workbook, ``tables/*.csv`` and ``manifest.json``; what stays
        in the office is under ``internal``.

    Raises
    ------
    PolicyError, SurveyError
        If the policy or the returns cannot be used.
    ReleaseError
        If the folder cannot be written there.
    """
    if lang not in WORKBOOK:
        raise InputError(f"lang = {lang!r} is not one of {', '.join(WORKBOOK)}.")
    survey_path, out = Path(survey_path), Path(out)
    policy = policy if isinstance(policy, Policy) else read_policy(policy)
    from wageguide.survey.weight import policy_frame

    plan = read_release_plan(policy)
    frame = policy_frame(policy)
    check_target(out, [survey_path, policy.path])
    survey = _edited_survey(survey_path, year, policy, frame, processes, progress)
    weighted = bool((survey.workers["weight"] != 1).any())
    tables = _price_tables(survey, plan, year, weighted, lang)
    workbook = WORKBOOK[lang].format(year=year)
    with replaced_folder(out) as folder:
        write_price_workbook(
            folder / workbook,
            tables,
            plan=plan,
            year=year,
            notes=[
                *release_notes(plan, survey, tables, year=year, weighted=weighted),
                *(weight_notes(survey.weighting) if survey.weighting else []),
                *quality_notes(plan, tables),
            ],
            account=printed_account(survey, lang),
            lang=lang,
        )
        (folder / "tables").mkdir()
        write_price_tables(folder / "tables", tables, year)
        _write_internal(folder / INTERNAL, survey)
        write_frame(folder / INTERNAL / "grades.csv", grade_record(tables, plan.grading))
        if plan.small_cells is not None:
            offered = small_cell_offers(survey, plan)
            write_frame(folder / INTERNAL / "small_cells.csv", offered)
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
        manifest = _manifest(folder, survey, policy, plan, year, lang)
        write_manifest(folder, manifest)
    return Release(out, out / workbook, tables, survey, manifest)


def _edited_survey(
    path: Path,
    year: int,
    policy: Policy,
    frame: Frame | None,
    processes: int | None,
    progress: bool,
) -> Survey:
    from wageguide.survey.edit import edit
    from wageguide.survey.read import read_survey
    from wageguide.survey.weight import weigh

    received = read_survey(path, reference_year=year, processes=processes, progress=progress)
    survey = edit(received, policy, frame)
    if survey.workers.empty:
        raise SurveyError(
            f"No row of {path} can be used for a price table. Rows were set aside for:",
            [
                f"{reason}: {n:,} rows"
                for reason, n in survey.set_aside["reason"].value_counts().items()
            ],
        )
    return survey if frame is None else weigh(survey, policy, frame=frame)


def _price_tables(
    survey: Survey, plan: ReleasePlan, year: int, weighted: bool, lang: Lang
) -> tuple[PriceTable, ...]:
    """Estimate all tables at once, the total first, and round them for print."""
    total, *estimates = estimate_tables(
        survey.workers,
        [(), *(t.by for t in plan.tables)],
        design=survey.design,
        se=plan.errors,
        scheme=plan.scheme,
        quantile=plan.settings.quantile,
        facts=TierFacts(year, _UNIT, plan.settings.title_zh),
        on_bad_rows="set_aside",
    )
    lost = len(survey.workers) - int(total.frame["workers"].sum())
    if lost:
        raise ReleaseError(
            f"{lost:,} rows left editing without a usable wage, weight or enterprise: "
            f"{dict(total.left_out)}. The account would not close, so nothing is written."
        )
    return tuple(
        price_table(
            settings,
            tiers,
            total,
            grading=plan.grading,
            rounding_yuan=plan.settings.rounding_yuan,
            weighted=weighted,
            lang=lang,
        )
        for settings, tiers in zip(plan.tables, estimates, strict=True)
    )


def _write_internal(folder: Path, survey: Survey) -> None:
    folder.mkdir()
    write_frame(folder / "findings.csv", survey.findings.frame)
    write_frame(folder / "changes.csv", survey.changes)
    write_frame(folder / "set_aside.csv", survey.set_aside)
    write_frame(folder / "account.csv", survey.account.frame)
    if survey.weighting is not None:
        for part in ("classes", "weights", "margins"):
            write_frame(folder / f"weighting_{part}.csv", getattr(survey.weighting, part))


def _manifest(
    folder: Path, survey: Survey, policy: Policy, plan: ReleasePlan, year: int, lang: Lang
) -> dict[str, Any]:
    account = survey.account.frame
    return build_manifest(
        folder,
        inputs=survey.sources,
        policy=hash_file(policy.path),
        options={
            "year": year,
            "lang": lang,
            "scheme": plan.scheme.id,
            "tiers": {t.name: f"{t.kind} {float(t.share):g}" for t in plan.scheme.tiers},
            "boundary": plan.scheme.boundary,
            "quantile": plan.settings.quantile,
            "rounding_yuan": plan.settings.rounding_yuan,
            "errors": asdict(plan.errors),
            "design": asdict(survey.design),
            "grades": plan.grading.id,
            "tables": {t.id: list(t.by) for t in plan.tables},
        },
        account={
            line: {"rows": int(rows), "yuan": str(yuan)}
            for line, rows, yuan in zip(
                account.iloc[:, 0], account["rows"], account["yuan"], strict=True
            )
        },
    )
