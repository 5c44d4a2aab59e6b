"""What a document says of the files that an input takes: `x-fal`, the same keys in the open, and `limit_description`.

A part of stage normalize. fal writes them where its own library puts them: on the property, on the items of a list, on
the text among several types, or on a component that one of those refers to.
"""

# design: Where do the limits of media stand?

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING

from .. import limits
from ..codes import Code
from ..diagnostics import Findings, quoted
from ..media_limits import NUMBERS, WHOLE, MediaLimits, looser, numbers, with_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..node import Node

_X_FAL = "x-fal"
# Other names for the same.
_ALIASES = {"min_area": "min_pixels", "max_area": "max_pixels"}
# What fal writes there and does not refuse a file by: how long it waits for it, what it makes of it, what several
# files may be together, and what only sizes of outputs have.
_OTHER = frozenset({"timeout", "normalization", "combined", "multiple_of"})
# A limit as fal's own words give it; all of them in a row say nothing that the numbers do not.
_SPELLED = re.compile(
    r"(?:M(?:in|ax) (?:file size|width|height|area|pixels|aspect ratio|duration|frames|FPS)|Timeout): [\d.,]+ ?\w*"
)
_KINDS = {"image": "image", "image_mask": "image", "mask": "image", "video": "video", "audio": "audio"}
# Steps from schema to schema in one property; a real one takes three.
_MOST_STEPS = 100
# A text is none of these.
_NO_TEXT = frozenset({"null", "object", "number", "integer", "boolean"})


def spells_limits(paragraph: str) -> bool:
    """Whether a paragraph is a list of limits in fal's own words, and nothing else."""
    return all(_SPELLED.fullmatch(part) for part in paragraph.strip().split(", "))


def file_limits(
    schema: Node, name: str, components: Mapping[str, Node], budget: limits.Budget, findings: Findings
) -> MediaLimits | None:
    """What the files of a property must be like.

    Args:
        schema: The property's.
        name: What it is called: `video_url` takes videos.
        components: Those of the document.
        budget: Pays for what the document says in words.
        findings: Gathers what is wrong with it.
    """
    reader = _Limits(components, budget, findings)
    found = reader.read(schema)
    if not numbers(found) and not found.said:
        return None
    if found.min_fps is not None or found.max_fps is not None:
        return replace(found, kind="video")
    return replace(found, kind=found.kind or _named(name))


def file_kind(schema: Node, name: str, components: Mapping[str, Node]) -> str:
    """The kind of file that a property takes, by a mark or its name; empty where neither tells. See `file_limits`."""
    return _Limits(components, limits.Budget(), Findings()).read(schema).kind or _named(name)


def _named(name: str) -> str:
    """The kind of file that a name tells: `image_url`, `reference_video_urls`."""
    words = name.split("_")
    return next((_KINDS[word] for word, after in pairwise(words) if _is(word, after)), "")


def _is(word: str, after: str) -> bool:
    return word in _KINDS and after in ("url", "urls")


@dataclass(slots=True)
class _Limits:
    components: Mapping[str, Node]
    budget: limits.Budget
    findings: Findings
    _left: int = _MOST_STEPS

    def read(self, schema: Node) -> MediaLimits:
        """What a schema says, and what is below it where it says nothing itself."""
        self._left -= 1
        own = self._own(schema)
        below = [self.read(part) for part in self._parts(schema) if self._left > 0]
        if not below or self._left <= 0:
            return own
        inner = reduce(looser, below)
        found = with_numbers(inner, numbers(own))
        return replace(found, kind=own.kind or inner.kind, said=own.said or inner.said)

    def _parts(self, schema: Node) -> list[Node]:
        """The schemas that a text or a list of texts may have, as far as this one is made of others."""
        keys = schema.members()
        if "$ref" in keys:
            return [self._target(schema)]
        made_of = next((key for key in ("allOf", "anyOf", "oneOf") if key in keys), None)
        parts = [schema.get("items")] if made_of is None else schema.get(made_of).items()
        return [part for part in parts if _may_be_text(self._target(part))]

    def _target(self, schema: Node) -> Node:
        """The component that a schema refers to, or itself."""
        return self.components.get(schema.get("$ref").text().rpartition("/")[2], schema)

    def _own(self, schema: Node) -> MediaLimits:
        extension = schema.get(_X_FAL)
        said = schema.get("limit_description").text()
        found = {**self._numbers(schema, known_only=True), **self._numbers(extension, known_only=False)}
        if _X_FAL in schema.members() and not isinstance(extension.value, dict):
            self._bad(extension, _X_FAL, "an object")
        if said:
            self.budget.charge_prose(said, schema)
        more = [part for part in said.strip().split(", ") if part and not _SPELLED.fullmatch(part)]
        return with_numbers(MediaLimits(kind=_marked(schema), said=", ".join(more)), found)

    def _numbers(self, table: Node, *, known_only: bool) -> dict[str, int | float]:
        found: dict[str, int | float] = {}
        for key in table.members():
            name = _ALIASES.get(key, key)
            if name in NUMBERS:
                number = self._number(table.get(key), name)
                if number is not None:
                    found[name] = number
            elif not known_only and key not in _OTHER:
                message = f"{quoted(key)} is no limit of files that is known here; the client does not check it"
                self.findings.add(Code.UNKNOWN_LIMIT, message, table.source.child(key))
        return self._possible(found, table)

    def _number(self, node: Node, name: str) -> int | float | None:
        value = node.value
        if value is None or (value == 0 and value is not False):
            return None  # no limit
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        kinds = int if name in WHOLE else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not 0 < value <= limits.LENGTH:
            self._bad(node, name, f"a {'whole ' if name in WHOLE else ''}number above 0")
            return None
        return value

    def _possible(self, found: dict[str, int | float], table: Node) -> dict[str, int | float]:
        """The limits without those that no file can meet."""
        for low in [name for name in found if name.startswith("min")]:
            high = f"max{low.removeprefix('min')}"
            if high in found and found[low] > found[high]:
                self._bad(table.get(low), low, f"at most `{high}`")
                del found[low], found[high]
        return found

    def _bad(self, node: Node, keyword: str, wanted: str) -> None:
        message = f"`{keyword}` must be {wanted}, not {quoted(node.value)}; it is left out"
        self.findings.add(Code.BAD_KEYWORD, message, node.source)


def _may_be_text(schema: Node) -> bool:
    keys, kind = schema.members(), schema.get("type").text()
    return bool(keys) and kind not in _NO_TEXT and not keys.keys() & {"properties", "enum", "const"}


def _marked(schema: Node) -> str:
    """The kind of file by a mark of fal's user interface."""
    marks = (schema.get("ui", "field").text(), schema.get("_fal_ui_field").text())
    return next((_KINDS[mark] for mark in marks if mark in _KINDS), "")
