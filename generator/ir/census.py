"""From a census of fal's documents to the table of shared types (`project/type_table.py`).

A census tells, for each component name, every structure behind it and how many endpoints have it in their inputs and in
their outputs. Structures go through `normalize` like those of documents, so their digests are the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..diagnostics import Findings, visible
from ..json_text import line_of, parse
from ..node import Node
from ..parse.load import Document
from ..parse.media import FILE, PLAIN
from ..parse.normalize import normalize
from ..parse.resolve import Resolved
from ..parse.structure import digests, mentions
from ..project.stored import store
from ..project.type_table import Entry, TypeTable, table_of
from ..shapes import Prose
from .identifiers import class_name
from .known import objects_of
from .share import Kind, renamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..json_text import Json
    from ..shapes import ObjectDef

_COUNTS = {Kind.PARAMS: "inputs", Kind.MODELS: "outputs"}


class CensusError(ValueError):
    """The file is no census; the message begins with the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """One structure of a component.

    Attributes:
        component: The name in documents.
        schema: The structure.
        endpoints: How many endpoints have it, by kind.
    """

    component: str
    schema: Node
    endpoints: dict[Kind, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """One type: all that its documents call alike and that is emitted alike.

    Attributes:
        definition: What it says; what it mentions goes by the names of components.
        endpoints: How many endpoints have it.
    """

    kind: Kind
    name: str
    digest: str
    definition: ObjectDef
    endpoints: int


def table_from(text: str, known: TypeTable) -> TypeTable:
    """The table of a census.

    Of each name the commonest structure is in it, and every other that two endpoints have. Whoever is in `known` keeps
    its name, and stays even where nobody has it any more.

    Args:
        text: The census, as JSON.
        known: The table so far.

    Raises:
        CensusError: It is none; the message begins with the line.
        NotJsonError: It is no JSON.
    """
    counted = list(_read(text))
    types = sorted(_types(counted), key=_rank)
    names = _names(types, known)
    entries = {(one.kind, one.name): one for one in known.entries.values()}
    for one in types:
        name = names.get((one.kind, one.name, one.digest))
        if name is None:
            continue
        # Of the structures behind a name that is mentioned, the commonest is meant; it is the first in the row.
        shown = {other.name: n for other in reversed(types) if (n := names.get((other.kind, other.name, other.digest)))}
        shown = {wire: shown[class_name(wire)] for wire in mentions(one.definition)}
        entry = Entry(
            kind=one.kind.value,
            name=name,
            component=one.name,
            digest=one.digest,
            endpoints=one.endpoints,
            definition=store(renamed(one.definition, shown)),
        )
        before = entries.get((entry.kind, name))
        entries[entry.kind, name] = entry if before is None else replace(entry, reason=before.reason)
    return table_of(entries.values())


# --- reading ---------------------------------------------------------------------------------------------------------


def _read(text: str) -> Iterator[_Counted]:
    root = Node(parse(text), "")
    for component in _expect(root, dict, "a table of component names", text).members():
        for one in _expect(root.get(component), list, "a list of structures", text).items():
            _expect(one, dict, "a structure with its counts", text)
            schema = _expect(one.get("schema"), dict, "a JSON schema", text)
            counts = {kind: _count(one.get(key), text) for kind, key in _COUNTS.items()}
            if not component.strip():
                raise _error(one, "a component must have a name", text)
            yield _Counted(component=component, schema=schema, endpoints=counts)


def _expect(at: Node, kind: type, what: str, text: str) -> Node:
    if not isinstance(at.value, kind):
        raise _error(at, f"expected {what}, not {visible(repr(at.value))[:60]}", text)
    return at


def _count(at: Node, text: str) -> int:
    if not isinstance(at.value, int) or isinstance(at.value, bool) or at.value < 0:
        raise _error(at, f"{at.key} must be a number of endpoints, not {visible(repr(at.value))[:60]}", text)
    return at.value


def _error(at: Node, what: str, text: str) -> CensusError:
    pointer = at.source.pointer
    return CensusError(f"{line_of(text, pointer) or 1}: {what} (#{visible(pointer)})")


# --- types -----------------------------------------------------------------------------------------------------------


def _types(counted: Iterable[_Counted]) -> Iterator[_Type]:
    """The types of a census; a structure that is no class, or of whose parts nothing is known, is none."""
    counted = list(counted)
    for kind in Kind:
        known = {
            one.component: one.schema
            for one in sorted(counted, key=lambda one: one.endpoints[kind] or sum(one.endpoints.values()) / 1e6)
        }
        found: Counter[tuple[str, str]] = Counter()
        definitions: dict[tuple[str, str], ObjectDef] = {}
        for one in counted:
            if one.endpoints[kind] and (definition := _digested(one, kind, known)) is not None:
                key = class_name(one.component), definition[0]
                found[key] += one.endpoints[kind]
                definitions.setdefault(key, definition[1])
        for (name, digest), endpoints in found.items():
            yield _Type(kind=kind, name=name, digest=digest, definition=definitions[name, digest], endpoints=endpoints)
        plain = max((key for key in found if key[0] == FILE), key=lambda key: found[key], default=None)
        if kind is Kind.MODELS and plain is not None:
            yield from _plain_files(plain[1], definitions[plain])


def _plain_files(digest: str, file: ObjectDef) -> Iterator[_Type]:
    """What a plain file is called in fields that tell what it is: a census does not tell how many have one."""
    for name in PLAIN.values():
        yield _Type(kind=Kind.MODELS, name=name, digest=digest, definition=replace(file, wire_name=name), endpoints=0)


def _digested(one: _Counted, kind: Kind, known: dict[str, Node]) -> tuple[str, ObjectDef] | None:
    """The digest and the definition of a structure, as a document would give them that has it."""
    findings = Findings()
    reference: Json = {"type": "object", "properties": {"it": {"$ref": f"#/components/schemas/{one.component}"}}}
    root = Node(reference, "census")
    one_document = Resolved(
        document=Document(id="census/census", path="census", text="", data=None),
        path="census/census",
        input=root,
        output=root,
        components={**known, one.component: one.schema},
        metadata=Node({}, "census"),
    )
    normalized = normalize(one_document, findings)
    if normalized is None or one.component not in normalized.objects or findings.all():
        return None
    objects = objects_of(normalized, kind)
    return digests(objects, outputs=kind is Kind.MODELS, of=[one.component])[one.component], _bare(
        objects[one.component]
    )


def _bare(definition: ObjectDef) -> ObjectDef:
    """The definition without a word of prose: the table has none. Limits of files belong to endpoints, not to types."""
    properties = tuple(replace(one, prose=Prose(), media=None) for one in definition.properties)
    return replace(definition, properties=properties, prose=Prose())


# --- names -----------------------------------------------------------------------------------------------------------


def _rank(one: _Type) -> tuple[str, str, int, int, str]:
    """What most endpoints have comes first; of equals what has more fields, until a person decides."""
    return one.kind.value, one.name, -one.endpoints, -len(one.definition.properties), one.digest


def _names(types: list[_Type], known: TypeTable) -> dict[tuple[Kind, str, str], str]:
    """The name of each type that gets one, the commonest of its component first."""
    listed = _listed(types, known)
    names = {key: name for key in listed if (name := known.name(key[0].value, key[1], key[2]))}
    taken = {(kind, name) for kind in Kind for name in known.names_of(kind.value)}
    components = {(one.kind, one.name) for one in types}
    for key in listed:
        if key in names:
            continue
        kind, component, _ = key
        name, number = component, 1
        while (kind, name) in taken or (number > 1 and (kind, name) in components):
            number += 1
            name = f"{component}{number}"
        taken.add((kind, name))
        names[key] = name
    return names


def _listed(types: list[_Type], known: TypeTable) -> list[tuple[Kind, str, str]]:
    """What is in the table, the commonest of each name first, with all that it mentions."""
    firsts: dict[tuple[Kind, str], _Type] = {}
    for one in types:
        firsts.setdefault((one.kind, one.name), one)
    return [
        (one.kind, one.name, one.digest)
        for one in types
        if firsts[one.kind, one.name] is one or one.endpoints > 1 or known.name(one.kind.value, one.name, one.digest)
    ]
