"""What the texts ask of an agreement, each value with its source and evidence."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wageguide.errors import LawError
from wageguide.law.evidence import EVIDENCE

_FILE = Path(__file__).with_name("agreement_law.toml")


@dataclass(frozen=True)
class AgreementRule:
    """One value of one text.

    Attributes
    ----------
    id, place
        What it is about, and the beginning of the codes of the places where it holds.
    value, unit
        Days (``calendar``, ``working``), persons, or a part: 3 is a third.
    source, clause, evidence
        Where it stands, and how well it is known.
    """

    id: str
    place: str
    value: int
    unit: str
    source: str
    clause: str
    evidence: str


@dataclass(frozen=True)
class Found:
    """What a check found.

    Attributes
    ----------
    rule
        Id of the rule.
    verdict
        Of `VERDICTS`.
    zh, en
        What was compared, in words.
    source
        Text, article and evidence.
    """

    rule: str
    verdict: str
    zh: str
    en: str
    source: str


@cache
def agreement_rules() -> tuple[AgreementRule, ...]:
    """The rules of the texts.

    Raises
    ------
    LawError
        If a rule is not whole.
    """
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["rule"]
    try:
        rules = tuple(AgreementRule(**e) for e in entries)
    except TypeError as error:
        raise LawError(f"{_FILE.name}: a rule is not whole: {error}.") from error
    wrong = [r.id for r in rules if r.evidence not in EVIDENCE]
    if wrong:
        raise LawError(f"{_FILE.name}: unknown evidence of {', '.join(wrong)}.")
    return rules


def rules_of(name: str, place: str) -> list[AgreementRule]:
    """Rules of one kind that hold at a place: its own texts, or else those of the nation."""
    mine = [r for r in agreement_rules() if r.id == name and place.startswith(r.place)]
    own = [r for r in mine if r.place]
    return own or mine


def source_of(rule: AgreementRule) -> str:
    """Text, article and evidence in one line."""
    return f"{rule.source}{rule.clause}（{EVIDENCE[rule.evidence].label_zh}）"


def verdict_of(rule: AgreementRule, holds: bool) -> str:
    """Lawful or violation; of a text that nobody has seen, no more than advice."""
    if not EVIDENCE[rule.evidence].usable:
        return "lawful" if holds else "advice"
    return "lawful" if holds else "violation"
