"""The policy file: every number that an office decides, read strictly.

No such number has a default in code. A policy is a TOML file with the sections that the
rooms of the package read; each value may be followed by a comment that says where it
comes from.
"""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from wageguide.errors import PolicyError

T = TypeVar("T")


@dataclass(frozen=True)
class Policy:
    """A policy file as read.

    Attributes
    ----------
    path
        Where it was read from.
    sections
        Top-level tables and arrays of tables by name, as TOML gives them.
    """

    path: Path
    sections: Mapping[str, Any]

    def section(self, name: str, cls: type[T]) -> T:
        """Section `name` as the settings dataclass `cls`; see `settings`."""
        if name not in self.sections:
            raise PolicyError(
                f"{self.path.name} has no section [{name}]; it has "
                f"{', '.join(sorted(self.sections)) or 'none'}. "
                "Add the section; the sample policy shows one with a source for every number."
            )
        return settings(cls, self.sections[name], f"{self.path.name} [{name}]")


def read_policy(path: Path | str) -> Policy:
    """Read a policy file.

    Raises
    ------
    PolicyError
        If the file is absent or is not TOML.
    """
    path = Path(path)
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolicyError(f"Policy file {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"Policy file {path} is not TOML in UTF-8: {error}.") from error
    return Policy(path, sections)


def settings(cls: type[T], table: object, where: str) -> T:
    """Turn a TOML table into the frozen dataclass `cls`, and list all that does not fit.

    Every field without a default must be there, no other key may be, and each value must
    have the annotated type (an integer serves where a float is asked).

    Raises
    ------
    PolicyError
        With one problem a line: unknown key, missing key, wrong type.
    """
    if not isinstance(table, Mapping):
        raise PolicyError(f"{where} must be a table of settings; found {table!r}.")
    hints = typing.get_type_hints(cls)
    fields = {f.name: f for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
    problems = [f"unknown key {k!r}" for k in table if k not in fields]
    problems += [
        f"missing key {name!r}"
        for name, f in fields.items()
        if name not in table
        and f.default is dataclasses.MISSING
        and f.default_factory is dataclasses.MISSING
    ]
    values: dict[str, Any] = {}
    for name in fields.keys() & table.keys():
        if _fits(table[name], hints[name]):
            value = table[name]
            values[name] = tuple(value) if isinstance(value, list) else value
        else:
            problems.append(f"{name} = {table[name]!r} should be {_name(hints[name])}")
    if problems:
        raise PolicyError(f"{where} cannot be used:", sorted(problems))
    return cls(**{name: values[name] for name in fields if name in values})


def _fits(value: object, hint: Any) -> bool:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return any(_fits(value, h) for h in typing.get_args(hint))
    if origin is typing.Literal:
        return value in typing.get_args(hint)
    if origin is tuple:
        item = typing.get_args(hint)[0]
        return isinstance(value, list) and all(_fits(v, item) for v in value)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def _name(hint: Any) -> str:
    if typing.get_origin(hint) is typing.Literal:
        return "one of " + ", ".join(map(repr, typing.get_args(hint)))
    if typing.get_origin(hint) is tuple:
        return f"a list of {_name(typing.get_args(hint)[0])}"
    return {float: "a number", int: "a whole number", str: "text", bool: "true or false"}.get(
        hint, str(hint)
    )
