"""An agreement beside the law: deadlines, representatives, contents, levels."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from wageguide.bargaining.agreement import Agreement
from wageguide.bargaining.agreement_parts import congress, contents, levels, representatives
from wageguide.bargaining.agreement_rules import Found, rules_of, source_of, verdict_of
from wageguide.bargaining.deadlines import last_day
from wageguide.bargaining.roster import Roster
from wageguide.law.calendar import Calendar

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.law.law import Law

VERDICTS: dict[str, tuple[str, str]] = {
    "lawful": ("合法", "lawful"),
    "violation": ("违法", "violation"),
    "advice": ("提示", "advice"),
    "not_checkable": ("无法核查", "not checkable"),
}


@dataclass(frozen=True, repr=False)
class AgreementCheck:
    """All findings of an agreement, and its days.

    Attributes
    ----------
    agreement
        What was checked.
    found
        In the order of the checklist.
    days
        Deadlines: rule, last day, what is due in both languages, source.
    """

    agreement: Agreement
    found: tuple[Found, ...]
    days: tuple[tuple[str, dt.date, str, str, str], ...]

    @property
    def frame(self) -> pd.DataFrame:
        """The checklist: ``rule``, ``verdict``, ``text_zh``, ``text_en``, ``source``."""
        import pandas as pd

        return pd.DataFrame(
            [(f.rule, f.verdict, f.zh, f.en, f.source) for f in self.found],
            columns=["rule", "verdict", "text_zh", "text_en", "source"],
        )

    @property
    def complies(self) -> bool:
        """Something was checked, nothing violates a text, and all could be checked."""
        verdicts = {f.verdict for f in self.found}
        return bool(self.found) and not verdicts & {"violation", "not_checkable"}

    def __repr__(self) -> str:
        return "\n".join(
            f"[{VERDICTS[f.verdict][0]} {VERDICTS[f.verdict][1]}] {f.zh} {f.en} — {f.source}"
            for f in self.found
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(VERDICTS[f.verdict][0])}</td><td>{escape(f.zh)}</td>"
            f"<td>{escape(f.source)}</td></tr>"
            for f in self.found
        )
        return f"<table>{rows}</table>"


def check_agreement(
    agreement: Agreement, *, law: Law | None = None, roster: Roster | None = None
) -> AgreementCheck:
    """Check an agreement against every text that holds at its place.

    Where two texts differ, both are checked and each finding names its own.

    Parameters
    ----------
    agreement
        What was agreed, by whom and when.
    law
        For the minimum wage and the calendar; the package's own where it is left out.
    roster
        Individual pay, to be at least the agreed level of its post.
    """
    from wageguide.law.load import read_law

    law = law or read_law()
    days: list[tuple[str, dt.date, str, str, str]] = []
    found = [
        *_deadline(
            agreement.requested,
            agreement.answered,
            "answer",
            "书面答复",
            "written answer",
            agreement,
            law.calendar,
            days,
        ),
        *representatives(agreement),
        *contents(agreement),
        *congress(agreement),
        *_deadline(
            agreement.signed,
            agreement.filed,
            "filing",
            "报送",
            "filing",
            agreement,
            law.calendar,
            days,
        ),
        *_force(agreement, law.calendar, days),
        *levels(agreement, law, roster),
    ]
    if agreement.end is not None:
        for rule in rules_of("renewal", agreement.place):
            day = agreement.end - dt.timedelta(days=rule.value)
            days.append(
                (
                    "renewal",
                    day,
                    "提出续签要求（自该日起）",
                    "request to renew, from this day on",
                    source_of(rule),
                )
            )
    return AgreementCheck(agreement, tuple(found), tuple(days))


def _deadline(
    start: dt.date | None,
    done: dt.date | None,
    name: str,
    zh: str,
    en: str,
    agreement: Agreement,
    calendar: Calendar,
    days: list[tuple[str, dt.date, str, str, str]],
) -> list[Found]:
    """Something that is due so many days after another day, by every text."""
    found = []
    for rule in rules_of(name, agreement.place):
        source = source_of(rule)
        if start is None:
            found.append(
                Found(name, "not_checkable", f"{zh}：起算日未填。", f"{en}: no first day.", source)
            )
            continue
        last = last_day(start, rule.value, rule.unit, calendar)
        days.append((name, last, f"{zh}期限", f"{en} due", source))
        if done is None:
            found.append(
                Found(
                    name,
                    "not_checkable",
                    f"{zh}：应于{last}前，日期未填。",
                    f"{en}: due by {last}, no day given.",
                    source,
                )
            )
            continue
        verdict = verdict_of(rule, done <= last)
        found.append(
            Found(
                name,
                verdict,
                f"{zh}：{done}，期限{last}。",
                f"{en}: {done}, due by {last}.",
                source,
            )
        )
    return found


def _force(
    agreement: Agreement, calendar: Calendar, days: list[tuple[str, dt.date, str, str, str]]
) -> list[Found]:
    """Entry into force after the authority's silence, and publication after that."""
    found: list[Found] = []
    if agreement.objected:
        return [
            Found(
                "review",
                "advice",
                "审查机关提出异议，应修改后重新报送。",
                "The authority objected; change the text and file it again.",
                "",
            )
        ]
    for rule in rules_of("review", agreement.place):
        source = source_of(rule)
        if agreement.received is None:
            found.append(
                Found(
                    "review",
                    "not_checkable",
                    "收到日期未填，生效日无法推算。",
                    "No day of receipt; the day of entry into force is not known.",
                    source,
                )
            )
            continue
        begins = last_day(agreement.received, rule.value, rule.unit, calendar)
        days.append(
            ("review", begins, "期满未提出异议即生效", "in force if nobody objected", source)
        )
        if agreement.in_force is not None:
            early = agreement.in_force < begins
            verdict = "violation" if early else "lawful"
            found.append(
                Found(
                    "review",
                    verdict,
                    f"生效日{agreement.in_force}，审查期满为{begins}。",
                    f"In force from {agreement.in_force}; the review ends on {begins}.",
                    source,
                )
            )
        found += _deadline(
            begins,
            agreement.published,
            "publication",
            "公布",
            "publication",
            agreement,
            calendar,
            days,
        )
    return found
