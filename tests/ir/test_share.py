"""Stage share: which definitions become one class, what the classes are called, and that names never move."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support import INTEGER, STRING, Done, Project, document, obj, read, ref, run_cli
from support.exhausting import pairs

from generator.ir.share import Kind, Sharing, share
from generator.project.type_lock import TypesLock

if TYPE_CHECKING:
    from pathlib import Path

IMAGE = obj({"url": STRING, "width": INTEGER}, required=["url"])
WIDE = obj({"url": STRING, "width": INTEGER, "height": INTEGER}, required=["url"])
OTHER = obj({"url": STRING})


def outputs(**pictures: Any) -> dict[str, Any]:
    """Documents whose output has an `Picture`, by id below fal-ai."""
    documents: dict[str, Any] = {}
    for name, picture in pictures.items():
        output = obj({"picture": ref("Picture")}, required=["picture"])
        documents[f"fal-ai/{name}"] = document(f"fal-ai/{name}", output=output, components={"Picture": picture})
    return documents


def shared(documents: dict[str, Any], lock: TypesLock | None = None) -> Sharing:
    """Stages resolve to share over some documents."""
    normalized = [read(data, endpoint_id=endpoint_id) for endpoint_id, data in documents.items()]
    return share(normalized, TypesLock() if lock is None else lock)


def names(sharing: Sharing, kind: Kind = Kind.MODELS) -> dict[str, tuple[str, ...]]:
    """The shared classes of a kind, with the endpoints that use them."""
    return {one.name: one.endpoints for one in sharing.shared.values() if one.key.kind is kind}


# --- what counts -----------------------------------------------------------------------------------------------------

SAME: dict[str, Any] = {
    "title and description": {**IMAGE, "title": "T", "description": "D"},
    "order of properties": {**IMAGE, "x-fal-order-properties": ["width", "url"]},
    "examples": {**IMAGE, "examples": [{"url": "x"}]},
    "prose of a property": obj(
        {"url": {**STRING, "description": "D", "title": "U", "examples": ["e"]}, "width": INTEGER}, required=["url"]
    ),
    "default null": obj({"url": STRING, "width": {**INTEGER, "default": None}}, required=["url"]),
    "null where it may be left out": obj({"url": STRING, "width": {**INTEGER, "nullable": True}}, required=["url"]),
    "null where it may not": obj({"url": STRING, "width": {**INTEGER, "nullable": True}}, required=["url", "width"]),
    "a format": obj({"url": {**STRING, "format": "uri"}, "width": INTEGER}, required=["url"]),
    "no more properties": {**IMAGE, "additionalProperties": False},
}  # fmt: skip
DIFFERENT: dict[str, Any] = {
    "null": obj({"url": {**STRING, "nullable": True}, "width": INTEGER}, required=["url"]),
    "required": obj({"url": STRING, "width": INTEGER}, required=["url", "width"]),
    "a bound": obj({"url": STRING, "width": {**INTEGER, "minimum": 1}}, required=["url"]),
    "a default": obj({"url": STRING, "width": {**INTEGER, "default": 512}}, required=["url"]),
    "a property": WIDE,
    "any more properties": {**IMAGE, "additionalProperties": True},
    "a pattern": obj({"url": {**STRING, "pattern": "^h"}, "width": INTEGER}, required=["url"]),
    "a type": obj({"url": STRING, "width": {"type": "number"}}, required=["url"]),
    "an enum": obj({"url": {"enum": ["a"]}, "width": INTEGER}, required=["url"]),
}


@pytest.mark.parametrize("what", SAME)
def test_what_does_not_count(what: str) -> None:
    assert names(shared(outputs(a=IMAGE, b=SAME[what]))) == {"Picture": ("fal-ai/a", "fal-ai/b")}


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_counts(what: str) -> None:
    assert names(shared(outputs(a=IMAGE, b=DIFFERENT[what]))) == {"Picture": ("fal-ai/a",)}


INPUT_DIFFERENT: dict[str, Any] = {
    "null": obj({"size": {**INTEGER, "nullable": True}}),
    "required": obj({"size": INTEGER}, required=["size"]),
    "a default": obj({"size": {**INTEGER, "default": 1}}),
    "what further properties may be": {**obj({"size": INTEGER}), "additionalProperties": STRING},
    "the mark of a file": obj({"size": {**INTEGER, "ui": {"field": "image"}}}),
}


def inputs(**pictures: Any) -> dict[str, Any]:
    """Documents whose input has a `Picture`, by id below fal-ai."""
    takes = obj({"picture": ref("Picture")})
    return {
        f"fal-ai/{name}": document(f"fal-ai/{name}", input=takes, components={"Picture": picture})
        for name, picture in pictures.items()
    }


@pytest.mark.parametrize("what", INPUT_DIFFERENT)
def test_what_counts_for_an_input(what: str) -> None:
    found = names(shared(inputs(a=obj({"size": INTEGER}), b=INPUT_DIFFERENT[what])), Kind.PARAMS)
    assert found == {"Picture": ("fal-ai/a",)}


LIST, MAP, NUMBER = (
    {"type": "array", "items": STRING},
    {"type": "object", "additionalProperties": STRING},
    {"type": "number"},
)
WITHIN: dict[str, tuple[Any, Any]] = {
    "the items of a list": (LIST, {**LIST, "items": INTEGER}),
    "the fewest items": (LIST, {**LIST, "minItems": 2}),
    "the most items": (LIST, {**LIST, "maxItems": 2}),
    "whether items may repeat": (LIST, {**LIST, "uniqueItems": True}),
    "the values of a map": (MAP, {**MAP, "additionalProperties": INTEGER}),
    "the bound of a number": (NUMBER, {**NUMBER, "exclusiveMaximum": 2}),
    "the length of a text": (STRING, {**STRING, "maxLength": 2}),
    "the members of an enum": ({"enum": ["a"]}, {"enum": ["a", "b"]}),
    "the members of a union": ({"anyOf": [STRING, INTEGER]}, {"anyOf": [STRING, NUMBER]}),
    "true or a number": ({"type": "boolean"}, NUMBER),
}


@pytest.mark.parametrize("what", WITHIN)
def test_what_counts_of_a_type(what: str) -> None:
    one, other = (obj({"it": schema}) for schema in WITHIN[what])
    assert names(shared(inputs(a=one, b=one, c=other)), Kind.PARAMS) == {"Picture": ("fal-ai/a", "fal-ai/b")}
    assert names(shared(inputs(a=other, b=other, c=one)), Kind.PARAMS) == {"Picture": ("fal-ai/a", "fal-ai/b")}


def test_an_input_with_a_default_need_not_be_given() -> None:
    sized = {**INTEGER, "default": 1}
    found = names(shared(inputs(a=obj({"size": sized}), b=obj({"size": sized}, required=["size"]))), Kind.PARAMS)
    assert found == {"Picture": ("fal-ai/a", "fal-ai/b")}


def test_file_data_belongs_to_the_base_of_files_and_to_none_of_their_classes() -> None:
    data = {"file_data": {**STRING, "format": "binary"}}
    file = {"url": STRING, "content_type": STRING}
    one, other = obj(file, required=["url"]), obj({**file, **data}, required=["url"])
    assert names(shared(outputs(a=one, b=other))) == {"Picture": ("fal-ai/a", "fal-ai/b")}
    assert names(shared(outputs(a=IMAGE, b=obj({**IMAGE["properties"], **data}, required=["url"])))) == {
        "Picture": ("fal-ai/a",)  # no file: it has neither type, name nor size
    }
    assert names(shared(inputs(a=one, b=other)), Kind.PARAMS) == {"Picture": ("fal-ai/a",)}


def test_the_order_of_enum_members_does_not_count() -> None:
    one, other = (obj({"kind": {"enum": members}}) for members in (["a", "b"], ["b", "a"]))
    assert names(shared(outputs(a=one, b=other))) == {"Picture": ("fal-ai/a", "fal-ai/b")}


def test_a_structure_counts_with_all_it_mentions() -> None:
    def documents(inner: Any) -> dict[str, Any]:
        parts = {"Picture": obj({"size": ref("Size")}), "Size": inner}
        out = obj({"picture": ref("Picture")})
        return {i: document(i, output=out, components=parts) for i in ("fal-ai/b",)}

    size, big = obj({"w": INTEGER}), obj({"w": {**INTEGER, "maximum": 9}})
    first = outputs(a=obj({"size": ref("Size")}))
    first["fal-ai/a"]["components"]["schemas"]["Size"] = size
    assert names(shared({**first, **documents(size)})) == {
        "Picture": ("fal-ai/a", "fal-ai/b"),
        "Size": ("fal-ai/a", "fal-ai/b"),
    }
    assert names(shared({**first, **documents(big)})) == {"Picture": ("fal-ai/a",), "Size": ("fal-ai/a",)}


def test_equal_structures_of_different_names_stay_apart() -> None:
    out = obj({"picture": ref("Picture"), "photo": ref("Photo")})
    parts = {"Picture": IMAGE, "Photo": IMAGE}
    found = names(shared({"fal-ai/a": document("fal-ai/a", output=out, components=parts)}))
    assert found.keys() == {"Photo", "Picture"}


# --- names -----------------------------------------------------------------------------------------------------------


def test_the_structure_most_used_keeps_the_plain_name_and_the_next_gets_a_number() -> None:
    found = names(shared(outputs(a=WIDE, b=IMAGE, c=IMAGE, d=IMAGE, e=WIDE, f=OTHER)))
    assert found == {"Picture": ("fal-ai/b", "fal-ai/c", "fal-ai/d"), "Picture2": ("fal-ai/a", "fal-ai/e")}


def test_one_endpoints_own_later_structure_is_not_shared() -> None:
    sharing = shared(outputs(a=IMAGE, b=IMAGE, c=OTHER))
    assert sharing.find("fal-ai/a", Kind.MODELS, "Picture") is not None
    assert sharing.find("fal-ai/c", Kind.MODELS, "Picture") is None


def test_what_a_shared_type_mentions_is_shared_with_it() -> None:
    out, size = obj({"picture": ref("Picture")}), obj({"h": INTEGER})
    parts = {"Picture": obj({"size": ref("Size")}), "Size": size}
    documents = {i: document(i, output=out, components=parts) for i in ("fal-ai/a", "fal-ai/b")}
    # `Size` as three others have it takes the plain name; the one that Picture mentions is used by Picture alone here.
    more = outputs(c=OTHER, d=OTHER, e=OTHER)
    for data in more.values():
        schemas = data["components"]["schemas"]
        schemas["Size"] = schemas.pop("Picture")
        for name in ("COutput", "DOutput", "EOutput"):
            if name in schemas:
                schemas[name] = obj({"size": ref("Size")})
    found = names(shared({**documents, **more}))
    assert found.keys() == {"Picture", "Size", "Size2"}
    assert found["Size2"] == ("fal-ai/a", "fal-ai/b")


def test_inputs_and_outputs_are_apart() -> None:
    data = document(
        "fal-ai/a", input=obj({"i": ref("Picture")}), output=obj({"o": ref("Picture")}), components={"Picture": IMAGE}
    )
    sharing = shared({"fal-ai/a": data})
    assert names(sharing, Kind.PARAMS) == names(sharing, Kind.MODELS) == {"Picture": ("fal-ai/a",)}


def test_the_order_of_the_documents_does_not_matter() -> None:
    documents = outputs(a=WIDE, b=IMAGE, c=IMAGE, d=OTHER, e=OTHER)
    locks = [TypesLock(), TypesLock()]
    assert names(shared(documents, locks[0])) == names(shared(dict(reversed(documents.items())), locks[1]))
    assert locks[0].render() == locks[1].render()


# --- circles ---------------------------------------------------------------------------------------------------------

TREE = obj({"children": {"type": "array", "items": ref("Tree")}})
PING, PONG = obj({"pong": ref("Pong")}), obj({"ping": ref("Ping")})


def test_a_type_that_mentions_itself_is_shared() -> None:
    out = obj({"tree": ref("Tree")})
    documents = {i: document(i, output=out, components={"Tree": TREE}) for i in ("fal-ai/a", "fal-ai/b")}
    assert names(shared(documents)) == {"Tree": ("fal-ai/a", "fal-ai/b")}


def test_types_in_a_circle_stay_in_their_modules_and_so_does_what_mentions_them() -> None:
    out, parts = obj({"holder": ref("Holder")}), {"Ping": PING, "Pong": PONG, "Holder": obj({"ping": ref("Ping")})}
    documents = {i: document(i, output=out, components=parts) for i in ("fal-ai/a", "fal-ai/b")}
    assert names(shared(documents)) == {}


def test_a_type_that_leads_back_to_the_root(project: Project) -> None:
    out = obj({"item": ref("Item")}, required=["item"])
    project.add("fal-ai/it", output=out, components={"Item": obj({"owner": ref("ItOutput")})})
    project.regenerate()
    assert "class ItOutput(FalModel)" in project.module("endpoints/it.py")


# --- types.lock ------------------------------------------------------------------------------------------------------


def put(project: Project, documents: dict[str, Any]) -> None:
    for endpoint_id, data in documents.items():
        project.put(endpoint_id, json.dumps(data))


def lock_of(project: Project) -> dict[str, Any]:
    return json.loads((project.specs / "types.lock").read_text(encoding="utf-8"))


def test_a_shared_type_keeps_its_words_when_the_endpoint_that_gave_them_goes(project: Project) -> None:
    worded = {**IMAGE, "description": "In the words of a."}
    put(project, outputs(a=worded, b=IMAGE))
    project.regenerate()
    before = project.module("models/_picture.py")
    assert "In the words of a." in before
    project.path("fal-ai/a").unlink()
    project.regenerate()
    assert project.module("models/_picture.py") == before
    put(project, outputs(a={**IMAGE, "description": "In other words."}))
    project.regenerate()
    assert "In other words." in project.module("models/_picture.py")


def test_a_pinned_name_survives_the_endpoints_that_gave_it(project: Project) -> None:
    put(project, outputs(a=IMAGE, b=IMAGE, c=WIDE, d=WIDE))
    project.regenerate()
    pinned = lock_of(project)
    assert list(pinned["models"]) == ["Picture", "Picture2"]
    project.path("fal-ai/a").unlink()
    project.path("fal-ai/b").unlink()
    result = project.regenerate()
    assert lock_of(project) == pinned
    assert [one.cls.name for one in result.api.shared] == ["Picture2"]
    put(project, outputs(z=OTHER, y=OTHER))
    project.regenerate()
    assert list(lock_of(project)["models"]) == ["Picture", "Picture2", "Picture3"]


def test_adding_endpoints_moves_no_name_and_rewrites_no_module_of_others(project: Project) -> None:
    put(project, outputs(m=IMAGE, n=WIDE, o=WIDE))
    project.regenerate()
    before, pinned = project.tree(), lock_of(project)
    put(project, outputs(a=OTHER, b=OTHER, c=OTHER, d=WIDE))
    project.regenerate()
    after = project.tree()
    assert {**lock_of(project)["models"], **pinned["models"]} == lock_of(project)["models"]
    same = [
        p for p in before if p.endswith(("endpoints/m.py", "endpoints/n.py", "endpoints/o.py", "models/_picture.py"))
    ]
    assert len(same) == 4
    assert {p: after[p] for p in same} == {p: before[p] for p in same}


def test_a_type_of_one_endpoint_that_a_second_one_shares_is_imported_from_where_it_was(project: Project) -> None:
    put(project, outputs(m=IMAGE, n=WIDE, o=WIDE))
    project.regenerate()
    assert "class Picture(RemoteFile)" not in project.module("endpoints/m.py")
    assert "class Picture(FalModel)" in project.module("endpoints/m.py")
    put(project, outputs(d=IMAGE))
    project.regenerate()
    for module in ("endpoints/m.py", "endpoints/d.py"):
        assert "models._picture2 import Picture2 as Picture\n" in project.module(module)
        assert '    "Picture",\n' in project.module(module)


@pytest.mark.parametrize("newcomer", ["a", "z"])
def test_a_type_that_moves_out_keeps_its_words(newcomer: str, project: Project) -> None:
    put(project, outputs(m={**IMAGE, "description": "In the words of m."}, n=WIDE, o=WIDE))
    project.regenerate()
    assert "In the words of m." in project.module("endpoints/m.py")
    put(project, outputs(**{newcomer: {**IMAGE, "description": "In other words."}}))
    project.regenerate()
    assert "In the words of m." in project.module("models/_picture2.py")
    assert lock_of(project)["own"] == {}


def test_the_lock_forgets_whose_a_type_was_only_when_its_endpoint_changes(project: Project) -> None:
    put(project, outputs(m=IMAGE, n=WIDE, o=WIDE))
    project.regenerate()
    assert list(lock_of(project)["own"].values()) == ["fal-ai/m"]
    pinned, text = lock_of(project), project.path("fal-ai/m").read_text(encoding="utf-8")
    project.path("fal-ai/m").write_text("not JSON", encoding="utf-8")
    project.regenerate()
    assert lock_of(project) == pinned
    project.path("fal-ai/m").write_text(text, encoding="utf-8")
    put(project, outputs(m=OTHER))
    project.regenerate()
    assert set(lock_of(project)["own"].values()) == {"fal-ai/m"}
    assert lock_of(project)["own"] != pinned["own"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "3", '{"format": 2, "models": {}, "params": {}}', '{"format": 1, "models": {}}',
     '{"format": 1, "params": {}, "models": {"Picture": {"component": "Picture"}}}',
     '{"format": 1, "params": {}, "models": {"Picture": 7}}',
     '{"format": 1, "params": {}, "models": []}',
     '{"format": 1, "params": {}, "models": {}}',
     '{"format": 1, "params": {}, "models": {}, "own": {"models Picture": "fal-ai/a"}}',
     '{"format": 1, "params": {}, "models": {}, "own": {"models Picture d1": 7}}',
     '{"format": 1, "params": {}, "models": {"Pic": {"component": "Pic", "digest": 5, "module": "", "origin": 1}}}',
     "<<<<<<< HEAD\n"],
)  # fmt: skip
def test_a_broken_lock_is_refused_and_kept(text: str, project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    put(project, outputs(a=IMAGE))
    path: Path = project.specs / "types.lock"
    path.write_text(text, encoding="utf-8")
    done: Done = run_cli(project, capsys, "regenerate")
    assert done.code == 2
    assert done.err.startswith("error: specs/types.lock: ")
    assert done.err.count("\n") == 1
    assert path.read_text(encoding="utf-8") == text
    assert not project.output.exists()


# --- the same structure under other names ----------------------------------------------------------------------------


def called_otherwise(project: Project) -> None:
    """Outer is one type of two endpoints, and what it mentions is equal; each has its own name for that."""
    for endpoint_id, name in (("fal-ai/one", "Pic"), ("fal-ai/two", "Zic")):
        components = {"Outer": obj({"x": ref(name)}), name: OTHER}
        project.add(endpoint_id, output=obj({"o": ref("Outer")}), components=components)
    for endpoint_id in ("fal-ai/a", "fal-ai/b", "fal-ai/c"):  # so Pic is the name of something else
        project.add(endpoint_id, output=obj({"o": ref("Pic")}), components={"Pic": obj({"n": INTEGER})})
    project.regenerate()


def test_a_shared_type_mentions_what_it_means_whatever_others_call_it(project: Project) -> None:
    called_otherwise(project)
    assert "    n: int" in project.module("models/_pic.py")
    assert "    url: str" in project.module("models/_pic2.py")
    assert "    x: Pic2 | None = None" in project.module("models/_outer.py")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("broken", [True, False])
def test_an_origin_that_goes_takes_its_names_along(broken: bool, project: Project, capsys: Any) -> None:
    called_otherwise(project)
    if broken:
        project.put("fal-ai/one", "{")
    else:
        project.path("fal-ai/one").unlink()
    for _ in range(2):
        assert run_cli(project, capsys, "regenerate").code == (4 if broken else 0)
        assert "    x: Zic | None = None" in project.module("models/_outer.py")
        assert ("fal_typed/models/_pic2.py" in project.tree()) is broken


@pytest.mark.parametrize("names_", [("Picture", "picture"), ("picture", "Picture")])
@pytest.mark.parametrize("order", [0, 1])
def test_in_one_document_the_type_that_is_called_by_the_name_has_it(names_: tuple[str, str], order: int) -> None:
    components = {names_[0]: obj({"a": STRING}), names_[1]: obj({"b": STRING})}
    output = obj({name: ref(name) for name in sorted(names_, reverse=bool(order))})
    sharing = shared({"fal-ai/a": document("fal-ai/a", output=output, components=components)})
    found = {name: sharing.find("fal-ai/a", Kind.MODELS, name) for name in names_}
    assert {wire: one and one.name for wire, one in found.items()} == {"Picture": "Picture", "picture": None}


def test_types_that_lead_to_each_other_in_many_ways_are_each_asked_once() -> None:
    """There are 2 ** 29 ways through them: whoever walked them all would not come back."""
    documents = {"fal-ai/x": document("fal-ai/x", input=obj({"a": ref("A0"), "b": ref("B0")}), components=pairs(29))}
    assert set(names(shared(documents), Kind.PARAMS)) == {f"{name}{n}" for name in "AB" for n in range(30)}
