"""Any file of microdata as Arrow columns, whole or in chunks: CSV, Parquet, workbook."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wageguide.errors import InputError
from wageguide.tiers.arrow import to_flags
from wageguide.tiers.keys import plain_whole_numbers

#: File endings that can be read.
ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xls", ".ods")

#: Files of more rows than this (or CSV of more bytes) are read in chunks.
MEMORY_ROWS = 10_000_000
_MEMORY_BYTES = 1 << 30
_CHUNK_ROWS = 1 << 20
_CSV_BLOCK = 1 << 24
_MISSING_NUMBERS = ["", "NA", "N/A", "NaN", "nan", "NULL", "null", "#N/A"]


@dataclass(frozen=True)
class Microdata:
    """A file whose columns have been looked up.

    Attributes
    ----------
    path
        The file.
    names
        All its columns.
    numbers, texts
        The columns to be read: as numbers, and as they are (keys and identifiers).
    large
        Whether it should be read in chunks.
    sheet
        Rows of a workbook's first sheet, heading first; None for other files.
    """

    path: Path
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    large: bool
    sheet: list[list[Any]] | None = None

    @property
    def wanted(self) -> tuple[str, ...]:
        """Columns that are read, each once."""
        return tuple(dict.fromkeys((*self.numbers, *self.texts)))

    def read(self) -> pa.Table:
        """The wanted columns of all rows; codes that are whole numbers become integers."""
        return _whole_number_keys(pa.concat_tables(self.chunks()), self.texts)

    def chunks(self) -> Iterator[pa.Table]:
        """The wanted columns, chunk after chunk; each call begins anew."""
        kind = self.path.suffix.lower()
        try:
            if self.sheet is not None:
                yield self._workbook(self.sheet)
            elif kind == ".parquet":
                yield from self._parquet()
            else:
                yield from self._csv()
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"{self.path.name} cannot be read as {kind}: {error}. Numbers must stand "
                "without separators, units or words; check the row and column named here."
            ) from error

    def _parquet(self) -> Iterator[pa.Table]:
        from pyarrow import parquet

        file = parquet.ParquetFile(self.path)
        if not self.large:
            yield file.read(columns=list(self.wanted))
            return
        for batch in file.iter_batches(_CHUNK_ROWS, columns=list(self.wanted)):
            yield pa.Table.from_batches([batch])

    def _csv(self) -> Iterator[pa.Table]:
        from pyarrow import csv

        columns: dict[str, pa.DataType] = dict.fromkeys(self.texts, pa.string())
        columns |= dict.fromkeys(self.numbers, pa.float64())
        options: dict[str, Any] = {
            "parse_options": csv.ParseOptions(
                delimiter=_delimiter(self.path), newlines_in_values=True
            ),
            "convert_options": csv.ConvertOptions(
                include_columns=list(self.wanted),
                column_types=columns,
                null_values=_MISSING_NUMBERS,
                strings_can_be_null=False,
            ),
            "read_options": csv.ReadOptions(
                encoding=_encoding(self.path), block_size=_CSV_BLOCK if self.large else None
            ),
        }
        if self.large:
            for batch in csv.open_csv(self.path, **options):
                yield _empty_is_missing(pa.Table.from_batches([batch]), self.texts)
        else:
            yield _empty_is_missing(csv.read_csv(self.path, **options), self.texts)

    def _workbook(self, rows: list[list[Any]]) -> pa.Table:
        columns: dict[str, Any] = {}
        for name in self.wanted:
            place = self.names.index(name)
            values = [row[place] for row in rows[1:]]
            if name in self.numbers:
                columns[name] = pa.array([_number(v, name, i) for i, v in enumerate(values, 2)])
                columns[name] = columns[name].cast(pa.float64())
            else:
                columns[name] = pa.array(
                    [None if v == "" else _plain(v) for v in values], pa.string()
                )
        return pa.table(columns)


def open_microdata(path: Path | str, numbers: Sequence[str], texts: Sequence[str]) -> Microdata:
    """Look a file and the columns that are wanted of it up.

    Raises
    ------
    InputError
        If the file is absent, empty, of an unknown kind or broken, or lacks a column.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if not path.is_file():
        raise InputError(f"{path} is not a file. Give one file of microdata: {', '.join(ENDINGS)}.")
    if kind not in ENDINGS:
        raise InputError(f"{path.name} ends in {kind!r}; what can be read is {', '.join(ENDINGS)}.")
    if path.stat().st_size == 0:
        raise InputError(f"{path.name} is empty (0 bytes). Ask for it to be sent again.")
    names, large, sheet = _heading(path, kind)
    missing = [n for n in dict.fromkeys((*numbers, *texts)) if n not in names]
    twice = [n for n in dict.fromkeys((*numbers, *texts)) if list(names).count(n) > 1]
    problems = [f"there is no column {n!r}" for n in missing]
    problems += [f"column {n!r} stands {list(names).count(n)} times" for n in twice]
    if problems:
        shown = ", ".join(names[:30]) + (f" … ({len(names):,} columns)" if len(names) > 30 else "")
        raise InputError(
            f"{path.name} does not have what was asked. Its columns: {shown}.", problems
        )
    return Microdata(path, tuple(names), tuple(numbers), tuple(texts), large, sheet)


