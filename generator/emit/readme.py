"""What the emitted README shows: the simplest calls that the documents have examples for."""

from __future__ import annotations

import ast
import json
import shlex
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, cast

from ..ir.share import Kind
from ..json_text import canonical, value_of
from ..literals import shown
from ..shapes import ArrayShape, RefShape, Shape, StringShape, UnionShape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..ir import nodes
    from ..json_text import Json, JsonText

_URL = "https://v3.fal.media/files/panda/Zq8mK0vXw2.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleCall:
    """A call to show.

    Attributes:
        id: The endpoint's id; its first two segments are `app`.
        module: The attribute path, and the module below `endpoints`.
        arguments: The required inputs, as code.
        body: The same as a dict, by the names of the wire.
        input_name: The class of the input.
        output_name: The class of the output.
        shown: The expression to print of an output called `out`.
        takes_logs: Whether `subscribe` takes `logs` and `on_queue_update`; else an input has the name.
    """

    id: str
    module: str
    arguments: str
    body: str
    input_name: str
    output_name: str
    shown: str
    takes_logs: bool

    @property
    def quoted_id(self) -> str:
        """The id as code."""
        return shown(self.id)

    @property
    def given(self) -> str:
        """The same as a dict, by the names of Python, as code."""
        code = f"call({self.arguments})"
        call = ast.parse(code, mode="eval").body
        assert isinstance(call, ast.Call)
        pairs = (f"{json.dumps(each.arg)}: {ast.get_source_segment(code, each.value)}" for each in call.keywords)
        return f"{{{', '.join(pairs)}}}"

    @property
    def input_in_shell(self) -> str:
        """The input as JSON, as a shell takes it: one line of ASCII, whatever an example holds."""
        return shlex.quote(json.dumps(ast.literal_eval(self.body)))

    @property
    def printed(self) -> str:
        """What a sample that prints `shown` shows as its output."""
        return _URL if self.shown.endswith(".url") else "…"

    @property
    def app(self) -> str:
        """Owner and name."""
        return "/".join(self.id.split("/")[:2])

    @property
    def looked_up(self) -> str:
        """What is shown, of a dict called `result`."""
        return looked_up(self.shown)


class FileCall(NamedTuple):
    """A call with a file of one's own.

    Attributes:
        code: The call.
        file: The expression of the first file in an output called `out`.
        id: The endpoint's id.
        body: The input as a dict, by the names of the wire, with the file's URL in `url`.
    """

    code: str
    file: str
    id: str
    body: str

    @property
    def quoted_id(self) -> str:
        """The id as code."""
        return shown(self.id)

    @property
    def looked_up(self) -> str:
        """The file's URL, of a dict called `result`."""
        return looked_up(f"{self.file}.url")


def looked_up(expression: str) -> str:
    """An expression of `out`, where the output is a dict called `result`: `result["images"][0]` of `out.images[0]`."""
    _out, *steps = expression.split(".")
    parts = [step.partition("[") for step in steps]
    return "result" + "".join(f"[{shown(name)}]{bracket}{index}" for name, bracket, index in parts)


def examples(api: nodes.Api) -> tuple[ExampleCall | None, ExampleCall | None, FileCall | None]:
    """The simplest endpoint to show, the simplest that streams, and a call with a file; None where there is none.

    The call with a file is of the endpoint with the fewest inputs, of those that must be given a file, give one back
    and have an example of everything else.
    """
    found = _showings(api)
    with_file = min((one["with_file"] for one in found if one["with_file"]), key=lambda each: each[:2], default=None)
    streaming = _least(one for one in found if one["streams"])
    return _least(found), streaming, None if with_file is None else FileCall(*with_file[1:])


def telling_example(api: nodes.Api) -> ExampleCall | None:
    """The simplest call that gives something and gets a file, to stand for all; the simplest, where none is such."""
    found = _showings(api)
    given = [one for one in found if one["example"]["arguments"]]
    return _least([one for one in given if one["example"]["shown"].endswith(".url")] or given or found)


_FileShowing = tuple[int, str, str, str, str]


class _Showing(TypedDict):
    """How the README would show an endpoint, as JSON: it is remembered.

    Attributes:
        cost: How much there is to read in the call.
        call: The call.
        streams: Whether the endpoint can stream.
        example: The fields of its `ExampleCall`.
        with_file: The parts of its `FileCall`, with the number of inputs in front.
    """

    cost: int
    call: str
    streams: bool
    example: dict[str, Any]
    with_file: _FileShowing | None


def showing(node: nodes.TreeNode, endpoint: nodes.Endpoint, files: set[str]) -> JsonText:
    """How the README would show an endpoint, as JSON; null where it cannot.

    Args:
        node: Its node.
        endpoint: The endpoint.
        files: The shared classes that are files.
    """
    if not can_be_shown(endpoint):
        return canonical(None)
    one = _example(node, endpoint, files)
    fields, call = len(root_of(endpoint).fields), f"fal.{one.module}.subscribe({one.arguments})"
    found = _Showing(
        cost=fields + len(call) // 100,
        call=call,
        streams=endpoint.streams,
        example=asdict(one),
        with_file=_with_file(node, endpoint, files),
    )
    return canonical(cast("Json", found))


