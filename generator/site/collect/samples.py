"""Programs to copy: a call of an endpoint in each of its ways, whole, with the document's own example."""

# design: What do the samples show?

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, NamedTuple

from ...json_text import NotJsonError, parse
from ...literals import escaped, shown
from ...parse.output_files import is_file
from ...shapes import ArrayShape, RefShape, StringShape, UnionShape
from ..facts import Sample
from .given import Given, takes_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...ir.name import EndpointName
    from ...json_text import Json
    from ...shapes import ObjectDef, Shape

_WIDTH = 88
_STEP = "    "
# The options of `fal-typed run` itself: an input of such a name has another one.
_TAKEN = frozenset("help input output timeout logs priority cancel-on-interrupt webhook-url json".split())


class Call(NamedTuple):
    """What the samples of an endpoint call.

    Attributes:
        package: What is imported.
        command: The package's own; empty where it has none.
        name: The endpoint.
        given: The inputs that must be given.
        file: One that takes a file, if there is any: one of those that must be given, or another.
        printed: The expression to print of an output called `out`.
        has_files: Whether the output has files.
        streams: Whether it streams.
        typed: Whether the events of its stream are described.
    """

    package: str
    command: str
    name: EndpointName
    given: tuple[Given, ...]
    file: Given | None
    printed: str
    has_files: bool
    streams: bool
    typed: bool


def samples(call: Call) -> tuple[Sample, ...]:
    """The samples of an endpoint, in the order in which they are shown."""
    found = [_python("sync", _sync(call)), _python("async", _async(call)), _python("submit", _submit(call))]
    if call.streams:
        found.append(_python("stream", _stream(call)))
    if call.file is not None:
        found.append(_python("with a file", _with_file(call, call.file)))
    if call.command:
        found.append(Sample(label="shell", language="bash", code=_shell(call)))
    return tuple(found)


def _python(label: str, lines: list[str]) -> Sample:
    return Sample(label=label, language="python", code="\n".join(lines) + "\n")


def _called(call: Call, verb: str) -> str:
    return f"fal.{'.'.join(call.name.path)}.{verb}"


def _sync(call: Call) -> list[str]:
    return [
        f"from {call.package} import Fal",
        "",
        "with Fal() as fal:",
        *_lines("out = " + _called(call, "subscribe"), call.given, 1),
        f"{_STEP}print({call.printed})",
    ]


def _async(call: Call) -> list[str]:
    return [
        "import asyncio",
        "",
        f"from {call.package} import AsyncFal",
        "",
        "",
        "async def main() -> None:",
        f"{_STEP}async with AsyncFal() as fal:",
        *_lines("out = await " + _called(call, "subscribe"), call.given, 2),
        f"{_STEP * 2}print({call.printed})",
        "",
        "",
        "asyncio.run(main())",
    ]


def _submit(call: Call) -> list[str]:
    return [
        f"from {call.package} import Fal",
        "",
        "with Fal() as fal:",
        *_lines("handle = " + _called(call, "submit"), call.given, 1),
        f"{_STEP}request_id = handle.request_id  # all that must be kept",
        "",
        "# Later, in another process too:",
        "with Fal() as fal:",
        f"{_STEP}out = {_called(call, 'request')}(request_id).result()",
        f"{_STEP}print({call.printed})",
    ]


def _stream(call: Call) -> list[str]:
    opened = _lines("with " + _called(call, "stream"), call.given, 1)
    opened[-1] += " as events:"
    told = "" if call.typed else "  # dicts: no document says what is in them"
    return [
        f"from {call.package} import Fal",
        "",
        "with Fal() as fal:",
        *opened,
        f"{_STEP * 2}for event in events:{told}",
        f"{_STEP * 3}print(event)",
    ]


def _with_file(call: Call, file: Given) -> list[str]:
    given = call.given if file in call.given else (*call.given, file)
    return [
        "from pathlib import Path",
        "",
        f"from {call.package} import Fal",
        "",
        "with Fal() as fal:",
        *_lines("out = " + _called(call, "subscribe"), given, 1, local=True),
        f"{_STEP}print({call.printed})",
    ]


