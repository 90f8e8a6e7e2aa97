"""The web page in a browser: Debian's Chromium, from a file, without a network."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from made import made_edition
from years import two_years

from wageguide.publish.page import write_page

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed"
    ),
]

HOSTILE = '<img src=x onerror="document.title=1">=cmd|"\'' + "长" * 200


@pytest.fixture(scope="module")
def browser():
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = CHROMIUM
    for flag in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--window-size=1280,1400",
    ):  # fmt: skip
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service(DRIVER), options=options)
    yield driver
    driver.quit()


@pytest.fixture
def page(browser, survey, policy, tmp_path):
    """The page opened in a fresh tab state, and the edition that it shows."""
    edition = two_years(made_edition(survey, policy))
    return opened(browser, edition, tmp_path / "page")


def opened(browser, edition, folder: Path):
    folder.mkdir()
    write_page(folder, edition)
    browser.get("about:blank")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get((folder / "index.html").as_uri())
    return Page(browser, edition)


class Page:
    """What a visitor does."""

    def __init__(self, driver, edition):
        self.driver, self.edition = driver, edition

    def one(self, css):
        return self.driver.find_element("css selector", css)

    def every(self, css):
        return self.driver.find_elements("css selector", css)

    def names(self):
        return [b.text for b in self.every("#list button.pick")]

    def type(self, css, text):
        field = self.one(css)
        field.clear()
        # Clearing fires no event that the page listens to.
        self.driver.execute_script("arguments[0].dispatchEvent(new Event('input'))", field)
        field.send_keys(text)

    def pick(self, css, value):
        from selenium.webdriver.support.ui import Select

        Select(self.one(css)).select_by_value(value)

    def errors(self):
        return [e["message"] for e in self.driver.get_log("browser")]

    def violations(self):
        from axe_selenium_python import Axe

        axe = Axe(self.driver)
        axe.inject()
        found = axe.run()["violations"]
        return [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found]


def test_it_opens_from_a_file_and_asks_nobody(page):
    import json

    assert page.one("#main").is_displayed()
    assert len(page.names()) == 4
    assert page.errors() == []
    asked = [
        message["params"]["request"]["url"]
        for entry in page.driver.get_log("performance")
        if (message := json.loads(entry["message"])["message"])["method"]
        == "Network.requestWillBeSent"
    ]
    assert asked
    assert all(url.startswith(("file://", "data:", "about:")) for url in asked)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("机械", ["机械设计工程技术人员"]),
        ("jixie", ["机械设计工程技术人员"]),
        ("qyjl", ["企业经理"]),
        ("JIXIE sheji", ["机械设计工程技术人员"]),
        ("2-02-07", ["机械设计工程技术人员"]),
        ("managers", ["企业经理"]),
        ("没有这种", []),
    ],
)
def test_search_by_name_pinyin_initials_and_code(page, typed, found):
    page.type("#search", typed)

    assert page.names() == found
    assert f"共 {len(found)} 行" in page.one("#count").text
    if not found:
        assert "没有符合条件的行" in page.one("#list").text


def test_filter_and_sort(page):
    page.pick("#table", "occupation_skill")
    everything = len(page.names())
    code = page.one("#filter option:nth-child(2)").get_attribute("value")
    page.pick("#filter", code)
    assert 0 < len(page.names()) < everything

    page.pick("#table", "occupation")
    assert not page.one("#filter-field").is_displayed()
    page.pick("#sort", "down")
    table = page.edition.tables[0].frame
    expected = table.sort_values("p50", ascending=False, kind="stable")["occupation_name"].tolist()
    assert page.names() == expected


def test_the_card_holds_the_printed_figures(page):
    page.every("#list button.pick")[1].click()

    row = page.edition.tables[0].frame.iloc[1]
    card = page.one("#card").text
    assert row["occupation_name"] in card
    shown = [f for f in page.edition.tables[0].figures if not pd.isna(row[f])]
    assert len(shown) >= 4
    for figure in shown:
        assert f"{int(row[figure]):,}" in card
        if not pd.isna(row[f"low_{figure}"]):
            assert f"{int(row[f'low_{figure}']):,}–{int(row[f'high_{figure}']):,}" in card
    assert "误差范围内" in card
    assert "2024" in page.one("#card figure:nth-of-type(2)").text
    label = page.one("#card svg").get_attribute("aria-label")
    assert f"{int(row['p50']):,}" in label


def test_a_confidential_row_says_so(browser, survey, policy, tmp_path):
    edition = two_years(made_edition(survey, policy))
    tables = list(edition.tables)
    frame = tables[0].frame.copy()
    frame.loc[1, "mark"] = "c"
    tables[0] = replace(tables[0], frame=frame)
    page = opened(browser, replace(edition, tables=tuple(tables)), tmp_path / "c")

    assert page.every("#list tbody tr")[1].text.count("保密") == len(tables[0].figures)
    page.every("#list button.pick")[1].click()
    assert "不等于零" in page.one("#card").text
    page.type("#wage", "50000")
    assert "请先在表中选择" in page.one("#stand-result").text


def test_where_a_wage_stands(page):
    page.every("#list button.pick")[1].click()
    row = page.edition.tables[0].frame.iloc[1]

    for typed, said in (
        (int(row["p10"]) - 1, "低于"),
        (int(row["p10"]), "等于"),
        (int(row["p25"]) + 1, "与中位数"),
        (int(row["p90"]) + 1, "高于"),
    ):
        page.type("#wage", str(typed))
        assert said in page.one("#stand-result").text, typed
    page.type("#wage", "abc")
    assert "请输入大于零的数字" in page.one("#stand-result").text
    page.pick("#per", "month")
    page.type("#wage", "１，０００")
    assert "12,000 元" in page.one("#stand-result").text
    assert "1000" not in page.driver.current_url


def test_comparison(page):
    for number in (0, 1):
        page.every("#list button.pick")[number].click()
        page.one("#toggle").click()

    rows = page.every("#compared tbody tr")
    assert len(rows) == 2
    value = page.edition.tables[0].frame["p50"].iloc[1]
    assert f"{int(value):,}" in rows[1].text
    page.driver.refresh()
    assert len(page.every("#compared tbody tr")) == 2
    page.one("#clear").click()
    assert not page.one("#comparison").is_displayed()


def test_the_language_switches_everything(page):
    page.one("#language").click()

    assert page.driver.execute_script("return document.documentElement.lang") == "en"
    assert page.one("#title").text == "Wage prices 2025"
    assert page.names()[1] == "Company managers"
    assert page.one("#search-label").text == "Find by name, pinyin or code"
    body = page.one("main").text
    left = [c for c in body if "\u4e00" <= c <= "\u9fff"]
    # Words with no English of their own: grades of the office's, and the notes beside them.
    assert len(left) < 0.01 * len(body)


def test_what_is_chosen_is_in_the_address(page):
    page.type("#search", "qy")
    page.every("#list button.pick")[0].click()
    page.driver.refresh()

    assert page.names() == ["企业经理"]
    assert page.one("#card h3").text == "企业经理"


def test_it_fits_a_phone(page):
    page.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True},
    )
    page.every("#list button.pick")[1].click()

    wide = page.driver.execute_script(
        "return [document.documentElement.scrollWidth, window.innerWidth]"
    )
    assert wide[0] <= wide[1]
    assert page.violations() == []


def test_the_keyboard_is_enough(page):
    from selenium.webdriver.common.keys import Keys

    active = lambda: page.driver.switch_to.active_element  # noqa: E731
    body = page.one("body")
    body.send_keys(Keys.TAB)
    assert active().get_attribute("id") == "skip"
    active().send_keys(Keys.ENTER)
    assert active().get_attribute("id") == "results"
    seen = []
    for _ in range(6):
        active().send_keys(Keys.TAB)
        seen.append(active().get_attribute("class"))
        if active().get_attribute("class") == "pick" and active().text == "企业经理":
            break
    active().send_keys(Keys.ENTER)
    assert page.one("#card h3").text == "企业经理"
    # The list is drawn anew, and the focus is where it was.
    assert active().text == "企业经理"
    outline = page.driver.execute_script(
        "return getComputedStyle(document.activeElement).outlineStyle"
    )
    assert outline == "solid"


def test_print_leaves_the_tools_out(page):
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})

    assert not page.one(".tools").is_displayed()
    assert not page.one(".stand").is_displayed()
    assert page.one("#list table").is_displayed()
    printed = page.driver.execute_cdp_cmd("Page.printToPDF", {})
    assert len(printed["data"]) > 5000


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page, lang, theme):
    if lang == "en":
        page.one("#language").click()
    if theme == "dark":
        page.one("#theme").click()
    page.every("#list button.pick")[1].click()
    page.one("#toggle").click()
    page.type("#wage", "60000")
    page.one("#notes-open").click()

    assert page.violations() == []
    assert page.errors() == []


def test_hostile_names_are_text(browser, survey, policy, tmp_path):
    edition = two_years(made_edition(survey, policy))
    tables = list(edition.tables)
    for place, table in enumerate(tables[:2]):
        frame = table.frame.copy()
        same = frame["occupation"] == tables[0].frame["occupation"].iloc[1]
        frame.loc[same, "occupation_name"] = HOSTILE
        tables[place] = replace(table, frame=frame)
    settings = replace(edition.plan.settings, title_zh=HOSTILE, notice_zh=HOSTILE)
    changed = replace(edition, tables=tuple(tables), plan=replace(edition.plan, settings=settings))
    page = opened(browser, changed, tmp_path / "h")

    assert page.names()[1] == HOSTILE
    page.every("#list button.pick")[1].click()
    assert page.one("#card h3").text == HOSTILE
    assert page.every("img") == []
    assert page.driver.title != "1"
    assert page.errors() == []
    wide = page.driver.execute_script(
        "return [document.documentElement.scrollWidth, window.innerWidth]"
    )
    assert wide[0] <= wide[1]


def test_without_scripts_there_is_a_page_of_tables(page):
    path = Path(page.driver.current_url.partition("#")[0].removeprefix("file://"))
    page.driver.get(path.with_name("tables.html").as_uri())

    value = page.edition.tables[0].frame["p50"].iloc[0]
    assert f"{int(value):,}" in page.one("table").text
    assert page.violations() == []
