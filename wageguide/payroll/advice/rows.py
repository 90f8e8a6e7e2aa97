"""Advice on enterprises as rows of findings."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from wageguide.errors import InputError, LawError
from wageguide.law.law import Law
from wageguide.payroll.advice.growth import (
    Lines,
    Said,
    against_lines,
    average_growth,
    growth,
    guideline_lines,
    state_linkage,
    two_below,
)
from wageguide.payroll.batch import Batch
from wageguide.payroll.countable import paid
from wageguide.payroll.period import read_period
from wageguide.payroll.plan import Plan
from wageguide.payroll.sentences import FINDING_COLUMNS

TITLES = {
    "guideline_line": ("工资指导线", "Guideline line", "企业工资指导线（指导性）"),
    "two_below": ("两低于", "Two-below principle", "两低于原则（指导性）"),
    "state_linkage": ("国有企业工效联动", "State-owned linkage", "国发〔2018〕16号（按参数）"),
    "equal_pay": (
        "被派遣劳动者同工同酬",
        "Equal pay for dispatched workers",
        "劳动合同法 第六十三条",
    ),
    "price_table": ("与工资价位比较", "Beside the price table", "企业工资价位（指导性）"),
}


@dataclass
class Collected:
    """Advice, and what could not be advised on.

    Attributes
    ----------
    rows
        Findings.
    missing
        Enterprise, rule and what is missing.
    """

    rows: list[dict[str, object]]
    missing: list[tuple[str, str, str]]

    def add(self, rule: str, where: Mapping[str, object], said: Said, **sums: float) -> None:
        """Put in a piece of advice; what is in order is not put in."""
        if not said.advice:
            return
        zh, en, article = TITLES[rule]
        blank: dict[str, object] = dict.fromkeys(FINDING_COLUMNS, "")
        numbers = ("compared", "limit", "short", "back_pay", "extra_least", "extra_most")
        blank |= dict.fromkeys(numbers, 0.0) | {"row": 0}
        self.rows.append(
            {
                **blank,
                **where,
                "rule": rule,
                "title_zh": zh,
                "title_en": en,
                "article": article,
                "verdict": "advice",
                "text_zh": said.zh + "。",
                "text_en": said.en[:1].upper() + said.en[1:] + ".",
                **sums,
            }
        )


def enterprise_advice(
    plan: Plan, law: Law, lines: Lines | None, state_share: Decimal | None
) -> Collected:
    """Growth of each enterprise that states last year's and this year's wages.

    Parameters
    ----------
    lines
        Guideline line to use; that of place and year in the law data where it is None.
    state_share
        Share of the growth of results to which a state-owned enterprise may go without
        growth of productivity; no such advice where it is None.
    """
    found = Collected([], [])
    for line in plan.enterprises.to_dict("records"):
        stated = [line[n] for n in ("payroll_before", "payroll_planned")]
        if any(pd.isna(v) for v in stated) or pd.isna(line["enterprise_id"]):
            continue
        _one(found, line, law, lines, state_share)
    return found


def _one(
    found: Collected,
    line: Mapping[Hashable, Any],
    law: Law,
    lines: Lines | None,
    state_share: Decimal | None,
) -> None:
    who = str(line["enterprise_id"])
    where = {n: line[n] for n in ("enterprise_id", "enterprise_name", "place", "period", "file")}
    before, planned = (_number(line[n]) for n in ("payroll_before", "payroll_planned"))
    heads = [_number(line[n]) for n in ("heads_before", "heads_planned")]
    benefit, productivity = (_number(line[n]) for n in ("benefit_growth", "productivity_growth"))
    assert before is not None
    assert planned is not None
    try:
        total = growth(before, planned)
        average = None
        if heads[0] is not None and heads[1] is not None:
            average = average_growth(before, planned, heads[0], heads[1])
    except InputError as error:
        found.missing.append((who, "two_below", str(error)))
        return
    if average is None:
        found.missing.append((who, "guideline_line", "heads_before, heads_planned"))
    else:
        try:
            held = lines or guideline_lines(law, str(line["place"]), _year(line["period"]))
            found.add("guideline_line", where, against_lines(average, held))
        except LawError as error:
            found.missing.append((who, "guideline_line", str(error)))
    if average is None or benefit is None or productivity is None:
        found.missing.append((who, "two_below", "benefit_growth, productivity_growth, heads"))
        return
    for said in two_below(total, average, Fraction(benefit), Fraction(productivity)):
        found.add("two_below", where, said)
    if line["state_owned"] == "yes" and state_share is not None:
        said = state_linkage(total, Fraction(benefit), Fraction(productivity), state_share)
        found.add("state_linkage", where, said)


def _number(value: Any) -> Decimal | None:
    return None if pd.isna(value) else Decimal(repr(float(value)))


def _year(period: object) -> int:
    found = read_period(str(period))
    if found is None:
        raise LawError(f"Period {period!r} is no year.")
    return found.first // 12


def equal_pay(plan: Plan, batch: Batch) -> Collected:
    """Dispatched workers whose post pays the enterprise's own workers more on average."""
    found = Collected([], [])
    own, sent = batch.is_("work_form", "full_time"), batch.is_("work_form", "dispatched")
    senders = plan.rows["enterprise_id"].isin(plan.rows.loc[sent, "enterprise_id"].unique())
    here = batch.is_("attendance", "full") & (own | sent) & senders.to_numpy()
    names = ["enterprise_id", "enterprise_name", "place", "period", "post", "file"]
    pay = paid(batch) - batch.amount("overtime_pay")
    rows = plan.rows.loc[here, names].assign(pay=pay[here], own=own[here], sent=sent[here])
    for who in sorted(set(rows.loc[rows["sent"] & rows["post"].isna(), "enterprise_id"])):
        found.missing.append((who, "equal_pay", "post"))
    keys = ["enterprise_id", "period", "post"]
    for key, post in rows[rows["post"].notna()].groupby(keys, sort=True):
        sent, own = post.loc[post["sent"], "pay"], post.loc[post["own"], "pay"]
        if not len(sent) or not len(own) or sent.sum() * len(own) >= own.sum() * len(sent):
            continue
        mine, its = sent.sum() / len(sent) / 100, own.sum() / len(own) / 100
        name = str(key[2])
        said = Said(
            "equal_pay",
            True,
            f"岗位“{name}”被派遣劳动者 {len(sent)} 人平均 {mine:,.2f} 元，低于本单位同岗位 "
            f"{len(own)} 人平均 {its:,.2f} 元（不含加班工资）：请核对是否同工同酬",
            f"in the post {name!r} {len(sent)} dispatched workers are paid {mine:,.2f} yuan on "
            f"average, {len(own)} of the enterprise's own {its:,.2f} yuan (without overtime): see "
            "whether equal work is paid equally",
        )
        first = post.iloc[0]
        where = {
            n: first[n] for n in ("enterprise_id", "enterprise_name", "place", "period", "file")
        }
        found.add("equal_pay", where, said, compared=round(mine, 2), limit=round(its, 2))
    return found


