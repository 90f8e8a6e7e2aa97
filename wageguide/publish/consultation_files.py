"""A consultation as a folder: brief, workbook, tables and charts, whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.bargaining.assumptions import Assumptions, read_assumptions
from wageguide.bargaining.constraints import read_constraints
from wageguide.bargaining.consultation import Consultation, consult, read_grid
from wageguide.bargaining.market import Market, read_market
from wageguide.bargaining.offer import read_offers
from wageguide.bargaining.outlook import Outlook
from wageguide.bargaining.roster_read import read_roster
from wageguide.bargaining.scenarios_read import read_uncertainty
from wageguide.errors import OfferError, ReleaseError
from wageguide.provenance import hash_file, package_version
from wageguide.publish.consultation_book import write_consultation_book
from wageguide.publish.consultation_brief import brief_document, scenario_table
from wageguide.publish.folder import recover, replaced_folder
from wageguide.publish.opendata import write_frame

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.law.law import Law
    from wageguide.publish.chart_style import Picture

#: Name of the mark that says what a folder was made from, and which of its files were made.
DONE = "done.json"


@dataclass(frozen=True)
class ConsultationInputs:
    """Files and settings of a consultation.

    Attributes
    ----------
    roster, offers
        Files.
    assumptions, constraints, scenarios, facts, last
        Files, or None. Without assumptions the cost is what workers are paid, no contributions.
    market
        Folder of a release, or None.
    place, on
        Place and day of the law; without a place the law of a place is left out, without a day
        it is the first of the first offer.
    announced
        A later day for which a new minimum wage is announced, or None.
    own
        File with law of one's own, or None.
    grid
        Negotiated parameters, such as ``1.rate=0:10%:0.5%``.
    charts
        Whether charts are drawn, into the brief and as files.
    lang
        Of the documents.
    """

    roster: Path
    offers: Path
    assumptions: Path | None
    constraints: Path | None
    scenarios: Path | None
    facts: Path | None
    last: Path | None
    market: Path | None
    place: str | None
    on: dt.date | None
    announced: dt.date | None
    own: Path | None
    grid: tuple[str, ...]
    charts: bool
    lang: str

    @property
    def law(self) -> Law:
        """The law that counts."""
        known = self.own is not None and self.own.is_file()
        return _law(self.own, self.own.stat().st_mtime_ns if self.own and known else 0)

    @property
    def digest(self) -> str:
        """Hash of everything that decides the documents."""
        sha = hashlib.sha256(f"{package_version()} {self.law.version}".encode())
        for path in (self.roster, self.offers, self.assumptions, self.constraints,
                     self.scenarios, self.facts, self.last):  # fmt: skip
            sha.update(b"\0" if path is None else hashlib.sha256(path.read_bytes()).digest())
        if self.market is not None:
            sha.update((self.market / "manifest.json").read_bytes())
        plain = [self.place, str(self.on), str(self.announced), self.grid, self.charts, self.lang]
        sha.update(json.dumps(plain).encode())
        return sha.hexdigest()


def make_consultation(inputs: ConsultationInputs, *, name: str = "") -> Consultation:
    """Read the files of a consultation and put it together.

    Raises
    ------
    OfferError
        If any of them cannot be used.
    """
    roster = read_roster(inputs.roster, name=name)
    offers = read_offers(inputs.offers, posts=roster.posts, groups=roster.groups)
    rest = Assumptions() if inputs.assumptions is None else read_assumptions(inputs.assumptions)
    return consult(
        roster,
        offers,
        rest,
        law=inputs.law,
        place=inputs.place,
        on=inputs.on,
        announced=inputs.announced,
        market=None if inputs.market is None else _market(inputs.market, *_stamp(inputs.market)),
        facts=None if inputs.facts is None else _facts(inputs.facts),
        last=None if inputs.last is None else read_roster(inputs.last),
        constraints=() if inputs.constraints is None else read_constraints(inputs.constraints),
        grid=dict(read_grid(g) for g in inputs.grid),
        uncertainty=None if inputs.scenarios is None else read_uncertainty(inputs.scenarios),
    )


@lru_cache(maxsize=1)
def _law(own: Path | None, _stamp: int) -> Law:
    """The law, read once for all enterprises of a folder."""
    from wageguide.law.load import read_law

    return read_law(own)


@lru_cache(maxsize=1)
def _market(folder: Path, *_stamp: int) -> Market:
    """Prices, read once for all enterprises of a folder."""
    return read_market(folder)


def _stamp(folder: Path) -> tuple[int, ...]:
    """Says whether a release is as it was."""
    manifest = folder / "manifest.json"
    return (manifest.stat().st_mtime_ns, manifest.stat().st_size) if manifest.is_file() else ()


def _facts(path: Path) -> dict[str, tuple[Any, str]]:
    """Factors that the user knows: ``cpi = { value = "0.1%", source = "…" }``."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        return {k: (v["value"], str(v.get("source", ""))) for k, v in given.items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise OfferError(
            f"The facts {path} cannot be read ({type(error).__name__}: {error}). Write them like "
            'cpi = { value = "0.1%", source = "统计公报" }'
        ) from error


