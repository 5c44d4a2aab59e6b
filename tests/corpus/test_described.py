"""`input_schema()` and `output_schema()` of real endpoints say what their documents say, and mark what takes a file."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_origin
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from corpus.corpus import PACKAGE, documents
from corpus.file_places import Taken, marked
from corpus.schemas import Schemas, tuple_of
from corpus.side_by_side import Comparison

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.corpus import Made

SIDES = ("input", "output")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ENDS = {
    **dict.fromkeys("png jpg jpeg webp avif bmp tiff svg".split(), "image"),  # a gif is a video, too
    **dict.fromkeys("mp4 mov webm mkv avi".split(), "video"),
    **dict.fromkeys("mp3 wav ogg flac m4a aac opus".split(), "audio"),
}


@cache
def client() -> Any:
    return importlib.import_module(PACKAGE).Fal()


def asked(endpoint_id: str, side: str) -> dict[str, Any]:
    """What a user gets."""
    found: dict[str, Any] = getattr(client().endpoints[endpoint_id], f"{side}_schema")()
    return found


def sides() -> Iterator[tuple[str, str, Schemas, dict[str, Any], dict[str, Any]]]:
    for endpoint_id, data in documents().items():
        document = Schemas(data)
        for side in SIDES:
            yield endpoint_id, side, document, getattr(document, side), asked(endpoint_id, side)


def test_each_says_what_the_document_says(made: Made) -> None:
    compared = 0
    for endpoint_id, side, document, theirs, ours in sides():
        Draft202012Validator.check_schema(ours)
        assert next(iter(ours)) == "$schema"
        assert ours.pop("$schema") == DIALECT
        comparison = Comparison(document, ours)
        try:
            comparison.root(theirs, ours)
        except AssertionError as error:
            raise AssertionError(f"{endpoint_id} {side}: {error}") from error
        compared += comparison.compared
    assert compared > 3 * len(documents())


def test_every_way_to_ask_gives_the_same_anew(made: Made) -> None:
    package = importlib.import_module(PACKAGE)
    asynchronous = package.AsyncFal()
    for endpoint_id in documents():
        for side in SIDES:
            first = asked(endpoint_id, side)
            text = json.dumps(first)
            others = (client().endpoint(endpoint_id), asynchronous.endpoints[endpoint_id])
            for one in (*others, asynchronous.endpoint(endpoint_id)):
                assert json.dumps(getattr(one, f"{side}_schema")()) == text
            first.clear()
            assert json.dumps(asked(endpoint_id, side)) == text


def shown(schema: dict[str, Any]) -> Iterator[Any]:
    """The values that a document shows for a property, and some that it lists."""
    yield from schema.get("examples", [])
    yield from (schema[key] for key in ("default", "example") if key in schema)
    yield from schema.get("enum", [])
    yield from (None, "no member of any list", 10**9, -1.5, [], [{}], {})


def test_each_takes_what_the_document_takes(made: Made) -> None:
    """By `jsonschema`, of the document's schema written out, and of the one that the package gives."""
    judged, refused = 0, 0
    for endpoint_id, side, document, theirs, ours in sides():
        definitions = ours.get("$defs", {})
        for name, one in document.properties(theirs).items():
            by_document = Draft202012Validator(document.standard(one))
            mine = Draft202012Validator({**properties(ours)[name], "$defs": definitions})
            for value in shown(one):
                if is_meant_otherwise(one, value):
                    continue
                judged += 1
                refused += not by_document.is_valid(value)
                assert mine.is_valid(value) == by_document.is_valid(value), f"{endpoint_id} {side} {name}: {value!r}"
    assert judged > refused > 0


def is_meant_otherwise(schema: dict[str, Any], value: Any) -> bool:
    """Whether `standard` has what is meant: the null of a union beside an enum, and how long a tuple is."""
    is_tuple = isinstance(value, list) and ("prefixItems" in schema or bool(tuple_of(schema.get("items"))))
    return is_tuple or (value is None and {"enum", "anyOf"} <= schema.keys())


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema.get("properties", {})
    return found


def test_a_file_is_marked_where_the_client_takes_one(made: Made) -> None:
    """The emitted types are what an input is checked by, and `media` is what its files are."""
    taken = Taken(importlib.import_module(f"{PACKAGE}._runtime.files.file_input"))
    for endpoint_id in documents():
        spec = made.endpoint(endpoint_id).SPEC
        wanted: dict[tuple[str, ...], bool] = {}
        for place, or_name in taken.places(spec.input):
            wanted[place] = wanted.get(place, False) or or_name
        marks = list(marked(asked(endpoint_id, "input")))
        assert {place: mark.get("or_name", False) for place, mark in marks} == wanted, endpoint_id
        limits = {".".join(place): {**mark} for place, mark in marks}
        for mark in limits.values():
            mark.pop("or_name", None)
        assert {place: mark for place, mark in limits.items() if mark.keys() - {"kind"}} == (spec.media or {})


@pytest.mark.usefixtures("the_corpus_is_here")
def test_no_example_is_of_another_kind_than_the_mark_says(made: Made) -> None:
    told, wrong = 0, list[str]()
    for endpoint_id, data in documents().items():
        document = Schemas(data)
        ours = asked(endpoint_id, "input")
        for name, one in document.properties(document.input).items():
            alone = {"properties": {name: ours["properties"][name]}, "$defs": ours.get("$defs", {})}
            kinds = {mark["kind"] for _, mark in marked(alone) if "kind" in mark}
            for url in re.findall(r"https?://[^\"\s\\]+", json.dumps(one.get("examples", []))) if kinds else ():
                end = _ENDS.get(urlsplit(url).path.rpartition(".")[2].lower())
                told += end is not None
                wrong += [f"{endpoint_id} {name}: {url}"] if end is not None and end not in kinds else []
    assert wrong == []
    assert told > 100


def test_an_output_is_marked_where_the_client_has_a_file(made: Made) -> None:
    package = importlib.import_module(f"{PACKAGE}.models")
    bases = {package.AnyImage: "image", package.AnyVideo: "video", package.AnyAudio: "audio"}
    for endpoint_id in documents():
        spec = made.endpoint(endpoint_id).SPEC
        wanted: dict[tuple[str, ...], set[str]] = {}
        for place, kind in files_in(spec.output, package.RemoteFile, bases):
            wanted.setdefault(place, set()).add(kind)
        found = {place: mark.get("kind", "") for place, mark in marked(asked(endpoint_id, "output"))}
        assert found == {place: kinds.pop() if len(kinds) == 1 else "" for place, kinds in wanted.items()}, endpoint_id


def files_in(
    hint: Any, file: type, bases: dict[Any, str], place: tuple[str, ...] = (), within: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    """The places of a model's files, and of which kind they are."""
    if isinstance(hint, type) and issubclass(hint, file) and place:
        yield place, next((kind for base, kind in bases.items() if issubclass(hint, base)), "")
    fields = getattr(hint, "model_fields", {}) if hint not in within else {}
    for name, field in fields.items():
        yield from files_in(field.annotation, file, bases, (*place, field.alias or name), (*within, hint))
    is_many = isinstance(origin := get_origin(hint), type) and issubclass(origin, Sequence | Mapping)
    for one in get_args(hint):
        yield from files_in(one, file, bases, (*place, "*") if is_many else place, within)
