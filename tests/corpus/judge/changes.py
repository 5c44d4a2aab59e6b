"""Changes that fal could make to a document: each finds a place where it can be done, and does it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from .values import PREFIX

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

Schema = dict[str, Any]
NEW = "planted"


def changed(document: dict[str, Any], name: str, chance: random.Random) -> dict[str, Any] | None:
    """A copy of a document with one change at one place of many; None where the change can be done nowhere."""
    made = copy.deepcopy(document)
    places = list(fields(made))
    chance.shuffle(places)
    done = any(CHANGES[name](owner, field) for owner, field in places)
    return made if done else None


def fields(document: dict[str, Any]) -> Iterator[tuple[Schema, str]]:
    """Every field of every object that the input or the output leads to."""
    components: dict[str, Any] = document["components"]["schemas"]
    paths = document["paths"]
    post = next(path for path, item in paths.items() if "post" in item)
    waiting: list[Any] = [
        paths[post]["post"]["requestBody"]["content"]["application/json"]["schema"],
        paths[post + "/requests/{request_id}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"],
    ]
    seen = set[str]()
    while waiting:
        schema = waiting.pop()
        if isinstance(schema, list):
            waiting += schema
        elif isinstance(schema, dict):
            name = str(schema.get("$ref", "")).removeprefix(PREFIX)
            if name in components and name not in seen:
                seen.add(name)
                waiting.append(components[name])
            properties = schema.get("properties", {})
            yield from ((schema, key) for key, part in properties.items() if isinstance(part, dict))
            waiting += properties.values()
            waiting += [schema[key] for key in ("items", "anyOf", "oneOf", "allOf", "prefixItems") if key in schema]
            waiting.append(schema.get("additionalProperties"))


# --- what is done ----------------------------------------------------------------------------------------------------


def _bare(part: Schema) -> bool:
    """Whether a schema says by its own type what a value is."""
    return isinstance(part.get("type"), str) and not part.keys() & {"enum", "const", "$ref", "anyOf", "oneOf", "allOf"}


def _where(can: Callable[[Schema], bool], change: Callable[[Schema], Schema]) -> Callable[[Schema, str], bool]:
    """Replace a field's schema, where that can be done."""

    def do(owner: Schema, name: str) -> bool:
        part = owner["properties"][name]
        if can(part):
            owner["properties"][name] = change(part)
        return can(part)

    return do


def _is(*types: str) -> Callable[[Schema], bool]:
    return lambda part: _bare(part) and part["type"] in types


def _is_list(part: Schema) -> bool:
    """Not a tuple, whose length is given."""
    return _is("array")(part) and "prefixItems" not in part and "0" not in part.get("items", {})


def _has(key: str, *types: str) -> Callable[[Schema], bool]:
    def can(part: Schema) -> bool:
        return _bare(part) and part["type"] in types and isinstance(part.get(key), int | float)

    return can


def _moved(key: str, by: int) -> Callable[[Schema], Schema]:
    return lambda part: {**part, key: part[key] + by}


def _with(**more: Any) -> Callable[[Schema], Schema]:
    return lambda part: {**part, **more}


def _without(*keys: str) -> Callable[[Schema], Schema]:
    return lambda part: {key: value for key, value in part.items() if key not in keys}


def _listed(part: Schema) -> list[Any]:
    found = part.get("enum", [])
    return found if len(found) > 1 and all(isinstance(one, str) for one in found) else []


def _remove(owner: Schema, name: str, *, required: bool) -> bool:
    if (name in owner.get("required", [])) is not required or len(owner["properties"]) == 1:
        return False
    del owner["properties"][name]
    owner["required"] = [one for one in owner.get("required", []) if one != name]
    return True


def _add(owner: Schema, *, called: str = NEW, required: bool = False, **more: Any) -> bool:
    if called in owner["properties"]:
        return False
    owner["properties"][called] = {"type": "string", **more}
    owner["required"] = [*owner.get("required", []), *([called] if required else [])]
    return True


def _require(owner: Schema, name: str) -> bool:
    if name in owner.get("required", []) or "default" in owner["properties"][name]:
        return False
    owner["required"] = [*owner.get("required", []), name]
    return True


def _free(owner: Schema, name: str) -> bool:
    if name not in owner.get("required", []):
        return False
    owner["required"] = [one for one in owner["required"] if one != name]
    return True


def _rename(owner: Schema, name: str) -> bool:
    properties = {f"{name}_planted" if key == name else key: part for key, part in owner["properties"].items()}
    owner["properties"] = properties
    owner["required"] = [f"{name}_planted" if one == name else one for one in owner.get("required", [])]
    return True


def _seal(owner: Schema, name: str) -> bool:
    return owner.pop("additionalProperties", None) not in (None, False)


def _open(value: Any) -> Callable[[Schema, str], bool]:
    def do(owner: Schema, name: str) -> bool:
        if owner.get("additionalProperties") not in (None, False):
            return False
        owner["additionalProperties"] = value
        return True

    return do


