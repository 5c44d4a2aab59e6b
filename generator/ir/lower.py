"""Stage lower: from normalized documents, names and sharing to the IR."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..parse.about import about, deprecation
from ..parse.load import is_stream
from ..parse.structure import mentions
from ..project.file_inputs import FileTable
from ..project.releases import read_releases
from ..project.type_lock import lock_path
from ..shapes import ObjectDef, Prose, RefShape, references, rename
from . import nodes
from .classes import lower_class, names_of_fields, taking_models, with_files
from .differs import difference
from .docstrings import as_shown, input_line
from .identifiers import class_names
from .known import objects_of
from .limited_places import limited_places
from .moved import find_moved
from .own_words import own_words
from .share import Kind, renamed
from .tree import build_registry, build_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..parse.about import About
    from ..parse.normalize import Normalized
    from ..project.settings import Settings
    from .name import EndpointName, NamedEndpoints
    from .share import Key, Shared, Sharing

# What the verbs take beside the inputs; an input of the same name wins.
OPTIONS = ("logs", "on_queue_update", "webhook_url")
NO_FILES = FileTable()
_SUFFIX = {Kind.PARAMS: "Param", Kind.MODELS: "Model"}


def lower(
    named: NamedEndpoints[Normalized],
    sharing: Sharing,
    files: FileTable,
    settings: Settings,
    finished: Mapping[str, nodes.Finished] = MappingProxyType({}),
    known: Mapping[str, About] = MappingProxyType({}),
    done: Callable[[nodes.Endpoint], None] | None = None,
) -> nodes.Api:
    """Decide all that is emitted.

    Args:
        named: The endpoints, with their names.
        sharing: Which of their types are one.
        files: What the project says about inputs that take files.
        settings: The project's.
        finished: Endpoints whose modules are made already; they are named, and not among the endpoints.
        known: What endpoints say in short, by id, as far as it was told before.
        done: Told each endpoint that is decided, before the next one is.

    Raises:
        SettingsError: The releases are not as they should be.
    """
    lock = settings.shown(lock_path(settings))
    endpoints: dict[str, nodes.Endpoint] = {}
    for one in named.endpoints:
        id_ = one.resolved.document.id
        endpoints[id_] = lower_endpoint(one, named.names[id_], sharing, files)
        if done is not None:
            done(endpoints[id_])
    releases = read_releases(settings)
    shared = tuple(
        lower_shared(
            one,
            shared_imports(one, sharing),
            lock,
            files,
            note_of(one.definition, one.key, f"`{one.key.name}`", sharing),
        )
        for one in sharing.shared.values()
    )
    in_short = {id_: about(one) for one in named.endpoints if (id_ := one.resolved.document.id) not in known}
    tree = build_tree(named.names.values(), endpoints, finished, {**known, **in_short})
    return nodes.Api(
        package=settings.package,
        version=releases.version,
        releases=releases.all,
        shared=shared,
        nodes=tree,
        moved=find_moved(releases.all[0].moved if releases.all else (), shared, tree),
        registry=build_registry(named.names.values()),
        kept_types=tuple(
            nodes.Import(kind=Kind(kind), module=module, name=name, alias=name)
            for imported in named.kept.values()
            for kind, module, name in imported
        ),
    )


def lower_shared(
    shared: Shared, imports: tuple[nodes.Import, ...], lock_path: str, files: FileTable = NO_FILES, note: str = ""
) -> nodes.SharedModule:
    """A type of `params` or `models`, in a module of its own."""
    kind = shared.key.kind
    names = {name: name for name in mentions(shared.definition)}
    definition = with_files(shared.definition, kind, files)
    return nodes.SharedModule(
        kind=kind,
        module=shared.module,
        cls=lower_class(definition, shared.name, kind, names, lock_path, undefined={shared.name}, note=note),
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
    one = _taking_models(one, models)
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
        media=limited_places(one, _reached(one, Kind.PARAMS), files),
        untyped=not one.objects[one.input].properties and one.objects[one.input].extra is not None,
        streams=document.streams,
        typed_events=is_stream(document.id) and any(one.objects[wire].properties for wire in references(one.output)),
        prose=Prose(description=one.resolved.metadata.get("about").text()),
        category=one.resolved.metadata.get("category").text(),
        documentation=one.resolved.metadata.get("documentationUrl").text(),
        source=one.resolved.source,
        deprecated=deprecation(document.id, document.vanished),
    )


def _taking_models(one: Normalized, models: dict[str, str]) -> Normalized:
    """The endpoint with models taken for objects where one component of its document is both.

    It is the classes of its own module that say so: a shared one says the same whichever endpoints there are.
    """
    both = {wire: models[wire] for wire in _reached(one, Kind.PARAMS) if wire in models}
    if not both:
        return one
    return replace(one, objects={wire: taking_models(definition, both) for wire, definition in one.objects.items()})


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
    names = names_of_fields(definition, Kind.PARAMS, scope)
    return tuple(input_line(names[p.wire_name], p) for p in definition.properties)


def _example(definition: ObjectDef, scope: dict[str, str]) -> tuple[tuple[str, nodes.Shown], ...] | None:
    required = [p for p in definition.properties if p.required and p.default is None]
    if not all(p.prose.examples for p in required):
        return None
    names = names_of_fields(definition, Kind.PARAMS, scope)
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
    words = own_words(one, local, sharing, scope) if kind is Kind.PARAMS else {}
    classes: list[nodes.Class] = []
    for wire in local:
        path = one.resolved.document.path
        definition = with_files(one.objects[wire], kind, files)
        note, said = own_note(one, wire, kind, sharing), words.get(wire, {})
        made = lower_class(definition, scope[wire], kind, scope, path, undefined=undefined, note=note, words=said)
        classes.append(made)
        undefined.discard(scope[wire])
    return classes


def note_of(definition: ObjectDef, key: Key, plain_name: str, sharing: Sharing) -> str:
    """How a type differs from the one with the plain name, if it is the second of its name."""
    plain = sharing.plain.get(key)
    return "" if plain is None else difference(definition, plain, plain_name, key.kind)


def own_note(one: Normalized, wire: str, kind: Kind, sharing: Sharing) -> str:
    """As above for a type that lives in the module of its endpoint; a root is the second of no name."""
    keys = sharing.keys[one.resolved.document.id, kind]
    if wire not in keys:
        return ""
    names = {ref: sharing.shared[key].name for ref, key in keys.items() if key in sharing.shared}
    definition, key = renamed(objects_of(one, kind)[wire], names), keys[wire]
    return note_of(definition, key, f"the shared `{key.name}`", sharing)


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
        for wire_name, name in names_of_fields(
            one.objects[wire], Kind.PARAMS, scope if shared[wire] is None else modules
        ).items()
    )
