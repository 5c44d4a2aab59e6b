"""What goes out: texts of documents and of models, in which nothing steers the terminal, and JSON."""

# design: What does the command line promise to scripts?

from __future__ import annotations

import json
import os
import re
import sys
from pkgutil import get_data
from typing import Any

from ..inputs_told.words import on_screen
from ..outputs import plain

PACKAGE = __name__.partition("._runtime")[0]
_DATA_URI = 40  # characters that are shown of one
_LONGEST = 1000
SKILL = "_skill.md"


def program_name() -> str:
    """How the program is called: the installed command, or a module of the package."""
    command = os.path.basename(sys.argv[0] if sys.argv else "").removesuffix(".exe")  # noqa: PTH119
    return command if command == PACKAGE.replace("_", "-") else f"python -m {PACKAGE}.cli"


def visible(text: str) -> str:
    """One line, in which nothing steers a terminal or hides: what does not print is written as an escape."""
    return on_screen(text).replace("\n", "\\n")


def paragraph(text: str) -> str:
    """The same of a text of several lines, which become one."""
    return visible(" ".join(text.split()))


def first_sentence(text: str, most: int = 200) -> str:
    """How a description begins."""
    whole = paragraph(text)
    end = re.search(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)\s+(?=[A-Z])", whole)
    return shortened(whole[: end.start()] if end else whole, most)


def shortened(text: str, most: int) -> str:
    """A text of no more than so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def to_json(value: Any, indent: int | None = 2) -> str:
    """JSON whose texts steer no terminal; half a character is written as an escape, too."""
    try:
        text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)
    except (RecursionError, ValueError):  # it is too deep for Python's encoder, or has what is no number
        text = plain.to_json(value, indent)
    return re.sub(r"[^\n -~]", lambda found: found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1], text)


def out(text: str) -> None:
    """A line of what was asked for."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """A line about it, which is never in a pipe."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def lines_of(value: Any, place: str = "") -> list[str]:
    """A value of JSON as lines, `images.0.url: https://…`; what is long is cut, and said to be."""
    lines: list[str] = []
    todo: list[tuple[str, Any]] = [(place, value)]
    while todo:  # nothing calls itself: an output may be as deep as JSON is
        place, value = todo.pop()
        inner = _inside(value)
        if inner is None:
            lines.append(f"{visible(place)}: {_one(value)}" if place else _one(value))
        else:
            todo += [(f"{place}.{key}" if place else str(key), item) for key, item in reversed(inner)]
    return lines


def _inside(value: Any) -> list[tuple[Any, Any]] | None:
    """What stands on lines of its own; a list of nothing but numbers and the like is a line itself."""
    if isinstance(value, dict) and value:
        return list(value.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(value, list) and any(isinstance(item, dict | list | str) for item in value):  # pyright: ignore[reportUnknownVariableType]
        return list(enumerate(value))  # pyright: ignore[reportUnknownArgumentType]
    return None


def _one(value: Any) -> str:
    if not isinstance(value, str):
        return _cut(to_json(value, None), _LONGEST)
    is_data = value[:5].lower() == "data:"
    return _cut(visible(value), _DATA_URI if is_data else _LONGEST)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def skill() -> str | None:
    """The skill that the package carries, as it was generated; None where the package has lost it."""
    try:
        data = get_data(PACKAGE, SKILL)
    except OSError:
        return None
    return None if data is None else data.decode().replace("\r\n", "\n").rstrip("\n")
