"""The notes of a release: what a reader needs to check a figure, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wageguide.publish.settings import Lang, ReleasePlan
from wageguide.publish.tables import PriceTable
from wageguide.survey.reasons import REASONS

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.publish.edition import Edition, Status
    from wageguide.survey.survey import Survey
    from wageguide.tiers.scheme import Scheme, Tier
    from wageguide.tiers.table import TierTable

#: Printed on the cover and on every sheet of a draft.
DRAFT: dict[Lang, str] = {
    "zh": "草稿，不得对外发布",
    "en": "Draft, not for publication",
}
FINAL: dict[Lang, str] = {"zh": "正式发布", "en": "Final"}

_BOUNDARY = {
    "fractional": (
        "按精确比例计算，边界上的从业人员按所占份额计入",
        "the exact share is taken, the worker on the boundary counting in part",
    ),
    "whole_persons": (
        "取比例以内的整数人数，不足一人的没有平均数",
        "whole workers within the share are taken; a share of less than one has no mean",
    ),
}


@dataclass(frozen=True)
class Note:
    """One line of the notes, in both languages."""

    item_zh: str
    item_en: str
    text_zh: str
    text_en: str

    def item(self, lang: Lang) -> str:
        """What the line is about."""
        return self.item_zh if lang == "zh" else self.item_en

    def text(self, lang: Lang) -> str:
        """What it says."""
        return self.text_zh if lang == "zh" else self.text_en


def status_line(edition: Edition) -> str:
    """Draft or final, with the day of a final release."""
    if edition.status == "draft":
        return DRAFT[edition.lang]
    day = f" {edition.published_on.isoformat()}" if edition.published_on else ""
    return FINAL[edition.lang] + day


def release_notes(
    plan: ReleasePlan,
    survey: Survey,
    tables: Sequence[PriceTable],
    *,
    year: int,
    weighted: bool,
    status: Status = "draft",
) -> list[Note]:
    """All notes of a release, in printed order."""
    release = plan.settings
    said = DRAFT if status == "draft" else FINAL
    notes = [Note("状态", "Status", f"{said['zh']}。", f"{said['en']}.")]
    if release.published_on is not None:
        day = release.published_on.isoformat()
        notes.append(Note("发布日期", "Day of publication", day, day))
    if release.notice_zh or release.notice_en:
        notes.append(Note("声明", "Notice", release.notice_zh, release.notice_en))
    notes += [
        Note(
            "报告期",
            "Reference year",
            f"{year}年：工资在该年内支付。",
            f"{year}: the year in which the wages were paid.",
        ),
        Note("工资口径", "Price basis", release.price_basis_zh, release.price_basis_en),
        Note("计量单位", "Unit", "元/年", "Yuan per year"),
        _rounding(release.rounding_yuan),
        *_scheme_notes(plan.scheme, tables[0].tiers),
        _weights(weighted, survey.weighting is not None),
        *_count_notes(survey, tables),
        *_account_notes(survey),
        _csv_note(),
    ]
    return notes


def _rounding(unit: int) -> Note:
    return Note(
        "舍入",
        "Rounding",
        f"仅在发布时舍入一次：四舍五入到 {unit:,} 元的整数倍，恰为一半时向上。此前各步均不舍入。",
        f"Rounded once, on publication, to multiples of {unit:,} yuan, halves up; "
        "no step before it rounds.",
    )


def _scheme_notes(scheme: Scheme, tiers: TierTable) -> list[Note]:
    notes = [
        Note("价位形式", "Scheme", scheme.title_zh, f"{scheme.title_en} ({scheme.id})"),
        *(_tier_note(tier) for tier in scheme.tiers),
        Note(
            "平均数",
            "Mean",
            "全部从业人员工资的算术平均数。",
            "Arithmetic mean of all workers' wages.",
        ),
        Note(
            "分位数规则",
            "Quantile rule",
            f"{tiers.quantile.name}（{tiers.quantile.alias}）：{tiers.quantile.label_zh}",
            f"{tiers.quantile.name} ({tiers.quantile.alias}): {tiers.quantile.label_en}",
        ),
    ]
    if any(tier.kind != "quantile" for tier in scheme.tiers):
        zh, en = _BOUNDARY[scheme.boundary]
        notes.append(Note("平均数的边界", "Boundary of means", f"{zh}。", f"{en}."))
    return notes


def _tier_note(tier: Tier) -> Note:
    percent = f"{float(tier.share * 100):g}%"
    zh, en = {
        "quantile": (
            f"将工资从低到高排列，{percent} 的从业人员工资不高于该数值。",
            f"{percent} of workers earn this or less.",
        ),
        "lower_tail_mean": (
            f"工资最低的 {percent} 从业人员的平均工资。",
            f"Mean wage of the {percent} of workers who earn least.",
        ),
        "upper_tail_mean": (
            f"工资最高的 {percent} 从业人员的平均工资。",
            f"Mean wage of the {percent} of workers who earn most.",
        ),
        "middle_mean": (
            f"工资居中的 {percent} 从业人员的平均工资。",
            f"Mean wage of the {percent} of workers in the middle.",
        ),
    }[tier.kind]
    return Note(tier.label_zh, tier.label_en, zh, en)


def _weights(weighted: bool, weighed: bool) -> Note:
    if weighed:
        return Note(
            "权数",
            "Weights",
            "按抽样设计加权，每名从业人员代表若干名从业人员。",
            "Weighted by the sampling design: a worker stands for several.",
        )
    if weighted:
        return Note(
            "权数",
            "Weights",
            "按返表所附权数加权。",
            "Weighted by the weights of the returns.",
        )
    return Note(
        "权数",
        "Weights",
        "未加权：每名从业人员计 1 次。",
        "Not weighted: every worker counts once.",
    )


def _count_notes(survey: Survey, tables: Sequence[PriceTable]) -> list[Note]:
    workers = survey.workers
    used, returns = len(workers), workers["enterprise_id"].nunique()
    notes = [
        Note(
            "使用人数",
            "Workers used",
            f"{used:,} 名全年在岗从业人员，来自 {returns:,} 户企业。",
            f"{used:,} full-year workers of {returns:,} enterprises.",
        ),
        Note(
            "合计行",
            "Row of all",
            "单一分组的表以“全部”开头，包括没有该项分组答案的从业人员。",
            "A table of one key begins with all workers, those without an answer to it included.",
        ),
    ]
    for table in tables:
        cells = len(table.frame) - table.total_rows
        notes.append(
            Note(
                f"表：{table.settings.title_zh}",
                f"Table: {table.settings.title_en}",
                f"{cells:,} 行，{used - table.left_out:,} 人；"
                f"因缺少分组答案未列入 {table.left_out:,} 人。",
                f"{cells:,} rows, {used - table.left_out:,} workers; "
                f"{table.left_out:,} left out, having no answer to a key.",
            )
        )
    return notes


def _csv_note() -> Note:
    return Note(
        "数据文件",
        "Data files",
        "tables 文件夹中每张表各有 CSV 和 Parquet（UTF-8，首行为英文列名），"
        "数值与本工作簿相同，均为舍入后的发布数；"
        "prices_long 为全部表的长表，每行一个数值；dictionary.csv 说明每一列。"
        "没有数值的单元格留空，其标记或等级说明原因。",
        "The folder tables has each table as CSV and Parquet (UTF-8, machine names in the first "
        "row) with the figures of this workbook, rounded as published; prices_long holds all "
        "tables, one figure a row; dictionary.csv explains every column. A cell without a figure "
        "is empty, and its mark or grade says why.",
    )


def printed_account(survey: Survey, lang: Lang) -> pd.DataFrame:
    """The account of rows and yuan with printed headings; yuan to the fen."""
    lines = survey.account.frame.assign(yuan=lambda f: [float(v) for v in f["yuan"]])
    heads = {"zh": ("账目", "行数", "工资（元）"), "en": ("Line", "Rows", "Wages (yuan)")}[lang]
    label = next(c for c in lines.columns if c.endswith(f"_{lang}"))
    return lines[[label, "rows", "yuan"]].set_axis(list(heads), axis=1)


def _account_notes(survey: Survey) -> list[Note]:
    aside = survey.set_aside["reason"].value_counts().sort_index()
    edits = survey.changes["reason"].value_counts().sort_index()
    used, out = len(survey.workers), len(survey.set_aside)
    return [
        Note(
            "审核账目",
            "Account",
            f"收到 {used + out:,} 行 = 使用 {used:,} 行 + 剔除 {out:,} 行；"
            "行数和金额均平衡，明细见“审核账目”表。",
            f"{used + out:,} rows received = {used:,} rows used + {out:,} rows set aside; it "
            "closes in rows and in yuan, see the sheet Account.",
        ),
        Note(
            "审核修正",
            "Values changed",
            f"{_counts(edits, 'zh', '处')}。逐条记录见内部文件 changes.csv。",
            f"{_counts(edits, 'en')}. Each is logged in the internal file changes.csv.",
        ),
        Note(
            "剔除的行",
            "Rows set aside",
            f"{_counts(aside, 'zh', '行')}。",
            f"{_counts(aside, 'en')}.",
        ),
    ]


def _counts(counts: pd.Series, lang: Lang, unit: str = "") -> str:
    """Reasons and how often, in order of code."""
    named = [
        f"{reason_name(str(r), lang)} {n:,}{' ' + unit if unit else ''}" for r, n in counts.items()
    ]
    joiner, none = {"zh": ("；", "无"), "en": ("; ", "none")}[lang]
    return joiner.join(named) or none


def reason_name(code: str, lang: Lang) -> str:
    """Printed name of a reason code."""
    reason = REASONS[code]
    return reason.title_zh if lang == "zh" else reason.title_en
