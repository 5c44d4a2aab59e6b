"""Types as the emitted code annotates them, in the words of the documentation."""

from __future__ import annotations

import collections.abc
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, Required, Union, cast, get_args, get_origin

from pydantic import TypeAdapter
from typing_extensions import ReadOnly, TypeAliasType

from ..labels import CONSTANT, Label, ListOf, Named, OneOf

_PLAIN: dict[object, str] = {str: "string", int: "integer", float: "float", bool: "boolean"}
_LISTS = {list, collections.abc.Sequence}
_MAPS = {dict, collections.abc.Mapping}


def label_of(hint: object, names: dict[int, str]) -> Label | None:
    """The label of an annotation; None where the documentation has no word for it (`None`, a file object, a path).

    Args:
        hint: The annotation, evaluated.
        names: What the emitted classes are called, by the class's `id`.
    """
    checked = _checked(hint)
    if checked is not None:
        return checked
    hint = bare(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        found = [label for one in arguments if (label := label_of(one, names)) is not None]
        members = list(dict.fromkeys(found))  # a URL, and a file that is sent as one
        return members[0] if len(members) == 1 else OneOf(tuple(members)) if members else None
    if origin is Literal:
        kinds: list[object] = [type(member) for member in arguments]
        # A constant is documented as what it is one of.
        return Named("Enum" if len(kinds) > 1 else f"{CONSTANT} {_PLAIN.get(kinds[0], 'any')}")
    if origin in _LISTS:
        item = label_of(arguments[0], names)
        return ListOf(item or Named("any"))
    if origin in _MAPS or hint is dict:
        return Named("object")
    if hint is Any or hint is object:
        return Named("any")
    name = _PLAIN.get(hint) or names.get(id(hint))
    return None if name is None else Named(name)


def _checked(hint: object) -> Label | None:
    """What goes over the wire where a check of its own stands in place of a type, as for a file."""
    while get_origin(hint) in (Required, NotRequired, ReadOnly):
        hint = get_args(hint)[0]
    if get_origin(hint) is not Annotated or get_args(hint)[0] is not Any:
        return None
    kind = TypeAdapter[object](cast("Any", hint)).json_schema().get("type")
    return Named(kind) if isinstance(kind, str) else None


def bare(hint: object) -> object:
    """An annotation without what is written around the type itself."""
    while True:
        if isinstance(hint, TypeAliasType):
            hint = hint.__value__
        elif get_origin(hint) in (Annotated, Required, NotRequired, ReadOnly):
            hint = get_args(hint)[0]
        else:
            return hint


def alias_of(hint: object) -> str | None:
    """The wire name that an annotation gives its field."""
    while get_origin(hint) in (Annotated, Required, NotRequired, ReadOnly):
        hint, *metadata = get_args(hint)
        for one in metadata:
            alias = getattr(one, "alias", None)
            if isinstance(alias, str):
                return alias
    return None


def classes_in(hint: object) -> list[type]:
    """Every class that an annotation mentions, in order."""
    hint = bare(hint)
    found = [cls for argument in get_args(hint) if get_origin(hint) is not Literal for cls in classes_in(argument)]
    return [hint] if isinstance(hint, type) and hint is not NoneType and not found else found
