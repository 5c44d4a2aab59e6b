"""Hostile documents in fal's skeleton: any text in every place that somebody else writes."""

from __future__ import annotations

from typing import Any

from fuzz.mutate import KEYWORDS, NASTY
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from support import document, ref

TEXT = (
    st.sampled_from(NASTY)
    | st.text(st.characters(exclude_categories=()), max_size=12)
    | st.lists(st.sampled_from([*NASTY, "a", " ", "é"]), max_size=5).map("".join)
)
# Too long for a file's name, or for anybody; ones that differ at their end alone.
LONG = ["Z" * 300, "Z" * 301, "é" * 150, "_" * 300, "a b " * 70, "x" * 10_000, '"""\n' * 2_500]
# One name to file systems that do not tell case, and to Python, which reads names by their compatible form (NFKC).
TWINS = ["image", "IMAGE", "Image_", "Ｉmage", "iﬁed", "ified", "İ", "i̇", "K", "\u212a", "ß", "ẞ", "SS", "Å", "A\u030a"]
NAME = TEXT | st.sampled_from(["a", "b", "image", "Image", "class", "int"]) | st.sampled_from(TWINS + LONG)
NUMBER = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUE = st.none() | st.booleans() | NUMBER | TEXT
JSON = st.recursive(VALUE, lambda one: st.lists(one, max_size=3) | st.dictionaries(TEXT, one, max_size=3), max_leaves=5)
COMPONENTS = ["Image", "Tree", 'A"]', "B\n", "ſ", "Field", "../x", "__class__", "", "C{{ 1 }}", *TWINS, *LONG]

PROSE = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXT,
        "description": TEXT,
        "default": JSON,
        "examples": st.lists(JSON, max_size=2),
        "format": TEXT,
    },
)


def _scalars() -> st.SearchStrategy[dict[str, Any]]:
    string = st.fixed_dictionaries({"type": st.just("string")}, optional={"pattern": TEXT, "maxLength": NUMBER})
    number = st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"])}, optional={"minimum": VALUE, "multipleOf": VALUE}
    )
    enum = st.fixed_dictionaries({"enum": st.lists(VALUE, max_size=4)})
    const = st.fixed_dictionaries({"const": VALUE})
    odd = st.dictionaries(st.sampled_from(KEYWORDS) | TEXT, JSON, max_size=3)
    typed = st.fixed_dictionaries({"type": TEXT | st.lists(TEXT, max_size=2)})
    pointed = st.sampled_from(COMPONENTS).map(ref) | TEXT.map(lambda text: {"$ref": text})
    return string | number | enum | const | odd | typed | pointed


def _wider(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, max_size=3)
    lists = st.fixed_dictionaries({"type": st.just("array"), "items": inner})
    unions = st.sampled_from(["anyOf", "oneOf", "allOf"]).flatmap(lambda key: several.map(lambda parts: {key: parts}))
    maps = st.fixed_dictionaries({"type": st.just("object"), "additionalProperties": inner})
    objects = st.fixed_dictionaries(
        {"type": st.just("object"), "properties": st.dictionaries(NAME, inner, max_size=3)},
        optional={"required": st.lists(NAME, max_size=2), "x-fal-order-properties": st.lists(NAME, max_size=2)},
    )
    return lists | unions | maps | objects


SCHEMA = st.recursive(st.builds(lambda schema, prose: {**schema, **prose}, _scalars(), PROSE), _wider, max_leaves=6)
OBJECT = st.fixed_dictionaries(
    {"type": st.just("object"), "properties": st.dictionaries(NAME, SCHEMA, max_size=4)},
    optional={
        "description": TEXT,
        "title": TEXT,
        "required": st.lists(NAME, max_size=2),
        "additionalProperties": SCHEMA,
    },
)


@st.composite
def hostile(draw: st.DrawFn) -> dict[str, Any]:
    """A document; its input has a property `mode` whose enum members must come out as they are."""
    members = draw(st.lists(TEXT, min_size=1, max_size=4, unique=True))
    given_input = draw(OBJECT)
    given_input["properties"]["mode"] = {"type": "string", "enum": members}
    components = draw(st.dictionaries(st.sampled_from(COMPONENTS) | NAME, OBJECT | SCHEMA, max_size=5))
    data = document("fal-ai/it", input=given_input, output=draw(OBJECT | SCHEMA), components=components)
    data["info"]["title"] = draw(TEXT)
    data["info"]["x-fal-metadata"] |= {
        "endpointId": draw(TEXT), "category": draw(TEXT), "documentationUrl": draw(TEXT), "about": draw(TEXT),
    }  # fmt: skip
    data["servers"] = [{"url": draw(TEXT), "description": draw(TEXT)}]
    if draw(st.booleans()):
        # Beside the good path: alone, a bad one would keep the rest of the document from being read at all.
        path = "/" + draw(NAME)
        moved = {key.replace("/fal-ai/it", path): item for key, item in data["paths"].items()}
        data["paths"] = {**moved, **data["paths"]} if draw(st.booleans()) else {**data["paths"], **moved}
    return data


def draw_documents(count: int, shard: int) -> list[dict[str, Any]]:
    """Documents by chance, the same ones for a shard in every run."""
    drawn: list[dict[str, Any]] = []

    @seed(shard)
    @settings(
        max_examples=count, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(hostile())
    def one(data: dict[str, Any]) -> None:
        drawn.append(data)

    one()
    return drawn
