"""Deadlines as a calendar file that phones and office programs read (RFC 5545)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from wageguide.bargaining.agreement_check import AgreementCheck

_WIDTH = 75


def calendar_text(check: AgreementCheck, *, lang: str = "zh") -> str:
    """The deadlines of an agreement as an iCalendar text; the same check, the same text."""
    agreement = check.agreement
    stamp = agreement.signed or agreement.start or min((d[1] for d in check.days), default=None)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//wageguide//agreement//ZH"]
    for rule, day, zh, en, source in check.days:
        name = f"{agreement.name}：{zh}" if lang == "zh" else f"{agreement.name}: {en}"
        key = f"{agreement.place} {agreement.name} {rule} {source}".encode()
        assert stamp is not None
        lines += [
            "BEGIN:VEVENT",
            f"UID:{hashlib.sha256(key).hexdigest()[:24]}@wageguide",
            f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"SUMMARY:{_escaped(name)}",
            f"DESCRIPTION:{_escaped(source)}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines)


def write_calendar(check: AgreementCheck, path: Path | str, *, lang: str = "zh") -> None:
    """Write the deadlines as an ``.ics`` file."""
    Path(path).write_bytes(calendar_text(check, lang=lang).encode("utf-8"))


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line of at most 75 octets; what is longer goes on after a space."""
    parts: list[str] = []
    part = ""
    for letter in line:
        if len((part + letter).encode("utf-8")) > _WIDTH - (1 if parts else 0):
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
