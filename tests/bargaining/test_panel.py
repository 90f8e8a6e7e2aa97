"""The panel: values are set, costed and held against the limits, with and without sliders."""

from __future__ import annotations

import builtins
import importlib.util
from fractions import Fraction

import pytest

from wageguide.bargaining.assumptions import Assumptions
from wageguide.bargaining.constraints import make_constraints
from wageguide.bargaining.cost import cost_offer
from wageguide.bargaining.offer import offer
from wageguide.bargaining.roster_read import make_roster
from wageguide.errors import OfferError
from wageguide.publish.consultation_panel import ConsultationPanel, parameters_of

#: Ten workers at 5,000.
ROSTER = make_roster([{"post": "p", "base": 500_000, "heads": 10}], name="厂")
OFFER = (
    offer("方案", "2026-01", "2026-12")
    .percent("5%", "2026-01")
    .amount(100, "2026-07")
    .seniority(10, "2026-07", most=10)
    .cpi("2026-07", most="4%")
    .done()
)
LIMITS = make_constraints(
    [
        {"name": "物价", "side": "workers", "measure": "growth", "limit": 0.02},
        {"name": "支付能力", "side": "enterprise", "measure": "cost", "limit": 40_000},
    ]
)
REST = Assumptions(cpi={2025: Fraction(0)})


def panel(**more):
    return ConsultationPanel(ROSTER, OFFER, REST, constraints=LIMITS, **more)


def test_every_number_of_a_clause_is_a_parameter():
    found = {p.path: p for p in parameters_of(OFFER)}

    assert list(found) == ["1.rate", "2.amount", "3.amount", "4.part", "4.least", "4.most"]
    assert (found["1.rate"].value, found["1.rate"].most) == (5.0, 10.0)
    assert (found["2.amount"].value, found["2.amount"].most, found["2.amount"].money) == (
        100.0, 200.0, True,
    )  # fmt: skip


def test_a_value_that_is_set_is_costed_and_held_against_the_limits():
    """5 % on 50,000 a month and 1,000 from July on: 30,000 + 6,000; at 6 % 42,000."""
    made = panel()
    assert made.cost.more == 3_600_000
    assert made.limits["holds"].tolist() == [True, True]

    made.set("1.rate", "6%")

    assert made.cost.more == 4_200_000
    assert made.limits["holds"].tolist() == [True, False]
    assert made.limits["value"].tolist() == [pytest.approx(0.08), 42_000]
    assert "未满足：42,000.00 / 40,000.00" in repr(made)
    assert "不代表任何一方" in repr(made)
    assert "missed" in repr(panel(lang="en").set("1.rate", 0.06))


def test_what_cannot_be_set_leaves_the_offer():
    made = panel()
    for path, value, phrase in [
        ("9.rate", "5%", "there are 1.rate"),
        ("1.rate", 6, "for 6 per cent write 0.06"),
        ("2.amount", "x", "2.amount"),
    ]:
        with pytest.raises(OfferError, match=phrase):
            made.set(path, value)
    assert made.cost.more == 3_600_000


def test_the_zone_follows_what_is_outside_its_grid():
    made = panel(grid={"1.rate": [Fraction(n, 100) for n in range(11)]})
    before = made.zone
    assert before is not None

    made.set("1.rate", "7%")
    assert made.zone is before
    made.set("2.amount", 50)
    assert made.zone is not before
    assert made.zone.packages["cost"].iloc[0] == pytest.approx(50 * 10 * 6)
    assert [p.name for p in made.pictures()] == ["monthly", "zone"]


def test_a_moved_slider_changes_figures_and_charts():
    made = panel(grid={"1.rate": [Fraction(n, 100) for n in range(11)]})
    box = made.widget()
    sliders, told, charts = box.children[:6], box.children[6], box.children[7:]
    before = [c.value for c in charts]

    sliders[0].value = 6.0

    assert made.cost.more == cost_offer(ROSTER, made.offer, REST).total - 60_000_000
    assert made.cost.more == 4_200_000
    assert "42,000" in told.value
    assert all(a != c.value for a, c in zip(before, charts, strict=True))
    assert all("data:image/png" in c.value for c in charts)
    shown = made._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"} <= set(shown)


def test_without_ipywidgets_the_same_is_printed(monkeypatch):
    plain = builtins.__import__

    def absent(name, *rest, **more):
        if name == "ipywidgets":
            raise ImportError(name)
        return plain(name, *rest, **more)

    spec = importlib.util.find_spec
    monkeypatch.setattr(builtins, "__import__", absent)
    monkeypatch.setattr(
        "wageguide.publish.consultation_panel.find_spec",
        lambda name: None if name == "ipywidgets" else spec(name),
    )

    with pytest.raises(OfferError, match=r"pip install 'wageguide\[widgets\]'"):
        panel().widget()
    shown = panel()._repr_mimebundle_()
    assert set(shown) == {"text/html", "text/plain"}
    assert "满足：7.00% / 2.00%" in shown["text/html"]
    assert 'alt="比不调整多：方案 36,000元' in shown["text/html"]
    assert "1.rate  条款1 按比例增长：比例（%） = 5" in repr(panel())
