"""The tree of modules below `endpoints`, and the registry of ids (a part of stage lower)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING

from . import nodes
from .docstrings import endpoint_doc, namespace_doc
from .name import namespace_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..parse.about import About
    from .name import EndpointName

AttributePath = tuple[str, ...]
# What the modules of the clients call their own things.
_ROOT_NAMES = frozenset("Fal AsyncFal Client ClientFace AsyncClientFace Registry AsyncRegistry".split())
# Characters of a module's name before it is cut, and of the hash behind it then.
_LONGEST, _HASH = 120, 8


def build_tree(
    names: Iterable[EndpointName],
    endpoints: Mapping[str, nodes.Endpoint],
    finished: Mapping[str, nodes.Finished] = MappingProxyType({}),
    known: Mapping[str, About] = MappingProxyType({}),
) -> tuple[nodes.TreeNode, ...]:
    """The nodes, root first, then by path.

    Args:
        names: Every endpoint's name.
        endpoints: The endpoints by id; one that has a name and is neither here nor finished is kept as it was.
        finished: Those whose modules are made already.
        known: What is said of endpoints, by id.
    """
    by_path = {name.path: name for name in names}
    below: defaultdict[AttributePath, set[AttributePath]] = defaultdict(set, {(): set[AttributePath]()})
    for path in by_path:
        for depth in range(len(path)):
            below[path[:depth]].add(path[: depth + 1])
    paths = sorted(below.keys() | by_path.keys())
    docs = _docs(paths, by_path, known)
    return tuple(_node(path, by_path, sorted(below.get(path, ())), endpoints, finished, docs) for path in paths)


def _docs(
    paths: Iterable[AttributePath], by_path: Mapping[AttributePath, EndpointName], known: Mapping[str, About]
) -> dict[AttributePath, str]:
    """What is said of each node: of an endpoint what it does, of any other what is below it."""
    below: defaultdict[AttributePath, dict[AttributePath, str]] = defaultdict(dict)
    for path, name in by_path.items():
        for depth in range(len(path)):
            below[path[:depth]][path[depth:]] = known[name.id].category if name.id in known else ""
    return {
        path: endpoint_doc(by_path[path].id, known.get(by_path[path].id))
        if path in by_path
        else namespace_doc(path, below[path])
        for path in paths
    }


def _node(
    path: AttributePath,
    by_path: Mapping[AttributePath, EndpointName],
    below: Iterable[AttributePath],
    endpoints: Mapping[str, nodes.Endpoint],
    finished: Mapping[str, nodes.Finished],
    docs: Mapping[AttributePath, str],
) -> nodes.TreeNode:
    name = by_path.get(path)
    own = _class(path, by_path)
    taken: set[str] = {own, f"Async{own}"} if path else {*_ROOT_NAMES}
    children: list[nodes.Child] = []
    for child in below:
        class_name = _class(child, by_path)
        alias = _free(class_name, taken)
        children.append(nodes.Child(name=child[-1], class_name=class_name, alias=alias, doc=docs[child]))
    endpoint = endpoints.get(name.id) if name else None
    done = finished.get(name.id) if name else None
    kept = name is not None and endpoint is None and done is None
    return nodes.TreeNode(
        path=path,
        class_name=own,
        endpoint=endpoint,
        children=tuple(children),
        doc=docs[path],
        finished=done,
        kept=kept,
    )


def _class(path: AttributePath, by_path: Mapping[AttributePath, EndpointName]) -> str:
    if not path:
        return "Root"
    return by_path[path].class_name if path in by_path else namespace_class(path)


def _free(class_name: str, taken: set[str]) -> str:
    """A name for a class and its async twin that no other has, which it takes."""
    alias, number = class_name, 1
    while taken & {alias, f"Async{alias}"}:
        number += 1
        alias = f"{class_name}_{number}"
    taken |= {alias, f"Async{alias}"}
    return alias


def flat_name(path: AttributePath) -> str:
    """A name for a module that stands beside those of all other paths, whichever is above another."""
    name = "__".join(path)
    if len(name) <= _LONGEST and not any("__" in one or one.startswith("_") or one.endswith("_") for one in path):
        return name
    digest = hashlib.sha256("/".join(path).encode()).hexdigest()[:_HASH]
    return f"{name[:_LONGEST]}_x{digest}"


def build_registry(names: Iterable[EndpointName]) -> tuple[nodes.RegistryEntry, ...]:
    """Every endpoint by its id; classes of one name get aliases."""
    taken = {"Registry", "AsyncRegistry"}
    return tuple(
        nodes.RegistryEntry(
            id=name.id, module=".".join(name.path), class_name=name.class_name, alias=_free(name.class_name, taken)
        )
        for name in sorted(names, key=lambda one: one.id)
    )
