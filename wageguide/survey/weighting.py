"""What weighing did to a survey: respondents, classes, weights and margins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.survey.yardstick import middle

#: Steps of weighing with their titles.
STEPS = {
    "design": ("设计权数", "by design"),
    "nonresponse": ("无回答调整后", "after non-response"),
    "final": ("最终权数", "final"),
}


@dataclass(frozen=True, repr=False)
class Weighting:
    """The diagnostics of a survey's weights.

    Attributes
    ----------
    frame
        Name of the frame's file.
    enterprises
        Counts: ``frame``, ``selected``, ``responded``, of them ``out_of_scope`` (no worker
        whom the tables describe), and ``silent``.
    classes
        Non-response classes: ``class``, ``selected``, ``responded``, ``rate``, ``factor``,
        ``merged``.
    weights
        One row a step: ``step``, ``rows``, ``sum``, ``least``, ``median``, ``most``,
        ``design_effect`` (Kish: ``n sum w^2 / (sum w)^2``, what unequal weights alone do to
        a variance).
    margins
        ``margin``, ``category``, ``rows``, ``before``, ``after``, ``total``, ``gap``
        (after/total - 1); empty where weights are not calibrated.
    method
        Of calibration; empty is none.
    iterations, largest_gap
        Steps of calibration, and the largest relative gap that is left.
    at_bounds
        Rows whose ratio of weights is at a bound or at the cap.
    cap
        Largest weight that trimming let stand; NaN is none.
    """

    frame: str
    enterprises: dict[str, int]
    classes: pd.DataFrame
    weights: pd.DataFrame
    margins: pd.DataFrame
    method: str
    iterations: int
    largest_gap: float
    at_bounds: int
    cap: float

    def _lines(self) -> list[str]:
        e = self.enterprises
        answered = e["responded"] / e["selected"]
        lines = [
            f"权数 Weights: 抽样框 frame {self.frame} {e['frame']:,} 户, 抽中 selected "
            f"{e['selected']:,}, 回答 responded {e['responded']:,} ({answered:.1%}; 无统计对象 "
            f"out of scope {e['out_of_scope']:,}), 无回答 silent {e['silent']:,}"
        ]
        if self.method:
            lines.append(
                f"校准 Calibration: {self.method}, {self.iterations} 步 steps, 最大相对差 largest "
                f"gap {self.largest_gap:.1e}, 达到界限 at bounds {self.at_bounds:,}"
            )
        if not np.isnan(self.cap):
            lines.append(f"截尾 Trimmed at: {self.cap:,.6g}")
        return lines

    def _tables(self) -> list[pd.DataFrame]:
        steps = self.weights.assign(step=[" ".join(STEPS[s]) for s in self.weights["step"]])
        return [t for t in (steps, self.classes, self.margins) if len(t)]

    def __repr__(self) -> str:
        with pd.option_context("display.unicode.east_asian_width", True, "display.width", 160):
            tables = [
                t.to_string(index=False, float_format="{:,.6g}".format) for t in self._tables()
            ]
        return "\n\n".join(["\n".join(self._lines()), *tables])

    def _repr_html_(self) -> str:
        shown = [t.to_html(index=False, float_format="{:,.6g}".format) for t in self._tables()]
        return "".join([f"<p>{'<br>'.join(self._lines())}</p>", *shown])


def step_line(step: str, weights: NDArray[np.float64]) -> dict[str, object]:
    """One row of `Weighting.weights`."""
    return {
        "step": step,
        "rows": weights.size,
        "sum": float(weights.sum()),
        "least": float(weights.min()),
        "median": middle(weights),
        "most": float(weights.max()),
        "design_effect": float(weights.size * (weights**2).sum() / weights.sum() ** 2),
    }
