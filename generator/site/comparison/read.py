"""`tests/benchmarks/comparison.json`, read strictly: what is wrong with it is told with its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ...json_text import NotJsonError, line_of, parse
from ...project.settings import SettingsError
from .facts import BenchRun, ClientComparison

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
_FIX = "`make comparison` writes the file anew; it is not edited by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """The file."""

    format: Literal[1]
    runs: tuple[BenchRun, ...]


def read_comparison(path: Path) -> ClientComparison:
    """Read what `make bench` wrote.

    Args:
        path: The file.

    Raises:
        SettingsError: It is not there, or not what is written; the line is named.
    """
    from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config  # 90 ms, for one page

    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); {_FIX}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8; {_FIX}") from None
    reader = TypeAdapter(with_config(ConfigDict(extra="forbid", strict=True))(_File))
    try:
        parse(text)  # pydantic takes NaN
        return ClientComparison(runs=reader.validate_json(text).runs)
    except NotJsonError as error:
        raise SettingsError(f"{path}{f':{error.line}' if error.line else ''}: {error}; {_FIX}") from None
    except ValidationError as error:
        first = error.errors()[0]
        pointer = "".join(f"/{step}" for step in first["loc"])
        raise SettingsError(f"{path}:{line_of(text, pointer) or 1}: {first['msg']} (#{pointer}); {_FIX}") from None
