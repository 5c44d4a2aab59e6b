"""Names of all known endpoint ids together, as files and as classes, and while ids come and go.

What a single id becomes, and the clash among all of them, is in `tests/ir/test_name.py`.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from corpus import own
from corpus.corpus import SEED, documents, known_ids
from corpus.folder import IS_HERE
from corpus.schemas import Schemas
from generator.codes import Code
from generator.diagnostics import Findings
from generator.ir.identifiers import class_name, module_name
from generator.ir.name import EndpointName, endpoint_name, name_endpoints
from generator.ir.tree import build_registry, build_tree

# The one pair of known ids that differ only by case: one of them has to go.
CLASH = {"CassetteAI/music-generator", "cassetteai/music-generator"} if IS_HERE else set(own.CLASH)
# With the folder it is installed in, a path must stay below the 260 characters that Windows allows by default.
LONGEST_PATH = 140


def named(ids: list[str], known: frozenset[str] = frozenset()) -> tuple[dict[str, EndpointName], list[str]]:
    findings = Findings()
    names = name_endpoints(ids, {one: f"specs/{one}.json" for one in ids}, findings, known)
    assert {one.code for one in findings.all()} <= {Code.NAME_CLASH}
    return names, [one.message for one in findings.all()]


def test_an_id_has_a_name_or_a_diagnostic_names_it() -> None:
    names, messages = named(known_ids())
    for endpoint_id in set(known_ids()) - names.keys():
        assert [message for message in messages if endpoint_id in message.split()]
    assert len(names) + len(messages) == len(known_ids())


def test_files_are_distinct_where_case_does_not_count() -> None:
    names, _ = named(known_ids())
    paths = Counter("/".join(name.path).lower() for name in names.values())
    assert not [path for path, count in paths.items() if count > 1]
    assert max(len(f"fal_typed/endpoints/{path}/__init__.py") for path in paths) < LONGEST_PATH


def test_the_tree_of_all_ids() -> None:
    """Nothing that a module defines or imports has the name of something else in it."""
    names, _ = named(known_ids())
    nodes = build_tree(names.values(), {})
    assert len({node.path for node in nodes}) == len(nodes)
    for node in nodes:
        children = [child.name for child in node.children]
        classes = [node.class_name, *(child.alias for child in node.children)]
        assert len(set(children)) == len(children), node.path
        assert len({*classes, *(f"Async{one}" for one in classes)}) == 2 * len(classes), node.path
    entries = build_registry(names.values())
    assert [entry.id for entry in entries] == sorted(names)
    aliases = [entry.alias for entry in entries]
    assert len({*aliases, *(f"Async{one}" for one in aliases)}) == 2 * len(entries)


def test_nothing_moves_when_any_one_goes_or_comes() -> None:
    """Each id alone: a name is a function of its id, whoever else is there."""
    names, _ = named(known_ids())
    assert all(endpoint_name(one) == name for one, name in names.items())


@pytest.mark.usefixtures("the_corpus_is_here")
def test_names_kept_free_cost_nobody_anything() -> None:
    """No id has a segment of such a name, and no document an input: nothing moves for their sake today."""
    kept = {"map", "input_schema", "output_schema", "requests", "once"}
    assert not [one for one in known_ids() if kept & {part.rstrip("_") for part in endpoint_name(one).path}]
    read = map(Schemas, documents().values())
    inputs = {name for schemas in read for name in schemas.properties(schemas.input)}
    assert len(inputs) > 300
    assert not kept & inputs


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_moves_while_ids_come_in_any_order(seed: int) -> None:
    """Ten arrivals, each with the ids before it known: who has a name keeps it, also in the one clash."""
    ids = known_ids()
    random.Random(seed + SEED).shuffle(ids)
    before: dict[str, EndpointName] = {}
    for part in range(1, 11):
        now, messages = named(ids[: part * len(ids) // 10], frozenset(before))
        assert now.items() >= before.items()
        before = now
    assert len(messages) == 1
    assert len(CLASH & before.keys()) == 1


@pytest.mark.parametrize("holder", sorted(CLASH))
def test_who_has_the_name_keeps_it_and_leaves_it_to_the_other_when_it_goes(holder: str) -> None:
    (other,) = CLASH - {holder}
    names, (message,) = named(known_ids(), frozenset({holder}))
    assert holder in names
    assert other not in names
    assert message.startswith(f"{other} and {holder} would both be ")
    names, messages = named([one for one in known_ids() if one != holder], frozenset({holder}))
    assert other in names
    assert not messages


def test_components_of_one_document_have_names_of_their_own() -> None:
    """Two components with one class name would need a suffix that depends on the other: there are none in reality."""
    clashes = []
    for endpoint_id, document in documents().items():
        schemas = Schemas(document)
        for root in (schemas.input, schemas.output):
            found = Counter(class_name(component) for component in schemas.reached(root))
            clashes += [(endpoint_id, name) for name, count in found.items() if count > 1]
    assert not clashes


@pytest.mark.usefixtures("the_corpus_is_here")
def test_components_that_differ_only_by_case_share_no_file() -> None:
    """LoRAWeight and LoraWeight: the registry must tell them apart on any file system."""
    from corpus.lowered import lowered
    from generator.project.type_lock import TypesLock

    lock = TypesLock()
    lowered(documents(), lock)
    for pins in lock.pins.values():
        modules = [pin.module.lower() for pin in pins.values()]
        assert len(set(modules)) == len(modules)
    found = {name for pins in lock.pins.values() for name in pins if name.lower() == "loraweight"}
    assert len(found) > 1
    assert len({module_name(name) for name in found}) == len(found)
