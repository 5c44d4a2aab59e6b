# pyright: reportIncompatibleMethodOverride=false
"""Any picture, any video, any sound: a class below one of them is what it would be without, and reads what it lacks."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from runtime.files.remote_file import AnyAudio, AnyImage, AnyVideo, RemoteFile
from runtime.outputs.model import FalModel, OpenModel
from runtime.outputs.parse import parse_output

from generator.parse.media import PROMISED
from generator.shapes import Media

if TYPE_CHECKING:
    from collections.abc import Mapping

BASES: Mapping[Media, type[RemoteFile]] = {Media.IMAGE: AnyImage, Media.VIDEO: AnyVideo, Media.AUDIO: AnyAudio}
EACH = pytest.mark.parametrize("media", list(Media))
BODY = {"url": "https://x.example/a", "file_size": 7, "width": 3, "brand_new": [1]}


def below(base: type[Any]) -> type[Any]:
    """A class as the documents have them: some fields of the base, narrower, and others, in an order of their own."""
    made: type[Any] = type(
        "Sized",
        (base,),
        {
            "__module__": __name__,
            "__annotations__": {"url": str, "width": int, "label": str | None, "file_size": int | None},
            "label": None,
            "file_size": None,
        },
    )
    return made


# Pickling finds a class by its name.
class Sized(AnyImage):
    """A picture."""

    url: str
    width: int
    label: str | None = None
    file_size: int | None = None


class Open(AnyVideo, OpenModel):
    url: str


class Album(FalModel):
    image: Sized
    more: list[Sized | Open] | None = None


@EACH
def test_a_class_shows_and_dumps_the_fields_of_its_document_alone(media: Media) -> None:
    plain, under = below(RemoteFile), below(BASES[media])
    assert list(under.model_fields) == list(plain.model_fields) == ["url", "width", "label", "file_size"]
    assert under.model_json_schema() == plain.model_json_schema()
    one, other = plain.model_validate(BODY), under.model_validate(BODY)
    assert repr(other) == repr(one)
    assert str(other) == str(one)
    assert other.model_dump_json() == one.model_dump_json()
    for options in ({}, {"exclude_unset": True}, {"exclude_none": True}, {"mode": "json"}):
        assert list(other.model_dump(**options).items()) == list(one.model_dump(**options).items())
    assert (other.model_fields_set, other.model_extra) == (one.model_fields_set, one.model_extra)


@EACH
def test_what_it_promises_reads_as_none_where_nobody_said_it(media: Media) -> None:
    file: Any = BASES[media](url="u")
    assert {name: getattr(file, name) for name in PROMISED[media]} == dict.fromkeys(PROMISED[media])
    assert file.model_dump() == {"url": "u"}


@EACH
def test_what_the_server_sent_beside_the_document_is_read(media: Media) -> None:
    file: Any = BASES[media].model_validate({"url": "u", **dict.fromkeys(PROMISED[media], 5)})
    assert {getattr(file, name) for name in PROMISED[media]} == {5}


@EACH
def test_other_names_are_still_no_attributes(media: Media) -> None:
    others = {name for promised in PROMISED.values() for name in promised} - PROMISED[media].keys()
    file = BASES[media](url="u")
    assert others
    for name in (*others, "widht", "_fall", "__html__"):
        with pytest.raises(AttributeError, match=name):
            getattr(file, name)


@EACH
def test_the_promise_is_the_one_that_the_generator_keeps(media: Media) -> None:
    """The properties stand there for type checkers alone, so they are read in the source."""
    stated = properties()
    assert stated[BASES[media].__name__] | stated["AnyMedia"] == {
        name: f"{type_.__name__} | None" for name, type_ in PROMISED[media].items()
    }


def properties() -> dict[str, dict[str, str]]:
    import ast
    import inspect

    from runtime.files import remote_file

    classes = [node for node in ast.parse(inspect.getsource(remote_file)).body if isinstance(node, ast.ClassDef)]
    return {
        cls.name: {
            node.name: ast.unparse(node.returns)
            for inner in cls.body
            if isinstance(inner, ast.If)
            for node in inner.body
            if isinstance(node, ast.FunctionDef) and node.returns is not None
        }
        for cls in classes
    }


def test_copies_and_pickles_are_equal() -> None:
    file = Sized.model_validate(BODY)
    for clone in (
        pickle.loads(pickle.dumps(file)),
        copy.copy(file),
        copy.deepcopy(file),
        file.model_copy(),
        Sized.model_validate_json(file.model_dump_json()),
        Sized(**file.model_dump()),
    ):
        assert clone == file
        assert type(clone) is Sized
        assert (clone.height, clone.file_size) == (None, 7)


def test_kinds_are_told_by_isinstance() -> None:
    file = Sized(url="u", width=1)
    assert isinstance(file, AnyImage)
    assert isinstance(file, RemoteFile)
    assert not isinstance(file, AnyVideo | AnyAudio)
    assert isinstance(Open(url="u"), AnyVideo)
    assert not isinstance(RemoteFile(url="u"), AnyImage | AnyVideo | AnyAudio)


@pytest.mark.parametrize(
    "body",
    [
        {"image": {"url": "u", "width": 1}, "more": [{"url": "v", "width": 2, "label": "x"}]},
        {"image": {"url": "u", "width": "wide"}},
        {"image": {"width": 1, "brand_new": None}},
        {"image": {}, "more": [{"url": 3, "label": None, "fps": 5}]},
    ],
)
def test_an_answer_that_does_not_match_is_read_into_them_whole(body: dict[str, Any]) -> None:
    album = parse_output(Album, body)
    assert type(album) is Album
    assert type(album.image) is Sized
    assert album.image.height is None
    assert album.model_dump(exclude_unset=True) == body


def test_a_field_that_the_server_left_out_reads_as_none_too() -> None:
    album = parse_output(Album, {"image": {}})
    assert (album.image.url, album.image.width, album.image.content_type) == (None, None, None)
