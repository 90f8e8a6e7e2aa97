"""The structure of the SDMX cube: concepts, code lists, dimensions, attributes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wageguide.publish.labels import heading, key_labels
from wageguide.publish.text import visible

if TYPE_CHECKING:
    from wageguide.publish.edition import Edition

#: Who maintains the structure, and what it is called.
AGENCY, FLOW, VERSION = "WAGEGUIDE", "WAGE_PRICES", "1.0.0"
#: Codes of SDMX for a total, and for a key that a table does not have.
TOTAL, NOT_APPLICABLE = "_T", "_Z"

Names = tuple[str, str]
_SPECIAL = ((TOTAL, ("全部", "Total")), (NOT_APPLICABLE, ("不适用", "Not applicable")))
_STATUS = (
    ("A", ("正常", "Normal value")),
    ("E", ("估算", "Estimated value")),
    ("M", ("无此数值", "Missing value; data cannot exist")),
    ("Q", ("未公布", "Missing value; suppressed")),
    ("U", ("可靠性低", "Low reliability")),
)
_CONFIDENTIALITY = (
    ("C", ("保密", "Confidential statistical information")),
    ("D", ("二次保密", "Secondary confidentiality")),
    ("F", ("可公布", "Free for publication")),
)
_UNITS = (
    ("ENTERPRISES", ("户", "Enterprises")),
    ("PERSONS", ("人", "Persons")),
    ("YUAN_YEAR", ("元/年", "Yuan per year")),
)
_CONCEPTS: dict[str, Names] = {
    "FREQ": ("频率", "Frequency"),
    "PRICE_TABLE": ("表", "Table"),
    "FIGURE": ("指标", "Figure"),
    "TIME_PERIOD": ("时期", "Time period"),
    "OBS_VALUE": ("数值", "Observation value"),
    "UNIT_MEASURE": ("单位", "Unit of measure"),
    "OBS_STATUS": ("数值状态", "Observation status"),
    "CONF_STATUS": ("保密状态", "Confidentiality status"),
    "RSE": ("相对标准误", "Relative standard error"),
    "LOWER_LIMIT": ("95%置信区间下限", "Lower limit of the 95 % interval"),
    "UPPER_LIMIT": ("95%置信区间上限", "Upper limit of the 95 % interval"),
    "GRADE": ("质量等级", "Quality grade"),
}


def dimensions(edition: Edition) -> list[str]:
    """Keys that any table has, in order of appearance: each is a dimension of the cube."""
    return list(dict.fromkeys(k for t in edition.tables for k in t.settings.by))


def structure_message(edition: Edition) -> dict[str, Any]:
    """The SDMX-JSON 2.0 structure message of an edition's cube."""
    keys = dimensions(edition)
    lists = _code_lists(edition, keys)
    names = {**_CONCEPTS, **{k.upper(): _key_names(k, edition) for k in keys}}
    title = tuple(
        f"{edition.plan.text('place', lang)} {edition.plan.text('title', lang)}"
        for lang in ("zh", "en")
    )
    coded = ["FREQ", "PRICE_TABLE", *(k.upper() for k in keys), "FIGURE"]
    return {
        "meta": {
            "schema": "https://json.sdmx.org/2.0.0/sdmx-json-structure-schema.json",
            "id": f"WAGE_PRICES_{edition.year}",
            "prepared": f"{edition.published_on or f'{edition.year}-12-31'}T00:00:00",
            "sender": {"id": AGENCY},
            "contentLanguages": ["zh", "en"],
        },
        "data": {
            "codelists": [_code_list(name, text, codes) for name, (text, codes) in lists.items()],
            "conceptSchemes": [
                {
                    **_maintained("CONCEPTS", ("概念", "Concepts")),
                    "concepts": [{"id": i, **_named(n)} for i, n in names.items()],
                }
            ],
            "dataStructures": [
                {
                    **_maintained(FLOW, title),
                    "dataStructureComponents": {
                        "dimensionList": {
                            "id": "DimensionDescriptor",
                            "dimensions": [
                                {**_component(name), "position": place}
                                for place, name in enumerate(coded)
                            ],
                            "timeDimension": {
                                "id": "TIME_PERIOD",
                                "conceptIdentity": _concept("TIME_PERIOD"),
                                "localRepresentation": {
                                    "format": {"dataType": "ObservationalTimePeriod"}
                                },
                            },
                        },
                        "attributeList": {
                            "id": "AttributeDescriptor",
                            "attributes": [*_attributes()],
                        },
                        "measureList": {
                            "id": "MeasureDescriptor",
                            "measures": [
                                {
                                    "id": "OBS_VALUE",
                                    "conceptIdentity": _concept("OBS_VALUE"),
                                    "localRepresentation": {"format": {"dataType": "Integer"}},
                                    "usage": "optional",
                                }
                            ],
                        },
                    },
                }
            ],
            "dataflows": [
                {
                    **_maintained(FLOW, title),
                    "structure": _urn("datastructure.DataStructure", FLOW),
                }
            ],
        },
    }


