"""Stage models: the classes' source, by datamodel-code-generator through the templates in `templates/models/`.

It is handed a document made for it and, for the templates, the classes (names decided, every line of a field already
written); it lays them out, and what comes back is checked: the classes asked for, and no other. Why it does not see the
documents' own schemas is in `generator/DESIGN.md`.
"""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ..diagnostics import DefectError
from ..ir.share import Kind
from .class_orders import EXTENSION, Order, tools_key
from .paths import node_path, shared_path
from .templates import MODELS, check_models, in_template

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from ..ir import nodes
    from ..json_text import Json
    from ..project.cache import Cache
    from .class_orders import Extension

# Classes in a batch: small ones spread evenly over the processes, and take little memory.
_BATCH = 100


class ModelsError(DefectError):
    """datamodel-code-generator did not give back what it was asked for: a defect of ours, not of a document."""


class Classes(NamedTuple):
    """What stage models gives.

    Attributes:
        sources: The source of each class, by the path of its module below the package, in the order of the module.
        unmade: The modules whose classes could not be made, by path, with what went wrong.
    """

    sources: dict[str, list[str]]
    unmade: dict[str, str]


class Begun:
    """Has processes lay out the classes of the first endpoints while the others are lowered.

    Args:
        templates: The folder of the templates.
        cache: Classes laid out before.
        pool: What `workers` gave; without processes nothing is begun.

    Attributes:
        templates: As given.
        cache: As given.
        pool: As given.
        tools: What `tools_key` gave.
        orders: The classes of each endpoint that was taken, by its id.
    """

    def __init__(self, templates: Path, cache: Cache, pool: Executor | None) -> None:
        self.templates, self.cache, self.pool = templates, cache, pool
        self.tools = tools_key(templates)
        self.orders: dict[str, list[Order]] = {}
        self._known = cache.keys()
        self._open: dict[Kind, list[Order]] = {kind: [] for kind in Kind}
        self._batches: list[tuple[list[Order], Future[list[str]]]] = []

    def take(self, endpoint: nodes.Endpoint) -> None:
        """Begin with the classes of an endpoint, as soon as there is a batch of them."""
        orders = self.orders[endpoint.id] = [Order(cls, self.tools) for cls in endpoint.classes]
        if self.pool is None:
            return
        for order in orders:
            if order.key in self._known:
                continue
            batch = self._open[order.kind]
            batch.append(order)
            if len(batch) == _BATCH:
                self._batches.append((batch, self.pool.submit(generate_batch, *_arguments(batch, self.templates))))
                self._open[order.kind] = []

    def keys(self) -> set[str]:
        """The keys of the orders that are begun."""
        return {order.key for batch, _ in self._batches for order in batch}

    def sources(self) -> dict[str, str | ModelsError]:
        """What came of them, by their keys."""
        found: dict[str, str | ModelsError] = {}
        for batch, future in self._batches:
            texts = _made(batch, self.templates, future.result)
            found.update({order.key: text for order, text in zip(batch, texts, strict=True)})
        return found


def models(api: nodes.Api, begun: Begun) -> Classes:
    """Lay out every class.

    Args:
        api: What is emitted.
        begun: What may have taken endpoints as they were lowered.

    Raises:
        ModelsError: No class of a kind could be laid out.
    """
    cache = begun.cache
    orders = _orders(api, begun)
    missing = {path: [order for order in of if cache.get(order.key, path) is None] for path, of in orders.items()}
    made = _generate([order for of in missing.values() for order in of], begun)
    wrong: dict[str, ModelsError] = {}
    for path, order in ((path, order) for path, of in missing.items() for order in of):
        source = made[order.key]
        if isinstance(source, ModelsError):
            wrong[order.key] = source
        else:
            cache.put(order.key, source, path)
    unmade = _whose(wrong, orders, _finished_kinds(api)) if wrong else {}
    sources = {path: [cache.get(order.key, path) or "" for order in of] for path, of in orders.items()}
    return Classes({path: of for path, of in sources.items() if path not in unmade}, unmade)


def _orders(api: nodes.Api, begun: Begun) -> dict[str, list[Order]]:
    """All that there is to make, by the paths of modules."""
    orders = {shared_path(module): [Order(module.cls, begun.tools)] for module in api.shared}
    for node in api.nodes:
        if node.endpoint is not None:
            taken = begun.orders.get(node.endpoint.id)
            orders[node_path(node)] = (
                [Order(cls, begun.tools) for cls in node.endpoint.classes] if taken is None else taken
            )
    return orders


def _finished_kinds(api: nodes.Api) -> set[Kind]:
    """The kinds of which classes could be made before."""
    return {kind for node in api.nodes if node.finished is not None for kind in node.finished.kinds}


def _whose(
    wrong: Mapping[str, ModelsError], orders: Mapping[str, Sequence[Order]], made: Container[Kind]
) -> dict[str, str]:
    """The modules with classes that could not be made, and what went wrong.

    Raises:
        ModelsError: All classes of a kind are among them: that is no one document's fault.
    """
    with_fields = [order for one in orders.values() for order in one if order.extension["fields"]]
    for kind in Kind:
        of_kind = [order for order in with_fields if order.kind is kind]
        if of_kind and kind not in made and all(order.key in wrong for order in of_kind):
            raise next(iter(wrong.values()))
    found = {key: [wrong[order.key] for order in one if order.key in wrong] for key, one in orders.items()}
    return {key: str(errors[0]).splitlines()[0] for key, errors in found.items() if errors}


