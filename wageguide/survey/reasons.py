"""Every reason code that a finding can carry: severity, title, sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]

#: What is lost when a row is set aside: a wage that the tables should hold (``item``), a
#: worker whom they do not describe (``out_of_scope``), or no worker of its own (``no_worker``).
Loss = Literal["item", "out_of_scope", "no_worker"]


@dataclass(frozen=True)
class Reason:
    """What a reason code says.

    Attributes
    ----------
    severity
        ``error``: the row or file cannot be used as it is.
    title_zh, title_en
        Name of the reason in an account or a summary.
    zh, en
        Sentence with ``{label}`` (heading), ``{value}`` (what was found) and ``{detail}``.
    loss
        What a row set aside for the reason is to the weights: only ``item`` may be made up
        for by the other rows of the enterprise.
    """

    severity: Severity
    title_zh: str
    title_en: str
    zh: str
    en: str
    loss: Loss = "item"


@dataclass(frozen=True, slots=True)
class Note:
    """A finding before its sentences are written.

    Attributes
    ----------
    file, sheet, row
        Place; `sheet` is empty and `row` is 0 where the whole file or sheet is meant.
    column
        Canonical name of the column, or the heading where it has none.
    value
        What was found, as text.
    reason
        Code of `REASONS`.
    detail
        What the sentence of the reason asks for besides.
    severity
        Replaces the severity of the reason, where it depends on the column.
    """

    file: str
    sheet: str
    row: int
    column: str
    value: str
    reason: str
    detail: Any = ""
    severity: str = ""


_ERRORS = {
    "file_not_workbook": Reason(
        "error",
        "不是工作簿",
        "not a workbook",
        "文件不是可读的工作簿；请用报表模板另存为 .xlsx 后重新报送",
        "the file is not a workbook that can be read; save the form as .xlsx and send it again",
    ),
    "file_empty": Reason(
        "error",
        "空文件",
        "empty file",
        "文件为空（0 字节）；请重新报送",
        "the file is empty (0 bytes); send it again",
    ),
    "file_truncated": Reason(
        "error",
        "文件不完整",
        "truncated file",
        "文件不完整或已损坏{detail}；请重新报送",
        "the file is cut off or damaged{detail}; send it again",
    ),
    "file_encrypted": Reason(
        "error",
        "文件加密",
        "encrypted file",
        "文件设有打开密码；请去掉密码后重新报送",
        "the file is protected by a password; remove it and send it again",
    ),
    "file_too_large": Reason(
        "error",
        "文件过大",
        "file too large",
        "文件超出可读范围{detail}；请按报表模板重新报送",
        "the file is beyond what is read{detail}; send the form as it was given out",
    ),
    "sheet_missing": Reason(
        "error",
        "缺少工作表",
        "sheet missing",
        "找不到工作表“{label}”{detail}；请按报表模板填报",
        "there is no sheet “{label}”{detail}; use the form",
    ),
    "no_worker_rows": Reason(
        "error",
        "没有人员记录",
        "no worker rows",
        "从业人员工资表没有人员记录；请补报",
        "the worker sheet holds no worker; send the rows",
    ),
    "column_missing": Reason(
        "error",
        "缺少必填列",
        "column missing",
        "缺少必填列“{label}”；请补充该列后重新报送",
        "the required column “{label}” is absent; add it and send again",
    ),
    "enterprise_duplicate": Reason(
        "error",
        "企业重复报送",
        "enterprise sent twice",
        "企业 {value} 已由 {detail} 报送；本文件不采用，请确认以哪份为准",
        "enterprise {value} was already sent in {detail}; this file is not used, say which holds",
        loss="no_worker",
    ),
    "enterprise_not_in_frame": Reason(
        "error",
        "企业不在抽样框中",
        "enterprise not in the frame",
        "企业 {value} 不在抽样框 {detail} 中，无法确定权数；请核对统一社会信用代码",
        "enterprise {value} is not in the frame {detail}, so it has no weight; check its number",
    ),
    "enterprise_field": Reason(
        "error",
        "企业信息缺失或有误",
        "enterprise field missing or invalid",
        "企业信息“{label}”填报为“{value}”；{detail[0]}",
        "enterprise field “{label}” is “{value}”; {detail[1]}",
    ),
    "row_duplicate": Reason(
        "error",
        "重复记录",
        "duplicate row",
        "与第 {detail} 行完全相同；只采用第一条，请核对是否重复填报",
        "the same as row {detail}; only the first is used, check whether it was entered twice",
        loss="no_worker",
    ),
    "months_impossible": Reason(
        "error",
        "工作月数有误",
        "months impossible",
        "“{label}”为 {value}；应大于0且不超过12",
        "“{label}” is {value}; it should be above 0 and at most 12",
    ),
    "weight_impossible": Reason(
        "error",
        "权数有误",
        "weight impossible",
        "“{label}”为 {value}；应为大于0的数",
        "“{label}” is {value}; it should be a number above 0",
    ),
    "age_impossible": Reason(
        "error",
        "年龄有误",
        "age impossible",
        "“{label}”为 {value}；应在 {detail} 岁之间",
        "“{label}” is {value}; it should be between {detail}",
    ),
    "hours_impossible": Reason(
        "error",
        "周工时有误",
        "hours impossible",
        "“{label}”为 {value}；应大于0且不超过 {detail} 小时",
        "“{label}” is {value}; it should be above 0 and at most {detail} hours",
    ),
    "code_unknown": Reason(
        "error",
        "代码无法识别",
        "unknown code",
        "“{label}”填报为“{value}”，不在代码表中；请填写代码表中的代码或名称",
        "“{label}” is “{value}”, which the code list does not have; give a code or name of it",
    ),
    "value_missing": Reason(
        "error",
        "缺失值",
        "value missing",
        "“{label}”未填；请补填",
        "“{label}” is empty; fill it in",
    ),
    "value_not_number": Reason(
        "error",
        "不是数字",
        "not a number",
        "“{label}”填报为“{value}”，不是数字；请只填数字",
        "“{label}” is “{value}”, not a number; give a number alone",
    ),
    "wage_negative": Reason(
        "error",
        "工资为负数",
        "negative wage",
        "“{label}”为 {value} 元，是负数；应大于或等于0",
        "“{label}” is {value} yuan, which is negative; it should be 0 or more",
    ),
    "wage_zero": Reason(
        "error",
        "工资为零",
        "zero wage",
        "“{label}”为0；应填全年实际支付的工资，未支付的人员不填报",
        "“{label}” is 0; give the wages paid in the year, leave out who was paid none",
    ),
    "wage_implausible": Reason(
        "error",
        "工资不合常理",
        "implausible wage",
        "“{label}”为 {value} 元；应在 {detail} 元之间，请核对金额和单位",
        "“{label}” is {value} yuan; it should be between {detail}, check amount and unit",
    ),
    "pay_sum_mismatch": Reason(
        "error",
        "工资分项与合计不符",
        "pay parts do not add up",
        "“{label}”为 {value} 元，各分项之和为 {detail} 元；应当相等，请核对",
        "“{label}” is {value} yuan, its parts add up to {detail}; they should agree",
    ),
}

_OTHERS = {
    "row_total": Reason(
        "warning",
        "合计行",
        "total row",
        "此行是合计行（{value}），不是人员；已剔除，无需改正",
        "this row is a total ({value}), not a worker; set aside, nothing to do",
        loss="no_worker",
    ),
    "unit_slip": Reason(
        "warning",
        "金额单位错填",
        "money in the wrong unit",
        "“{label}”为 {value} 元，{detail[0]}；应以元填报，请确认",
        "“{label}” is {value} yuan, {detail[1]}; money should be in yuan, please confirm",
    ),
    "wage_outlier": Reason(
        "warning",
        "工资异常值",
        "outlying wage",
        "“{label}”为 {value} 元，是本职业一般水平的 {detail} 倍；请核对",
        "“{label}” is {value} yuan, {detail} times the usual level of the occupation; check it",
    ),
    "file_skipped": Reason(
        "info",
        "略过的文件",
        "file skipped",
        "隐藏文件或临时文件，未读取；无需改正",
        "hidden or temporary file, not read; nothing to do",
    ),
    "column_unknown": Reason(
        "info",
        "未识别的列",
        "unknown column",
        "列“{value}”不在报表中；已原样保留，不参与计算",
        "column “{value}” is not on the form; kept as it is, not used",
    ),
    "row_empty": Reason(
        "info",
        "空行",
        "empty row",
        "数据之间有空行；无需改正",
        "an empty row between data rows; nothing to do",
    ),
    "partial_year": Reason(
        "info",
        "全年工作不满12个月",
        "worked part of the year",
        "全年工作 {value} 个月；不足12个月的不计入价位，无需改正",
        "worked {value} months; who worked less than 12 is not in the table, nothing to do",
        loss="out_of_scope",
    ),
    "enterprise_not_selected": Reason(
        "info",
        "企业未被抽中",
        "enterprise not selected",
        "企业 {value} 在抽样框 {detail} 中，但未被抽中；不计入样本，无需改正",
        "enterprise {value} is in the frame {detail}, but not selected; not used, nothing to do",
    ),
    "text_number": Reason(
        "info",
        "文本形式的数字",
        "number written as text",
        "“{label}”以文本填报为“{value}”，按 {detail} 读取；请核对",
        "“{label}” is the text “{value}”, read as {detail}; check it",
    ),
    "unit_declared": Reason(
        "info",
        "表头注明单位",
        "unit named in the heading",
        "列“{label}”注明以{value}填报；已换算为元",
        "column “{label}” says it is in {value}; converted to yuan",
    ),
    "formula_text": Reason(
        "info",
        "形似公式的文本",
        "text that looks like a formula",
        "“{label}”的文本“{value}”以 = + - @ 开头；按文本处理",
        "“{label}” holds the text “{value}”, which begins like a formula; treated as text",
    ),
}

#: Reason code to what it says.
REASONS: dict[str, Reason] = _ERRORS | _OTHERS