def _code_lists(edition: Edition, keys: list[str]) -> dict[str, tuple[Names, list[Any]]]:
    """Every code list by its id: its name, and code and names of its entries."""
    scheme = edition.plan.scheme
    figures = dict.fromkeys(f for t in edition.tables for f in (*t.counts, *t.figures))
    lists: dict[str, tuple[Names, list[Any]]] = {
        "FREQ": (_CONCEPTS["FREQ"], [("A", ("年", "Annual"))]),
        "PRICE_TABLE": (
            _CONCEPTS["PRICE_TABLE"],
            [(t.settings.id.upper(), (t.title("zh"), t.title("en"))) for t in edition.tables],
        ),
        "FIGURE": (
            _CONCEPTS["FIGURE"],
            [(f.upper(), (heading(f, scheme, "zh"), heading(f, scheme, "en"))) for f in figures],
        ),
        "UNIT_MEASURE": (_CONCEPTS["UNIT_MEASURE"], list(_UNITS)),
        "OBS_STATUS": (_CONCEPTS["OBS_STATUS"], list(_STATUS)),
        "CONF_STATUS": (_CONCEPTS["CONF_STATUS"], list(_CONFIDENTIALITY)),
        "GRADE": (
            _CONCEPTS["GRADE"],
            [(c.code, (c.label_zh, c.label_en)) for c in edition.plan.grading.classes],
        ),
    }
    for key in keys:
        labels = key_labels(key)
        used = {c for t in edition.tables if key in t.settings.by for c in t.frame[key] if c}
        entries = [
            (c, (labels.codes.name(c, "zh"), labels.codes.name(c, "en")))
            for c in sorted(used, key=labels.place)
        ]
        lists[key.upper()] = (_key_names(key, edition), [*_SPECIAL, *entries])
    return lists


def _key_names(key: str, edition: Edition) -> Names:
    scheme = edition.plan.scheme
    return heading(f"{key}_name", scheme, "zh"), heading(f"{key}_name", scheme, "en")


def _attributes() -> Iterable[dict[str, Any]]:
    for name in ("UNIT_MEASURE", "OBS_STATUS", "CONF_STATUS"):
        yield {**_component(name), "usage": "mandatory", **_OF_VALUE}
    for name in ("RSE", "LOWER_LIMIT", "UPPER_LIMIT"):
        kind = {"format": {"dataType": "Double" if name == "RSE" else "Integer"}}
        plain = {"id": name, "conceptIdentity": _concept(name), "localRepresentation": kind}
        yield {**plain, "usage": "optional", **_OF_VALUE}
    yield {**_component("GRADE"), "usage": "optional", **_OF_VALUE}


_OF_VALUE: dict[str, Any] = {"attributeRelationship": {"observation": {}}}


def _component(name: str) -> dict[str, Any]:
    coded = {"enumeration": _urn("codelist.Codelist", f"CL_{name}")}
    return {"id": name, "conceptIdentity": _concept(name), "localRepresentation": coded}


def _code_list(name: str, text: Names, codes: list[Any]) -> dict[str, Any]:
    entries = [{"id": code, **_named(names)} for code, names in codes]
    return {**_maintained(f"CL_{name}", text), "codes": entries}


def _maintained(name: str, text: Any) -> dict[str, Any]:
    return {"id": name, "agencyID": AGENCY, "version": VERSION, **_named(text)}


def _named(text: Names) -> dict[str, Any]:
    zh, en = (visible(t).replace("\n", " ") for t in text)
    return {"name": zh, "names": {"zh": zh, "en": en}}


def _urn(kind: str, name: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={AGENCY}:{name}({VERSION})"


def _concept(name: str) -> str:
    return _urn("conceptscheme.Concept", "CONCEPTS") + f".{name}"
