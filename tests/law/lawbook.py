"""A small folder of law data to break on purpose."""

from __future__ import annotations

from pathlib import Path

SOURCES = '[notice]\ntitle = "Notice"\nissued = "2019-12-20"\n\n[older]\ntitle = "Older notice"\n'
PLACES = (
    "code,parent,name_zh,name_en,currency,successor,note\n"
    "CN,,中国,China,CNY,,\n"
    "320000,CN,江苏省,Jiangsu,CNY,,\n"
    "320100,320000,南京市,Nanjing,CNY,,\n"
    "320115,320100,江宁区,Jiangning,CNY,,\n"
)
HEAD = (
    'id = "floor"\ntitle_zh = "下限"\ntitle_en = "Floor"\nunit = "currency/月"\nkind = "number"\n'
    'least = "1"\nmost = "9999"\nchecked_through = "2026-01-31"\n'
)
CALENDAR = "date,kind,source,evidence\n2026-01-01,statutory,notice,verified\n"


def value(**changes: str) -> str:
    """A [[value]] table; a change to None leaves the key out."""
    table = {
        "place": "320000",
        "from": "2020-01-01",
        "value": "100",
        "source": "notice",
        "clause": "第一条",
        "evidence": "verified",
    }
    table |= changes
    lines = [f'{k} = "{v}"' for k, v in table.items() if v is not None]
    return "\n[[value]]\n" + "\n".join(lines) + "\n"


def write_folder(folder: Path, *values: str, head: str = HEAD, **files: str) -> Path:
    """A folder with one quantity, `floor`, and the values given."""
    texts = {
        "sources.toml": SOURCES,
        "places.csv": PLACES,
        "calendar.csv": CALENDAR,
        "floor.toml": head + "".join(values or [value()]),
    }
    texts |= {name.replace("_", ".", 1): text for name, text in files.items()}
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