def _generate(orders: list[Order], begun: Begun) -> dict[str, str | ModelsError]:
    """By the key of each order its source, or what is wrong with that. A batch is of one kind."""
    at_it, templates, pool = begun.keys(), begun.templates, begun.pool
    rest = [order for order in orders if order.key not in at_it]
    of_kind = [[order for order in rest if order.kind is kind] for kind in Kind]
    batches = [one[start : start + _BATCH] for one in of_kind for start in range(0, len(one), _BATCH)]
    if pool is None:
        sources = [_made(batch, templates) for batch in batches]
    else:
        futures = [pool.submit(generate_batch, *_arguments(batch, templates)) for batch in batches]
        sources = [_made(batch, templates, future.result) for batch, future in zip(batches, futures, strict=True)]
    pairs = (pair for batch, texts in zip(batches, sources, strict=True) for pair in zip(batch, texts, strict=True))
    return {**begun.sources(), **{order.key: text for order, text in pairs}}


def _arguments(batch: list[Order], templates: Path) -> tuple[list[Extension], Kind, Path]:
    return [order.extension for order in batch], batch[0].kind, templates


def _made(
    batch: list[Order], templates: Path, make: Callable[[], list[str]] | None = None
) -> Sequence[str | ModelsError]:
    """The sources of a batch. One class can spoil it: then each is made alone, to know which; unless the template did.

    Args:
        batch: The classes.
        templates: The folder of the templates.
        make: What gives them, if somebody is at it already.
    """
    try:
        return generate_batch(*_arguments(batch, templates)) if make is None else make()
    except ModelsError as error:
        check_models(templates, batch[0].kind, batch[0].extension)
        return [error] if len(batch) == 1 else [_made([order], templates)[0] for order in batch]


def generate_batch(classes: list[Extension], kind: Kind, templates: Path) -> list[str]:
    """One call of datamodel-code-generator: the source of each class, in order.

    Args:
        classes: What the template gets of each.
        kind: Whether they become TypedDicts or models.
        templates: The folder of the templates.

    Raises:
        ModelsError: A class is missing or renamed in what came back, or nothing came back.
    """
    # Half a second: not before there is something to generate, see `workers`.
    from datamodel_code_generator import Error, generate
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import PythonVersion

    # Numbered, which orders them: names are distinct only where they will stand. The templates write the real ones.
    # Without properties: what those would say is decided, and a quarter of a millisecond each is most of the time.
    extra: defaultdict[str, dict[str, object]] = defaultdict(dict)
    extra.update({f"C{index:03}": {EXTENSION: extension} for index, extension in enumerate(classes)})
    document: Json = {
        "openapi": "3.0.4",
        "info": {"title": "fal_typed", "version": "1"},
        "paths": {},
        "components": {"schemas": {key: {"type": "object", "properties": {}} for key in extra}},
    }
    try:
        with in_template(templates, MODELS[kind]):
            result = generate(
                json.dumps(document),
                input_file_type=InputFileType.OpenAPI,
                output=None,
                output_model_type=DataModelType.TypingTypedDict
                if kind is Kind.PARAMS
                else DataModelType.PydanticV2BaseModel,
                target_python_version=PythonVersion.PY_311,
                keep_model_order=True,
                disable_timestamp=True,
                formatters=[],
                custom_template_dir=templates / "models",
                extra_template_data=extra,
            )
    except (SyntaxError, ValueError, Error) as error:
        raise ModelsError(f"datamodel-code-generator could not read what it was to lay out: {error}") from None
    if not isinstance(result, str):
        raise ModelsError(f"expected one module, got {type(result).__name__}")
    sources = _classes_of(result, [extension["name"] for extension in classes])
    for source, extension in zip(sources, classes, strict=True):
        _check_complete(source, extension)
    return sources


def _check_complete(source: str, extension: Extension) -> None:
    """A misspelt variable renders as nothing there, and we cannot tell it not to: look for what must be in it."""
    fields = extension["fields"]
    wanted = [extension["keywords"], extension["doc"], *(f"{f['name']}: {f['annotation']}{f['value']}" for f in fields)]
    wanted += [field["doc"] for field in fields]
    for text in wanted:
        if text not in source:
            raise ModelsError(f"{extension['name']}: the templates left out {text}")


def _classes_of(text: str, names: list[str]) -> list[str]:
    """The sources of a module's classes, which are to be called so, in this order."""
    try:
        found = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    except SyntaxError as error:
        asked = ", ".join(names)
        raise ModelsError(f"{asked}: the templates in templates/models/ gave no Python: {error}\n{text}") from None
    if [node.name for node in found] != names:
        raise ModelsError(f"asked for {names}, got {[node.name for node in found]}")
    lines = text.splitlines()
    return ["\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in found]
