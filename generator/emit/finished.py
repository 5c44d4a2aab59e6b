"""Which endpoints' modules need not be made anew: an earlier run made them, of the same.

The text of such a module is taken as it was written then, checked and formatted. What others look at of the endpoint
(the README, the manifest, the tables of the package) is remembered with it.
"""

# design: What does one changed document cost?

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple, cast

from ..ir import nodes
from ..ir.share import Key, Kind, Sharing
from ..ir.tree import build_tree
from ..project.cache import Cache, key_of
from ..project.stored import store
from .fakes import fake_path
from .paths import node_path
from .readme import showing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ..ir.known import Known
    from ..ir.name import NamedEndpoints
    from ..json_text import Json, JsonText


class Caches:
    """What stages remember, a table for each.

    Args:
        folder: The cache's folder.
        made_by: A hash of the generator, the templates and the settings.
    """

    def __init__(self, folder: Path, made_by: str) -> None:
        self.readings, self.definitions = Cache(folder, "readings", made_by), Cache(folder, "definitions", made_by)
        self.models, self.inert, self.format = (Cache(folder, one) for one in ("models", "inert", "format"))
        self.finished, self.fakes = Cache(folder, "finished", made_by), Cache(folder, "fakes", made_by)
        self.carried = Cache(folder, "carried", made_by)

    def save(self) -> None:
        """Write what changed."""
        of_documents = (self.readings, self.definitions, self.carried)
        for one in (*of_documents, self.models, self.inert, self.format, self.finished, self.fakes):
            one.save()


class Done:
    """What nothing makes anew: the endpoints whose modules are made already.

    Attributes:
        endpoints: By id.
        texts: Their modules, by path below the output folder.
    """

    def __init__(self) -> None:
        self.endpoints: dict[str, nodes.Finished] = {}
        self.texts: dict[str, str] = {}


class MadeFrom(NamedTuple):
    """An endpoint's id, its place in the tree, and a hash of what its module is made of."""

    id: str
    node: nodes.TreeNode
    key: str


def made_from(named: NamedEndpoints[Known], sharing: Sharing) -> tuple[MadeFrom, ...]:
    """What the endpoints' modules are made of, but for the generator, the templates and the settings.

    Args:
        named: The endpoints, with their names.
        sharing: Which of their types are one.
    """
    about = {one.id: one.about for one in named.endpoints}
    by_path = {node.path: node for node in build_tree(named.names.values(), {}, known=about)}
    parts = _Parts(sharing)
    found: list[MadeFrom] = []
    for one in named.endpoints:
        name = named.names[one.id]
        node = by_path[name.path]
        below = [[child.name, child.class_name, child.alias, child.doc] for child in node.children]
        own = json.dumps([one.origin, name.path, name.class_name, below])
        found.append(MadeFrom(one.id, node, key_of([own, *parts.of(one.id)])))
    return tuple(found)


class _Parts:
    """What was decided about types, as text."""

    def __init__(self, sharing: Sharing) -> None:
        self._sharing = sharing
        self._known: dict[Key, str] = {}

    def of(self, endpoint_id: str) -> list[str]:
        """What was decided about the types of a document, in its order."""
        return [self._of(key) for kind in Kind for key in self._sharing.keys[endpoint_id, kind].values()]

    def _of(self, key: Key) -> str:
        if key not in self._known:
            self._known[key] = json.dumps(self._decided(key))
        return self._known[key]

    def _decided(self, key: Key) -> Json:
        shared, plain = self._sharing.shared.get(key), self._sharing.plain.get(key)
        if shared is None:
            return ["own", None if plain is None else store(plain)]
        # Of an input's words, those are said in the endpoint's module that differ from its own.
        words = store(shared.definition) if key.kind is Kind.PARAMS else None
        return ["shared", shared.module, shared.name, words]


def find_finished(made_from: Iterable[MadeFrom], package: str, caches: Caches, *, fakes: bool) -> Done:
    """What need not be made anew.

    Args:
        made_from: What endpoints' modules are made of.
        package: The package's name.
        caches: What earlier runs left.
        fakes: Whether there are stubs of fakes, too.
    """
    found = Done()
    for one in made_from:
        module = node_path(one.node)
        path, stub = f"{package}/{module}", f"{package}/{fake_path(one.node.path)}"
        fake = caches.fakes.get(one.key, stub) if fakes else ""
        known, text = caches.finished.get(one.key, one.id), caches.format.only(path)
        if known is None or text is None or fake is None:
            continue
        digest, endpoint = _restored(one.id, known)
        if digest != key_of(text):  # of another run, that was cut off
            continue
        for cache, of in ((caches.models, module), (caches.inert, path), (caches.format, path), (caches.inert, stub)):
            cache.stay(of)
        found.endpoints[one.id], found.texts[path] = endpoint, text
        if fakes:
            found.texts[stub] = fake
    return found


def remember_finished(api: nodes.Api, files: Mapping[str, str], made_from: Iterable[MadeFrom], caches: Caches) -> None:
    """Remember the modules that this run made.

    Args:
        api: What is emitted.
        files: The text of each file, as it is written.
        made_from: What endpoints' modules are made of.
        caches: Where they are remembered.
    """
    shared = {module.cls.name for module in api.shared if module.cls.is_file}
    keys = {one.id: one.key for one in made_from}
    for node in api.nodes:
        if (one := node.endpoint) is not None and one.id in keys:
            text = files[f"{api.package}/{node_path(node)}"]
            caches.finished.put(keys[one.id], _stored(one, showing(node, one, shared), text), one.id)
            if (stub := f"{api.package}/{fake_path(node.path)}") in files:
                caches.fakes.put(keys[one.id], files[stub], stub)


def _stored(one: nodes.Endpoint, shown: JsonText, text: str) -> str:
    imports: list[Json] = [[each.kind.value, each.module, each.name, each.alias] for each in one.imports]
    exports: list[Json] = [*(cls.name for cls in one.classes), *(each.alias for each in one.imports)]
    kinds: list[Json] = [kind.value for kind in Kind if any(cls.kind is kind and cls.fields for cls in one.classes)]
    return json.dumps([key_of(text), one.source.path, imports, exports, kinds, one.deprecated, shown])


def _restored(endpoint_id: str, stored: str) -> tuple[str, nodes.Finished]:
    digest, path, imports, exports, kinds, deprecated, shown = cast(
        "tuple[str, str, list[tuple[str, str, str, str]], list[str], list[str], str, JsonText]", json.loads(stored)
    )
    return digest, nodes.Finished(
        id=endpoint_id,
        path=path,
        imports=tuple(nodes.Import(kind=Kind(k), module=m, name=n, alias=a) for k, m, n, a in imports),
        exports=frozenset(exports),
        kinds=frozenset(Kind(kind) for kind in kinds),
        deprecated=deprecated,
        showing=shown,
    )
