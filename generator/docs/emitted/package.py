"""Looks at the emitted package: imports it, and describes each endpoint by what a user's tools would see.

Types are those of the evaluated annotations; what is required, enums and limits are those of the JSON schema that
pydantic makes; defaults, examples and descriptions are those of the docstrings.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from typing_extensions import get_type_hints

from ..describe import NONE, UNKNOWN, Description, FieldDescription, Fields, Mark, Range, Unknown, Value
from ..labels import Named
from .docstrings import FieldDoc, field_docs
from .hints import alias_of, classes_in, label_of

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from types import ModuleType

    from ...json_text import Json
    from .docstrings import FieldDoc

_NAME = "_fal_typed_under_verification"


class EmittedError(Exception):
    """The emitted package is not there, or cannot be imported."""


class Package:
    """An emitted package, imported.

    Attributes:
        endpoints: The module and the class of every endpoint, by id.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._docs: dict[str, dict[str, dict[str, FieldDoc]]] = {}
        self.endpoints: Mapping[str, tuple[str, str]] = self._module("_registry").ENDPOINTS

    def ids_of(self, endpoint_id: str) -> tuple[str, ...]:
        """The ids that an endpoint goes by: its own, and the one it is called at."""
        spec = self._spec(endpoint_id)[1]
        return tuple(dict.fromkeys((spec.id, spec.path)))

    def describe(self, endpoint_id: str) -> tuple[Description, list[Contradiction]]:
        """What the package says of an endpoint.

        Raises:
            EmittedError: Its module cannot be imported.
        """
        module, spec = self._spec(endpoint_id)
        names = {id(vars(module)[name]): name for name in getattr(module, "__all__", ()) if name in vars(module)}
        contradictions: list[Contradiction] = []
        types: dict[str, Fields] = {}
        inherited: dict[str, Fields] = {}
        roots = {one for one in (spec.input, spec.output) if isinstance(one, type)}
        waiting = [*classes_in(spec.input), *classes_in(spec.output)]
        found: dict[int, Fields] = {}
        while waiting:
            cls = waiting.pop(0)
            if id(cls) in found or id(cls) not in names:
                continue
            one = EmittedClass(cls, self._docs_of(cls.__module__).get(cls.__name__, {}))
            found[id(cls)] = one.fields(names, contradictions)
            waiting.extend(one.mentioned())
            if cls not in roots:
                types[names[id(cls)]] = found[id(cls)]
                inherited[names[id(cls)]] = self._inherited(cls)
        description = Description(
            endpoint=self.ids_of(endpoint_id),
            input=_fields_of(spec.input, found),
            output=_fields_of(spec.output, found),
            types=types,
            types_complete=True,
            inherited=inherited,
        )
        return description, contradictions

    def _inherited(self, cls: type) -> Fields:
        """The properties that a class has from the runtime's own bases; the first line of their docs describes them."""
        bases = [base for base in cls.__mro__ if base.__module__.startswith(f"{self._name}._runtime")]
        own = {name: one for base in bases for name, one in vars(base).items() if isinstance(one, property)}
        return tuple(
            FieldDescription(
                name=name,
                type=label_of(get_type_hints(one.fget).get("return"), {}) or UNKNOWN,
                required=False,
                default=NONE,
                description=(inspect.getdoc(one) or "").partition("\n")[0].removesuffix("."),
            )
            for name, one in own.items()
        )

    def _spec(self, endpoint_id: str) -> tuple[ModuleType, Any]:
        path, name = self.endpoints[endpoint_id]
        module = self._module(f"endpoints.{path}")
        return module, getattr(module, name)._spec

    def _module(self, path: str) -> ModuleType:
        try:
            return importlib.import_module(f"{self._name}.{path}")
        except Exception as error:
            raise EmittedError(f"the emitted module {path} cannot be imported: {error!r}") from error

    def _docs_of(self, module: str) -> dict[str, dict[str, FieldDoc]]:
        if module not in self._docs:
            self._docs[module] = field_docs(Path(cast("str", sys.modules[module].__file__)))
        return self._docs[module]


