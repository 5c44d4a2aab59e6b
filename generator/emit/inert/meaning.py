"""Whether a module says what the IR meant: the constants of every annotation, every docstring, every default shown."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, assert_never, cast

from ...diagnostics import Source
from ...ir.limited_places import media_table
from ...ir.share import Kind
from ...json_text import canonical
from ...literals import readable
from ...shapes import (
    AnyShape,
    ArrayShape,
    BooleanShape,
    Bounds,
    EnumShape,
    IntegerShape,
    MapShape,
    NullShape,
    NumberShape,
    RefShape,
    Shape,
    StringShape,
    UnionShape,
)
from ..paths import node_path, shared_path
from .grammar import Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...ir import nodes
    from ...json_text import Json
    from ..fakes import FakeModule
    from .expressions import Scalar
    from .reading import ModuleReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a module is to say.

    Attributes:
        own: Its classes.
        endpoints: The ids that need it.
        source: The document to name.
        spec: By what constants its endpoint is called.
        shown: The values shown as code outside of the fields.
    """

    own: tuple[nodes.Class, ...]
    endpoints: tuple[str, ...]
    source: Source
    spec: dict[str, Scalar]
    shown: tuple[nodes.Shown, ...] = ()

    def said(self) -> dict[str, Said]:
        """What each class is to say."""
        return {
            cls.name: Said(doc=readable(cls.doc), fields={f.name: _field(f) for f in cls.fields}, extra=_extra(cls))
            for cls in self.own
        }

    def digest(self) -> str:
        """A hash that is equal only for modules that are to say the same."""
        shown = [(one.text, one.value) for one in self.all_shown()]
        return sha256(json.dumps([_plain(self.said()), self.spec, shown]).encode()).hexdigest()

    def all_shown(self) -> list[nodes.Shown]:
        """Every value shown as code."""
        return [*self.shown, *(one for cls in self.own for field in cls.fields for one in field.shown)]

    def place(self, within: tuple[str, ...]) -> Source:
        """The place in the document of a class, or of a field in it."""
        cls = next((cls for cls in self.own if within and cls.name == within[0]), None)
        if cls is None or cls.source.path != self.source.path:
            return self.source
        return next((field.source for field in cls.fields if (cls.name, field.name) == within), cls.source)


def meanings(api: nodes.Api, fakes: Iterable[FakeModule] = ()) -> dict[str, Meaning]:
    """What the modules with a document's text are to say, by path below the output folder."""
    own = {node_path(node): node.endpoint for node in api.nodes if node.endpoint is not None}
    documents = {endpoint.id: endpoint.source.path for endpoint in own.values()}
    documents |= {node.finished.id: node.finished.path for node in api.nodes if node.finished is not None}
    found: dict[str, Meaning] = {}
    for path, endpoint in own.items():
        found[f"{api.package}/{path}"] = Meaning(
            own=endpoint.classes,
            endpoints=(endpoint.id,),
            source=endpoint.source,
            spec=_meant_spec(endpoint),
            shown=tuple(shown for _, shown in endpoint.example or ()),
        )
    for module in api.shared:
        # The words are of one of them; with all of them kept out nothing is left that needs the type.
        source = Source(path=documents[min(module.endpoints)])
        found[f"{api.package}/{shared_path(module)}"] = Meaning(
            own=(module.cls,), endpoints=module.endpoints, source=source, spec={}
        )
    for one in fakes:
        source = Source(path=documents[min(one.endpoints)])
        found[f"{api.package}/{one.path}"] = Meaning(own=one.classes, endpoints=one.endpoints, source=source, spec={})
    return found


def find_mistake(module: ModuleReading, meaning: Meaning) -> tuple[Source, str] | None:
    """The first thing that a module says otherwise than it was meant, and its place in the document."""
    if _spec(module) != meaning.spec:
        return meaning.source, f"the endpoint would be called by {_spec(module)}, not by {meaning.spec}"
    wanted, given = _plain(meaning.said()), _plain(module.said)
    for cls in meaning.own:
        mistake = _class_mistake(cls, wanted[cls.name], given.get(cls.name))
        if mistake is not None:
            return meaning.place((cls.name, mistake[0])), mistake[1]
    return None if evaluate_back(meaning.all_shown()) else _shown_mistake(meaning)


