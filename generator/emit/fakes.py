"""What type checkers know of the endpoints' fakes: what each returns and takes, in modules that nothing ever imports.

At run time the tree of fakes is made from the tree of endpoints. For type checkers there is a stub for each endpoint,
with its output as TypedDicts, one for each shared type of an output, and one with the tree. They have no prose: who
wants to read about a field finds it in the models.
"""

# design: How do type checkers know what a fake returns?

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..ir import nodes
from ..ir.share import Kind
from ..ir.tree import flat_name
from ..places import FAKES, SHARED_FAKES
from ..shapes import (
    AnyShape,
    ArrayShape,
    EnumShape,
    IntegerShape,
    MapShape,
    NumberShape,
    RefShape,
    Shape,
    StringShape,
    UnionShape,
    references,
    union,
)
from .annotations import annotation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..diagnostics import Source

ROOT = f"{FAKES}/__init__.pyi"

# What fakes call their own things, in the runtime: an endpoint of that name is reached by its id.
OF_ENDPOINT = frozenset(
    "returns fails streams answers takes then faults reset calls call_count assert_called assert_not_called "
    "assert_called_once assert_called_with assert_called_once_with assert_any_call".split()
)
OF_FAL = frozenset(
    "clock endpoint endpoints calls uploads history set_price faults put_file deliver_webhooks adeliver_webhooks reset "
    "answer".split()
)

# What stubs import from where; a dot in front is the package.
_SOURCES = {
    "collections.abc": ("Mapping", "Callable as _Callable", "Sequence as _Sequence"),
    "typing": ("Annotated", "Any", "Literal"),
    "typing_extensions": ("Self", "TypedDict", "Unpack"),
    "._runtime.emitted": ("SAME_TYPE", "SequenceNotStr", "FalError as _FalError"),
    "._runtime.testing.emitted": ("EndpointFake as _EndpointFake",),
}


