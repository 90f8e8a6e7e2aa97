"""The data dictionary of a return: what is asked, how it may be headed, what it may hold.

One `Column` is one question. `headings` are the spellings that are accepted for it, the
first of them the one on the office's own form; they are compared after `plain_heading`,
so that spaces, full-width letters, line breaks and a unit in brackets do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "code", "money", "number", "integer"]

#: Names that the office's form gives to its two sheets.
ENTERPRISE_SHEET = "企业基本情况"
WORKER_SHEET = "从业人员工资"


@dataclass(frozen=True)
class Column:
    """One question of the return.

    Attributes
    ----------
    name
        Name in code and in every frame.
    headings
        Accepted headings, the form's own first, then other Chinese and English ones.
    kind
        ``money`` is yuan a year unless the heading names another unit; ``code`` is text
        from the code list `codes`; ``number`` and ``integer`` are plain figures.
    required
        A return without the column cannot be used at all.
    unit
        Unit of the figure, as printed: 元/年, 小时/周, 月, 年, 人, 万元.
    codes
        Key of the list in `data/reference`, where the answer is a code.
    description
        What is asked, in words.
    """

    name: str
    headings: tuple[str, ...]
    kind: Kind
    required: bool = False
    unit: str = ""
    codes: str = ""
    description: str = ""

    @property
    def label_zh(self) -> str:
        """The heading on the office's own form."""
        return self.headings[0]


WORKER_COLUMNS: tuple[Column, ...] = (
    Column(
        "worker_id",
        ("人员编号", "序号", "编号", "员工编号", "工号", "worker_id", "employee id", "no."),
        "text",
        description="The enterprise's own number for the worker, unique within the return.",
    ),
    Column(
        "occupation",
        (
            "职业细类代码",
            "职业代码",
            "职业编码",
            "职业（工种）代码",
            "occupation code",
            "occupation",
        ),
        "code",
        required=True,
        codes="occupation",
        description="Detailed occupation, 职业分类大典 2022.",
    ),
    Column(
        "occupation_name",
        ("职业名称", "职业细类名称", "职业", "工种", "岗位名称", "occupation name", "job title"),
        "text",
        description="Occupation in words; read, not used in a table.",
    ),
    Column(
        "post_level",
        ("岗位等级", "岗位层级", "岗位级别", "管理岗位等级", "post level", "job level"),
        "code",
        codes="post_level",
        description="Management grade or professional title grade of the post.",
    ),
    Column(
        "skill_level",
        ("技能等级", "职业技能等级", "技术等级", "skill level", "skill grade"),
        "code",
        codes="skill_level",
        description="Vocational skill grade held.",
    ),
    Column(
        "education",
        ("学历", "文化程度", "最高学历", "受教育程度", "education"),
        "code",
        codes="education",
        description="Highest completed education.",
    ),
    Column("sex", ("性别", "sex", "gender"), "code", codes="sex", description="Sex."),
    Column("age", ("年龄", "周岁", "age"), "integer", unit="岁", description="Age in years."),
    Column(
        "tenure_years",
        ("工龄", "本单位工龄", "工作年限", "tenure", "years of service"),
        "number",
        unit="年",
        description="Years of service.",
    ),
    Column(
        "employment_form",
        ("用工形式", "用工方式", "用工类型", "employment form", "contract type"),
        "code",
        codes="employment_form",
        description="Form of employment.",
    ),
    Column(
        "months_worked",
        ("工作月数", "在岗月数", "全年工作月数", "工作月份数", "months worked"),
        "number",
        required=True,
        unit="月",
        description="Months worked in the reference year; 12 is a full year.",
    ),
    Column(
        "weekly_hours",
        (
            "周平均工作小时",
            "周工时",
            "平均每周工作时间",
            "周工作小时数",
            "weekly hours",
            "hours per week",
        ),
        "number",
        unit="小时/周",
        description="Usual hours a week, overtime included.",
    ),
    Column(
        "pay_base",
        ("基本工资", "岗位工资", "标准工资", "计时计件工资", "base pay", "basic pay"),
        "money",
        unit="元/年",
        description="Time and piece pay of the year.",
    ),
    Column(
        "pay_bonus",
        ("奖金", "绩效工资", "绩效奖金", "年终奖及奖金", "bonus"),
        "money",
        unit="元/年",
        description="Bonuses paid in the year, a 13th month among them.",
    ),
    Column(
        "pay_allowance",
        ("津贴补贴", "津贴和补贴", "津补贴", "各项补贴", "allowances", "allowance"),
        "money",
        unit="元/年",
        description="Cash allowances and subsidies of the year.",
    ),
    Column(
        "pay_overtime",
        ("加班工资", "加班加点工资", "加班费", "overtime pay", "overtime"),
        "money",
        unit="元/年",
        description="Overtime pay of the year.",
    ),
    Column(
        "pay_special",
        ("特殊情况下支付的工资", "特殊情况工资", "其他工资", "special pay", "other pay"),
        "money",
        unit="元/年",
        description="Pay under special circumstances (sick, study, leave pay).",
    ),
    Column(
        "annual_wage",
        (
            "全年工资合计",
            "工资总额",
            "全年工资总额",
            "应发工资合计",
            "年工资",
            "全年应发工资",
            "annual wage",
            "total pay",
        ),
        "money",
        required=True,
        unit="元/年",
        description="Wages paid in the reference year, before tax: the sum of the parts.",
    ),
    Column(
        "weight",
        ("权数", "权重", "weight"),
        "number",
        description="Workers that the row stands for; 1 where the column is absent.",
    ),
)