def _reorder(owner: Schema, name: str) -> bool:
    listed = owner.get("x-fal-order-properties", [])
    owner["x-fal-order-properties"] = listed[::-1]
    return len(listed) > 1 and set(listed) <= owner["properties"].keys()


def _limit_files(owner: Schema, name: str) -> bool:
    part = owner["properties"][name]
    if not name.endswith("_url") or not _is("string")(part) or "x-fal" in part:
        return False
    part["x-fal"] = {"max_file_size": 1000}
    return True


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


# Each is given an object and the name of a field of it, and tells whether it could be done there.
CHANGES: dict[str, Callable[[Schema, str], bool]] = {
    "a field that may be left out goes": lambda owner, name: _remove(owner, name, required=False),
    "a field that must be there goes": lambda owner, name: _remove(owner, name, required=True),
    "a field comes": lambda owner, name: _add(owner),
    "a field comes that must be there": lambda owner, name: _add(owner, required=True),
    "a field comes that must be there and has a default": lambda owner, name: _add(owner, required=True, default="x"),
    "a field comes that hides an option": lambda owner, name: _add(owner, called="logs"),
    "a field has another name": _rename,
    "a field must be there": _require,
    "a field may be left out": _free,
    "other fields are welcome": _open(True),
    "other fields of a type are welcome": _open({"type": "string"}),
    "other fields are not welcome any more": _seal,
    "the order": _reorder,
    "an enum has a member less": _where(lambda p: bool(_listed(p)), lambda p: {**p, "enum": p["enum"][1:]}),
    "an enum has a member more": _where(lambda p: bool(_listed(p)), lambda p: {**p, "enum": [*p["enum"], NEW]}),
    "an enum is any text": _where(lambda p: bool(_listed(p)), _without("enum")),
    "a text is an enum": _where(_is("string"), _with(enum=["a", "b"])),
    "a least number is greater": _where(_has("minimum", "integer", "number"), _moved("minimum", 1)),
    "a least number is smaller": _where(_has("minimum", "integer", "number"), _moved("minimum", -1)),
    "a greatest number is greater": _where(_has("maximum", "integer", "number"), _moved("maximum", 1)),
    "a greatest number is smaller": _where(_has("maximum", "integer", "number"), _moved("maximum", -1)),
    "a range moves": _where(
        lambda p: _has("minimum", "integer")(p) and _has("maximum", "integer")(p),
        lambda p: {**p, "minimum": p["minimum"] + 1, "maximum": p["maximum"] + 1},
    ),
    "no bounds": _where(_has("maximum", "integer", "number"), _without("minimum", "maximum")),
    "an end is left out": _where(
        _has("minimum", "integer", "number"), lambda p: {**_without("minimum")(p), "exclusiveMinimum": p["minimum"]}
    ),
    "a step": _where(_is("integer"), _with(multipleOf=8)),
    "whole numbers are numbers": _where(_is("integer"), _with(type="number")),
    "numbers are whole": _where(_is("number"), _with(type="integer")),
    "a number is a text": _where(_is("integer", "number"), lambda p: {"type": "string"}),
    "null": _where(lambda p: _bare(p) and p["type"] != "null", lambda p: {"anyOf": [p, {"type": "null"}]}),
    "no null": _where(
        lambda p: {"type": "null"} in p.get("anyOf", []) and len(p["anyOf"]) == 2,
        lambda p: {**_without("anyOf")(p), **next(one for one in p["anyOf"] if one != {"type": "null"})},
    ),
    "an alternative less": _where(lambda p: len(p.get("anyOf", [])) > 1, lambda p: {**p, "anyOf": p["anyOf"][:-1]}),
    "an alternative more": _where(_bare, lambda p: {"anyOf": [p, {"type": "array", "items": {"type": "boolean"}}]}),
    "anything": _where(_bare, lambda p: {"description": p.get("description", "")}),
    "another default": _where(lambda p: _plain(p.get("default")), lambda p: {**p, "default": f"{p['default']}x"}),
    "no default": _where(lambda p: _plain(p.get("default")), _without("default")),
    "a shorter text": _where(_is("string"), _with(maxLength=3)),
    "a pattern": _where(_is("string"), _with(pattern="^[a-z]+$")),
    "a text of any length": _where(_has("maxLength", "string"), _without("maxLength")),
    "a list of some length": _where(_is_list, _with(minItems=2, maxItems=3)),
    "a list of anything": _where(_is_list, _without("items")),
    "a list in place of one": _where(_bare, lambda p: {"type": "array", "items": p}),
    "a format": _where(_is("string"), _with(format=NEW)),
    "other words": _where(_bare, _with(description="Other words.")),
    "another example": _where(_bare, _with(examples=[NEW])),
    "out of use": _where(lambda p: p.get("deprecated") is not True, _with(deprecated=True)),
    "another title": _where(_bare, _with(title="Planted")),
    "a limit of files": _limit_files,
}
