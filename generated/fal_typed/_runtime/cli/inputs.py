"""What the options of an endpoint say, as its input: the endpoint's own check tells a text from a number or JSON."""

# design: How does a text on the command line become an input?

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from ..checks import is_array, is_object, quoted
from ..errors import InvalidInputError
from .exits import UsageProblemError
from .text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..inputs.spec import EndpointSpec

Given: TypeAlias = str | bool | list[str] | tuple[str, ...]
STDIN = "-"


class Reader:
    """Reads what stands in other places than the command line; stdin once."""

    def __init__(self) -> None:
        self._read_by: str | None = None

    def bytes_of_stdin(self, flag: str) -> bytes:
        """All of stdin."""
        if self._read_by is not None:
            raise UsageProblemError(f"{flag}: {self._read_by} has read stdin already")
        if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison]
            raise UsageProblemError(f"{flag}: there is no stdin: it was closed")
        self._read_by = flag
        return sys.stdin.buffer.read()

    def json(self, flag: str, text: str) -> Any:
        """JSON as it stands, in a file (`@file`), or from stdin (`-`).

        Raises:
            UsageProblemError: It is none, or there is no such file.
        """
        where, read = flag, text
        if text == STDIN:
            where, read = f"{flag}: stdin", _decoded(f"{flag}: stdin", self.bytes_of_stdin(flag))
        elif text.startswith("@"):
            where = f"{flag}: {visible(text[1:])}"
            try:
                read = _decoded(where, Path(text[1:]).read_bytes())
            except OSError as error:
                raise UsageProblemError(f"{where}: {error.strerror or error}") from None
        try:
            return json.loads(read, parse_constant=no_constant, object_pairs_hook=told_once)
        except RecursionError:
            raise UsageProblemError(f"{where}: nested too deeply") from None
        except ValueError as error:
            raise UsageProblemError(f"{where}: not JSON: {error}") from None


def input_of(spec: EndpointSpec, texts: Mapping[str, tuple[str, Given]], whole: str | None) -> dict[str, Any]:
    """The input of a call.

    Args:
        spec: Of the endpoint; one that was not generated takes `whole` alone.
        texts: What the options said, each with its flag, by the input's name.
        whole: What `--input` said; options go first.

    Raises:
        UsageProblemError: It cannot be read.
        InvalidInputError: It is not what the endpoint takes.
    """
    reader = Reader()
    given: dict[str, Any] = {}
    if whole is not None:
        read = reader.json("--input", whole)
        if not is_object(read):
            raise UsageProblemError("--input: a JSON object is wanted, with a key for each input")
        given.update(read)
    for name, (flag, value) in texts.items():
        given[name] = _value(reader, spec, name, flag, value)
    return given if spec.input is None else with_files(spec, given)


def cell_of(spec: EndpointSpec, name: str, text: str, *, is_list: bool) -> Any:
    """What a cell of a table says of an input: as its option does, but that it names no other place to read.

    Args:
        spec: Of the endpoint.
        name: Of the input.
        text: The cell.
        is_list: Whether it is a list, of which the cell may be one item.
    """
    if is_list:
        found = _decode(text)
        return found if is_array(found) else [_one(None, spec, name, name, text)]
    if text in ("TRUE", "FALSE") and not _accepts(spec, name, text):  # as spreadsheets write them
        text = text.lower()
    return _one(None, spec, name, name, text)


def _value(reader: Reader, spec: EndpointSpec, name: str, flag: str, value: Given) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _one(reader, spec, name, flag, value)
    read = [_items(reader, spec, name, flag, text) for text in value]
    if len(read) == 1 and not is_array(read[0]) and _accepts(spec, name, read[0]):
        return read[0]  # it takes a list or something else, which was in a file, say
    return [item for each in read for item in (each if is_array(each) else [each])]


