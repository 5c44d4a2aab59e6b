"""From a component of a document to the class that was emitted for it, found by import alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import BaseModel
from typing_extensions import is_typeddict

from generator.ir.identifiers import class_name

if TYPE_CHECKING:
    from types import ModuleType

INPUT, OUTPUT = "input", "output"


def class_of(module: ModuleType, kind: str, component: str) -> type[Any]:
    """The class that an endpoint's module has for a component: under the document's name, or with its kind behind.

    Where a name is both an input and an output, the output keeps it.
    """
    plain = class_name(component)
    for name in (plain, plain + ("Param" if kind == INPUT else "Model")):
        found = getattr(module, name, None)
        if found is not None and is_of_kind(found, kind):
            return found
    raise AssertionError(f"{module.__name__} has no {kind} class for {component}")


def is_of_kind(found: Any, kind: str) -> bool:
    """Whether a class is a TypedDict (what goes in) or a model (what comes out)."""
    return bool(is_typeddict(found)) if kind == INPUT else isinstance(found, type) and issubclass(found, BaseModel)


def wire_names(cls: type[Any]) -> set[str]:
    """The properties that a class has, by their names in JSON."""
    if issubclass(cls, BaseModel):
        return {field.alias or name for name, field in cls.model_fields.items()}
    hints = get_type_hints(cls, include_extras=True)
    return {_alias(hint) or name for name, hint in hints.items()}


def _alias(hint: Any) -> str | None:
    metadata = getattr(hint, "__metadata__", ())
    return next((alias for one in metadata if (alias := getattr(one, "alias", None))), None)
