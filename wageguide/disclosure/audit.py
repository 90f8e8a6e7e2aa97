"""The attacker: what a reader can work out of published files that was to stay confidential."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from wageguide.disclosure.attack_ranges import Flags, Floats, ranges
from wageguide.disclosure.attack_sums import Knowledge, Levels, known
from wageguide.disclosure.attack_years import between_editions, from_growth, one_person
from wageguide.disclosure.published import PublishedTable
from wageguide.disclosure.together import together
from wageguide.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

#: Ways in which something is found out.
KINDS: dict[str, tuple[str, str]] = {
    "sums": ("由各表合计推算", "worked out from sums of the tables"),
    "edition": ("与同年度其他版本比较", "compared with another edition of the year"),
    "growth": ("由增长率和另一年数值推算", "worked out from a growth rate and another year"),
    "one": ("数值属于一家企业或个人", "figures of one enterprise or a few persons"),
    "conflict": ("各表互相矛盾", "the tables contradict each other"),
}
COLUMNS = ("table", "keys", "kind", "measure", "low", "high", "why_zh", "why_en")


@dataclass(frozen=True)
class Audit:
    """What an attack found.

    Attributes
    ----------
    findings
        One line each: ``table``, ``keys`` (as printed, joined by ×), ``kind`` (of `KINDS`),
        ``measure`` (``weight``, ``payroll`` in yuan, ``mean``), ``low`` and ``high`` of what
        the reader knows then, ``why_zh``, ``why_en``.
    attacked
        Confidential rows and figures that were attacked.
    """

    findings: pd.DataFrame
    attacked: int

    @property
    def passed(self) -> bool:
        """Whether nothing was found out."""
        return self.findings.empty

    def _line(self) -> str:
        return (
            f"攻击了{self.attacked:,}个保密数值，推出{len(self.findings):,}个 "
            f"Attacked {self.attacked:,} confidential figures, found out {len(self.findings):,}"
        )

    def __repr__(self) -> str:
        if self.passed:
            return self._line()
        return f"{self._line()}\n{self.findings.to_string(index=False)}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self._line())}</p>{self.findings.to_html(index=False)}"


def audit(
    release: Sequence[PublishedTable],
    *,
    width: float,
    earlier: Sequence[Sequence[PublishedTable]] = (),
    few: int,
    needed: pd.DataFrame | None = None,
    levels: Levels | None = None,
    complete: bool = True,
) -> Audit:
    """Attack a release, alone and together with earlier ones.

    Parameters
    ----------
    release
        Tables as printed; see `attack_files.read_published`.
    width
        A confidential number counts as found out if the reader's range of it is narrower than
        this part of its middle; above 0, at most 2.
    earlier
        Earlier editions of the year, and releases of other years.
    few
        Fewer enterprises than this must not be told apart.
    needed
        What must stay possible, known in the office alone: ``table``, ``keys``, ``measure``
        (``weight`` or ``payroll``), ``low``, ``high``; ``prior_low`` and ``prior_high`` are
        what a reader is taken to know beforehand. Takes the place of `width` for its rows.
    levels, complete
        As for `attack_sums.known`.

    Raises
    ------
    InputError
        If `width` is no such part.
    """
    import pandas as pd

    if not 0 < width <= 2:
        raise InputError(f"width = {width} is a part of a range's middle: above 0, at most 2.")
    facts = known(release, levels, complete=complete)
    lines = [*_sums(facts, width, needed), *one_person(release, few)]
    for other in earlier:
        same = bool(other) and bool(release) and other[0].year == release[0].year
        lines += between_editions(release, other, few) if same else from_growth(release, other)
    secret = facts.cells["hidden"] | facts.cells["no_mean"]
    return Audit(pd.DataFrame(lines, columns=list(COLUMNS)), int(secret.sum()))


def _sums(facts: Knowledge, width: float, needed: pd.DataFrame | None) -> list[dict[str, object]]:
    """Confidential cells whose range is too narrow."""
    hidden = facts.cells["hidden"].to_numpy(dtype=bool)
    secret = hidden | facts.cells["no_mean"].to_numpy(dtype=bool)
    sought = [
        _Sought.of("weight", facts, facts.weight, hidden, width, needed),
        _Sought.of("payroll", facts, facts.payroll, secret, width, needed),
    ]
    lines: list[dict[str, object]] = []
    found: dict[str, Floats] = {}
    for one, span in zip(sought, together(lambda s: s.found(facts), sought), strict=True):
        if span is None:
            lines.append(_line(facts, 0, "conflict", one.measure, (np.nan, np.nan)))
            return lines
        found[one.measure] = span
        low, high = span
        for cell in np.flatnonzero(one.targets & ~one.tight.enough(low, high)).tolist():
            lines.append(_line(facts, cell, "sums", one.measure, (low[cell], high[cell])))
    if needed is None:
        lines += _means(facts, found, secret, width)
    return lines


def _means(
    facts: Knowledge, found: Mapping[str, Floats], secret: Flags, width: float
) -> list[dict[str, object]]:
    """Confidential means that counts and payrolls give together."""
    weight, payroll = found["weight"], found["payroll"]
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = payroll[0] / weight[1], payroll[1] / weight[0]
    narrow = secret & (high - low < width * (high + low) / 2)
    return [
        _line(facts, cell, "sums", "mean", (low[cell], high[cell]))
        for cell in np.flatnonzero(narrow).tolist()
    ]


@dataclass(frozen=True)
class _Tight:
    """When a range is too narrow: by its width, or by what must stay possible."""

    width: float
    must: Floats

    def enough(self, low: Floats, high: Floats) -> Flags:
        """Cells whose range is wide enough."""
        with np.errstate(invalid="ignore"):
            wide = np.isinf(high) | (high - low >= self.width * (high + low) / 2)
        slack = 1e-6 * np.abs(self.must).max(axis=0)
        covered = (low <= self.must[0] + slack) & (high >= self.must[1] - slack)
        return np.asarray(np.where(np.isnan(self.must[0]), wide, covered))


@dataclass(frozen=True)
class _Sought:
    """The ranges of one measure that a reader is after."""

    measure: str
    start: Floats
    targets: Flags
    tight: _Tight

    @classmethod
    def of(
        cls,
        measure: str,
        facts: Knowledge,
        bounds: Floats,
        targets: Flags,
        width: float,
        needed: pd.DataFrame | None,
    ) -> _Sought:
        start, must = _requirements(facts, measure, bounds, needed)
        return cls(measure, start, targets, _Tight(width, must))

    def found(self, facts: Knowledge) -> Floats | None:
        """Lowest and highest value of each cell; None if the sums contradict each other."""
        try:
            return ranges(facts.sums, self.start, self.targets, self.tight.enough)[0]
        except ArithmeticError:
            return None


def _requirements(
    facts: Knowledge, measure: str, bounds: Floats, needed: pd.DataFrame | None
) -> tuple[Floats, Floats]:
    """Ranges with what is known beforehand, and what must stay possible, each (2, cells)."""
    start, must = bounds.copy(), np.full(bounds.shape, np.nan)
    if needed is None:
        return start, must
    place = {
        key: n for n, key in enumerate(zip(facts.cells["table"], facts.cells["keys"], strict=True))
    }
    own = needed[needed["measure"] == measure]
    cells = [place[key] for key in zip(own["table"], own["keys"], strict=True)]
    must[:, cells] = own[["low", "high"]].to_numpy(dtype=np.float64).T
    prior = own[["prior_low", "prior_high"]].to_numpy(dtype=np.float64).T
    start[0, cells] = np.maximum(start[0, cells], prior[0])
    start[1, cells] = np.minimum(start[1, cells], prior[1])
    return start, must


def _line(
    facts: Knowledge, cell: int, kind: str, measure: str, span: tuple[float, float]
) -> dict[str, object]:
    row = facts.cells.iloc[cell]
    return {
        "table": row["table"],
        "keys": row["keys"],
        "kind": kind,
        "measure": measure,
        "low": float(span[0]),
        "high": float(span[1]),
        "why_zh": KINDS[kind][0],
        "why_en": KINDS[kind][1],
    }