class _Names:
    """Names for what a module has, each once.

    Args:
        taken: Those that are somebody's already.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def free(self, name: str) -> str:
        """This name or one like it, which is taken then."""
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeImport:
    """A name from another module of the package."""

    module: str
    name: str
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeModule:
    """A stub with a document's words in it: an endpoint's, or that of a shared type.

    Attributes:
        path: Where it is, below the package's folder.
        classes: Its TypedDicts.
        imports: What it mentions, but for the runtime.
        endpoints: The ids that need it.
        source: The document to name.
        fake: The endpoint's fake; None where it is that of a shared type.
    """

    path: str
    classes: tuple[nodes.Class, ...]
    imports: tuple[FakeImport, ...]
    endpoints: tuple[str, ...]
    source: Source
    fake: FakeEndpoint | None = None

    @property
    def up(self) -> str:
        """The relative import that leads to the package's root."""
        return "." * (self.path.count("/") + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeEndpoint:
    """An endpoint's fake, by the names in its module.

    Attributes:
        name: Its class.
        given: What it may be told to return.
        fields: The annotation of what it may be told of the output's fields.
        inputs: The annotation of inputs by keyword.
        typed_events: Whether it is known what it streams.
    """

    name: str
    input: str
    output: str
    given: str
    fields: str
    inputs: str
    typed_events: bool


class FakeTree:
    """The module with all of them, by the names that they have at a client.

    Args:
        api: What is emitted.

    Attributes:
        imports: For each endpoint its module here, its class, and what that is called in the tree.
        classes: For each node of the tree its class, what that is derived from, and its children; the root is last.
        empty: Files that only make a folder a package.
    """

    def __init__(self, api: nodes.Api) -> None:
        names = _Names({"FakeFal", "Iterable"})
        called: dict[tuple[str, ...], str] = {}
        self.imports: list[tuple[str, str, str]] = []
        self.classes: list[tuple[str, str, list[tuple[str, str]]]] = []
        self.empty = (f"{SHARED_FAKES}/__init__.pyi",)
        for node in reversed(api.nodes):  # children come first
            base = "" if node.path else "_FakeFal"
            if node.is_endpoint:
                base = names.free(fake_name(node))
                self.imports.append((flat_name(node.path), fake_name(node), base))
            called[node.path] = base
            if node.children or not node.path:
                called[node.path] = names.free(f"{node.class_name}Fakes") if node.path else "FakeFal"
                hidden = OF_FAL if not node.path else OF_ENDPOINT if base else frozenset[str]()
                below = [(child.name, called[(*node.path, child.name)]) for child in node.children]
                self.classes.append((called[node.path], base, [one for one in below if one[0] not in hidden]))
        self._leave_out_hidden()

    def _leave_out_hidden(self) -> None:
        """What no attribute leads to is not mentioned."""
        used = {"FakeFal"}
        for name, base, children in reversed(self.classes):  # parents come first
            if name in used:
                used |= {base, *(child for _, child in children)}
        self.classes = [one for one in self.classes if one[0] in used]
        self.imports = sorted(one for one in self.imports if one[2] in used)


def fake_path(path: tuple[str, ...]) -> str:
    """The stub of an endpoint, below the package's folder: all stand in one folder, whichever is above another."""
    return f"{FAKES}/{flat_name(path)}.pyi"


def shared_fake_path(module: str) -> str:
    """The stub of a shared type."""
    return f"{SHARED_FAKES}/_{module}.pyi"


def fake_modules(api: nodes.Api) -> list[FakeModule]:
    """The stubs of what is made anew: endpoints whose modules are, and shared types."""
    shared = [_of_shared(one) for one in api.shared if one.kind is Kind.MODELS]
    return shared + [_of_endpoint(node, node.endpoint) for node in api.nodes if node.endpoint is not None]


def _of_shared(module: nodes.SharedModule) -> FakeModule:
    own = module.cls.name
    others = [one for one in module.imports if one.kind is Kind.MODELS]
    names = _Names({own, *(one.alias for one in others), *_field_names([module.cls])})
    local = {name: name for name in (own, *(one.alias for one in others))}
    dicts = {name: names.free(f"{name}Dict") for name in local}
    recurs = any(own in references(shape) for shape in _shapes(module.cls))
    imports = [FakeImport(module=f"...models._{module.module}", name=own, alias=own)] if recurs else []
    for one in others:
        imports.append(FakeImport(module=f"...models._{one.module}", name=one.name, alias=one.alias))
        imports.append(FakeImport(module=f"._{one.module}", name=f"{one.name}Dict", alias=dicts[one.alias]))
    return FakeModule(
        path=shared_fake_path(module.module),
        classes=(_dict_of(module.cls, f"{own}Dict", local, {**dicts, own: f"{own}Dict"}),),
        imports=tuple(imports),
        endpoints=module.endpoints,
        source=module.cls.source,
    )


def _of_endpoint(node: nodes.TreeNode, endpoint: nodes.Endpoint) -> FakeModule:
    fake = fake_name(node)
    own = [cls for cls in endpoint.classes if cls.kind is Kind.MODELS]
    said = [endpoint.output, *(shape for cls in own for shape in _shapes(cls))]
    mentioned = {name for shape in said for name in references(shape)}
    others = [one for one in endpoint.imports if one.kind is Kind.MODELS and one.alias in mentioned]
    names = _Names({fake, *_field_names(own)})
    wanted = [endpoint.input_name, endpoint.output_name, *(cls.name for cls in own), *(one.alias for one in others)]
    local = {name: names.free(name) for name in dict.fromkeys(wanted)}
    dicts = {name: names.free(f"{name}Dict") for name in [*(cls.name for cls in own), *(one.alias for one in others)]}
    module = f"..endpoints.{'.'.join(node.path)}"
    others_of = {one.alias for one in others}
    imports = [
        FakeImport(module=module, name=name, alias=alias) for name, alias in local.items() if name not in others_of
    ]
    for one in others:
        imports.append(FakeImport(module=f"..models._{one.module}", name=one.name, alias=local[one.alias]))
        imports.append(FakeImport(module=f"._models._{one.module}", name=f"{one.name}Dict", alias=dicts[one.alias]))
    return FakeModule(
        path=fake_path(node.path),
        classes=tuple(_dict_of(cls, dicts[cls.name], local, dicts) for cls in own),
        imports=tuple(imports),
        endpoints=(endpoint.id,),
        source=endpoint.source,
        fake=FakeEndpoint(
            name=fake,
            input=local[endpoint.input_name],
            output=local[endpoint.output_name],
            given=annotation(_either(endpoint.output, local, dicts), Kind.PARAMS),
            fields=_fields(endpoint, own, dicts),
            inputs="Any" if endpoint.untyped else f"Unpack[{local[endpoint.input_name]}]",
            typed_events=endpoint.typed_events,
        ),
    )


def _fields(endpoint: nodes.Endpoint, own: list[nodes.Class], dicts: Mapping[str, str]) -> str:
    """Where others are welcome, or the output is one of several, nothing is known of fields by keyword."""
    output = endpoint.output
    root = next((cls for cls in own if isinstance(output, RefShape) and cls.name == output.name), None)
    return f"Unpack[{dicts[root.name]}]" if root is not None and root.fields and root.extra is None else "Any"


def import_lines(module: FakeModule) -> list[str]:
    """What a stub imports but for types of endpoints: no more than it mentions, in the order of ruff."""
    used = {name for cls in module.classes for shape in _shapes(cls) for name in _mentioned(shape)} | {"TypedDict"}
    if module.fake is not None:
        used |= {"Callable as _Callable", "Self", "FalError as _FalError", "EndpointFake as _EndpointFake"}
        used |= {"Unpack"} if "Unpack[" in module.fake.fields + module.fake.inputs else {"Any"}
        used |= {"Any"} if "Any" in (module.fake.fields, module.fake.inputs) else set()
        used |= {"Sequence as _Sequence"} if module.fake.typed_events else set()
    lines: list[str] = []
    for source, known in _SOURCES.items():
        names = [name for name in known if name in used]
        plain = [name for name in names if " as " not in name]
        start = f"from {module.up + source[1:] if source[0] == '.' else source} import"
        lines += [f"{start} {', '.join(plain)}"] if plain else []
        lines += [f"{start} {name}" for name in names if name not in plain]
    return lines


def _mentioned(shape: Shape) -> set[str]:
    """The names that the annotation of a shape has, but for those of classes."""
    match shape:
        case AnyShape():
            return {"Any"}
        case EnumShape(members=members):
            numbers = any(isinstance(member, int) for member in members)
            return {"Literal", "Annotated", "SAME_TYPE"} if numbers else {"Literal"}
        case ArrayShape(items=inner):
            return {"SequenceNotStr", *_mentioned(inner)}
        case MapShape(values=inner):
            return {"Mapping", *_mentioned(inner)}
        case UnionShape(members=members):
            return {name for member in members for name in _mentioned(member)}
        case _:
            return set()


def keywords(cls: nodes.Class) -> str:
    """What stands in the class line of a TypedDict behind its base."""
    if cls.extra is None:
        return "closed=True):"
    # mypy does not know PEP 728's `extra_items` yet, and would refuse the class.
    return f"extra_items={annotation(cls.extra, cls.kind)}):  # type: ignore[call-arg]"


def fake_name(node: nodes.TreeNode) -> str:
    """The class of an endpoint's fake, in its module."""
    return f"{node.class_name}Fake"


def _shapes(cls: nodes.Class) -> list[Shape]:
    """All that the annotations of a class say."""
    return [*(field.shape for field in cls.fields), *([] if cls.extra is None else [cls.extra])]


def _field_names(classes: Iterable[nodes.Class]) -> set[str]:
    """Behind a field of that name a class of that name is not seen any more."""
    return {field.name for cls in classes for field in cls.fields}


def _dict_of(cls: nodes.Class, name: str, local: Mapping[str, str], dicts: Mapping[str, str]) -> nodes.Class:
    """A TypedDict of an output: each field may be left out, for the fake fills it in."""
    return nodes.Class(
        name=name,
        wire_name=cls.wire_name,
        kind=Kind.PARAMS,
        is_file=False,
        media=None,
        extra=None if cls.extra is None else _either(cls.extra, local, dicts),
        fields=tuple(
            nodes.Field(
                name=field.name,
                wire_name=field.name,
                shape=_either(field.shape, local, dicts),
                required=False,
                doc="",
                facts=(),
                shown=(),
                quoted=False,
                source=field.source,
            )
            for field in cls.fields
        ),
        doc="",
        source=cls.source,
    )


def _either(shape: Shape, local: Mapping[str, str], dicts: Mapping[str, str]) -> Shape:
    """The shape with each object as a model or a dict, and without limits, which no type checker looks at."""
    match shape:
        case RefShape(name=name):
            return UnionShape(members=(RefShape(name=local[name]), RefShape(name=dicts[name])))
        case ArrayShape(items=inner):
            return ArrayShape(items=_either(inner, local, dicts))
        case MapShape(values=inner):
            return MapShape(values=_either(inner, local, dicts))
        case UnionShape(members=members):
            return union([_either(member, local, dicts) for member in members])
        case StringShape():
            return StringShape()
        case IntegerShape():
            return IntegerShape()
        case NumberShape():
            return NumberShape()
        case _:
            return shape
