"""`wageguide law` as it is typed."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from lawbook import value

from wageguide.cli import commands
from wageguide.errors import LawError


def run(*arguments):
    return CliRunner().invoke(commands, ["law", *arguments])


SHOW = ("show", "minimum_wage_monthly", "--place", "320115", "--on")


def test_show():
    done = run(*SHOW, "2026-03-01")

    assert done.exit_code == 0
    for text in ("2660 元/月", "江宁区", "苏人社规〔2025〕3号", "2026-11-23", "2026-01-01"):
        assert text in done.output


def test_show_stops_where_nobody_has_looked_and_goes_on_where_asked():
    assert isinstance(run(*SHOW, "2027-03-01").exception, LawError)
    assert "沿用最近核对值" in run(*SHOW, "2027-03-01", "--stale", "last").output


def test_show_of_a_recalled_value_is_marked():
    assert isinstance(run(*SHOW, "2012-07-01").exception, LawError)
    assert "凭记忆" in run(*SHOW, "2012-07-01", "--unverified").output


def test_check():
    done = run("check")

    assert done.exit_code == 0
    assert "24 quantities" in done.output
    assert "minimum_wage_monthly: 核对至" in done.output


def test_check_lists_odd_values_of_a_file_of_ones_own(tmp_path):
    own = tmp_path / "own.toml"
    table = {"quantity": "minimum_wage_monthly", "category": "I", "from": "2026-12-01"}
    own.write_text(value(**table, value="4660", source="通知", evidence=None), encoding="utf-8")
    done = run("check", "--own", str(own))

    assert done.exit_code == 1
    assert "4660: changes by +75.2%" in done.output


def test_history(tmp_path):
    asked = "history", "minimum_wage_monthly", "--place", "320115"
    assert "2660" in run(*asked).output
    out = tmp_path / "history.csv"
    assert run(*asked, "--out", str(out)).exit_code == 0
    assert out.read_text(encoding="utf-8-sig").startswith("quantity,place,name_zh,category,from")


@pytest.mark.parametrize("asked", [("show", "x", "--place", "CN", "--on", "2026-01-01")])
def test_what_is_not_known(asked):
    assert isinstance(run(*asked).exception, LawError)
