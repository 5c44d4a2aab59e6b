"""Stage lower: from normalized documents, sharing and names to the IR."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..diagnostics import Source
from ..parse.load import is_stream
from ..project.file_inputs import FileTable
from ..shapes import NullShape, ObjectDef, Prose, RefShape, StringShape, references, rename, taking_file, union
from . import nodes
from .docstrings import as_shown, facts, input_line, join, shown_values
from .name import class_names, field_names
from .share import Kind
from .structure import mentions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..parse.normalize import Normalized
    from ..shapes import Property
    from .name import EndpointName
    from .share import Shared, Sharing

# What the verbs take beside the inputs; an input of the same name wins.
OPTIONS = ("logs", "on_queue_update", "webhook_url")
NO_FILES = FileTable()
_SUFFIX = {Kind.PARAMS: "Param", Kind.MODELS: "Model"}


def lower_shared(
    shared: Shared, imports: tuple[nodes.Import, ...], lock_path: str, files: FileTable = NO_FILES
) -> nodes.SharedModule:
    """A type of `params` or `models`, in a module of its own."""
    kind = shared.key.kind
    names = {name: name for name in mentions(shared.definition)}
    definition = _with_files(shared.definition, kind, files)
    return nodes.SharedModule(
        kind=kind,
        module=shared.module,
        cls=_class(definition, shared.name, kind, names, lock_path, undefined={shared.name}),
        imports=imports,
        endpoints=shared.endpoints,
    )


def lower_endpoint(
    one: Normalized, name: EndpointName, sharing: Sharing, files: FileTable = NO_FILES
) -> nodes.Endpoint:
    """An endpoint with the classes of its own, and what it takes from `params` and `models`."""
    document = one.resolved.document
    input_name, output_name = f"{name.class_name}Input", f"{name.class_name}Output"
    params, models = scopes(one, name)
    classes = [*_local(one, Kind.PARAMS, sharing, params, files), *_local(one, Kind.MODELS, sharing, models, files)]
    given = {field.name for cls in classes if cls.name == input_name for field in cls.fields}
    imports = [*_imports(one, Kind.PARAMS, sharing, params), *_imports(one, Kind.MODELS, sharing, models)]
    return nodes.Endpoint(
        id=document.id,
        path=one.resolved.path,
        input_name=input_name,
        output_name=output_name,
        output=rename(one.output, models),
        classes=tuple(classes),
        imports=tuple(imports),
        options=tuple(option for option in OPTIONS if option not in given),
        inputs=_inputs(one.objects[one.input], params),
        example=_example(one.objects[one.input], params),
        renamed=_renames(one, sharing, params),
        untyped=not one.objects[one.input].properties and one.objects[one.input].extra is not None,
        streams=document.streams,
        typed_events=is_stream(document.id) and any(one.objects[wire].properties for wire in references(one.output)),
        prose=Prose(description=one.resolved.metadata.get("about").text()),
        category=one.resolved.metadata.get("category").text(),
        documentation=one.resolved.metadata.get("documentationUrl").text(),
        source=one.resolved.source,
        deprecated=_deprecated(document.id, document.vanished),
    )


def _deprecated(endpoint_id: str, vanished: str) -> str:
    if not vanished:
        return ""
    return f"fal has not listed {endpoint_id} since {vanished}: calls may fail, and a later release removes it."


def scopes(one: Normalized, name: EndpointName) -> tuple[dict[str, str], dict[str, str]]:
    """What an endpoint's module calls the object types of its input and of its output, by their names in the document.

    These names are what the module exports: to change one breaks imports.
    """
    input_name, output_name = f"{name.class_name}Input", f"{name.class_name}Output"
    taken = {name.class_name, f"Async{name.class_name}", input_name, output_name}
    outputs = references(one.output)
    models = _scope(one, Kind.MODELS, {outputs[0]: output_name} if isinstance(one.output, RefShape) else {}, taken)
    params = _scope(one, Kind.PARAMS, {one.input: input_name}, taken)
    return params, models


def _inputs(definition: ObjectDef, scope: dict[str, str]) -> tuple[str, ...]:
    names = _field_names(definition, Kind.PARAMS, scope)
    return tuple(input_line(names[p.wire_name], p) for p in definition.properties)


def _example(definition: ObjectDef, scope: dict[str, str]) -> tuple[tuple[str, nodes.Shown], ...] | None:
    required = [p for p in definition.properties if p.required and p.default is None]
    if not all(p.prose.examples for p in required):
        return None
    names = _field_names(definition, Kind.PARAMS, scope)
    return tuple((names[p.wire_name], as_shown(p.prose.examples[0])) for p in required)


def _reached(one: Normalized, kind: Kind) -> list[str]:
    """The object types of one kind, roots included, each behind those it mentions."""
    roots = [one.input] if kind is Kind.PARAMS else references(one.output)
    ordered: dict[str, None] = {}
    open_: set[str] = set()

    def visit(name: str) -> None:
        if name in ordered or name in open_:
            return
        open_.add(name)
        for mentioned in mentions(one.objects[name]):
            visit(mentioned)
        ordered[name] = None

    for root in roots:
        visit(root)
    return list(ordered)


def _scope(one: Normalized, kind: Kind, roots: dict[str, str], taken: set[str]) -> dict[str, str]:
    """What the endpoint's module calls each object type, by its name in the document."""
    wires = [wire for wire in _reached(one, kind) if wire not in roots]
    # What stands in the open is known by its place: of two that had one name, the second only met has another.
    known_by = {wire: wire if wire in one.resolved.components else one.objects[wire].pointer for wire in wires}
    names = class_names(known_by, taken, _SUFFIX[kind])
    taken |= set(names.values())
    return {**roots, **names}


