"""The web page: a folder that any browser opens, from a disk or a host, without a network."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from wageguide.publish.page_data import page_data
from wageguide.publish.page_plain import plain_tables
from wageguide.publish.text import visible

if TYPE_CHECKING:
    from wageguide.publish.edition import Edition

#: Parts of the page that are the same for every edition; read as they stand.
_WEB = Path(__file__).parent / "web"
SCRIPTS = (
    "words.js",
    "model.js",
    "dom.js",
    "list.js",
    "chart.js",
    "stand.js",
    "card.js",
    "compare.js",
    "main.js",
)
STYLE = "style.css"
INDEX, DATA, PLAIN = "index.html", "data.js", "tables.html"


def write_page(folder: Path, edition: Edition) -> None:
    """Write the page of an edition; the same edition, the same bytes.

    Parameters
    ----------
    folder
        Existing folder, beside the one of open data.
    edition
        What the release says; the data hold what it prints and nothing else.
    """
    for name in (*SCRIPTS, STYLE):
        _write(folder / name, (_WEB / name).read_text(encoding="utf-8"))
    _write(folder / DATA, page_data(edition, _downloads(edition)))
    _write(folder / INDEX, _index(edition))
    _write(folder / PLAIN, plain_tables(edition, STYLE))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _index(edition: Edition) -> str:
    plan, lang = edition.plan, edition.lang
    title = f"{plan.text('place', lang)} {edition.year} {plan.text('title', lang)}"
    scripts = "\n".join(f'<script defer src="{name}"></script>' for name in (DATA, *SCRIPTS))
    return Template((_WEB / INDEX).read_text(encoding="utf-8")).substitute(
        lang="zh-CN" if lang == "zh" else "en",
        title=escape(visible(title), quote=True),
        scripts=scripts,
        style=STYLE,
        plain=PLAIN,
    )


def _downloads(edition: Edition) -> list[dict[str, str]]:
    """Files of the release that the page links to, from where the page stands."""
    from wageguide.publish.forms import BOOKLET, workbook_name

    booklet = BOOKLET[edition.lang].format(year=edition.year)
    return [
        {"href": f"../{workbook_name(edition)}", "zh": "工作簿（XLSX）", "en": "Workbook (XLSX)"},
        {"href": f"../{booklet}", "zh": "手册（PDF）", "en": "Booklet (PDF)"},
        {"href": "../tables/prices_long.csv", "zh": "全部数据（CSV）", "en": "All data (CSV)"},
        {"href": "../tables/prices.json", "zh": "全部数据（JSON）", "en": "All data (JSON)"},
        {"href": "../tables/dictionary.csv", "zh": "数据字典", "en": "Data dictionary"},
    ]
