"""Wage growth beside the guideline line, results and productivity: advice, never a violation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from wageguide.errors import InputError, LawError
from wageguide.law.law import Law

LINES = ("upper", "baseline", "baseline_high", "lower")


@dataclass(frozen=True)
class Said:
    """One piece of advice, or that there is nothing to advise.

    Attributes
    ----------
    code
        What was found, for programs.
    advice
        Whether there is something to be advised of.
    zh, en
        The sentence.
    """

    code: str
    advice: bool
    zh: str
    en: str


@dataclass(frozen=True)
class Lines:
    """A year's guideline line, growth in percent; what was not published is None.

    Attributes
    ----------
    upper, baseline, lower
        The three lines.
    baseline_high
        Upper end of a baseline that is a range.
    """

    upper: Decimal | None = None
    baseline: Decimal | None = None
    lower: Decimal | None = None
    baseline_high: Decimal | None = None


def guideline_lines(law: Law, place: str, year: int) -> Lines:
    """The guideline line of a place and year.

    Raises
    ------
    LawError
        If nothing of it is known.
    """
    found: dict[str, Decimal] = {}
    problem: LawError | None = None
    for name in LINES:
        try:
            found[name] = law.look_up("guideline_line", place, f"{year}-01-01", name).number
        except LawError as error:
            problem = error
    if not found:
        assert problem is not None
        raise LawError(
            f"No guideline line of {year} is known for {place}. Give the lines published there, "
            "or put them into a file of your own (guideline_line)."
        ) from problem
    return Lines(**found)


def growth(before: Decimal | float, after: Decimal | float) -> Fraction:
    """Growth in percent, exactly.

    >>> round(float(growth(16110, 18500)), 2)
    14.84
    """
    if before <= 0:
        raise InputError(f"Growth is measured on an amount above 0; found {before}.")
    return (Fraction(after) / Fraction(before) - 1) * 100


def average_growth(
    total_before: Decimal | float,
    total_after: Decimal | float,
    heads_before: Decimal | float,
    heads_after: Decimal | float,
) -> Fraction:
    """Growth of the average wage in percent: (1 + total) / (1 + heads) − 1.

    >>> round(float(average_growth(1000, 1070, 200, 204)), 2)
    4.9
    """
    if heads_before <= 0 or heads_after <= 0:
        raise InputError(f"Headcounts must be above 0; found {heads_before} and {heads_after}.")
    return growth(
        Decimal(str(total_before)) / Decimal(str(heads_before)),
        Decimal(str(total_after)) / Decimal(str(heads_after)),
    )


def against_lines(planned: Fraction, lines: Lines) -> Said:
    """Where a growth stands; on a line is within it."""
    g = f"{float(planned):.2f}%"
    upper, lower = lines.upper, lines.lower
    high = lines.baseline_high if lines.baseline_high is not None else lines.baseline
    if lower is not None and planned < Fraction(lower):
        return Said(
            "below_lower",
            True,
            f"增长 {g}，低于下线 {lower}%：经营困难的企业经与工会协商可以低于下线，"
            "但不得低于最低工资",
            f"growth of {g} is below the lower line {lower} %: an enterprise in difficulty may go "
            "there after consulting the union, but never below the minimum wage",
        )
    if upper is not None and planned > Fraction(upper):
        return Said(
            "above_upper",
            True,
            f"增长 {g}，高于上线 {upper}%",
            f"growth of {g} is above the upper line {upper} %",
        )
    if high is not None and planned > Fraction(high):
        return _above_baseline(g, high, upper)
    if lines.baseline is not None and planned < Fraction(lines.baseline):
        tail = "" if lower is not None else "；当年未公布下线"
        tail_en = "" if lower is not None else "; no lower line was published"
        return Said(
            "below_baseline",
            False,
            f"增长 {g}，低于基准线 {lines.baseline}%{tail}",
            f"growth of {g} is below the baseline {lines.baseline} %{tail_en}",
        )
    if lines.baseline is None:
        zh, en = f"增长 {g}；当年未公布基准线", f"growth of {g}; no baseline was published"
    else:
        zh, en = f"增长 {g}，在基准线上", f"growth of {g} is on the baseline"
    return Said("no_baseline" if lines.baseline is None else "on_baseline", False, zh, en)


def _above_baseline(g: str, high: Decimal, upper: Decimal | None) -> Said:
    if upper is None:
        return Said(
            "no_upper_line",
            False,
            f"增长 {g}，高于基准线 {high}%；当年未公布上线，不能判断是否过高",
            f"growth of {g} is above the baseline {high} %; no upper line was published, so that "
            "nothing can be said of too much",
        )
    return Said(
        "baseline_to_upper",
        False,
        f"增长 {g}，在基准线 {high}% 与上线 {upper}% 之间",
        f"growth of {g} is between the baseline {high} % and the upper line {upper} %",
    )


def recommended(
    planned: Fraction,
    lines: Lines,
    share_of_local: Decimal,
    low: Decimal = Decimal("0.8"),
    high: Decimal = Decimal(2),
) -> Said:
    """What a notice of the kind of Guangdong's (2008) recommends by last year's wage level.

    Below `low` times the local average wage: between baseline and upper line; above `high`
    times: below the baseline; otherwise by the baseline.

    Raises
    ------
    InputError
        If a line that the recommendation needs was not published.
    """
    if lines.baseline is None or (share_of_local < low and lines.upper is None):
        raise InputError(
            "The recommendation needs the baseline and, for low wages, the upper line."
        )
    g, base = f"{float(planned):.2f}%", lines.baseline
    if share_of_local < low:
        fits = Fraction(base) <= planned <= Fraction(lines.upper or base)
        band_zh, band_en = f"{base}% 至 {lines.upper}%", f"{base} to {lines.upper} %"
    elif share_of_local > high:
        fits = planned < Fraction(base)
        band_zh, band_en = f"低于 {base}%", f"below {base} %"
    else:
        fits = planned == Fraction(base)
        band_zh, band_en = f"参照 {base}%", f"by {base} %"
    return Said(
        "recommended" if fits else "not_recommended",
        not fits,
        f"上年平均工资为当地的 {share_of_local:.0%}，建议增长 {band_zh}，计划 {g}"
        "（指导性，不属违法）",
        f"last year's average wage is {share_of_local:.0%} of the local one: growth of {band_en} "
        f"is recommended, planned {g} (guidance, no violation)",
    )


def two_below(
    total: Fraction, average: Fraction, benefit: Fraction, productivity: Fraction
) -> tuple[Said, Said]:
    """The two-below principle (两低于): strictly below results, and below productivity."""
    return (
        _below(
            "total_below_benefit", total, benefit, "工资总额", "经济效益", "Total wages", "results"
        ),
        _below(
            "average_below_productivity",
            average,
            productivity,
            "平均工资",
            "劳动生产率",
            "The average wage",
            "productivity",
        ),
    )


def _below(
    code: str, mine: Fraction, its: Fraction, zh: str, than_zh: str, en: str, than_en: str
) -> Said:
    fits = mine < its
    a, b = f"{float(mine):.2f}%", f"{float(its):.2f}%"
    word_zh, word_en = ("低于", "below") if fits else ("不低于", "not below")
    return Said(
        code,
        not fits,
        f"{zh}增长 {a}，{word_zh}{than_zh}增长 {b}",
        f"{en} grows by {a}, {word_en} the growth of {than_en} of {b}",
    )


def state_linkage(
    total: Fraction, benefit: Fraction, productivity: Fraction, share: Decimal
) -> Said:
    """Wage growth of a state-owned enterprise beside its results.

    With results up, wages grow at most by as much; if productivity did not rise, at most by
    `share` of it, a parameter of the place (Gansu: 0.7). With results down, wages fall.
    """
    if benefit <= 0:
        fits = total <= 0 if benefit < 0 else total <= benefit
        limit = Fraction(0)
    else:
        limit = benefit if productivity > 0 else benefit * Fraction(share)
        fits = total <= limit
    g, most = f"{float(total):.2f}%", f"{float(limit):.2f}%"
    return Said(
        "state_linkage",
        not fits,
        f"国有企业工资总额增长 {g}，按效益联动不宜高于 {most}",
        f"a state-owned enterprise's total wages grow by {g}; linked to results, at most {most}",
    )


def lines_of(given: Mapping[str, object]) -> Lines:
    """Lines that an analyst gives: ``upper``, ``baseline``, ``baseline_high``, ``lower``."""
    unknown = sorted(given.keys() - set(LINES))
    if unknown or not given:
        raise InputError(f"Guideline lines are {', '.join(LINES)}; found {unknown or 'none'}.")
    return Lines(**{name: Decimal(str(value)) for name, value in given.items()})