def _one(reader: Reader | None, spec: EndpointSpec, name: str, flag: str, text: str) -> Any:
    if text[:1] in ("{", "["):  # an input may take a word or an object; one that takes any text takes this as it stands
        found = _decode(text)
        if found is not None and _accepts(spec, name, found):
            return found
    if _accepts(spec, name, text):
        return text
    if reader is not None and text == STDIN and _accepts(spec, name, b"\0"):
        return reader.bytes_of_stdin(flag)
    if reader is not None and (text == STDIN or text.startswith("@")):
        return reader.json(flag, text)
    found = _decode(text)
    return found if found is not None or text == "null" else text


def _items(reader: Reader, spec: EndpointSpec, name: str, flag: str, text: str) -> Any:
    """What one text gives a list: JSON by its beginning, in which a list is several items; else an item."""
    if text == STDIN or text[:1] in ("[", "@"):
        return reader.json(flag, text)
    if _accepts(spec, name, [text]):
        return [text]
    found = _decode(text)
    return [found if found is not None or text == "null" else text]


def _decode(text: str) -> Any:
    """The JSON that a text is; None for any other."""
    try:
        return json.loads(text, parse_constant=no_constant, object_pairs_hook=told_once)
    except (ValueError, RecursionError):
        return None


def _accepts(spec: EndpointSpec, name: str, value: Any) -> bool:
    """Whether an endpoint takes a value for an input."""
    from ..inputs.validate import check_input

    try:
        check_input(spec, {name: value})
    except InvalidInputError as error:
        return not any(each.path == name or each.path.startswith(f"{name}.") for each in error.problems)
    return True


def with_files(spec: EndpointSpec, given: Mapping[str, Any]) -> dict[str, Any]:
    """The input with files in place of the texts that name one, wherever the endpoint takes a file.

    Raises:
        InvalidInputError: It is not what the endpoint takes.
    """
    from ..inputs.validate import check_input

    changed: Any = json_copy(given)
    try:
        check_input(spec, changed)
    except InvalidInputError as error:
        refused = [place for each in error.problems if (place := _place(changed, each.path))]
        named = [(place, text) for place in refused if isinstance(text := _at(changed, place), str) and _is_file(text)]
        for place, text in named:
            _put(changed, place, Path(text).expanduser())
        if not named:
            raise
        still = _refused(spec, changed)
        for place, text in named:
            if ".".join(map(str, place)) in still:  # it takes no file, whatever is called so
                _put(changed, place, text)
        check_input(spec, changed)
    found: dict[str, Any] = changed
    return found


def _refused(spec: EndpointSpec, given: Mapping[str, Any]) -> set[str]:
    from ..inputs.validate import check_input

    try:
        check_input(spec, given)
    except InvalidInputError as error:
        return {each.path for each in error.problems}
    return set()


def json_copy(value: Any) -> Any:
    """Containers anew, what is in them as it is."""
    if is_object(value):
        return {key: json_copy(item) for key, item in value.items()}
    return [json_copy(item) for item in value] if is_array(value) else value


def _place(given: Any, path: str) -> list[str | int]:
    """The steps to a problem's place, whose names may have dots in them; none where it leads nowhere."""
    if is_array(given):
        first, _, rest = path.partition(".")
        if not first.isdecimal() or int(first) >= len(given):
            return []
        below = _place(given[int(first)], rest) if rest else []
        return [int(first), *below] if below or not rest else []
    if is_object(given):
        for key in sorted(given, key=len, reverse=True):
            if path == key:
                return [key]
            if path.startswith(f"{key}.") and (below := _place(given[key], path[len(key) + 1 :])):
                return [key, *below]
    return []


def _at(given: Any, place: Sequence[str | int]) -> Any:
    for step in place:
        given = given[step]
    return given


def _put(given: Any, place: Sequence[str | int], value: Any) -> None:
    _at(given, place[:-1])[place[-1]] = value


def _is_file(text: str) -> bool:
    try:
        return Path(text).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):  # no file can be called so
        return False


def _decoded(where: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageProblemError(f"{where}: not JSON: it is no text in UTF-8") from None


def told_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are each given once: of two, JSON's readers would drop the first without a word.

    Raises:
        ValueError: One is given twice.
    """
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{quoted(twice)} is given twice")
    return made


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and the like, which JSON has not.

    Raises:
        ValueError: Always.
    """
    raise ValueError(f"JSON has no {name}")
