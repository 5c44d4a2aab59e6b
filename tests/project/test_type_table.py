"""The table of shared types that comes with the generator: what it says of itself is so."""

from __future__ import annotations

import json
import re

import pytest

from generator.ir.identifiers import RESERVED_CLASSES, class_name
from generator.parse.output_files import own_part
from generator.parse.structure import digests, mentions
from generator.project.stored import store
from generator.project.type_lock import TypesLock
from generator.project.type_table import (
    TABLE_PATH,
    Entry,
    TypeTable,
    parse_table,
    render_table,
    shipped_table,
    table_of,
)
from generator.shapes import ObjectDef

TABLE = shipped_table()
KINDS = ("models", "params")
# So many names are the plain one with a number, because nobody found a good one.
NUMBERED = {
    "models": set[str](),
    "params": {
        "BoxPrompt2",
        "ControlNet2",
        "IPAdapter2",
        "LoRAWeight2",
        "PointPrompt2",
        "VideoConditioningInput2",
        "VideoConditioningInput3",
    },
}


def of_kind(kind: str) -> dict[str, Entry]:
    return {name: one for (found, name), one in TABLE.entries.items() if found == kind}


@pytest.mark.parametrize("kind", KINDS)
def test_a_digest_is_that_of_the_structure_beside_it(kind: str) -> None:
    """Were the rule of what is one type to change, all names would be lost without a word."""
    entries = of_kind(kind)
    found = digests({name: one.structure() for name, one in entries.items()}, outputs=kind == "models")
    assert found == {name: one.digest for name, one in entries.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_structure_is_in_the_table_once_and_with_all_it_mentions(kind: str) -> None:
    entries = of_kind(kind)
    assert len({(one.component, one.digest) for one in entries.values()}) == len(entries)
    assert {name for one in entries.values() for name in mentions(one.structure())} <= entries.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_can_be_a_class(kind: str) -> None:
    for name, one in of_kind(kind).items():
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)
        assert class_name(name) == name
        assert class_name(one.structure().wire_name) == one.component
        assert name not in RESERVED_CLASSES


@pytest.mark.parametrize("kind", KINDS)
def test_every_component_has_its_plain_name_given_to_what_most_endpoints_have(kind: str) -> None:
    for name, one in of_kind(kind).items():
        plain = TABLE.plain(kind, one.component)
        assert plain is not None
        assert plain.endpoints >= one.endpoints
        assert not (name != one.component and name in {other.component for other in of_kind(kind).values()})


def test_a_second_name_has_a_reason_or_a_number_and_a_tie_is_decided_with_a_reason() -> None:
    for one in TABLE.entries.values():
        given = one.name != one.component and not TABLE.is_numbered(one)
        assert one.reason or not (given or TABLE.is_tie(one)), one.name
        assert not (one.reason and TABLE.is_numbered(one)), one.name
    numbered = {kind: {name for name, one in of_kind(kind).items() if TABLE.is_numbered(one)} for kind in KINDS}
    assert numbered == NUMBERED


def test_the_table_holds_no_prose_and_no_file_data() -> None:
    assert '"prose"' not in TABLE_PATH.read_text(encoding="utf-8")
    for one in of_kind("models").values():
        assert own_part(one.structure()) == one.structure()
        assert store(one.structure()) == one.definition


def test_the_table_is_written_as_it_is_read() -> None:
    text = TABLE_PATH.read_text(encoding="utf-8")
    assert render_table(parse_table(text)) == text


def entry(name: str, digest: str = "d", component: str = "Thing") -> Entry:
    definition = {"is": "ObjectDef", "wire_name": component, "properties": []}
    return Entry(kind="models", name=name, component=component, digest=digest, endpoints=1, definition=definition)


@pytest.fixture
def table() -> TypeTable:
    return table_of([entry("Thing"), entry("BigThing", "b"), entry("Thing2", "c")])


@pytest.mark.parametrize("twins", [(entry("Thing"), entry("Thing", "e")), (entry("Thing"), entry("Thing2"))])
def test_a_name_or_a_structure_that_is_there_twice_is_refused(twins: tuple[Entry, Entry]) -> None:
    with pytest.raises(ValueError, match=r"is there twice|are one structure"):
        table_of(twins)


def test_classes_of_the_other_kind_are_others(table: TypeTable) -> None:
    assert table.names_of("models") == {"Thing", "BigThing", "Thing2"}
    assert table.names_of("params") == set()


@pytest.mark.parametrize("text", ["{", '{"format": 9}', '{"format": 1, "models": {}}', '{"format": 1, "models": 1}'])
def test_a_file_that_is_no_table_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        parse_table(text)


# --- the lock on top -------------------------------------------------------------------------------------------------


def pinned(lock: TypesLock, component: str, digest: str) -> str:
    return lock.pin("models", component, digest, str.lower, "fal-ai/a").name


def test_a_structure_of_the_table_has_its_name_and_no_other_gets_that(table: TypeTable) -> None:
    lock = TypesLock(table=table)
    assert pinned(lock, "Thing", "x") == "Thing3"
    assert pinned(lock, "BigThing", "x") == "BigThing2"
    assert [pinned(lock, "Thing", digest) for digest in "bdc"] == ["BigThing", "Thing", "Thing2"]
    assert pinned(lock, "Other", "x") == "Other"


def test_a_name_that_a_project_gave_away_before_stays(table: TypeTable) -> None:
    before = TypesLock(table=TypeTable())
    assert [pinned(before, "Thing", digest) for digest in "xb"] == ["Thing", "Thing2"]
    now = TypesLock(before.pins, table=table)
    assert [pinned(now, "Thing", digest) for digest in "xb"] == ["Thing", "Thing2"]
    assert pinned(now, "Thing", "d") == "Thing3"  # the table's name for it is taken here


def test_the_plain_structure_of_a_name_is_the_tables_else_the_projects(table: TypeTable) -> None:
    lock = TypesLock(table=table)
    own = ObjectDef(wire_name="Own", properties=())
    assert lock.plain("models", "Thing") == ("d", table.entries["models", "Thing"].structure())
    assert lock.plain("models", "Own") is None
    pin = lock.pin("models", "Own", "o", str.lower, "fal-ai/a")
    assert lock.plain("models", "Own") is None  # a name alone says nothing
    lock.define("models", pin, own)
    assert lock.plain("models", "Own") == ("o", own)
    second = lock.pin("models", "Own", "x", str.lower, "fal-ai/a")
    lock.define("models", second, own)
    assert (second.name, lock.plain("models", "Own2")) == ("Own2", None)  # that is no document's name for it


def test_every_lock_begins_with_the_table() -> None:
    assert TypesLock().table is TABLE
    assert TypesLock().copy().table is TABLE
    assert json.loads(TypesLock().render())["models"] == {}