def _lines(called: str, given: Sequence[Given], depth: int, *, local: bool = False) -> list[str]:
    """A call as lines: one, where that has room, else each input on its own."""
    pad = _STEP * depth
    arguments = [(one.name, _file_code(one) if local and one.file else None, one.value) for one in given]
    codes = [f"{name}={code if code is not None else shown(value)}" for name, code, value in arguments]
    line = f"{pad}{called}({', '.join(codes)})"
    if len(line) <= _WIDTH:
        return [line]
    inner = pad + _STEP
    laid = [f"{inner}{name}={code if code is not None else laid_out(value, inner)}," for name, code, value in arguments]
    return [f"{pad}{called}(", *laid, f"{pad})"]


def laid_out(value: Json, pad: str) -> str:
    """A value as code, over several lines where one has no room for it.

    Args:
        value: The value.
        pad: What stands before the line that it begins in.
    """
    code = shown(value)
    if len(pad) + len(code) <= _WIDTH or not isinstance(value, list | dict) or not value:
        return code
    inner = pad + _STEP
    if isinstance(value, list):
        return "\n".join(["[", *(f"{inner}{laid_out(item, inner)}," for item in value), f"{pad}]"])
    items = value.items()
    return "\n".join(["{", *(f"{inner}{shown(key)}: {laid_out(item, inner)}," for key, item in items), f"{pad}}}"])


def _file_code(one: Given) -> str:
    path = f'Path("{one.file}")'
    least = _least_files(one.shape)
    return path if least is None else f"[{', '.join([path] * least)}]"


def _least_files(shape: Shape) -> int | None:
    """Of a list of files, how many it has at least; None where the value is one file."""
    match shape:
        case ArrayShape():
            return max(shape.min_items or 0, 1)
        case UnionShape(members=members):
            taking = [one for one in members if takes_file(one)]
            return None if any(isinstance(one, StringShape) for one in taking) else _least_files(taking[0])
        case _:
            return None


def _shell(call: Call) -> str:
    first, options = f"{call.command} run {call.name.id}", list[str]()
    rest: dict[str, Json] = {}
    for one in call.given:
        option = _option(one)
        if option is None:
            rest[one.name] = one.value
        else:
            options.append(option)
    if rest:
        options.append(f"--input {shlex.quote(json.dumps(rest))}")
    if call.has_files:
        options.append('-o "out/{name}"')
    line = " ".join([first, *options])
    return (line if len(line) <= _WIDTH else " \\\n  ".join([first, *options])) + "\n"


def _option(one: Given) -> str | None:
    """An input as an option; None where JSON says it better."""
    name, value = one.name.strip("_").replace("_", "-"), one.value
    if name in _TAKEN or name.startswith(("no-", "input-")):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return f"--{name} {value}"
    if not isinstance(value, str) or escaped(value) != value or "\n" in value or value[:1] in "-@":
        return None
    # Where something else than a text may be given, what can be read as JSON is taken for that.
    return None if _is_json(value) and not isinstance(one.shape, StringShape) else f"--{name} {shlex.quote(value)}"


def _is_json(text: str) -> bool:
    try:
        parse(text)
    except NotJsonError:
        return False
    return True


def printed(output: Shape, objects: Mapping[str, ObjectDef], names: Mapping[str, str]) -> tuple[str, bool]:
    """What to print of an output called `out`, and whether it has files: the URL of the first, else a field.

    Args:
        output: The output.
        objects: The object types of the document.
        names: The Python names of the output's fields, by those of the wire.
    """
    if not isinstance(output, RefShape) or not objects[output.name].properties:
        return "out", False
    properties = objects[output.name].properties
    for prop in properties:
        match prop.shape:
            case RefShape(name=name) if prop.required and is_file(objects[name].properties):
                return f"out.{names[prop.wire_name]}.url", True
            case ArrayShape(items=RefShape(name=name)) if prop.required and is_file(objects[name].properties):
                return f"out.{names[prop.wire_name]}[0].url", True
            case _:
                pass
    return f"out.{names[properties[0].wire_name]}", False
