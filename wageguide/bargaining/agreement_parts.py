"""Who agreed on what: representatives, contents, the congress, levels of pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wageguide.bargaining.agreement import CONTENTS, Agreement
from wageguide.bargaining.agreement_rules import (
    AgreementRule,
    Found,
    rules_of,
    source_of,
    verdict_of,
)
from wageguide.bargaining.roster import Roster

if TYPE_CHECKING:
    from wageguide.law.law import Law


def representatives(agreement: Agreement) -> list[Found]:
    """Numbers of representatives, those from outside and from the front line."""
    found: list[Found] = []
    sides = (
        ("职工方", "workers", agreement.workers, agreement.workers_outside),
        ("企业方", "company", agreement.company, agreement.company_outside),
    )
    for zh, en, many, outside in sides:
        for rule in rules_of("representatives", agreement.place):
            found.append(_counted(rule, zh, en, many))
        for rule in rules_of("outside", agreement.place):
            source = source_of(rule)
            if many is None or outside is None:
                found.append(
                    Found(
                        "outside",
                        "not_checkable",
                        f"{zh}外聘代表人数未填。",
                        f"{en}: outside representatives not given.",
                        source,
                    )
                )
                continue
            verdict = verdict_of(rule, outside * rule.value <= many)
            found.append(
                Found(
                    "outside",
                    verdict,
                    f"{zh}代表{many}人，外聘{outside}人，至多三分之一。",
                    f"{en}: {outside} of {many} are from outside; at most a third.",
                    source,
                )
            )
    for rule in rules_of("company_not_more", agreement.place):
        if agreement.workers is None or agreement.company is None:
            continue
        holds = agreement.company <= agreement.workers
        found.append(
            Found(
                "company_not_more",
                verdict_of(rule, holds),
                f"企业方{agreement.company}人，不得多于职工方{agreement.workers}人。",
                f"{agreement.company} for the company, at most the workers' {agreement.workers}.",
                source_of(rule),
            )
        )
    for rule in rules_of("front_line", agreement.place):
        own, whole = agreement.workers_front_line, agreement.workers
        if own is None or whole is None:
            found.append(
                Found(
                    "front_line",
                    "not_checkable",
                    "一线职工代表人数未填。",
                    "front-line representatives not given.",
                    source_of(rule),
                )
            )
            continue
        found.append(
            Found(
                "front_line",
                verdict_of(rule, own * rule.value >= whole),
                f"职工方代表{whole}人，其中一线{own}人，不得少于三分之一。",
                f"{own} of {whole} are from the front line; at least a third.",
                source_of(rule),
            )
        )
    return found


def _counted(rule: AgreementRule, zh: str, en: str, many: int | None) -> Found:
    source = source_of(rule)
    if many is None:
        text = f"{en}: number of representatives not given."
        return Found(rule.id, "not_checkable", f"{zh}代表人数未填。", text, source)
    return Found(
        rule.id,
        verdict_of(rule, many >= rule.value),
        f"{zh}代表{many}人，至少{rule.value}人。",
        f"{en}: {many} representatives, at least {rule.value}.",
        source,
    )


def contents(agreement: Agreement) -> list[Found]:
    """What the agreement should say and does not."""
    source = "工资集体协商试行办法（令第9号）第七条（已核对原文）"
    missing = [c for c in CONTENTS if c not in agreement.contents and c != "other"]
    if not missing:
        return [
            Found("contents", "lawful", "应约定的内容齐全。", "All contents are there.", source)
        ]
    return [
        Found(
            "contents",
            "advice",
            f"未约定：{CONTENTS[c][0]}。",
            f"Not agreed: {CONTENTS[c][1]}.",
            source,
        )
        for c in missing
    ]


def congress(agreement: Agreement) -> list[Found]:
    """Whether the draft was put before the workers."""
    source = "工资集体协商试行办法（令第9号）第十九条（已核对原文）"
    if agreement.congress is None:
        return [
            Found(
                "congress",
                "not_checkable",
                "是否经职工代表大会审议未填。",
                "Whether the workers' congress passed it is not given.",
                source,
            )
        ]
    verdict = "lawful" if agreement.congress else "violation"
    word = ("已", "was") if agreement.congress else ("未", "was not")
    return [
        Found(
            "congress",
            verdict,
            f"草案{word[0]}提交职工代表大会或职工大会审议。",
            f"The draft {word[1]} put before the workers' congress.",
            source,
        )
    ]


def levels(agreement: Agreement, law: Law, roster: Roster | None) -> list[Found]:
    """Agreed levels against the minimum wage, and individual pay against them."""
    found: list[Found] = []
    source = "劳动合同法第五十五条（已核对原文）"
    if agreement.start is not None and agreement.levels:
        minimum = law.look_up("minimum_wage_monthly", agreement.place, agreement.start)
        floor = round(float(minimum.value) * 100)
        for post, level in agreement.levels.items():
            verdict = "violation" if level < floor else "lawful"
            found.append(
                Found(
                    "minimum_wage",
                    verdict,
                    f"{post}约定{level / 100:,.2f}元，最低工资{floor / 100:,.2f}元。",
                    f"{post}: {level / 100:,.2f} agreed, the minimum wage is {floor / 100:,.2f}.",
                    source,
                )
            )
    if roster is None:
        return found
    for post, level in agreement.levels.items():
        use = roster.chosen((post,) if post != "*" else (), ())
        heads = roster.column("heads")
        below = int(heads[use & (roster.column("base") < level)].sum())
        verdict = "violation" if below else "lawful"
        found.append(
            Found(
                "individual",
                verdict,
                f"{post}：{below}人的工资低于协议标准{level / 100:,.2f}元，应按协议标准执行。"
                if below
                else f"{post}：个人工资不低于协议标准。",
                f"{post}: {below} paid less than the agreed {level / 100:,.2f}; the "
                "agreement holds."
                if below
                else f"{post}: nobody below the agreement.",
                source,
            )
        )
    return found