def _showings(api: nodes.Api) -> list[_Showing]:
    files = {module.cls.name for module in api.shared if module.cls.is_file}
    found = [showing(node, node.endpoint, files) for node in api.nodes if node.endpoint is not None]
    found += [node.finished.showing for node in api.nodes if node.finished is not None]
    shown = (cast("_Showing | None", value_of(one)) for one in found)
    return [one for one in shown if one is not None]


def can_be_shown(endpoint: nodes.Endpoint) -> bool:
    """Whether an endpoint can stand in examples: in one of them `webhook_url` is the client's, and never an input's."""
    return endpoint.example is not None and not endpoint.deprecated and "webhook_url" in endpoint.options


def _least(found: Iterable[_Showing]) -> ExampleCall | None:
    least = min(found, key=lambda each: (each["cost"], each["call"]), default=None)
    return None if least is None else ExampleCall(**least["example"])


def _example(node: nodes.TreeNode, endpoint: nodes.Endpoint, files: set[str]) -> ExampleCall:
    return ExampleCall(
        id=endpoint.id,
        module=".".join(node.path),
        arguments=_arguments(endpoint.example or (), {}),
        body=_body(endpoint, {}),
        input_name=endpoint.input_name,
        output_name=endpoint.output_name,
        shown=_shown(endpoint, files),
        takes_logs={"logs", "on_queue_update"} <= {*endpoint.options},
    )


def root_of(endpoint: nodes.Endpoint) -> nodes.Class:
    """The input's class."""
    return next(cls for cls in endpoint.classes if cls.name == endpoint.input_name)


def files_of(endpoint: nodes.Endpoint, shared: set[str]) -> list[tuple[str, str | None]]:
    """The fields of the output, each with the expression that leads to its first file, if it holds files.

    Args:
        endpoint: The endpoint; an output of several kinds has no fields.
        shared: The shared classes that are files.
    """
    output = next((cls for cls in endpoint.classes if cls.name == endpoint.output_name), None)
    aliases = {one.alias for one in endpoint.imports if one.kind is Kind.MODELS and one.name in shared}
    aliases |= {cls.name for cls in endpoint.classes if cls.is_file}
    return [(field.name, _file(field, aliases)) for field in (output.fields if output else ())]


def _file(field: nodes.Field, aliases: set[str]) -> str | None:
    match field.shape:
        case RefShape(name=name) if name in aliases:
            return f"out.{field.name}"
        case ArrayShape(items=RefShape(name=name)) if name in aliases:
            return f"out.{field.name}[0]"
        case _:
            return None


def _shown(endpoint: nodes.Endpoint, shared: set[str]) -> str:
    """What to print of an output: the URL of its first field if that is a file or a list of them, else the field."""
    fields = files_of(endpoint, shared)
    if not fields:
        return "out"
    name, file = fields[0]
    return f"out.{name}" if file is None else f"{file}.url"


def _with_file(node: nodes.TreeNode, endpoint: nodes.Endpoint, files: set[str]) -> _FileShowing | None:
    taken = _taken(endpoint)
    output = next((file for _, file in files_of(endpoint, files) if file is not None), None)
    if not taken or not output:
        return None
    call = f"fal.{'.'.join(node.path)}.subscribe({_arguments(endpoint.example or (), taken)})"
    body = _body(endpoint, {name: text.replace('Path("photo.png")', "url") for name, text in taken.items()})
    return len(root_of(endpoint).fields), call, output, endpoint.id, body


def _taken(endpoint: nodes.Endpoint) -> dict[str, str]:
    """The inputs that must be given and take a file, with one."""
    required = (field for field in root_of(endpoint).fields if field.required)
    return {field.name: text for field in required if (text := _file_for(field.shape)) is not None}


def _file_for(shape: Shape) -> str | None:
    match shape:
        case StringShape(takes_file=True):
            return 'Path("photo.png")'
        case ArrayShape(items=StringShape(takes_file=True)):
            return '[Path("photo.png")]'
        case UnionShape(members=members):
            return next((text for member in members if (text := _file_for(member)) is not None), None)
        case _:
            return None


def _body(endpoint: nodes.Endpoint, taken: dict[str, str]) -> str:
    names = {field.name: field.wire_name for field in root_of(endpoint).fields}
    given = {names[name]: taken.get(name, one.text) for name, one in endpoint.example or ()}
    return "{" + ", ".join(f"{shown(name)}: {text}" for name, text in given.items()) + "}"


def _arguments(example: tuple[tuple[str, nodes.Shown], ...], taken: dict[str, str]) -> str:
    return ", ".join(f"{name}={taken.get(name, one.text)}" for name, one in example)
