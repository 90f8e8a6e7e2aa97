"""The data dictionary: every column of the open data, with type, unit and meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from wageguide.publish.labels import heading, key_labels
from wageguide.publish.tables import COUNTS, PriceTable

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.publish.edition import Edition
    from wageguide.tiers.scheme import Scheme

Kind = Literal["string", "integer", "number"]

#: Unit of a count; every other figure is in yuan a year.
UNITS = {"workers": "人", "weight": "人", "enterprises": "户"}
YUAN = "元/年"


@dataclass(frozen=True)
class Field:
    """One column of a data file.

    Attributes
    ----------
    name, kind
        Its name and type.
    unit
        Unit of its figures; empty for text and fractions.
    title_zh, title_en
        Its heading in print.
    text_zh, text_en
        What it holds, and when it is empty.
    """

    name: str
    kind: Kind
    unit: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str


_MARK = (
    "空为公布；c 为保密：该行没有任何数值和人数。",
    "Empty: shown; c: confidential, the row has no figure and no count.",
)
_COUNTS = {
    "workers": ("调查到的从业人员数；空为保密。", "Workers surveyed; empty: confidential."),
    "enterprises": ("调查到的企业数；空为保密。", "Enterprises surveyed; empty: confidential."),
    "weight": (
        "所代表的从业人员数，取整；空为保密。",
        "Workers represented, in whole workers; empty: confidential.",
    ),
}
_PARTS: dict[str, tuple[Kind, str, str, str]] = {
    "grade": (
        "string",
        "",
        "数值的质量等级；c 为保密。",
        "Quality grade of the figure; c: confidential.",
    ),
    "rse": (
        "number",
        "",
        "相对标准误，小数（0.05 为 5%）；空为不可估或数值未公布。",
        "Relative standard error, a fraction (0.05 is 5 %); empty: not estimable, or no figure.",
    ),
    "low": ("integer", YUAN, "95%置信区间下限。", "Lower limit of the 95 % interval."),
    "high": ("integer", YUAN, "95%置信区间上限。", "Upper limit of the 95 % interval."),
}
_FIGURE = (
    "已按发布单位舍入；空为未公布（见等级和标记）。",
    "Rounded as published; empty: not shown, see grade and mark.",
)


def table_fields(table: PriceTable, scheme: Scheme) -> list[Field]:
    """Columns of one table's file, in their order."""
    return [_field(str(name), table, scheme) for name in table.frame.columns]


def _field(name: str, table: PriceTable, scheme: Scheme) -> Field:
    zh, en = (heading(name, scheme, lang).replace("\n", " ") for lang in ("zh", "en"))
    if name in table.labels:
        key = name.removesuffix("_name") if name not in table.settings.by else name
        what = ("代码；空为全部从业人员。", "Code; empty: all workers.")
        if name != key:
            what = ("名称，发布语言。", "Name in the language of the edition.")
        return Field(name, "string", "", zh, en, *what)
    if name == "mark":
        return Field(name, "string", "", zh, en, *_MARK)
    if name in COUNTS:
        return Field(name, "integer", UNITS[name], zh, en, *_COUNTS[name])
    part = name.partition("_")[0]
    if part in _PARTS and name not in table.figures:
        return Field(name, _PARTS[part][0], _PARTS[part][1], zh, en, *_PARTS[part][2:])
    return Field(name, "integer", YUAN, zh, en, *_FIGURE)


def long_fields(widest: int) -> list[Field]:
    """Columns of the long file, for tables of up to `widest` keys."""
    keys: list[Field] = []
    for n in range(1, widest + 1):
        keys += [
            Field(f"key{n}", "string", "", f"第{n}个分组", f"Key {n}",
                  "分组变量；空为该表没有。", "Name of the key; empty: the table has none."),
            Field(f"code{n}", "string", "", f"第{n}个代码", f"Code {n}",
                  "代码；空为全部从业人员。", "Its code; empty: all workers."),
            Field(f"name{n}", "string", "", f"第{n}个名称", f"Name {n}",
                  "名称，发布语言。", "Its name in the language of the edition."),
        ]  # fmt: skip
    return [
        Field("reference_year", "integer", "", "报告期", "Reference year",
              "工资支付年度。", "Year in which the wages were paid."),
        Field("table", "string", "", "表", "Table", "表的代号。", "Id of the table."),
        *keys,
        Field("measure", "string", "", "指标", "Measure",
              "表中的列名，如 workers、mean、p50。", "Column of the table: workers, mean, p50 …"),
        Field("unit", "string", "", "单位", "Unit", "数值的单位。", "Unit of the value."),
        Field("value", "integer", "", "数值", "Value", *_FIGURE),
        Field("mark", "string", "", "发布标记", "Mark",
              "空为公布；c 为该行或该数值保密。",
              "Empty: shown; c: the row or the figure is confidential."),
        *(
            Field(name, kind, unit, heading_zh, heading_en, zh, en)
            for (name, (kind, unit, zh, en)), (heading_zh, heading_en) in zip(
                sorted(_PARTS.items(), key=lambda p: ("rse", "low", "high", "grade").index(p[0])),
                (("相对标准误", "RSE"), ("下限", "Lower limit"), ("上限", "Upper limit"),
                 ("等级", "Grade")),
                strict=True,
            )
        ),
    ]  # fmt: skip


def dictionary_frame(files: Sequence[tuple[str, Sequence[Field]]]) -> pd.DataFrame:
    """The dictionary as a file: one row a column of each data file."""
    import pandas as pd

    rows = [
        {
            "file": file,
            "column": f.name,
            "type": f.kind,
            "unit": f.unit,
            "title_zh": f.title_zh,
            "title_en": f.title_en,
            "description_zh": f.text_zh,
            "description_en": f.text_en,
        }
        for file, fields in files
        for f in fields
    ]
    return pd.DataFrame(rows)


def codes_frame(edition: Edition) -> pd.DataFrame:
    """The codes that the tables use: key, code, names, level above, edition of the list."""
    import pandas as pd

    rows = []
    for key in dict.fromkeys(k for t in edition.tables for k in t.settings.by):
        labels = key_labels(key)
        used = {c for t in edition.tables if key in t.settings.by for c in t.frame[key] if c}
        for code in sorted(used, key=labels.place):
            entry = labels.codes.entries.get(code)
            rows.append(
                {
                    "key": key,
                    "code": code,
                    "name_zh": entry.name_zh if entry else code,
                    "name_en": entry.name_en if entry else "",
                    "parent": entry.parent if entry else "",
                    "edition": entry.edition if entry else "",
                }
            )
    return pd.DataFrame(rows, columns=["key", "code", "name_zh", "name_en", "parent", "edition"])


#: Columns of the file of codes.
CODE_FIELDS = (
    Field("key", "string", "", "分组", "Key", "分组变量。", "Name of the key."),
    Field("code", "string", "", "代码", "Code", "代码。", "Code."),
    Field("name_zh", "string", "", "中文名称", "Chinese name", "中文名称。", "Name in Chinese."),
    Field("name_en", "string", "", "英文名称", "English name",
          "英文名称；空为没有。", "Name in English; empty: there is none."),
    Field("parent", "string", "", "上级", "Level above",
          "上一级代码；空为没有。", "Code of the level above; empty: none."),
    Field("edition", "string", "", "版本", "Edition", "分类版本。", "Edition of the list."),
)  # fmt: skip
