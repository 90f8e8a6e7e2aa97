"""The result of a review: verdicts, findings, and what each enterprise owes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.payroll.outcome import Rule
from wageguide.payroll.plan import Plan


@dataclass(frozen=True, repr=False)
class Review:
    """Payroll plans beside the law.

    Attributes
    ----------
    plan
        What was reviewed.
    rules
        Rules that were asked for.
    verdicts
        By rule: code of each row of ``plan.rows``; see `VERDICTS`.
    findings
        Violations, advice, and verdicts that depend on the method, with sums in yuan,
        article, source and sentence; advice on whole enterprises has no worker.
    not_checkable
        What could not be checked, by enterprise and rule: ``missing`` and ``rows``.
    enterprises
        One row an enterprise: rows, counts by verdict, back pay, ``complies``, ``rank``.
    totals
        For the annual report: enterprises, workers, yuan reviewed, findings, back pay.
    law_version, own_law
        Hash of the law data, and the user's file that was merged.
    marks
        What is to be said of the law used: stale, recalled, own values; Chinese, English.
    assumed
        Answers taken for columns that files did not have.
    """

    plan: Plan
    rules: tuple[Rule, ...]
    verdicts: Mapping[str, NDArray[np.int8]]
    findings: pd.DataFrame
    not_checkable: pd.DataFrame
    enterprises: pd.DataFrame
    totals: Mapping[str, int | float]
    law_version: str
    own_law: str
    marks: tuple[tuple[str, str], ...]
    assumed: Mapping[str, str]

    @property
    def violations(self) -> pd.DataFrame:
        """Findings that are violations."""
        return self.findings[self.findings["verdict"] == "violation"]

    def lines(self) -> list[tuple[str, str]]:
        """What was found, in a few lines of Chinese and English."""
        t = self.totals
        said = [
            (
                f"审核 {t['enterprises']:,} 户企业、{t['workers']:,} 名劳动者、{t['rows']:,} 行，"
                f"工资 {t['reviewed_yuan']:,.2f} 元",
                f"{t['enterprises']:,} enterprises, {t['workers']:,} workers, {t['rows']:,} rows, "
                f"{t['reviewed_yuan']:,.2f} yuan reviewed",
            ),
            (
                f"违法 {t['violations']:,} 条，涉及 {t['enterprises_in_breach']:,} 户、"
                f"{t['workers_in_breach']:,} 人；应补发 {t['back_pay_yuan']:,.2f} 元",
                f"{t['violations']:,} violations in {t['enterprises_in_breach']:,} enterprises, "
                f"{t['workers_in_breach']:,} workers; {t['back_pay_yuan']:,.2f} yuan to be paid",
            ),
            (
                f"提示 {t['advice']:,} 条；取决于方法 {t['method']:,} 条；无法核查 "
                f"{t['not_checkable']:,} 项；剔除 {t['set_aside']:,} 行",
                f"{t['advice']:,} pieces of advice; {t['method']:,} depend on the method; "
                f"{t['not_checkable']:,} not checkable; {t['set_aside']:,} rows set aside",
            ),
            (
                f"核查完整且未发现问题的企业 {t['complying']:,} 户",
                f"{t['complying']:,} enterprises comply: all in force was checked, nothing found",
            ),
        ]
        for name, value in self.assumed.items():
            said.append((f"假定：{name} = {value}", f"assumed: {name} = {value}"))
        said += [(f"法规数据提示：{zh}", f"law data: {en}") for zh, en in self.marks]
        return said

    def __repr__(self) -> str:
        return "\n".join(
            [self._title(), *(text for zh, en in self.lines() for text in (f"  {zh}", f"  {en}"))]
        )

    def _repr_html_(self) -> str:
        body = "<br>".join(f"{zh}<br><small>{en}</small>" for zh, en in self.lines())
        return f"<p><strong>{self._title()}</strong></p><p>{body}</p>"

    def _title(self) -> str:
        own = f" + {self.own_law}" if self.own_law else ""
        return f"工资计划审核 Review of payroll plans · 法规数据 law {self.law_version}{own}"
