"""A second opinion: fal's own TypeScript types of the same endpoints (`@fal-ai/client`, `endpoints.d.ts`).

For endpoints in both: the same input fields, required marks and enum members. Where they differ, the difference and its
reason are in `typescript_differences.json`, which must match exactly; `python -m corpus.test_typescript` prints what
there is today. Slow: it installs two npm packages (`typescript/package.json`) into a folder outside the project, of
fixed versions, so the list changes when somebody means it to.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, get_args, get_origin

import pytest
from javascript.node import installed, needed_node
from typing_extensions import get_type_hints, is_typeddict

from corpus.corpus import HERE, Made, documents, make
from corpus.schemas import Schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST = HERE / "typescript_differences.json"


class Field(TypedDict):
    """What one side says of an input field."""

    required: bool
    members: list[str | int]


Fields = Mapping[str, Field]


@pytest.fixture(scope="module")
def typescript() -> dict[str, Fields]:
    """The inputs of every endpoint that fal's TypeScript client knows."""
    return read()


def read() -> dict[str, Fields]:
    command = [needed_node().program, str(HERE / "endpoints_d_ts.mjs"), str(installed(HERE / "typescript"))]
    found: dict[str, Fields] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def emitted(made: Made, endpoint_id: str) -> dict[str, Field]:
    """What the emitted TypedDict says of an endpoint's input."""
    cls: Any = made.endpoint(endpoint_id).SPEC.input
    hints = get_type_hints(cls, include_extras=False)
    return {
        name: Field(required=name in cls.__required_keys__, members=sorted(members(hint), key=str))
        for name, hint in hints.items()
    }


def members(hint: Any) -> set[str | int]:
    """The literal members of a type and of its items; none where any other string (or number) goes too."""
    literals, open_ = set[str | int](), set[type]()
    for one in _alternatives(hint):
        if isinstance(one, type):
            open_ |= {int, float} if one in (int, float) else {one}
        else:
            literals.add(one[0])
    return {one for one in literals if type(one) not in open_}


def _alternatives(hint: Any) -> Iterator[Any]:
    """Plain types, and literal members as tuples of one."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        yield from ((one,) for one in arguments)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield dict
    elif arguments:  # a union, or a sequence
        for one in arguments:
            yield from _alternatives(one)
    elif isinstance(hint, type) and not is_typeddict(hint):
        yield hint


def differences(ours: Fields, theirs: Fields) -> Iterator[tuple[str, str]]:
    """Kind of difference, and the field."""
    for name in sorted(ours.keys() - theirs.keys()):
        yield "only here", name
    for name in sorted(theirs.keys() - ours.keys()):
        yield "only there", name
    for name in sorted(ours.keys() & theirs.keys()):
        if ours[name]["required"] != theirs[name]["required"]:
            yield "required here" if ours[name]["required"] else "required there", name
        if set(ours[name]["members"]) != set(theirs[name]["members"]):
            yield "members", name


def all_differences(made: Made, typescript: Mapping[str, Fields]) -> dict[str, Any]:
    """How many have a reason that can be computed, by reason; and by endpoint those that have not."""
    computed, listed = Counter[str](), defaultdict[str, list[str]](list)
    for endpoint_id in sorted(documents().keys() & typescript.keys()):
        ours, theirs = emitted(made, endpoint_id), typescript[endpoint_id]
        for kind, name in differences(ours, theirs):
            reason = computed_reason(endpoint_id, kind, ours.get(name), theirs.get(name), name)
            if reason:
                computed[reason] += 1
            else:
                listed[endpoint_id].append(described(kind, name, ours[name], theirs[name]))
    return {"computed": dict(sorted(computed.items())), "listed": dict(listed)}


def computed_reason(endpoint_id: str, kind: str, ours: Field | None, theirs: Field | None, name: str) -> str:
    """Why the two differ, where that follows from what they say."""
    if ours is None or theirs is None:
        return f"drift: {kind}"
    if kind != "members":
        return ""
    if {str(one) for one in ours["members"]} == {str(one) for one in theirs["members"]}:
        return "defect there: integer members are written as strings"
    schemas = Schemas(documents()[endpoint_id])
    schema = schemas.standard(schemas.properties(schemas.input)[name])
    if not theirs["members"] and any("const" in part for part in [schema, *schema.get("anyOf", [])]):
        return "defect there: a constant is an open string"
    return ""


def described(kind: str, name: str, ours: Field, theirs: Field) -> str:
    if kind != "members":
        return f"{name}: {kind}"
    more = [one for one in ours["members"] if one not in theirs["members"]]
    fewer = [one for one in theirs["members"] if one not in ours["members"]]
    return f"{name}: only here {shown(more)}; only there {shown(fewer)}"


def shown(found: list[str | int]) -> str:
    return json.dumps(found, ensure_ascii=False) if len(found) <= 4 else f"{len(found)} members"


@pytest.mark.slow
@pytest.mark.usefixtures("the_corpus_is_here")
def test_the_differences_are_those_listed(made: Made, typescript: dict[str, Fields]) -> None:
    assert len(documents().keys() & typescript.keys()) > 250
    expected = json.loads(LIST.read_text(encoding="utf-8"))
    found = all_differences(made, typescript)
    assert found["computed"] == expected["computed"]
    listed: dict[str, list[str]] = {}
    for group in expected["listed"]:
        assert group["reason"]
        for endpoint_id, differing in group["differences"].items():
            listed[endpoint_id] = sorted([*listed.get(endpoint_id, []), *differing])
    assert {one: sorted(differing) for one, differing in found["listed"].items()} == listed


@pytest.mark.usefixtures("the_corpus_is_here")
def test_where_the_types_differ_ours_say_what_the_document_says(made: Made) -> None:
    """So a difference is one of date, or a defect there: never of the generator. Needs no Node."""
    for endpoint_id, document in documents().items():
        schemas = Schemas(document)
        schema = schemas.follow(schemas.input)
        said = {
            name: Field(
                required=name in schema.get("required", []) and "default" not in part,
                members=sorted(document_members(schemas.standard(part)), key=str),
            )
            for name, part in schema.get("properties", {}).items()
        }
        assert emitted(made, endpoint_id) == said, endpoint_id


def document_members(standard: Any) -> set[str | int]:
    """As `members`, of a schema."""
    parts = list(_parts(standard))
    open_ = {one["type"] for one in parts if "type" in one and not {"enum", "const"} & one.keys()}
    found = {m for one in parts for m in (one.get("enum") or ([one["const"]] if "const" in one else []))}
    kinds = ({str} if "string" in open_ else set[type]()) | ({int} if open_ & {"integer", "number"} else set[type]())
    return {one for one in found if type(one) not in kinds}


def _parts(standard: Any) -> Iterator[dict[str, Any]]:
    """A schema's alternatives, and those of its items."""
    if not isinstance(standard, dict):
        return
    below = [*standard.get("anyOf", []), *standard.get("allOf", []), *standard.get("prefixItems", [])]
    if isinstance(standard.get("items"), dict):
        below.append(standard["items"])
    for part in below:
        yield from _parts(part)
    if not below:
        yield standard


if __name__ == "__main__":
    import sys

    with tempfile.TemporaryDirectory() as _folder:
        _made = make(Path(_folder))
        sys.path.insert(0, str(_made.output))
        print(json.dumps(all_differences(_made, read()), indent=2, ensure_ascii=False))  # noqa: T201