@contextmanager
def imported(folder: Path) -> Generator[Package]:
    """Import the package in a folder, under a name of its own, and forget it afterwards.

    Its modules import each other relatively. So one of the same name that is loaded already does not get in the way,
    and what is looked at is surely the one in the folder.

    Raises:
        EmittedError: There is none.
    """
    init = folder / "__init__.py"
    if not init.is_file():
        raise EmittedError(f"{folder}: no emitted package there; run `regenerate` first")
    spec = importlib.util.spec_from_file_location(_NAME, init, submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None:
        raise EmittedError(f"{init}: cannot be imported")
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    importlib.invalidate_caches()
    module = importlib.util.module_from_spec(spec)
    sys.modules[_NAME] = module
    try:
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise EmittedError(f"{init}: cannot be imported: {error!r}") from error
        yield Package(_NAME)
    finally:
        sys.dont_write_bytecode = writes
        for name in [name for name in sys.modules if name.partition(".")[0] == _NAME]:
            del sys.modules[name]


def _fields_of(root: object, found: Mapping[int, Fields]) -> Fields | Unknown:
    """The fields of an input or output; one of several models has none of its own."""
    if isinstance(root, type) and id(root) in found:
        return found[id(root)]
    return UNKNOWN if len(classes_in(root)) > 1 else ()


_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")

Schema = dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The docstring of a field says another thing than its annotation."""

    place: str
    docstring: str
    annotation: str


class _Schemas(GenerateJsonSchema):
    """JSON schemas in which what JSON cannot express (a file object) is left open."""

    def handle_invalid_for_json_schema(self, schema: object, error_info: str) -> dict[str, Any]:  # noqa: ARG002
        return {}


class EmittedClass:
    """Types are those of the evaluated annotations; what is required, enums and limits those of pydantic's JSON schema.

    Args:
        cls: The class.
        docs: Its fields' docstrings, in the order of the source.
    """

    def __init__(self, cls: type, docs: dict[str, FieldDoc]) -> None:
        self._cls = cls
        self._docs = docs
        self._hints: dict[str, object] = get_type_hints(cls, include_extras=True)

    @cached_property
    def _schema(self) -> Schema:
        schema: Schema = TypeAdapter[object](self._cls).json_schema(schema_generator=_Schemas)
        ref, definitions = schema.get("$ref"), schema.get("$defs")
        if isinstance(ref, str) and isinstance(definitions, dict):  # a class that mentions itself
            return cast("Schema", definitions[ref.rpartition("/")[2]])
        return schema

    def mentioned(self) -> list[type]:
        """The classes that its fields mention."""
        return [cls for name in self._docs for cls in classes_in(self._hints[name])]

    def fields(self, names: dict[int, str], contradictions: list[Contradiction]) -> Fields:
        """Its fields, in the order in which they are written."""
        required = cast("list[str]", self._schema.get("required", []))
        properties = cast("dict[str, Schema]", self._schema.get("properties", {}))
        found: list[FieldDescription] = []
        for name, doc in self._docs.items():
            wire = alias_of(self._hints[name]) or name
            branches = _branches(properties[wire])
            limits = frozenset(v for b in branches for key in _BOUNDS if (v := _number(b.get(key))) is not None)
            # Of several types the docstring tells no range: it would not say which one it is about.
            if doc.limits != limits and (doc.limits or sum(b.get("type") != "null" for b in branches) == 1):
                place = f"{self._cls.__name__}.{wire}"
                contradictions.append(Contradiction(place, _numbers(doc.limits), _numbers(limits)))
            found.append(
                FieldDescription(
                    name=wire,
                    type=label_of(self._hints[name], names) or Named("any"),
                    required=wire in required or doc.required,
                    default=doc.default or NONE,
                    enum=_enum(branches),
                    range=_range(branches),
                    examples=() if doc.example is None else (doc.example,),
                    description=doc.description,
                )
            )
        return tuple(found)


def _branches(schema: Schema) -> list[Schema]:
    branches = schema.get("anyOf")
    return cast("list[Schema]", branches) if isinstance(branches, list) else [schema]


def _enum(branches: list[Schema]) -> tuple[Value, ...]:
    members: list[Value] = []
    for branch in branches:
        listed = branch.get("enum", [branch["const"]] if "const" in branch else [])
        members += [Value(member) for member in listed] if isinstance(listed, list) else []
    return tuple(members)


def _range(branches: list[Schema]) -> Range | Mark:
    for branch in branches:
        low, high = _number(branch.get("minimum")), _number(branch.get("maximum"))
        if low is not None or high is not None:
            return Range(low, high, _number(branch.get("multipleOf")))
    return NONE


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _numbers(values: frozenset[float]) -> str:
    return ", ".join(f"{value:g}" for value in sorted(values)) or "none"
