"""Names never move: endpoints come and go, and nothing that the user of another sees changes, docstrings included."""

from __future__ import annotations

import copy
import random
import re
from typing import Any

import pytest

from corpus.corpus import SEED, documents, read, sample
from corpus.lowered import OWN, View, differences, lowered
from generator.project.type_lock import TypesLock
from generator.project.type_table import TypeTable

# One in so many is left out, or comes last: each takes a run over all others.
EVERY = 4
# How many are enough to see names move where nothing holds them.
SAMPLE = 6


@pytest.fixture(scope="module")
def first() -> tuple[dict[str, View], TypesLock]:
    """A first run over all documents, and the lock it leaves."""
    lock = TypesLock()
    return lowered(documents(), lock), lock


def without(left_out: str) -> list[str]:
    return [endpoint_id for endpoint_id in documents() if endpoint_id != left_out]


def leave_one_out(ids: list[str], first: tuple[dict[str, View], TypesLock]) -> list[str]:
    """What changes when one endpoint goes and the lock stays; then when it comes back."""
    everything, pinned = first
    changes = []
    for endpoint_id in ids:
        lock = copy.deepcopy(pinned)
        changes += [
            f"without {endpoint_id}: {it}" for it in differences(everything, lowered(without(endpoint_id), lock))
        ]
        if lock.render() != pinned.render():
            changes.append(f"without {endpoint_id}: types.lock")
    return changes


def add_one(ids: list[str]) -> list[str]:
    """What changes when one endpoint comes to all others."""
    changes = []
    for endpoint_id in ids:
        lock = TypesLock()
        before = lowered(without(endpoint_id), lock)
        pins = {kind: set(names) for kind, names in lock.pins.items()}
        changes += [f"with {endpoint_id}: {it}" for it in differences(before, lowered(documents(), lock))]
        changes += [
            f"with {endpoint_id}: {kind} lost a pin" for kind in pins if not pins[kind] <= lock.pins[kind].keys()
        ]
    return changes


@pytest.mark.slow
def test_any_endpoint_goes(first: tuple[dict[str, View], TypesLock]) -> None:
    changes = leave_one_out(list(documents())[::EVERY], first)
    assert not changes, f"{len(changes)}\n" + "\n".join(changes[:50])


@pytest.mark.slow
def test_any_endpoint_comes() -> None:
    changes = add_one(list(documents())[1::EVERY])
    assert not changes, f"{len(changes)}\n" + "\n".join(changes[:50])


@pytest.mark.usefixtures("the_corpus_is_here")
def test_endpoints_that_came_one_after_the_other() -> None:
    """Thirty come in a random order, one a run: none of them changes what was there before it."""
    coming = random.Random(SEED).sample(sorted(documents()), min(30, len(documents())))
    lock, changes = TypesLock(), list[str]()
    before = lowered(coming[:1], lock)
    for count in range(2, len(coming) + 1):
        now = lowered(coming[:count], lock)
        changes += differences(before, now)
        before = now
    assert not changes, "\n".join(changes[:50])


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
def test_the_order_of_the_documents_means_nothing(seed: int, first: tuple[dict[str, View], TypesLock]) -> None:
    shuffled = list(documents())
    random.Random(seed).shuffle(shuffled)
    lock = TypesLock()
    assert not differences(first[0], lowered(shuffled, lock))
    assert lock.render() == first[1].render()


@pytest.mark.slow
def test_the_order_of_keys_means_nothing(first: tuple[dict[str, View], TypesLock]) -> None:
    """fal's own documents come with their keys in another order at each fetch."""
    randomness, lock = random.Random(SEED), TypesLock()
    given = {
        endpoint_id: read(endpoint_id, keys_shuffled(data, randomness)) for endpoint_id, data in documents().items()
    }
    assert not differences(first[0], lowered(documents(), lock, given))
    assert lock.render() == first[1].render()


def keys_shuffled(value: Any, randomness: random.Random) -> Any:
    if isinstance(value, dict):
        members = [(key, keys_shuffled(item, randomness)) for key, item in value.items()]
        randomness.shuffle(members)
        return dict(members)
    return [keys_shuffled(item, randomness) for item in value] if isinstance(value, list) else value


@pytest.mark.usefixtures("the_corpus_is_here")
def test_a_difference_is_seen(first: tuple[dict[str, View], TypesLock]) -> None:
    """Without table and lock names do move when endpoints go: the comparison above is not blind."""
    everything = lowered(documents(), TypesLock(table=TypeTable()))
    assert differences(everything, lowered(sample(SAMPLE), TypesLock(table=TypeTable())))


@pytest.mark.usefixtures("the_corpus_is_here")
def test_what_is_imported_is_the_same_without_a_lock(first: tuple[dict[str, View], TypesLock]) -> None:
    """Where a class lives follows from the table; what is not in it, and of one endpoint, stays with that endpoint."""
    alone = lowered(sample(60), TypesLock())
    assert {one: view.homes for one, view in alone.items()} == {one: first[0][one].homes for one in alone}


# Who comes, whose type moves out then, and its name. In the last two the newcomer's id is the first of both.
MOVING_OUT = [
    ("fal-ai/ltx-video-13b-dev/extend", "fal-ai/ltx-video-lora/image-to-video", "LoRAWeight"),
    ("fal-ai/z-image/base/lora", "ideogram/v4/lora", "LoRAInput"),
]


def in_its_own_words(body: tuple[Any, ...]) -> tuple[Any, ...]:
    """Without the generated sentence about how a second class differs: it says where the class lives."""
    return tuple(
        re.sub(r"\s*^As (?:the shared )?`\w+`, but .*", "", one, flags=re.M) if isinstance(one, str) else one
        for one in body
    )


@pytest.mark.slow
@pytest.mark.parametrize(("comes", "had_it", "name"), MOVING_OUT)
@pytest.mark.usefixtures("the_corpus_is_here")
def test_a_type_that_moves_out_says_the_same(comes: str, had_it: str, name: str) -> None:
    """The one thing that may change: where a later structure of a name lives, once two endpoints use it."""
    lock = TypesLock(table=TypeTable())  # which knows these
    before = lowered(without(comes), lock)[had_it]
    now = lowered(documents(), lock)[had_it]
    assert before.homes[name] == OWN
    assert now.homes[name].startswith(("models.", "params."))
    assert in_its_own_words(before.bodies[name]) == in_its_own_words(now.bodies[name])