ENTERPRISE_COLUMNS: tuple[Column, ...] = (
    Column(
        "enterprise_id",
        ("统一社会信用代码", "信用代码", "组织机构代码", "企业代码", "enterprise id"),
        "text",
        required=True,
        description="Registration number of the enterprise.",
    ),
    Column(
        "enterprise_name",
        ("企业名称", "单位名称", "单位详细名称", "enterprise name", "company"),
        "text",
        description="Name of the enterprise.",
    ),
    Column(
        "reference_year",
        ("报告期", "报告年份", "调查年份", "reference year"),
        "integer",
        unit="年",
        description="Year in which the reported wages were paid.",
    ),
    Column(
        "place",
        ("所在区代码", "行政区划代码", "所在地代码", "place code"),
        "code",
        codes="place",
        description="District, GB/T 2260.",
    ),
    Column(
        "industry",
        ("行业门类", "行业代码", "所属行业", "国民经济行业", "industry"),
        "code",
        required=True,
        codes="industry",
        description="Section of GB/T 4754-2017, one letter.",
    ),
    Column(
        "registration_type",
        ("登记注册类型", "企业登记注册类型", "注册类型", "registration type"),
        "code",
        codes="registration_type",
        description="Registration type.",
    ),
    Column(
        "enterprise_size",
        ("企业规模", "单位规模", "规模", "enterprise size"),
        "code",
        required=True,
        codes="enterprise_size",
        description="Size class of the 2017 rules.",
    ),
    Column(
        "headcount",
        ("从业人员期末人数", "从业人员", "职工人数", "员工人数", "headcount", "employees"),
        "integer",
        unit="人",
        description="Persons employed at the end of the year.",
    ),
    Column(
        "revenue",
        ("营业收入", "全年营业收入", "revenue"),
        "number",
        unit="万元",
        description="Operating revenue of the year.",
    ),
)

#: The parts that add up to `annual_wage`.
PAY_PARTS: tuple[str, ...] = (
    "pay_base",
    "pay_bonus",
    "pay_allowance",
    "pay_overtime",
    "pay_special",
)

_UNIT_IN_HEADING = re.compile(r"[(\[【]\s*(?:单位[::]?)?\s*(元|千元|万元)(?:/[年月])?\s*[)\]】]")
_BRACKETED = re.compile(r"[(\[【][^)\]】]*[)\]】]")


def plain_heading(text: str) -> str:
    r"""A heading without what does not matter: width, case, spaces, brackets.

    >>> plain_heading("工资总额\n（万元）")
    '工资总额'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s:*]+", "", _BRACKETED.sub("", folded))


def heading_unit(text: str) -> str:
    """The money unit that a heading names in brackets, or an empty string.

    >>> heading_unit("工资总额（万元）")
    '万元'
    """
    found = _UNIT_IN_HEADING.search(unicodedata.normalize("NFKC", text))
    return found.group(1) if found else ""
