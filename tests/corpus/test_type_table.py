"""The table of shared types against the census, and what it is for: a public name means one class everywhere."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import PINNED, SPECS

from corpus.corpus import SEED, normalized, read
from corpus.folder import CORPUS, DATED
from corpus.test_oracle import NO_DOCUMENT, Meaning
from generator.ir.census import table_from
from generator.ir.identifiers import class_name
from generator.ir.share import Kind, Sharing, share
from generator.project.settings import load_settings
from generator.project.type_lock import TypesLock, read_lock
from generator.project.type_table import TABLE_PATH, TypeTable, render_table, shipped_table

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from generator.parse.normalize import Normalized

CENSUS = CORPUS / "type_census.json"
TABLE = shipped_table()
Meanings = dict[tuple[str, str], tuple[str, str]]


# --- the census ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("the_corpus_is_here")
def test_the_table_is_what_the_census_makes_of_it() -> None:
    text = CENSUS.read_text(encoding="utf-8")
    assert render_table(table_from(text, TABLE)) == TABLE_PATH.read_text(encoding="utf-8")


@pytest.mark.usefixtures("the_corpus_is_here")
def test_people_decided_names_and_ties_and_nothing_else() -> None:
    """From nothing the census gives the plain names to the same structures, but for ties."""
    made = table_from(CENSUS.read_text(encoding="utf-8"), TypeTable())
    structures = {(one.kind, one.component, one.digest): one for one in made.entries.values()}
    assert structures.keys() == {(one.kind, one.component, one.digest) for one in TABLE.entries.values()}
    for one in TABLE.entries.values():
        by_count = structures[one.kind, one.component, one.digest]
        assert by_count.endpoints == one.endpoints
        assert (by_count.name == by_count.component) is (one.name == one.component) or _in_a_tie(
            one.kind, one.component
        )


def _in_a_tie(kind: str, component: str) -> bool:
    plain = TABLE.plain(kind, component)
    return plain is not None and TABLE.is_tie(plain)


@pytest.mark.parametrize(
    ("kind", "name", "endpoints", "fields"),
    [
        ("outputs", "File", 719, "url content_type file_name file_size"),
        ("outputs", "Image", 247, "url content_type file_name file_size width height"),
        ("outputs", "VideoFile", 113, "url content_type file_name file_size width height fps duration num_frames"),
        ("outputs", "ImageFile", 108, "url content_type file_name file_size width height"),
        ("inputs", "LoraWeight", 43, "path scale"),
        ("inputs", "LoRAInput", 21, "path scale weight_name"),
    ],
)
@pytest.mark.usefixtures("the_corpus_is_here")
def test_the_plain_name_is_that_of_the_structure_counted_most(
    kind: str, name: str, endpoints: int, fields: str
) -> None:
    """Counted anew, by the oracle and without a digest."""
    counts: dict[Hashable, int] = defaultdict(int)
    named: dict[Hashable, set[str]] = {}
    meaning = Meaning(NO_DOCUMENT, outputs=kind == "outputs")
    for one in json.loads(CENSUS.read_text(encoding="utf-8"))[name]:
        if "properties" in one["schema"]:
            counts[meaning(one["schema"])] += one[kind]
            named.setdefault(meaning(one["schema"]), set(one["schema"]["properties"]) - {"file_data"})
    most = max(counts, key=counts.__getitem__)
    assert (counts[most], named[most]) == (endpoints, set(fields.split()))
    plain = TABLE.plain("models" if kind == "outputs" else "params", name)
    assert plain is not None
    assert plain.endpoints == endpoints
    assert {one.wire_name for one in plain.structure().properties} == named[most]


@pytest.mark.usefixtures("the_corpus_is_here")
def test_no_name_that_a_person_gave_is_a_components() -> None:
    """A component that fal calls so would lose its name to another's second structure."""
    components = {class_name(wire) for one in normalized().values() for wire in one.objects}
    components |= {class_name(one) for one in json.loads(CENSUS.read_text(encoding="utf-8"))}
    assert not {one.name for one in TABLE.entries.values() if one.name != one.component} & components


# --- one name, one class ---------------------------------------------------------------------------------------------


@cache
def thirteen() -> dict[str, Normalized]:
    return {one: read(one, json.loads((SPECS / f"{one}.json").read_text(encoding="utf-8"))) for one in PINNED}


