"""The forms of a release: each is made from the edition and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wageguide.publish.edition import Edition
from wageguide.publish.news import write_news
from wageguide.publish.opendata import write_open_data
from wageguide.publish.sdmx import write_sdmx
from wageguide.publish.workbook import write_price_workbook

#: Name of the price workbook.
WORKBOOK = {"zh": "工资价位_{year}.xlsx", "en": "wage_prices_{year}.xlsx"}
#: Name of the booklet.
BOOKLET = {"zh": "工资价位_{year}.pdf", "en": "wage_prices_{year}.pdf"}
#: Folder of the charts.
CHARTS = "charts"
#: Folder of the web page.
PAGE = "page"


@dataclass(frozen=True)
class Form:
    """One form of the publication.

    Attributes
    ----------
    name_zh, name_en
        What it is called while it is written.
    write
        Writes it into the folder of the release, which is there already.
    """

    name_zh: str
    name_en: str
    write: Callable[[Path, Edition], object]


def workbook_name(edition: Edition) -> str:
    """File name of the price workbook."""
    return WORKBOOK[edition.lang].format(year=edition.year)


def _workbook(folder: Path, edition: Edition) -> None:
    write_price_workbook(folder / workbook_name(edition), edition)


def _open_data(folder: Path, edition: Edition) -> None:
    (folder / "tables").mkdir()
    write_open_data(folder / "tables", edition)


def _sdmx(folder: Path, edition: Edition) -> None:
    (folder / "sdmx").mkdir()
    write_sdmx(folder / "sdmx", edition)


def _booklet(folder: Path, edition: Edition) -> None:
    from wageguide.publish.booklet import write_booklet

    write_booklet(folder / BOOKLET[edition.lang].format(year=edition.year), edition)


def _charts(folder: Path, edition: Edition) -> None:
    from wageguide.publish.charts import draw_charts

    (folder / CHARTS).mkdir()
    draw_charts(folder / CHARTS, edition)


def _page(folder: Path, edition: Edition) -> None:
    from wageguide.publish.page import write_page

    (folder / PAGE).mkdir()
    write_page(folder / PAGE, edition)


#: Every form, in the order in which they are written. A new form is one line here.
FORMS: tuple[Form, ...] = (
    Form("工作簿", "workbook", _workbook),
    Form("开放数据", "open data", _open_data),
    Form("SDMX", "SDMX", _sdmx),
    Form("发布说明", "release notes", write_news),
    Form("图", "charts", _charts),
    Form("手册", "booklet", _booklet),
    Form("网页", "web page", _page),
)


def write_forms(
    folder: Path, edition: Edition, *, forms: Sequence[Form] = FORMS, progress: bool = False
) -> None:
    """Write every form of an edition into a folder.

    Parameters
    ----------
    folder
        Existing folder.
    edition
        What the release says.
    forms
        Forms to write.
    progress
        Whether a progress bar names each form on standard error.
    """
    from tqdm import tqdm

    with tqdm(forms, desc="发布形式 Forms", disable=not progress, unit="") as bar:
        for form in bar:
            bar.set_postfix_str(f"{form.name_zh} {form.name_en}")
            form.write(folder, edition)