def _class_mistake(cls: nodes.Class, wanted: _Words, given: _Words | None) -> tuple[str, str] | None:
    """The field, or the empty string, that a class is wrong about, and how."""
    if given is None or given.doc != wanted.doc:
        return "", f"the docstring of {cls.name} is not the description it was made from"
    if [*given.fields] != [*wanted.fields]:
        return "", f"{cls.name} would have the fields {', '.join(given.fields)}, not {', '.join(wanted.fields)}"
    for name, (constants, words) in wanted.fields.items():
        if not _same(given.fields[name][0], constants):
            return name, f"the values in the type of {cls.name}.{name} do not evaluate back"
        if given.fields[name][1] != words:
            return name, f"the docstring of {cls.name}.{name} is not what it was made from"
    if not _same(given.extra, wanted.extra):
        return "", f"the values in the type of the further properties of {cls.name} do not evaluate back"
    return None


def _same(some: list[Scalar], others: list[Scalar]) -> bool:
    """Whether values are the same, and not merely equal: `1` is neither `True` nor `1.0`."""
    return some == others and (not some or json.dumps(some) == json.dumps(others))


def _shown_mistake(meaning: Meaning) -> tuple[Source, str]:
    for field in (field for cls in meaning.own for field in cls.fields):
        for one in field.shown:
            if not evaluate_back([one]):
                return (
                    field.source,
                    f"{one.text[:60]}, as {field.name} shows it, does not evaluate back to {one.value[:60]}",
                )
    return meaning.source, "the inputs in the example of a call do not evaluate back"


def evaluate_back(shown: list[nodes.Shown]) -> bool:
    """Whether every piece of code is a literal of its value."""
    if not shown:
        return True
    try:
        values = cast("Json", ast.literal_eval("[" + "\n,".join(one.text for one in shown) + "\n]"))
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return False
    return canonical(values) == f"[{','.join(one.value for one in shown)}]"


def _spec(module: ModuleReading) -> dict[str, Scalar]:
    return {name: module.spec[name] for name in ("id", "path", "media") if name in module.spec}


def _meant_spec(endpoint: nodes.Endpoint) -> dict[str, Scalar]:
    path: dict[str, Scalar] = {} if endpoint.path == endpoint.id else {"path": endpoint.path}
    media: dict[str, Scalar] = {"media": canonical(media_table(endpoint))} if endpoint.media else {}
    return {"id": endpoint.id, **path, **media}


class _Words(NamedTuple):
    """What a class says, with docstrings as words: wrapping and indenting change the space between them."""

    doc: list[str]
    fields: dict[str, tuple[list[Scalar], list[str]]]
    extra: list[Scalar]


def _plain(said: dict[str, Said]) -> dict[str, _Words]:
    return {
        name: _Words(one.doc.split(), {f: (c, doc.split()) for f, (c, doc) in one.fields.items()}, one.extra)
        for name, one in said.items()
    }


def _field(field: nodes.Field) -> tuple[list[Scalar], str]:
    constants = list(_constants(field.shape))
    if field.name != field.wire_name:
        constants.append(field.wire_name)
    return constants, readable("\n".join([field.doc, *field.facts]))


def _extra(cls: nodes.Class) -> list[Scalar]:
    return list(_constants(cls.extra)) if cls.extra is not None and cls.kind is Kind.PARAMS else []


def _constants(shape: Shape) -> Iterator[Scalar]:
    """Every value that an annotation has to have, in the order of `annotations.annotation`."""
    match shape:
        case IntegerShape(bounds=bounds) | NumberShape(bounds=bounds):
            yield from _given(*_bounds(bounds))
        case StringShape():
            yield from _given(shape.min_length, shape.max_length, shape.pattern)
        case EnumShape(members=members):
            yield from members
        case ArrayShape():
            yield from _constants(shape.items)
            yield from _given(shape.min_items, shape.max_items)
        case MapShape(values=values):
            yield from _constants(values)
        case UnionShape(members=shapes):
            for one in shapes:
                yield from _constants(one)
        case AnyShape() | NullShape() | BooleanShape() | RefShape():
            pass
        case _:
            assert_never(shape)


def _bounds(bounds: Bounds) -> tuple[Scalar, ...]:
    return bounds.ge, bounds.gt, bounds.le, bounds.lt, bounds.multiple_of


def _given(*values: Scalar) -> Iterator[Scalar]:
    return (value for value in values if value is not None)
