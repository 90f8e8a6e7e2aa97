"""Headings of the published columns, and the names and order of their codes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from wageguide.publish.settings import Lang
from wageguide.survey.code_levels import detailed
from wageguide.survey.codes import CodeList, codes
from wageguide.survey.columns import ENTERPRISE_COLUMNS, WORKER_COLUMNS
from wageguide.tiers.scheme import Scheme

#: Printed names of the keys: heading of the name column.
_KEY_NAMES: dict[str, tuple[str, str]] = {
    "occupation": ("职业", "Occupation"),
    "occupation_small": ("职业小类", "Small occupation class"),
    "occupation_middle": ("职业中类", "Middle occupation class"),
    "occupation_major": ("职业大类", "Major occupation class"),
    "post_level": ("岗位等级", "Post level"),
    "skill_level": ("技能等级", "Skill level"),
    "education": ("学历", "Education"),
    "sex": ("性别", "Sex"),
    "employment_form": ("用工形式", "Form of employment"),
    "industry": ("行业门类", "Industry"),
    "place": ("地区", "Place"),
    "registration_type": ("登记注册类型", "Registration type"),
    "enterprise_size": ("企业规模", "Enterprise size"),
}

_FIGURE_NAMES: dict[str, tuple[str, str]] = {
    "workers": ("调查人数", "Workers surveyed"),
    "enterprises": ("企业数", "Enterprises"),
    "weight": ("代表人数", "Workers represented"),
    "mean": ("平均数", "Mean"),
    "mark": ("发布标记", "Mark"),
}

_CODE_LISTS = {c.name: c.codes for c in (*WORKER_COLUMNS, *ENTERPRISE_COLUMNS) if c.codes}


@dataclass(frozen=True)
class KeyLabels:
    """Names and order of the codes of one key.

    Attributes
    ----------
    key
        Column of the survey.
    codes
        Its code list.
    places
        Position of each code in the list.
    """

    key: str
    codes: CodeList
    places: dict[str, int]

    def name(self, code: str, lang: Lang) -> str:
        """Name of a code, or an empty string if the list does not have it."""
        return self.codes.name(code, lang) if code in self.places else ""

    def place(self, code: str) -> tuple[int, str]:
        """Sorting key: the list's order, codes that are not in it last."""
        return self.places.get(code, len(self.places)), code


@cache
def key_labels(key: str) -> KeyLabels:
    """Labels of a key of `KEYS`."""
    listed = codes(_CODE_LISTS[detailed(key)])
    return KeyLabels(key, listed, {code: n for n, code in enumerate(listed.entries)})


#: Words that stand where there is no figure: never a blank, a zero or a colour alone.
_WORDS: dict[str, tuple[str, str]] = {
    "confidential": ("保密", "confidential"),
    "unreliable": ("不可靠", "unreliable"),
    "not_estimable": ("不可估", "not estimable"),
    "none": ("–", "–"),
}


def word(name: str, lang: Lang) -> str:
    """The word for a figure that is not shown.

    >>> word("confidential", "zh"), word("unreliable", "en")
    ('保密', 'unreliable')
    """
    return _WORDS[name][0 if lang == "zh" else 1]


#: What stands before the name of a figure in the columns about its precision.
_PARTS: dict[str, tuple[str, str]] = {
    "grade": ("等级", "Grade"),
    "rse": ("相对标准误 (%)", "RSE (%)"),
    "low": ("下限", "Lower limit"),
    "high": ("上限", "Upper limit"),
}


def heading(column: str, scheme: Scheme, lang: Lang) -> str:
    """Printed heading of a column of a price table.

    A grade stands beside its figure and is called so alone; errors and limits name theirs.
    """
    side = 0 if lang == "zh" else 1
    part, _, figure = column.partition("_")
    if part in _PARTS and column not in _KEY_NAMES:
        own = _PARTS[part][side]
        return own if part == "grade" else f"{heading(figure, scheme, lang)}\n{own}"
    if column in _FIGURE_NAMES:
        return _FIGURE_NAMES[column][side]
    if column.removesuffix("_name") in _KEY_NAMES:
        name = _KEY_NAMES[column.removesuffix("_name")][side]
        return name if column.endswith("_name") else name + {"zh": "代码", "en": " code"}[lang]
    tier = next(t for t in scheme.tiers if t.name == column)
    return tier.label_zh if lang == "zh" else tier.label_en
