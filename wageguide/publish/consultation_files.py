"""Consultations as folders: one enterprise, or many from a folder, interrupted and gone on with."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
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
from wageguide.errors import OfferError, WageguideError
from wageguide.publish.consultation_book import write_consultation_book
from wageguide.publish.consultation_brief import brief_document, scenario_table
from wageguide.publish.opendata import write_frame

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.publish.chart_style import Picture

#: Name of the mark that says which inputs a folder was made from.
DONE = "done.json"
_ROSTERS = ("roster.csv", "roster.xlsx", "名册.csv", "名册.xlsx")


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
    grid: tuple[str, ...]
    charts: bool
    lang: str

    @property
    def digest(self) -> str:
        """Hash of everything that decides the documents."""
        sha = hashlib.sha256()
        for path in (self.roster, self.offers, self.assumptions, self.constraints,
                     self.scenarios, self.facts, self.last):  # fmt: skip
            sha.update(b"\0" if path is None else hashlib.sha256(path.read_bytes()).digest())
        if self.market is not None:
            sha.update((self.market / "manifest.json").read_bytes())
        plain = [self.place, str(self.on), self.grid, self.charts, self.lang]
        sha.update(json.dumps(plain).encode())
        return sha.hexdigest()


def make_consultation(inputs: ConsultationInputs, *, name: str = "") -> Consultation:
    """Read the files of a consultation and put it together.

    Raises
    ------
    OfferError
        If any of them cannot be used.
    """
    from wageguide.law.load import read_law

    roster = read_roster(inputs.roster, name=name)
    offers = read_offers(inputs.offers, posts=roster.posts, groups=roster.groups)
    rest = Assumptions() if inputs.assumptions is None else read_assumptions(inputs.assumptions)
    return consult(
        roster,
        offers,
        rest,
        law=read_law(),
        place=inputs.place,
        on=inputs.on,
        market=None if inputs.market is None else _market(inputs.market, *_stamp(inputs.market)),
        facts=None if inputs.facts is None else _facts(inputs.facts),
        last=None if inputs.last is None else read_roster(inputs.last),
        constraints=() if inputs.constraints is None else read_constraints(inputs.constraints),
        grid=dict(read_grid(g) for g in inputs.grid),
        uncertainty=None if inputs.scenarios is None else read_uncertainty(inputs.scenarios),
    )


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
    out: Path, found: Consultation, *, lang: str = "zh", charts: bool = True
) -> list[Path]:
    """Write brief, workbook and tables into a folder; the same consultation, the same bytes.

    Parameters
    ----------
    out
        Folder, made if it is not there.
    found
        What is on the table.
    lang
        Of the documents.
    charts
        Whether charts are drawn: into the brief, and as files in ``charts``.

    Returns
    -------
    list of Path
        The files.
    """
    out.mkdir(parents=True, exist_ok=True)
    brief, book = out / "brief.docx", out / "brief.xlsx"
    pictures = _pictures(out / "charts", found, lang) if charts else []
    brief.write_bytes(brief_document(found, lang=lang, pictures=pictures))
    write_consultation_book(book, found, lang=lang)
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
    return [brief, book, *(out / f"{name}.csv" for name in frames)]


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


def enterprises_in(folder: Path) -> list[tuple[str, Path]]:
    """Folders of enterprises and their rosters, by name.

    Raises
    ------
    OfferError
        If there is none.
    """
    found = []
    for place in sorted(p for p in folder.iterdir() if p.is_dir()):
        roster = next((place / n for n in _ROSTERS if (place / n).is_file()), None)
        if roster is not None:
            found.append((place.name, roster))
    if not found:
        raise OfferError(
            f"{folder} holds no enterprise. Make a folder for each, with {_ROSTERS[0]} and "
            "offers.toml in it."
        )
    return found


def consult_folder(
    folder: Path,
    out: Path,
    inputs_of: Callable[[Path, Path], ConsultationInputs],
    *,
    processes: int | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Write the briefs of all enterprises of a folder.

    What is done and whose inputs are as they were is left alone, so that an interrupted run
    goes on where it was. A folder that cannot be used is told in the table and stops nobody
    else.

    Parameters
    ----------
    folder
        One folder for each enterprise; see `enterprises_in`.
    out
        Folder that gets one folder for each, and ``summary.csv``.
    inputs_of
        Inputs of an enterprise from its folder and roster.
    processes
        Processes; None takes one a core.
    progress
        Whether a bar is shown on standard error.

    Returns
    -------
    DataFrame
        One row an enterprise: ``enterprise``, ``state`` (``written``, ``kept``, ``failed``),
        ``heads``, ``offer`` and ``more`` (yuan, of the first offer), ``problem``.
    """
    import pandas as pd
    from tqdm import tqdm

    out.mkdir(parents=True, exist_ok=True)
    jobs = [(name, inputs_of(r.parent, r), out / name) for name, r in enterprises_in(folder)]
    lines: list[dict[str, Any]] = []
    bar: dict[str, Any] = {
        "desc": "协商 Consultations",
        "unit": "",
        "disable": not progress,
        "total": len(jobs),
    }
    if processes == 1 or len(jobs) < 4:
        lines = [_one(job) for job in tqdm(jobs, **bar)]
    else:
        size = max(1, len(jobs) // 64)
        with ProcessPoolExecutor(processes) as pool:
            lines = list(tqdm(pool.map(_one, jobs, chunksize=size), **bar))
    columns = ["enterprise", "state", "heads", "offer", "more", "problem"]
    summary = pd.DataFrame(lines, columns=columns)
    write_frame(out / "summary.csv", summary)
    return summary


def _one(job: tuple[str, ConsultationInputs, Path]) -> dict[str, Any]:
    """Write one enterprise's folder, or find it done; made beside and renamed into place."""
    name, inputs, out = job
    line: dict[str, Any] = {"enterprise": name, "problem": ""}
    try:
        digest = inputs.digest
        known = _done(out)
        if known is not None and known.get("inputs") == digest:
            return {**line, **known["line"], "state": "kept"}
        found = make_consultation(inputs, name=name)
        beside = out.with_name(f".{out.name}.partial")
        shutil.rmtree(beside, ignore_errors=True)
        write_consultation(beside, found, lang=inputs.lang, charts=inputs.charts)
        line |= {
            "heads": found.roster.heads,
            "offer": found.costs[0].offer.name,
            "more": found.costs[0].more / 100,
        }
        mark = {"inputs": digest, "line": line}
        text = json.dumps(mark, ensure_ascii=False, sort_keys=True)
        (beside / DONE).write_text(text + "\n", encoding="utf-8")
        shutil.rmtree(out, ignore_errors=True)
        beside.rename(out)
    except (WageguideError, OSError) as error:
        return {**line, "state": "failed", "problem": " ".join(str(error).split())}
    return {**line, "state": "written"}


def _done(out: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((out / DONE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def first_existing(paths: Sequence[Path | None]) -> Path | None:
    """The first path that is there: an enterprise's own file before a common one."""
    return next((p for p in paths if p is not None and p.is_file()), None)
