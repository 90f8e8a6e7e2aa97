"""A panel to try clauses: every change is costed and held against the limits at once.

With ipywidgets it shows sliders; without, it prints the same, and `set` changes a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from wageguide.bargaining.assumptions import Assumptions
from wageguide.bargaining.clauses import Clause, Offer
from wageguide.bargaining.constraints import MEASURES, SHARES, Constraint
from wageguide.bargaining.cost import Cost, cost_offer
from wageguide.bargaining.money import fen, share
from wageguide.bargaining.offer import changed
from wageguide.bargaining.packages import measured, packages
from wageguide.bargaining.roster import Roster
from wageguide.bargaining.zone import NO_SIDE, Zone, find_zone
from wageguide.errors import OfferError
from wageguide.publish.chart_style import Picture
from wageguide.publish.clause_words import KINDS, SIDES
from wageguide.publish.consultation_charts import monthly_chart
from wageguide.publish.consultation_curves import zone_chart

if TYPE_CHECKING:
    import pandas as pd

_FIELDS = {
    "rate": ("比例", "rate"),
    "amount": ("金额", "amount"),
    "part": ("随物价的比例", "part"),
    "least": ("下限", "least"),
    "most": ("上限", "most"),
    "factor": ("最低工资的倍数", "factor"),
}
_MONEY = ("amount",)


@dataclass(frozen=True)
class Parameter:
    """One number of one clause.

    Attributes
    ----------
    path
        As `changed` takes it: ``1.rate``.
    label_zh, label_en
        What it is.
    value, least, most, step
        In per cent, or in yuan.
    money
        Whether it is yuan.
    """

    path: str
    label_zh: str
    label_en: str
    value: float
    least: float
    most: float
    step: float
    money: bool


def parameters_of(offer: Offer) -> list[Parameter]:
    """Numbers of an offer that may be negotiated, with a range around what is on the table."""
    found = []
    for number, clause in enumerate(offer.clauses, 1):
        for name, words in _FIELDS.items():
            if hasattr(clause, name) and not (name == "most" and clause.kind == "seniority"):
                found.append(_parameter(number, clause, name, words))
    return found


def _parameter(number: int, clause: Clause, name: str, words: tuple[str, str]) -> Parameter:
    money = name in _MONEY
    value = float(getattr(clause, name)) / 100 if money else 100 * float(getattr(clause, name))
    most = max(2 * value, 100.0 if money else 10.0)
    kind = KINDS[clause.kind]
    return Parameter(
        f"{number}.{name}",
        f"条款{number} {kind[0]}：{words[0]}（{'元' if money else '%'}）",
        f"{number} {kind[1]}: {words[1]} ({'yuan' if money else '%'})",
        value,
        0.0,
        most,
        10.0 if money else 0.1,
        money,
    )


class ConsultationPanel:
    """An offer whose numbers can be moved.

    Parameters
    ----------
    roster, offer, assumptions
        As for `cost_offer`.
    constraints
        Limits of both sides, checked after every change.
    grid
        As for `packages`: with limits of both sides the zone of agreement is drawn, and the
        offer in it.
    power
        Bargaining power of the workers.
    lang
        ``zh`` or ``en``.

    Raises
    ------
    OfferError
        If the offer cannot be costed.
    """

    def __init__(
        self,
        roster: Roster,
        offer: Offer,
        assumptions: Assumptions,
        *,
        constraints: Sequence[Constraint] = (),
        grid: Mapping[str, Sequence[Fraction | int]] | None = None,
        power: float = 0.5,
        lang: str = "zh",
    ) -> None:
        self.roster, self.assumptions, self.constraints = roster, assumptions, tuple(constraints)
        self.lang, self.power = lang, power
        self._grid = dict(grid or {})
        self.offer = offer
        self.parameters = parameters_of(offer)
        self.cost: Cost = cost_offer(roster, offer, assumptions)
        self.zone: Zone | None = self._find_zone()

    def set(self, path: str, value: object) -> ConsultationPanel:
        """Change one number and cost the offer anew.

        Parameters
        ----------
        path
            Number of the clause and its field: ``1.rate``.
        value
            ``"6%"`` or 0.06 for a share, yuan for an amount.

        Raises
        ------
        OfferError
            If there is no such parameter, or the value is none of it; the offer stays.
        """
        known = {p.path: p for p in self.parameters}
        if path not in known:
            raise OfferError(f"{path!r} is no parameter of the panel; there are {', '.join(known)}")
        try:
            read = fen(value) if known[path].money else share(value, least=-1, most=2)
        except ValueError as error:
            raise OfferError(f"{path}: {error}") from error
        offer = changed(self.offer, path, read)
        self.cost = cost_offer(self.roster, offer, self.assumptions)
        self.offer = offer
        if path not in self._grid:
            # A number outside the grid moves every package.
            self.zone = self._find_zone()
        return self

    def _find_zone(self) -> Zone | None:
        if not self._grid or {c.side for c in self.constraints} != {"workers", "enterprise"}:
            return None
        grid = packages(self.roster, self.offer, self.assumptions, self._grid)
        return find_zone(grid, self.constraints, power=self.power)

    @property
    def measures(self) -> dict[str, float]:
        """The measures of `packages` for the offer as it stands."""
        return measured(self.roster, self.cost)

    @property
    def limits(self) -> pd.DataFrame:
        """One row a limit: ``name``, ``side``, ``measure``, ``limit``, ``value``, ``holds``."""
        import pandas as pd

        values = self.measures
        lines = [
            (c.name, c.side, c.measure, c.limit, values[c.measure],
             c.short(values[c.measure]) == 0)
            for c in self.constraints
        ]  # fmt: skip
        columns = ["name", "side", "measure", "limit", "value", "holds"]
        return pd.DataFrame(lines, columns=columns)

    def pictures(self) -> list[Picture]:
        """Cost by month, and the zone with the offer in it."""
        charts = [monthly_chart([self.cost], lang=self.lang)]
        if self.zone is not None:
            now = self.measures
            charts.append(zone_chart(self.zone, lang=self.lang, now=(now["gain"], now["outlay"])))
        return charts

    def _lines(self) -> list[tuple[str, str]]:
        side = 0 if self.lang == "zh" else 1
        values, cost = self.measures, self.cost
        names = (
            ("比不调整多（元）", "期末年化（元）", "期末平均工资增幅", "最低基本工资（元/月）"),
            ("Above nothing, yuan", "Annualised, yuan", "Average rise", "Lowest base, yuan"),
        )[side]
        shown = (f"{cost.more / 100:,.0f}", f"{cost.annualised / 100:,.0f}",
                 f"{100 * values['growth']:.2f}%", f"{values['lowest']:,.2f}")  # fmt: skip
        lines = list(zip(names, shown, strict=True))
        words = (("满足", "未满足"), ("holds", "missed"))[side]
        for row in self.limits.to_dict("records"):
            what = f"{row['name']}（{SIDES[row['side']][side]}，{MEASURES[row['measure']][side]}）"
            value, limit = (_figure(row["measure"], row[k]) for k in ("value", "limit"))
            lines.append((what, f"{words[not row['holds']]}：{value} / {limit}"))
        return lines

    def __repr__(self) -> str:
        side = 0 if self.lang == "zh" else 1
        numbers = [
            f"{p.path}  {(p.label_zh, p.label_en)[side]} = {_now(self.offer, p):g}"
            for p in self.parameters
        ]
        told = [f"{name}  {value}" for name, value in self._lines()]
        return "\n".join([self.offer.name, *numbers, "", *told, "", NO_SIDE[side]])

    def _repr_html_(self) -> str:
        side = 0 if self.lang == "zh" else 1
        rows = "".join(
            f"<tr><td>{escape(n)}</td><td>{escape(v)}</td></tr>" for n, v in self._lines()
        )
        return f"<table>{rows}</table><p>{escape(NO_SIDE[side])}</p>"

    def widget(self) -> Any:
        """Sliders over the figures and charts, as an ipywidgets box.

        Raises
        ------
        OfferError
            If ipywidgets is not installed.
        """
        try:
            import ipywidgets
        except ImportError as error:
            raise OfferError(
                "Sliders need ipywidgets: pip install 'wageguide[widgets]'. Without it, print the "
                "panel, and change a value with set."
            ) from error
        side = 0 if self.lang == "zh" else 1
        told = ipywidgets.HTML(self._repr_html_())
        charts = [ipywidgets.HTML(p._repr_html_()) for p in self.pictures()]
        sliders = []
        for one in self.parameters:
            slider = ipywidgets.FloatSlider(
                value=one.value, min=one.least, max=one.most, step=one.step, readout_format=".2f",
                description=(one.label_zh, one.label_en)[side], continuous_update=False,
                style={"description_width": "17em"},
                layout=ipywidgets.Layout(width="95%"),
            )  # fmt: skip

            def moved(change: Mapping[str, Any], one: Parameter = one) -> None:
                value = round(float(change["new"]), 6)
                self.set(one.path, value if one.money else f"{value:.6f}%")
                told.value = self._repr_html_()
                for chart, picture in zip(charts, self.pictures(), strict=True):
                    chart.value = picture._repr_html_()

            slider.observe(moved, names="value")
            sliders.append(slider)
        return ipywidgets.VBox([*sliders, told, *charts])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Sliders where they can be shown, and the same as text and HTML everywhere."""
        charts = "".join(p._repr_html_() for p in self.pictures())
        plain = {"text/plain": repr(self), "text/html": self._repr_html_() + charts}
        if find_spec("ipywidgets") is None:
            return plain
        return {**self.widget()._repr_mimebundle_(), **plain}


def _now(offer: Offer, one: Parameter) -> float:
    """The value on the table, in per cent or yuan."""
    number, _, name = one.path.partition(".")
    value = float(getattr(offer.clauses[int(number) - 1], name))
    return value / 100 if one.money else 100 * value


def _figure(measure: str, value: float) -> str:
    return f"{100 * value:.2f}%" if measure in SHARES else f"{value:,.2f}"
