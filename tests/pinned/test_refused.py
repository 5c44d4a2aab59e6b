"""What the documents do not allow is refused before anything is sent, by name and rule; what they allow is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import fal_typed
import pytest

from . import cases
from .catalog import PINNED, Entry, each_endpoint
from .documents import Path, Place, document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fal_server import FalServer

    from .caller import Caller


REFUSED = [
    cases.left_out,
    cases.misspelt,
    cases.wrong_types,
    cases.bad_members,
    cases.nearly_a_member,
    cases.out_of_bounds,
]
WITHOUT_A_HINT = [cases.misspelt_in_a_nested_object, cases.nearly_a_member_beside_an_object]


def complaints(client: Any, entry: Entry, kind: Callable[[Place], Iterator[cases.Case]]) -> list[str]:
    """What is wrong with the way in which an endpoint refuses all cases of a kind."""
    every = (case for place in document(entry.id).places() for case in kind(place))
    return [complaint for case in every if (complaint := _complaint(entry.of(client), entry, *case)) is not None]


def _complaint(endpoint: Any, entry: Entry, path: Path, value: Any, rule: str) -> str | None:
    dotted = ".".join(map(str, path))
    try:
        endpoint.run(**document(entry.id).call(path, value))
    except ValueError as error:
        lines = [line.strip() for line in str(error).splitlines()]
        if not isinstance(error, fal_typed.InvalidInputError) or entry.id not in lines[0]:
            return f"{dotted}={value!r}: {error!r}"
        if any(re.match(rf"{re.escape(dotted)}: .*{rule}", line) for line in lines[1:]):
            return None if len(lines) == 2 else f"{dotted}={value!r} is one problem, not {lines}"
        return f"{dotted}={value!r}: no {rule!r} in {lines[1:]}"
    return f"{dotted}={value!r} was sent"


@each_endpoint
@pytest.mark.parametrize("kind", REFUSED, ids=lambda kind: kind.__name__)
def test_refused_before_anything_is_sent(server: FalServer, sync_call: Caller, entry: Entry, kind: Any) -> None:
    assert complaints(sync_call.client(), entry, kind) == []
    assert server.seen == []


@pytest.mark.parametrize("kind", WITHOUT_A_HINT, ids=lambda kind: kind.__name__)
def test_refused_with_a_hint(sync_call: Caller, kind: Any) -> None:
    client = sync_call.client()
    assert [complaint for entry in PINNED for complaint in complaints(client, entry, kind)] == []


def test_there_are_cases_of_each_kind() -> None:
    places = [place for entry in PINNED for place in document(entry.id).places()]
    counts = {kind.__name__: sum(len(list(kind(place))) for place in places) for kind in [*REFUSED, *WITHOUT_A_HINT]}
    assert min(counts.values()) >= 9, counts
    assert sum(counts.values()) > 1500, counts


@each_endpoint
def test_what_the_document_allows_is_sent(server: FalServer, sync_call: Caller, entry: Entry) -> None:
    endpoint = entry.of(sync_call.client())
    calls = [
        document(entry.id).call(*case) for place in document(entry.id).places() for case in cases.at_the_bounds(place)
    ]
    for given in calls:
        endpoint.run(**given)
    # A tuple arrives as a list; nothing else is changed.
    assert [seen.json for seen in server.seen] == [
        {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()} for given in calls
    ]


@each_endpoint
def test_every_problem_is_listed_at_once(server: FalServer, sync_call: Caller, entry: Entry) -> None:
    known = document(entry.id)
    given: dict[str, Any] = {name: object() for name in known.fields if name not in known.input["required"]}
    with pytest.raises(fal_typed.InvalidInputError) as caught:
        entry.of(sync_call.client()).run(**given, no_such_input=1)
    wanted = {*known.fields, "no_such_input"}
    assert sorted(problem.path for problem in caught.value.problems) == sorted(wanted)
    assert {line.strip().partition(":")[0] for line in str(caught.value).splitlines()[1:]} == wanted
    assert str(caught.value).startswith(f"{len(wanted)} problems with the input of {entry.id} (nothing was sent):")
    assert caught.value.endpoint == entry.id
    assert server.seen == []


@each_endpoint
@pytest.mark.parametrize("verb", ["run", "subscribe", "submit"])
def test_every_verb_checks(server: FalServer, call: Caller, entry: Entry, verb: str) -> None:
    with pytest.raises(fal_typed.InvalidInputError, match="prompt: is required"):
        call(getattr(entry.of(call.client()), verb)(prompt_=1))
    assert server.seen == []


@each_endpoint
def test_the_check_can_be_turned_off_and_passed_by(server: FalServer, call: Caller, entry: Entry) -> None:
    call(entry.of(call.client(validate_inputs=False)).run(new=[1]))
    call(entry.of(call.client()).with_options(extra_input={"new": [2]}).run(**document(entry.id).call()))
    assert [seen.json["new"] for seen in server.seen] == [[1], [2]]
