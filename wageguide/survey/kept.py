"""A survey kept for the year after: the rows and the design that growth is computed from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.errors import InputError
from wageguide.survey.code_levels import CODE_LEVELS
from wageguide.survey.design import Calibration, Design, ReplicateWeights

if TYPE_CHECKING:
    import pandas as pd

_ROWS, _DESIGN = "survey.parquet", "survey.json"
#: Where a row stood in its return is of no use a year later.
_PLACES = ("file", "sheet", "row")


@dataclass(frozen=True)
class KeptSurvey:
    """The rows of a survey as they were used.

    Attributes
    ----------
    workers
        One row a worker, with every code, wage, weight and column of the design.
    design
        How they were sampled.
    reference_year
        Year in which the wages were paid.
    """

    workers: pd.DataFrame
    design: Design
    reference_year: int

    def save(self, folder: Path) -> None:
        """Write two files into an existing folder; the same survey, the same bytes."""
        import pyarrow as pa
        from pyarrow import parquet

        dropped = [c for c in self.workers if c in _PLACES or c in CODE_LEVELS]
        rows = self.workers.drop(columns=dropped).reset_index(drop=True)
        table = pa.Table.from_pandas(rows, preserve_index=False)
        parquet.write_table(table, folder / _ROWS, compression="zstd")
        about = {"reference_year": self.reference_year, "design": asdict(self.design)}
        text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / _DESIGN).write_text(text + "\n", encoding="utf-8", newline="\n")


def kept_in(folder: Path) -> bool:
    """Whether a folder holds a kept survey."""
    return (folder / _ROWS).is_file() and (folder / _DESIGN).is_file()


def load_survey(folder: Path) -> KeptSurvey:
    """Read what `KeptSurvey.save` wrote.

    Raises
    ------
    InputError
        If a file is missing or is not what was written.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        about = json.loads((folder / _DESIGN).read_text(encoding="utf-8"))
        workers = parquet.read_table(folder / _ROWS).to_pandas()
        design = _design(about["design"])
        year = int(about["reference_year"])
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise InputError(
            f"The survey kept in {folder} cannot be read ({type(error).__name__}: {error}). Take "
            "an untouched copy of the release, its internal part with it."
        ) from error
    absent = [c for c in (*design.columns, "annual_wage") if c not in workers]
    if absent:
        raise InputError(f"The survey kept in {folder} lacks the columns {', '.join(absent)}.")
    return KeptSurvey(workers, design, year)


def _design(fields: dict[str, Any]) -> Design:
    """A design from its fields; lists are tuples again."""
    own = dict(fields)
    if calibration := own["calibration"]:
        own["calibration"] = Calibration(**{k: _tuples(v) for k, v in calibration.items()})
    if replicates := own["replicates"]:
        own["replicates"] = ReplicateWeights(**{k: _tuples(v) for k, v in replicates.items()})
    return Design(**own)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value
