"""A consultation as a folder: brief, workbook, tables and charts, whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
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
from wageguide.errors import OfferError
from wageguide.provenance import hash_file, package_version
from wageguide.publish.consultation_book import write_consultation_book
from wageguide.publish.consultation_brief import brief_document, scenario_table
from wageguide.publish.consultation_place import made_files, replaced_place
from wageguide.publish.manifest import MANIFEST
from wageguide.publish.opendata import write_frame

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.law.law import Law
    from wageguide.publish.chart_style import Picture


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
        return _law(self.own, *_stamp(self.own))

    @property
    def digest(self) -> str:
        """Hash of everything that decides the documents."""
        sha = hashlib.sha256(f"{package_version()} {self.law.version}".encode())
        market = None if self.market is None else self.market / MANIFEST
        for path in (self.roster, self.offers, self.assumptions, self.constraints,
                     self.scenarios, self.facts, self.last, market):  # fmt: skip
            sha.update(_hash(path))
        plain = [self.place, str(self.on), str(self.announced), self.grid, self.charts, self.lang]
        sha.update(json.dumps(plain).encode())
        return sha.hexdigest()


def _hash(path: Path | None) -> bytes:
    """Hash of a file; of one that is named and not there, reading tells."""
    return hash_file(path).sha256.encode() if path is not None and path.is_file() else b"\0"


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
        market=None
        if inputs.market is None
        else _market(inputs.market, *_stamp(inputs.market / MANIFEST)),
        facts=None if inputs.facts is None else _facts(inputs.facts),
        last=None if inputs.last is None else read_roster(inputs.last),
        constraints=() if inputs.constraints is None else read_constraints(inputs.constraints),
        grid=dict(read_grid(g) for g in inputs.grid),
        uncertainty=None if inputs.scenarios is None else read_uncertainty(inputs.scenarios),
    )


@lru_cache(maxsize=1)
def _law(own: Path | None, *_stamp: int) -> Law:
    """The law, read once for all enterprises of a folder."""
    from wageguide.law.load import read_law

    return read_law(own)


@lru_cache(maxsize=1)
def _market(folder: Path, *_stamp: int) -> Market:
    """Prices, read once for all enterprises of a folder."""
    return read_market(folder)


def _stamp(path: Path | None) -> tuple[int, ...]:
    """Says whether a file is as it was when it was read last."""
    if path is None or not path.is_file():
        return ()
    known = path.stat()
    return known.st_mtime_ns, known.st_size


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
    with replaced_place(out, mark or {}) as beside:
        _write(beside, found, lang, charts=charts)
    return [out / name for name in made_files(out)]


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
