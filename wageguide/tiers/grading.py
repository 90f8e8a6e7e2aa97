"""What a grade of quality is: classes, bounds of the RSE, floors, and what must hold of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from wageguide.errors import PolicyError

#: What a floor counts.
#:
#: ``workers`` rows of the cell; ``enterprises`` in it; ``df`` degrees of freedom of the
#: sampling error; ``effective`` enterprises of equal weight that would be as concentrated;
#: ``tail`` workers on the shorter side of a figure, n x min(p, 1 - p).
Measure = Literal["workers", "enterprises", "df", "effective", "tail"]
#: Figures that a floor is for: all of them, or those at a share of the distribution.
Figures = Literal["all", "quantiles"]
#: Whether an RSE that equals a bound still has the grade.
RseBound = Literal["at_most", "below"]

#: A good grade rests on at least so many enterprises: of two, each can work out the other.
LEAST_ENTERPRISES = 3


@dataclass(frozen=True)
class GradeClass:
    """One grade.

    Attributes
    ----------
    code
        Short text that stands in the table.
    label_zh, label_en
        What it means.
    good
        Whether a figure may be used without reserve.
    published
        Whether a figure is shown at all.
    rse_max
        Largest relative standard error, a fraction; None is a grade that no error leads
        to, except that the last grade takes all that is over every bound.
    """

    code: str
    label_zh: str
    label_en: str
    good: bool
    published: bool
    rse_max: float | None = None


@dataclass(frozen=True)
class Floor:
    """A number below which no error, however small, earns a better grade.

    Attributes
    ----------
    measure, figures
        What is counted, and for which figures.
    at_least
        The smallest number that passes.
    at_best
        Code of the grade that a figure below it gets at best.
    """

    measure: Measure
    figures: Figures
    at_least: float
    at_best: str


@dataclass(frozen=True)
class Grading:
    """The grades of an office and what leads to them.

    Attributes
    ----------
    id, title_zh, title_en
        Name in code and in print.
    evidence_zh, evidence_en
        Where the bounds come from, for the notes.
    rse_bound
        Whether an RSE equal to a bound still has the grade.
    without_error
        Code of the grade of a figure whose sampling error cannot be estimated.
    classes
        From the best to the worst; the good ones first, those not published last.
    floors
        In the order in which reasons are told.

    Raises
    ------
    PolicyError
        If grades, bounds and floors contradict each other, or fewer than
        `LEAST_ENTERPRISES` enterprises could earn a good grade.
    """

    id: str
    title_zh: str
    title_en: str
    evidence_zh: str
    evidence_en: str
    rse_bound: RseBound
    without_error: str
    classes: tuple[GradeClass, ...]
    floors: tuple[Floor, ...]

    def __post_init__(self) -> None:
        problems = _class_problems(self.classes, self.without_error)
        problems += _floor_problems(self.floors, self.classes)
        if problems:
            raise PolicyError(f"Grading {self.id!r} contradicts itself:", problems)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes from the best to the worst."""
        return tuple(c.code for c in self.classes)

    def place(self, code: str) -> int:
        """Place of a code among the classes, the best being 0."""
        return self.codes.index(code)


def _class_problems(classes: tuple[GradeClass, ...], without_error: str) -> list[str]:
    if not classes:
        return ["it has no [[grade]]"]
    codes = [c.code for c in classes]
    bounds = [c.rse_max for c in classes if c.rse_max is not None]
    problems = [
        f"two grades are called {c!r}" for c in sorted({c for c in codes if _twice(codes, c)})
    ]
    problems += [
        f"grade {c.code!r} needs a code and both labels: a grade stands in the table as text"
        for c in classes
        if not (c.code.strip() and c.label_zh.strip() and c.label_en.strip())
    ]
    problems += [
        f"rse_max = {b} of a grade should lie between 0 and 1: five per cent is 0.05"
        for b in bounds
        if not 0 < b < 1
    ]
    if any(a >= b for a, b in pairwise(bounds)):
        problems.append("rse_max should grow from each grade to the next: the best comes first")
    if not bounds:
        problems.append("no grade has rse_max, so no error would lead to any")
    if classes[-1].rse_max is not None:
        problems.append(f"the last grade {codes[-1]!r} takes all the rest and has no rse_max")
    problems += [
        f"grade {c.code!r} is good and needs rse_max"
        for c in classes
        if c.good and c.rse_max is None
    ]
    problems += [
        f"grade {after.code!r} is {what}, and the better {before.code!r} is not"
        for before, after in pairwise(classes)
        for what in ("good", "published")
        if getattr(after, what) and not getattr(before, what)
    ]
    problems += [
        f"grade {c.code!r} is good and is not published" for c in classes if c.good > c.published
    ]
    if without_error not in codes:
        problems.append(f"without_error = {without_error!r} is no grade; choose from {codes}")
    elif classes[codes.index(without_error)].good:
        problems.append(f"without_error = {without_error!r} is a good grade; no error is no merit")
    return problems


def _floor_problems(floors: tuple[Floor, ...], classes: tuple[GradeClass, ...]) -> list[str]:
    good = {c.code: c.good for c in classes}
    problems = []
    for number, floor in enumerate(floors, 1):
        where = f"[[floor]] {number}:"
        if floor.at_best not in good:
            problems.append(f"{where} at_best = {floor.at_best!r} is no grade")
        if not (math.isfinite(floor.at_least) and floor.at_least > 0):
            problems.append(f"{where} at_least = {floor.at_least} should be a number above 0")
        if floor.measure == "tail" and floor.figures == "all":
            problems.append(f"{where} a mean has no tail; figures should be 'quantiles'")
    if not any(
        f.measure == "enterprises"
        and f.figures == "all"
        and f.at_least >= LEAST_ENTERPRISES
        and not good.get(f.at_best, True)
        for f in floors
    ):
        problems.append(
            "no [[floor]] of enterprises for all figures keeps a figure from fewer than "
            f"{LEAST_ENTERPRISES} enterprises from a good grade: of two, each can work out "
            "the other's wages"
        )
    return problems


def _twice(items: list[str], item: str) -> bool:
    return items.count(item) > 1
