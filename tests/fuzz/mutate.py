"""Documents from documents: changes that keep JSON JSON, so that a fuzzer gets past the parser."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

# What breaks out of something, somewhere.
NASTY = [
    '"', '"""', "'", "'''", "\\", '\\"""', "a\\", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028",
    "\x00", "\ud800", "\u202e", "\u3164", "\U000e0141", "# ruff: noqa", "\u200b", "\ufeff",
    "{{ 1 }}", "{% raw %}", "{#", "{x}", "%s", "# type: ignore", "# noqa", "# fmt: off", "# coding: utf-7",
    '"""\nimport os\n"""', "');import os;('", "__import__('os').system('id')", "```", "-->", "|",
    "]]>", "../..", "/", "",
    "class", "__class__", "model_config", "self", "ſelf", "x" * 99, "$ref",
    "#/components/schemas/", "http://127.0.0.1/x",
]  # fmt: skip
KEYWORDS = [
    "type", "enum", "const", "default", "examples", "example", "title", "description", "format", "pattern",
    "properties",
    "required", "items", "prefixItems", "additionalProperties", "anyOf", "oneOf", "allOf", "not", "$ref", "minimum",
    "maximum", "exclusiveMinimum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems",
    "nullable", "deprecated", "discriminator", "x-fal-order-properties", "x-fal-metadata", "customBasePath",
    "x-python-import", "customTypePath", "x-enum-varnames",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e300, -0.0, 2**63, [], {}, "string", "integer", "number", "boolean", "array",
    "object", "null", ["string", "null"], {"type": "string"}, {"enum": ["a", 1, True, None]}, {"type": "object"},
]  # fmt: skip


def mutated(text: str, seed: int) -> str:
    """A document with a few changes; what is no JSON comes back as it is.

    Args:
        text: The document.
        seed: The same seed makes the same changes.
    """
    chance = random.Random(seed)
    try:
        whole = [json.loads(text)]
    except (ValueError, RecursionError):
        return text
    for _ in range(chance.randint(1, 4)):
        places = list(_places(whole))
        _change(places, chance)
    return json.dumps(whole[0])


def _places(value: Any) -> Any:
    """Every container with every key in it."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        for key in list(one) if isinstance(one, dict) else range(len(one)):
            yield one, key
            if isinstance(one[key], dict | list):
                waiting.append(one[key])


def _change(places: list[tuple[Any, Any]], chance: random.Random) -> None:
    holder, key = chance.choice(places)
    other, other_key = chance.choice(places)
    match chance.randrange(7):
        case 0:
            holder[key] = chance.choice(NASTY)
        case 1:
            holder[key] = copy.deepcopy(chance.choice(VALUES))
        case 2:
            holder[key] = copy.deepcopy(other[other_key])
        case 3 if isinstance(holder, dict):
            name = chance.choice(NASTY) if chance.random() < 0.5 else f"{key}{chance.choice(NASTY)}"
            holder[name] = holder[key] if chance.random() < 0.3 else holder.pop(key)
        case 4 if isinstance(holder[key], dict):
            holder[key][chance.choice(KEYWORDS)] = copy.deepcopy(chance.choice([*NASTY, *VALUES]))
        case 5 if isinstance(holder[key], str):
            at = chance.randint(0, len(holder[key]))
            holder[key] = holder[key][:at] + chance.choice(NASTY) + holder[key][at:]
        case 6 if isinstance(holder, dict):
            del holder[key]
        case _:
            holder[key] = [copy.deepcopy(holder[key]), copy.deepcopy(chance.choice(VALUES))]