def write_consultation(
    out: Path | str,
    found: Consultation,
    *,
    lang: str = "zh",
    charts: bool = True,
    mark: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write brief, workbook and tables into a folder; the same consultation, the same bytes.

    The folder is made beside and renamed into place. What others have put into an earlier one
    stays in it.

    Parameters
    ----------
    out
        A folder that is new, empty, or an earlier consultation.
    found
        What is on the table.
    lang
        Of the documents.
    charts
        Whether charts are drawn: into the brief, and as files in ``charts``.
    mark
        What else the mark of the folder says.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    ReleaseError
        If the folder holds files and is no earlier consultation, if somebody has changed a file
        of an earlier one, or if it cannot be written.
    """
    out = Path(out).resolve()
    check_place(out)
    with replaced_folder(out) as beside:
        _write(beside, found, lang, charts=charts)
        made = {
            p.relative_to(beside).as_posix(): hash_file(p).sha256
            for p in sorted(beside.rglob("*"))
            if p.is_file()
        }
        text = json.dumps({**(mark or {}), "files": made}, ensure_ascii=False, sort_keys=True)
        (beside / DONE).write_text(text + "\n", encoding="utf-8")
        _keep_foreign(out, beside)
    return [out / name for name in made]


def read_mark(out: Path) -> dict[str, Any] | None:
    """The mark of an earlier consultation; None where there is none."""
    try:
        found: dict[str, Any] = json.loads((out / DONE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def check_place(out: Path) -> None:
    """Refuse a folder whose replacement would lose what somebody has written.

    Parameters
    ----------
    out
        Folder that is about to be written, resolved.

    Raises
    ------
    ReleaseError
        If it is in use, holds anything but an earlier consultation, or has files of one that
        were changed since.
    """
    recover(out)
    here = Path.cwd()
    if out == here or out in here.parents:
        raise ReleaseError(
            f"You are in the folder {out}, which would be replaced as a whole. Name one below it."
        )
    if out.exists() and not out.is_dir():
        raise ReleaseError(f"{out} is not a folder. Choose another name.")
    mark = read_mark(out)
    if mark is None and out.exists() and any(out.iterdir()):
        raise ReleaseError(
            f"The folder {out} is not empty and has no {DONE} of an earlier consultation, so it is "
            "not replaced. Choose another folder, or empty this one."
        )
    changed = [
        name
        for name, known in (mark or {}).get("files", {}).items()
        if (out / name).is_file() and hash_file(out / name).sha256 != known
    ]
    if changed:
        raise ReleaseError(
            f"Files of {out} were changed since they were written, and would be replaced. Rename "
            "them or move them elsewhere:",
            changed,
        )


def _keep_foreign(out: Path, beside: Path) -> None:
    """Copy what no consultation wrote, such as notes, from the old folder to the new one."""
    known = {DONE, *(read_mark(out) or {}).get("files", {})}
    for path in sorted(out.rglob("*")) if out.is_dir() else []:
        name = path.relative_to(out)
        if not path.is_file() or name.as_posix() in known:
            continue
        if (beside / name).exists():
            raise ReleaseError(
                f"{path} was written by somebody else and would be replaced. Rename it."
            )
        (beside / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, beside / name)


def _write(out: Path, found: Consultation, lang: str, *, charts: bool) -> None:
    pictures = _pictures(out / "charts", found, lang) if charts else []
    (out / "brief.docx").write_bytes(brief_document(found, lang=lang, pictures=pictures))
    write_consultation_book(out / "brief.xlsx", found, lang=lang)
    frames = {
        "offers": scenario_table(found),
        "months": _months(found),
        "position": found.position.posts,
        "set_aside": found.roster.set_aside,
    }
    if found.zone is not None:
        frames["packages"] = found.zone.packages
        frames["solutions" if found.zone.exists else "conflicts"] = (
            found.zone.solutions if found.zone.exists else found.zone.conflicts
        )
    if found.outlooks:
        frames |= {
            "uncertainty": _by_offer(found, lambda o: o.simulation.frame.round(2)),
            "chances": _by_offer(found, lambda o: o.chances.round(4)),
            "tornado": _by_offer(found, lambda o: o.tornado.round(2)),
        }
    for name, frame in frames.items():
        write_frame(out / f"{name}.csv", frame)


def _pictures(folder: Path, found: Consultation, lang: str) -> list[Picture]:
    """Draw all charts into a folder."""
    from wageguide.publish.chart_style import write_picture
    from wageguide.publish.consultation_charts import consultation_charts

    folder.mkdir(exist_ok=True)
    pictures = consultation_charts(found, lang=lang)
    for picture in pictures:
        write_picture(picture, folder, lang)
    return pictures


def _months(found: Consultation) -> pd.DataFrame:
    """Costs by month and post of every offer, yuan."""
    import pandas as pd

    parts = []
    for cost in found.costs:
        own = cost.months[cost.months["offer"] == "offer"].copy()
        own["offer"] = cost.offer.name
        money = ["base", "allowance", "overtime", "extra", "contributions", "total"]
        own[money] = own[money] / 100
        parts.append(own)
    return pd.concat(parts, ignore_index=True)


def _by_offer(found: Consultation, frame_of: Callable[[Outlook], pd.DataFrame]) -> pd.DataFrame:
    """A table of every outlook, the name of the offer in front."""
    import pandas as pd

    frames = [frame_of(o) for o in found.outlooks]
    for one, frame in zip(found.outlooks, frames, strict=True):
        frame.insert(0, "offer", one.offer.name)
    return pd.concat(frames, ignore_index=True)
