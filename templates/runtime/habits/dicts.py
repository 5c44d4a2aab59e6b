"""Objects that were taken for dicts, as fal-client gives them."""

# design: Who hints at the right spelling?

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING

from ..checks import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OF_DICTS = ("get", "keys", "items", "values")


def subscript_error(value: object, key: object, names: Mapping[str, str]) -> TypeError:
    """For an object that was taken for a dict.

    Args:
        value: The object.
        key: What was asked for.
        names: Its attributes, by the names that a dict would have; `.model_extra['…']` is no attribute, but a way.
    """
    return TypeError(f"{type(value).__name__!r} object is not subscriptable{_key_hint(key, names)}")


def contains_error(value: object, key: object, names: Mapping[str, str], whole: str) -> TypeError:
    """For an object that was asked, as a dict, whether it has a key; `whole` is how a dict is made of it."""
    hint = _key_hint(key, names)
    return TypeError(f"{type(value).__name__!r} object has attributes, no keys{hint or f'; {whole} is a dict'}")


def _key_hint(key: object, names: Mapping[str, str]) -> str:
    if not isinstance(key, str):
        return ""
    attribute = names.get(key)
    if attribute is None:
        return suggestion(key, names)
    return f"; it has attributes: .{attribute}"


def extra_name(name: str, kind: type[object]) -> str:
    """How a field that its model does not know is read: as an attribute, where nothing else is called so."""
    usable = name.isidentifier() and not iskeyword(name) and not name.startswith("_") and not hasattr(kind, name)
    return name if usable else f"model_extra[{name!r}]"


def attribute_error(value: object, name: str, names: Iterable[str], whole: str = "") -> AttributeError:
    """For an attribute that an object does not have.

    Args:
        value: The object.
        name: What was asked for.
        names: The attributes that it has, the most telling first.
        whole: How a dict is made of it, if it can be.
    """
    known = [*names]
    if name in _OF_DICTS:
        shown = [f".{each}" for each in known[:1]] + [whole] * bool(whole)
        hint = f"; it is no dict: use {' or '.join(shown)}" if shown else "; it is no dict"
    else:
        hint = suggestion(name, known)
    # Without `obj`: the interpreter would suggest names of its own, private ones too.
    return AttributeError(f"{type(value).__name__!r} object has no attribute {quoted(name)}{hint}", name=name)