def lock_of_the_project() -> TypesLock:
    return read_lock(load_settings(SPECS.parent))


def meanings(sharing: Sharing) -> Meanings:
    """What each public name means: the component and the structure behind it."""
    return {(key.kind.value, one.name): (key.name, key.digest) for key, one in sharing.shared.items()}


def of(endpoints: Iterable[Normalized], lock: TypesLock | None = None) -> Meanings:
    return meanings(share(endpoints, TypesLock() if lock is None else lock))


@cache
def of_all() -> Meanings:
    """The corpus laid on top of the thirteen and their lock."""
    return of([*{**thirteen(), **normalized()}.values()], lock_of_the_project())


@pytest.mark.usefixtures("the_corpus_is_here")
def test_the_corpus_on_top_of_the_thirteen_needs_at_most_seven_numbers() -> None:
    found = {name: component for (_, name), (component, _) in of_all().items()}
    numbered = {name for name, component in found.items() if name != component and name[-1].isdigit()}
    assert len(numbered) <= 7
    assert ("models", "SizedImage") in of_all()


def contradictions(one: Meanings, other: Meanings) -> dict[tuple[str, str], Any]:
    return {name: (one[name], other[name]) for name in one.keys() & other.keys() if one[name] != other[name]}


@pytest.mark.usefixtures("the_corpus_is_here")
def test_a_name_means_the_same_in_the_thirteen_and_in_the_corpus() -> None:
    alone, published = of(thirteen().values(), lock_of_the_project()), of(normalized().values())
    assert not contradictions(alone, published)
    assert not contradictions(alone, of_all())
    assert not contradictions(published, of_all())
    assert len(alone.keys() & published.keys()) >= 7


@settings(max_examples=60, deadline=None)
@given(st.data())
@pytest.mark.usefixtures("the_corpus_is_here")
def test_a_name_means_the_same_in_any_part_of_the_corpus(data: st.DataObject) -> None:
    ids = sorted(normalized())
    part = data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=25, unique=True))
    assert not contradictions(of([normalized()[one] for one in part]), of_all())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("size", [40, 120, 240])
@pytest.mark.usefixtures("the_corpus_is_here")
def test_a_name_means_the_same_in_a_large_part_of_the_corpus(size: int) -> None:
    for seed in range(5):
        part = random.Random(SEED + seed).sample(sorted(normalized()), size)
        assert not contradictions(of([normalized()[one] for one in part]), of_all())


@pytest.mark.usefixtures("the_corpus_is_here")
def test_a_contradiction_is_seen() -> None:
    """Without the table the same name does mean different classes: the comparison is not blind."""
    part = random.Random(SEED).sample(sorted(normalized()), 40)
    bare = of([normalized()[one] for one in part], TypesLock(table=TypeTable()))
    assert contradictions(bare, of_all())


# --- time ------------------------------------------------------------------------------------------------------------


@cache
def dated() -> dict[str, Normalized]:
    files = {file.stem.replace("__", "/"): file for file in sorted(DATED.glob("*.json"))}
    return {one: read(one, json.loads(file.read_text(encoding="utf-8"))) for one, file in files.items()}


def classes_of_outputs(endpoints: Iterable[Normalized], lock: TypesLock) -> dict[tuple[str, str], str]:
    """The class of every part of an output: a shared one, or empty for one of the endpoint's own."""
    sharing = share(endpoints, lock)
    return {
        (endpoint_id, wire): "" if (found := sharing.find(endpoint_id, kind, wire)) is None else found.name
        for (endpoint_id, kind), keys in sharing.keys.items()
        if kind is Kind.MODELS
        for wire in keys
    }


@pytest.mark.parametrize("with_lock", [True, False])
@pytest.mark.usefixtures("the_corpus_is_here")
def test_over_the_dated_pairs_no_output_changes_its_class_but_one(with_lock: bool) -> None:
    lock = TypesLock()
    before = classes_of_outputs(dated().values(), lock)
    now = classes_of_outputs([normalized()[one] for one in dated()], lock if with_lock else TypesLock())
    assert len(dated()) == 85
    both = before.keys() & now.keys()
    assert len(both) > 80
    # Its audio has a bit rate as a number now, where it was a text.
    assert {place for place in both if before[place] != now[place]} == {("fal-ai/deepfilternet3", "AudioFile")}
