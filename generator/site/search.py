"""The index of the search: one plain script, which works from `file://` and under a policy that allows no inline ones.

What a reader may type leads to pages: names (of pages, fields, members of enums) as they are shown, and words of prose.
Each line of the index is one of them and the numbers of the pages that have it. `templates/site/assets/find.js` reads
the lines; it splits names into words itself, so that they are stored once.
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from . import places
from .markdown import own_html

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .facts import EndpointFacts, FieldFacts, SiteFacts, TypeFacts

# Every query may hold them, and they tell no page from another: they are in no list, and match every page.
COMMON = frozenset(
    "a about also an and any are as at be both by can do does for from has have how if in into is it its like may "
    "model models more not of on one or other our such take takes than that the their them then these this to up "
    "use used uses using was what when which will with you your".split()
)
_LONGEST_WORD, _LONGEST_VALUE = 30, 80
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_HALF = 32
# A line: kind of fact, name, the field at the top of the page, the field that has it (where that is not at the top).
_Line = tuple[str, str, str, str]


def search(facts: SiteFacts) -> dict[str, str]:
    """Write the index of the search.

    Returns:
        One script by its path, in ASCII: an assignment of JSON to `self.searchIndex`.
    """
    pages = [_endpoint_line(one) for one in facts.endpoints] + list(_other_pages(facts))
    found: dict[_Line, list[int]] = defaultdict(list)
    words: dict[str, list[int]] = defaultdict(list)
    for number, endpoint in enumerate(facts.endpoints):
        for line in sorted(set(_lines(endpoint))):
            found[line].append(number)
        for word in sorted(_words(f"{endpoint.summary} {endpoint.prose}")):
            words[word].append(number)
    before, after = places.endpoint_page("|").split("|")
    index = {
        "endpoint": [before, after],
        "endpoints": len(facts.endpoints),
        "common": " ".join(sorted(COMMON)),
        "pages": "\n".join(pages),
        "names": {kind: "\n".join(_rows(found, kind)) for kind in sorted({line[0] for line in found})},
        "words": "\n".join(f"{word}\t{_coded(numbers)}" for word, numbers in sorted(words.items())),
    }
    return {places.SEARCH_INDEX: f"self.searchIndex = {_script(index)};\n"}


def _endpoint_line(endpoint: EndpointFacts) -> str:
    """Id, attribute (where it is not the id with another punctuation), category, whether it is deprecated."""
    usual = "fal_" + _normal(endpoint.id.removeprefix("fal-ai/"))
    attribute = "" if _normal(endpoint.attribute) == usual else endpoint.attribute
    return _row(endpoint.id, attribute, endpoint.category, "deprecated" if endpoint.deprecated else "")


def _normal(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.lower())


def _other_pages(facts: SiteFacts) -> Iterator[str]:
    """Kind, name, path (with the heading, of a part of a guide)."""
    for shared in facts.types:
        yield _row("type", shared.type.name, places.type_page(shared.type.kind, shared.type.name, shared.type.page))
    for category in sorted({one.category for one in facts.endpoints if one.category}):
        yield _row("category", category, places.category_page(category))
    for owner in sorted({one.owner for one in facts.endpoints}):
        yield _row("owner", owner, places.owner_page(owner))
    for kind in sorted({kind for one in facts.endpoints for kind in one.takes}):
        yield _row("overview", f"Takes {kind}", places.takes_page(kind))
    for guide in facts.guides:
        path = places.guide_page(guide.slug)
        yield _row("guide", guide.title, path)
        for heading in own_html(guide.text, lambda _: None)[1]:
            if heading.level > 1:
                yield _row("guide", f"{guide.title}: {heading.text}", f"{path}#{heading.anchor}")


def _lines(endpoint: EndpointFacts) -> Iterator[_Line]:
    """What an endpoint is found by, apart from its id and its prose."""
    for field in endpoint.input.fields:
        yield from _field_lines("input", field)
    for output in endpoint.outputs:
        for field in output.fields:
            yield from _field_lines("output", field)
    for kind in endpoint.takes:
        yield "takes", _name(kind), "", ""


def _field_lines(kind: str, top: FieldFacts) -> Iterator[_Line]:
    yield kind, _name(top.wire_name), "", ""
    yield from _members(kind, top, top)
    for field in _below(top.types):
        yield f"{kind} part", _name(field.wire_name), _name(top.wire_name), ""
        yield from _members(kind, top, field)


def _below(types: Iterable[TypeFacts]) -> Iterator[FieldFacts]:
    for one in types:
        for field in one.fields:
            yield field
            yield from _below(field.types)


def _members(kind: str, top: FieldFacts, field: FieldFacts) -> Iterator[_Line]:
    inner = "" if field is top else _name(field.wire_name)
    for member in field.members:
        yield f"{kind} value", _name(str(_value(member))[:_LONGEST_VALUE]), _name(top.wire_name), inner


def _value(code: str) -> object:
    """A member as its reader types it: without Python's quotes."""
    try:
        return ast.literal_eval(code)
    except (ValueError, SyntaxError):
        return code


def _words(text: str) -> set[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return {word for word in words if 1 < len(word) <= _LONGEST_WORD} - COMMON


def _name(text: str) -> str:
    """A stranger's name on one line, without what nobody can see. It keeps its length: its anchor is made of it."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _row(*columns: str) -> str:
    return "\t".join(map(_name, columns)).rstrip("\t")


def _rows(found: Mapping[_Line, list[int]], kind: str) -> Iterator[str]:
    for line in sorted(found):
        if line[0] == kind and line[1].strip():
            yield _row(_coded(found[line]), *line[1:])


def _coded(numbers: Iterable[int]) -> str:
    """Rising numbers as the steps between them: digits of five bits, lowest first, the last one of a step marked."""
    letters: list[str] = []
    last = -1
    for number in numbers:
        step, last = number - last - 1, number
        while step >= _HALF:
            letters.append(_DIGITS[step % _HALF])
            step //= _HALF
        letters.append(_DIGITS[_HALF + step])
    return "".join(letters)


def _script(value: object) -> str:
    """JSON that is JavaScript too, and that cannot end the script where it stands in a page."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")