def _local(one: Normalized, kind: Kind, sharing: Sharing, scope: dict[str, str], files: FileTable) -> list[nodes.Class]:
    local = [wire for wire in _reached(one, kind) if sharing.find(one.resolved.document.id, kind, wire) is None]
    undefined = {scope[wire] for wire in local}
    classes: list[nodes.Class] = []
    for wire in local:
        path = one.resolved.document.path
        definition = _with_files(one.objects[wire], kind, files)
        classes.append(_class(definition, scope[wire], kind, scope, path, undefined=undefined))
        undefined.discard(scope[wire])
    return classes


def _imports(one: Normalized, kind: Kind, sharing: Sharing, scope: dict[str, str]) -> list[nodes.Import]:
    """Every shared type that the roots reach is exported here under the document's own name."""
    found: list[nodes.Import] = []
    for wire in _reached(one, kind):
        shared = sharing.find(one.resolved.document.id, kind, wire)
        if shared is not None:
            found.append(nodes.Import(kind=kind, module=shared.module, name=shared.name, alias=scope[wire]))
    return found


def shared_imports(shared: Shared, sharing: Sharing) -> tuple[nodes.Import, ...]:
    """What a shared module imports from its neighbours."""
    by_name = {one.name: one for one in sharing.shared.values() if one.key.kind is shared.key.kind}
    wanted = sorted(set(mentions(shared.definition)) - {shared.name})
    return tuple(
        nodes.Import(kind=shared.key.kind, module=by_name[name].module, name=name, alias=name) for name in wanted
    )


def _renames(one: Normalized, sharing: Sharing, scope: dict[str, str]) -> bool:
    """Whether any input, however deep, is called otherwise in Python than on the wire."""
    shared = {wire: sharing.find(one.resolved.document.id, Kind.PARAMS, wire) for wire in scope}
    # A shared type mentions its neighbours by the names of their own modules.
    modules = {wire: name if (found := shared[wire]) is None else found.name for wire, name in scope.items()}
    return any(
        name != wire_name
        for wire in scope
        for wire_name, name in _field_names(
            one.objects[wire], Kind.PARAMS, scope if shared[wire] is None else modules
        ).items()
    )


def _field_names(definition: ObjectDef, kind: Kind, scope: dict[str, str]) -> dict[str, str]:
    """Python names for the properties of an object type, in a module that calls what it mentions as in `scope`."""
    classes = {scope[ref] for ref in mentions(definition)}
    return field_names((p.wire_name for p in definition.properties), model=kind is Kind.MODELS, classes=classes)


def _with_files(definition: ObjectDef, kind: Kind, files: FileTable) -> ObjectDef:
    """An input type's definition with the files among its properties told from other texts."""
    if kind is Kind.MODELS:
        return definition
    properties = tuple(
        replace(p, shape=taking_file(p.shape))
        if files.takes_file(definition.wire_name, p.wire_name, marked=p.marked)
        else p
        for p in definition.properties
    )
    return replace(definition, properties=properties)


def _class(
    definition: ObjectDef, name: str, kind: Kind, scope: dict[str, str], path: str, *, undefined: set[str]
) -> nodes.Class:
    names = _field_names(definition, kind, scope)
    return nodes.Class(
        name=name,
        wire_name=definition.wire_name,
        kind=kind,
        is_file=kind is Kind.MODELS and is_file(definition.properties),
        extra=None if definition.extra is None else rename(definition.extra, scope),
        fields=tuple(_field(p, names[p.wire_name], kind, scope, path, undefined) for p in definition.properties),
        doc=join(definition.prose.description),
        source=Source(path=path, pointer=definition.pointer),
    )


def _field(prop: Property, name: str, kind: Kind, scope: dict[str, str], path: str, undefined: set[str]) -> nodes.Field:
    shape = rename(prop.shape, scope)
    if kind is Kind.MODELS and not prop.required:
        shape = union([shape, NullShape()])  # what the server leaves out reads as None
    # A required input with a default is optional to a caller: the server fills it in.
    required = prop.required and (kind is Kind.MODELS or prop.default is None)
    return nodes.Field(
        name=name,
        wire_name=prop.wire_name,
        shape=shape,
        required=required,
        doc=join(prop.prose.description),
        facts=facts(prop, output=kind is Kind.MODELS),
        shown=shown_values(prop),
        quoted=not undefined.isdisjoint(references(shape)),
        source=Source(path=path, pointer=prop.pointer),
    )


def is_file(properties: Iterable[Property]) -> bool:
    """Whether an output is a file to download: a string `url`, and any of its type, name or size."""
    shapes = {p.wire_name: p for p in properties}
    url = shapes.get("url")
    described = shapes.keys() & {"content_type", "file_name", "file_size"}
    return url is not None and url.required and isinstance(url.shape, StringShape) and bool(described)