def _heading(path: Path, kind: str) -> tuple[list[str], bool, list[list[Any]] | None]:
    try:
        if kind == ".parquet":
            from pyarrow import parquet

            file = parquet.ParquetFile(path)
            return list(file.schema_arrow.names), file.metadata.num_rows > MEMORY_ROWS, None
        if kind in (".csv", ".tsv", ".txt"):
            from pyarrow import csv

            with csv.open_csv(
                path,
                read_options=csv.ReadOptions(encoding=_encoding(path)),
                parse_options=csv.ParseOptions(delimiter=_delimiter(path), newlines_in_values=True),
            ) as file:
                return list(file.schema.names), path.stat().st_size > _MEMORY_BYTES, None
        sheet = _sheet(path)
        return [str(v) for v in sheet[0]], False, sheet
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{path.name} cannot be read as {kind}: {error}. It may be damaged or of another kind."
        ) from error


def _encoding(path: Path) -> str:
    """UTF-8 if the first part of the file is that, else GB18030 (which contains GBK)."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf8"


def _delimiter(path: Path) -> str:
    with path.open("rb") as file:
        line = file.readline(1 << 20)
    return "\t" if line.count(b"\t") > line.count(b",") else ","


def _empty_is_missing(table: pa.Table, texts: Sequence[str]) -> pa.Table:
    for name in texts:
        column = table[name]
        empty = pc.match_substring_regex(column, "^$")
        if to_flags(empty).any():
            column = pc.if_else(empty, pa.nulls(len(column), column.type), column)
            table = table.set_column(table.column_names.index(name), name, column)
    return table


def _whole_number_keys(table: pa.Table, texts: Sequence[str]) -> pa.Table:
    """Keys written as plain whole numbers become integers, so that 9 sorts before 10."""
    for name in texts:
        column = table[name]
        if plain_whole_numbers(column.unique().drop_null()):
            place = table.column_names.index(name)
            table = table.set_column(place, name, column.cast(pa.int64()))
    return table


def _sheet(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    from wageguide.survey.guard import inspect
    from wageguide.survey.reasons import REASONS

    data = path.read_bytes()
    reason, detail = inspect(data)
    if reason:
        why = REASONS[reason]
        raise InputError(
            f"{path.name} cannot be read: {why.title_zh} {why.title_en}{detail}. "
            "Ask for the file to be exported and sent again."
        )
    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as error:
        raise InputError(f"{path.name} cannot be read as a workbook: {error}.") from error
    if not rows:
        raise InputError(f"{path.name}: the first sheet has no heading row.")
    return rows


def _number(value: Any, name: str, row: int) -> float | None:
    if value == "":
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InputError(
            f"Row {row}, column {name!r} holds {value!r} where a number must stand. "
            "Remove units, separators and words."
        ) from None


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
