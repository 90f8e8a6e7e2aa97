"""Plans × rules in force → a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.errors import InputError
from wageguide.law.law import Law, OnStale
from wageguide.law.load import read_law
from wageguide.payroll.advice.growth import lines_of
from wageguide.payroll.advice.prices import read_prices
from wageguide.payroll.advice.rows import (
    TITLES,
    Collected,
    beside_prices,
    enterprise_advice,
    equal_pay,
    with_advice,
)
from wageguide.payroll.batch import CODED, Batch, batch_of
from wageguide.payroll.countable import paid
from wageguide.payroll.judge import back_pay, judge
from wageguide.payroll.law_table import LawTable
from wageguide.payroll.outcome import (
    ADVICE,
    LAWFUL,
    METHOD,
    NOT_CHECKABLE,
    VIOLATION,
    Outcome,
    Rule,
)
from wageguide.payroll.plan import Plan
from wageguide.payroll.result import Review
from wageguide.payroll.rules.catalogue import chosen_rules
from wageguide.payroll.sentences import findings_of, yuan
from wageguide.survey.codes import codes

_COUNTED = {
    "lawful": LAWFUL,
    "violations": VIOLATION,
    "advice": ADVICE,
    "method": METHOD,
    "not_checkable": NOT_CHECKABLE,
}


#: Places and months named in a remark on the law.
_CELLS_SHOWN = 6


def review(
    plan: Plan,
    *,
    law: Law | None = None,
    rules: Sequence[str] | None = None,
    assume: Mapping[str, str] | None = None,
    on_stale: OnStale = "stop",
    unverified: bool = False,
    lines: Mapping[str, object] | None = None,
    state_share: Decimal | None = None,
    prices: Path | str | None = None,
) -> Review:
    """Review payroll plans by the law in force at their place and month.

    Parameters
    ----------
    plan
        As read by `read_plan`.
    law
        The law; the package's own where it is left out.
    rules
        Ids of the rules; all of them where left out.
    assume
        Answers for columns that files have not got, such as ``{"attendance": "full"}``.
        The review says that they were assumed.
    on_stale, unverified
        As in `Law.look_up`: what happens to months after the last day of checking, and
        whether values that are not verified may be used. Both are marked.
    lines
        Guideline line in percent: ``upper``, ``baseline``, ``baseline_high``, ``lower``;
        that of place and year in the law data where it is left out.
    state_share
        Share of the growth of results up to which the wages of a state-owned enterprise
        may grow without growth of productivity, a parameter of the place.
    prices
        Folder of a release whose price table wages are compared with.

    Returns
    -------
    Review
        Verdicts and findings. An enterprise complies only if something was checked, all
        that was in force was, no row was set aside, and nothing was found.

    Raises
    ------
    InputError
        If a rule is not known or nothing can be assumed of a column.
    """
    chosen = chosen_rules(rules)
    law = read_law() if law is None else law
    batch = batch_of(plan, _checked(assume))
    table = LawTable(law, on_stale, unverified)
    outcomes = [(rule, judge(batch, table, rule)) for rule in chosen]
    owed, _ = back_pay(outcomes, batch.size)
    advice = [
        enterprise_advice(plan, law, lines_of(lines) if lines else None, state_share),
        equal_pay(plan, batch),
    ]
    if prices is not None:
        advice.append(beside_prices(plan, read_prices(prices)))
    findings = findings_of(batch, table, plan.rows, outcomes)
    findings = with_advice(findings, advice)
    enterprises = _enterprises(plan, batch, outcomes, owed, advice)
    return Review(
        plan=plan,
        rules=chosen,
        verdicts={rule.id: outcome.verdict for rule, outcome in outcomes},
        findings=findings,
        not_checkable=_not_checkable(plan, outcomes, advice),
        enterprises=enterprises,
        totals=_totals(plan, batch, enterprises, findings, owed),
        law_version=law.version,
        own_law=law.own_file,
        marks=_marks(table),
        assumed=dict(assume or {}),
    )


def _marks(table: LawTable) -> tuple[tuple[str, str], ...]:
    """What is to be said of the law used, once for all places and months alike."""
    where: dict[tuple[str, str, str, str], list[str]] = {}
    for (_, _, cell), found in table.used.items():
        if found.marks:
            what = found.quantity
            key = (what.title_zh, found.marks_zh, what.title_en, found.marks_en)
            where.setdefault(key, []).append(f"{cell.place} {found.on:%Y-%m}")
    lines = []
    for (title_zh, zh, title_en, en), cells in where.items():
        shown = sorted(set(cells))
        rest = f" … ({len(shown):,})" if len(shown) > _CELLS_SHOWN else ""
        at = ", ".join(shown[:_CELLS_SHOWN]) + rest
        lines.append((f"{title_zh}（{at}）：{zh}", f"{title_en} ({at}): {en}"))
    return tuple(lines)


def _checked(assume: Mapping[str, str] | None) -> Mapping[str, str]:
    for name, answer in (assume or {}).items():
        if name not in CODED:
            raise InputError(
                f"Nothing can be assumed of {name!r}; it can of {', '.join(sorted(CODED))}."
            )
        if answer not in codes(CODED[name]):
            raise InputError(
                f"{name} cannot be {answer!r}; it may be {', '.join(codes(CODED[name]).entries)}."
            )
    return assume or {}


def _key(rows: pd.DataFrame) -> pd.Series:
    return rows["enterprise_id"]


def _enterprises(
    plan: Plan,
    batch: Batch,
    outcomes: Sequence[tuple[Rule, Outcome]],
    owed: NDArray[np.int64],
    advice: Sequence[Collected],
) -> pd.DataFrame:
    """Counts, back pay and the verdict on each enterprise, those that owe most first."""
    names = plan.enterprises.drop_duplicates("enterprise_id").set_index("enterprise_id")
    number, keys = pd.factorize(_key(plan.rows))
    size = len(keys)
    table = pd.DataFrame(index=pd.Index(keys, name="enterprise_id"))
    table["rows"] = np.bincount(number, minlength=size)
    table["workers"] = plan.rows.groupby(number)["worker_id"].nunique().to_numpy()
    table["wages"] = yuan(_sums(number, paid(batch), size))
    counts = {n: np.zeros(size, np.int64) for n in _COUNTED}
    broken = np.zeros(batch.size, bool)
    for _, outcome in outcomes:
        for name, code in _COUNTED.items():
            counts[name] += np.bincount(number[outcome.verdict == code], minlength=size)
        broken |= outcome.verdict == VIOLATION
    for name, values in counts.items():
        table[name] = values
    table["workers_in_breach"] = (
        plan.rows[broken].groupby(number[broken])["worker_id"].nunique()
        .reindex(range(size), fill_value=0).to_numpy()
    )  # fmt: skip
    table["back_pay"] = yuan(_sums(number, owed, size))
    table = table.reindex(table.index.union(names.index.dropna(), sort=False)).fillna(0)
    for gathered in advice:
        said = pd.Series([r["enterprise_id"] for r in gathered.rows], dtype="str").value_counts()
        table["advice"] += said.reindex(table.index, fill_value=0)
        open_ = pd.Series([who for who, _, _ in gathered.missing], dtype="str").value_counts()
        table["not_checkable"] += open_.reindex(table.index, fill_value=0)
    aside = plan.set_aside["enterprise_id"].value_counts().reindex(table.index, fill_value=0)
    table["set_aside"] = aside
    nothing = table[["violations", "method", "not_checkable", "set_aside", "advice"]].eq(0)
    table["complies"] = nothing.all(axis=1) & table["lawful"].gt(0)
    whole = [c for c in table.columns if c not in ("wages", "back_pay", "complies")]
    table[whole] = table[whole].astype("int64")
    table.insert(0, "enterprise_name", names["enterprise_name"].reindex(table.index))
    table.insert(1, "place", names["place"].reindex(table.index))
    table = table.reset_index().sort_values(
        ["back_pay", "violations", "enterprise_id"], ascending=[False, False, True],
        kind="stable", ignore_index=True,
    )  # fmt: skip
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table


def _sums(
    number: NDArray[np.intp],
    fen: NDArray[np.int64],
    size: int,
) -> NDArray[np.int64]:
    total = np.zeros(size, np.int64)
    np.add.at(total, number, fen)
    return total


def _not_checkable(
    plan: Plan, outcomes: Sequence[tuple[Rule, Outcome]], advice: Sequence[Collected]
) -> pd.DataFrame:
    columns = ["enterprise_id", "rule", "title_zh", "title_en", "missing", "rows"]
    open_ = [(who, r, *TITLES[r][:2], what, 0) for c in advice for who, r, what in c.missing]
    parts = [pd.DataFrame(open_, columns=columns)]
    for rule, outcome in outcomes:
        still = outcome.verdict == NOT_CHECKABLE
        for rows, missing in outcome.missing:
            counts = _key(plan.rows[rows & still]).value_counts(sort=False)
            parts.append(
                pd.DataFrame(
                    {
                        "enterprise_id": counts.index,
                        "rule": rule.id,
                        "title_zh": rule.title_zh,
                        "title_en": rule.title_en,
                        "missing": missing,
                        "rows": counts.to_numpy(),
                    }
                )
            )
    filled = [p for p in parts if len(p)]
    if not filled:
        return pd.DataFrame({c: pd.Series(dtype="str") for c in columns}).astype({"rows": "int64"})
    table = pd.concat(filled, ignore_index=True)
    return table.sort_values(["enterprise_id", "rule", "missing"], ignore_index=True)


def _totals(
    plan: Plan,
    batch: Batch,
    enterprises: pd.DataFrame,
    findings: pd.DataFrame,
    owed: NDArray[np.int64],
) -> dict[str, int | float]:
    who = plan.rows[["enterprise_id", "worker_id"]].drop_duplicates()
    verdicts = findings["verdict"].value_counts()
    return {
        "enterprises": len(enterprises),
        "workers": len(who),
        "rows": len(plan.rows),
        "reviewed_yuan": int(paid(batch).sum()) / 100,
        "violations": int(verdicts.get("violation", 0)),
        "advice": int(verdicts.get("advice", 0)),
        "method": int(verdicts.get("method", 0)),
        "not_checkable": int(enterprises["not_checkable"].sum()),
        "enterprises_in_breach": int(enterprises["violations"].gt(0).sum()),
        "workers_in_breach": int(enterprises["workers_in_breach"].sum()),
        "back_pay_yuan": int(owed.sum()) / 100,
        "complying": int(enterprises["complies"].sum()),
        "set_aside": len(plan.set_aside),
    }