def beside_prices(plan: Plan, prices: pd.DataFrame) -> Collected:
    """Workers whose yearly wage is outside the lowest and highest price of their occupation.

    Parameters
    ----------
    prices
        One row an occupation, indexed by its code: ``low`` and ``high``, yuan a year.
    """
    found = Collected([], [])
    rows = plan.rows[plan.rows["occupation"].isin(prices.index)]
    lacking = rows[rows["annual_wage"].isna()]
    for who in sorted(set(lacking["enterprise_id"])):
        found.missing.append((who, "price_table", "annual_wage"))
    rows = rows[rows["annual_wage"].notna()]
    wages = rows["annual_wage"].to_numpy()
    low, high = (prices[n].reindex(rows["occupation"]).to_numpy() for n in ("low", "high"))
    for i in np.flatnonzero((wages < low) | (wages > high)).tolist():
        line = rows.iloc[i]
        under = wages[i] < low[i]
        limit = low[i] if under else high[i]
        word_zh, word_en = ("低于低位数", "below the low price") if under else (
            "高于高位数", "above the high price")  # fmt: skip
        said = Said(
            "price_table",
            True,
            f"年工资 {wages[i]:,.0f} 元，{word_zh} {limit:,.0f} 元（职业 {line['occupation']}）",
            f"a yearly wage of {wages[i]:,.0f} yuan is {word_en} of {limit:,.0f} yuan (occupation "
            f"{line['occupation']})",
        )
        names = ("enterprise_id", "enterprise_name", "place", "worker_id", "period", "file",
                 "sheet", "row")  # fmt: skip
        where = {n: line[n] for n in names}
        found.add("price_table", where, said, compared=float(wages[i]), limit=float(limit))
    return found


def with_advice(findings: pd.DataFrame, collected: Sequence[Collected]) -> pd.DataFrame:
    """Findings with the advice put in, enterprise by enterprise."""
    rows = [r for c in collected for r in c.rows]
    if not rows:
        return findings
    advice = pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
    table = pd.concat([findings, advice], ignore_index=True) if len(findings) else advice
    order = ["enterprise_id", "period", "worker_id"]
    return table.sort_values(order, kind="stable", ignore_index=True)
