"""Which field of a page is which emitted one, where a page prints some fields without their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..describe import UNKNOWN, FieldDescription, Fields, squeezed

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that belong together: a named one, and those behind it that the page prints without a name.

    Attributes:
        page: On the page. Their descriptions stand in a row, and where one ends is not said.
        emitted: In the emitted code.
        pairs: Those of which it is known which one is which.
    """

    page: Fields
    emitted: Fields
    pairs: tuple[tuple[FieldDescription, FieldDescription], ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two lists of fields, field by field.

    Attributes:
        groups: What both sides have.
        only_page: What only the page has.
        only_emitted: What only the emitted code has.
        order: The names that both sides have, in the order of each.
    """

    groups: tuple[FieldGroup, ...]
    only_page: Fields
    only_emitted: Fields
    order: tuple[tuple[str, ...], tuple[str, ...]]


def aligned(page: Fields, emitted: Fields) -> Alignment:
    """Find the like of every field."""
    by_name = {one.name: one for one in emitted}
    named = {one.name for one in page if one.name is not UNKNOWN}
    groups: list[FieldGroup] = []
    only_page: list[FieldDescription] = []
    placed: set[object] = set()
    for head, unnamed in _runs(page):
        like = by_name.get(head.name) if head is not None else None
        if head is not None and like is None:
            only_page.append(head)
        behind = _behind(emitted, like, named) if like is not None or head is None else ()
        group, rest = _group(head, like, unnamed, behind)
        only_page += rest
        if group is not None:
            groups.append(group)
            placed |= {one.name for one in group.emitted}
    return Alignment(
        tuple(groups),
        tuple(only_page),
        tuple(one for one in emitted if one.name not in placed),
        (
            tuple(one.name for one in page if one.name is not UNKNOWN and one.name in by_name),
            tuple(one.name for one in emitted if one.name is not UNKNOWN and one.name in named),
        ),
    )


def with_inherited(page: Fields, emitted: Fields, inherited: Fields) -> Fields:
    """The emitted fields with those inherited that the page lists too, each behind the field it stands behind there."""
    fields, listed = list(emitted), [one.name for one in page]
    for one in inherited:
        names = [field.name for field in fields]
        if one.name in listed and one.name not in names:
            before = reversed(listed[: listed.index(one.name)])
            fields.insert(next((names.index(name) + 1 for name in before if name in names), 0), one)
    return tuple(fields)


def _runs(page: Fields) -> list[tuple[FieldDescription | None, list[FieldDescription]]]:
    """Every named field with those without name behind it; before the first named one there may be some too."""
    runs: list[tuple[FieldDescription | None, list[FieldDescription]]] = []
    for one in page:
        if one.name is not UNKNOWN:
            runs.append((one, []))
        elif runs:
            runs[-1][1].append(one)
        else:
            runs.append((None, [one]))
    return runs


def _behind(emitted: Fields, start: FieldDescription | None, named: set[str]) -> Fields:
    """The emitted fields behind one (or at the start), up to the next that the page names."""
    first = 0 if start is None else emitted.index(start) + 1
    end = next((index for index in range(first, len(emitted)) if emitted[index].name in named), len(emitted))
    return emitted[first:end]


def _group(
    head: FieldDescription | None, like: FieldDescription | None, unnamed: list[FieldDescription], behind: Fields
) -> tuple[FieldGroup | None, list[FieldDescription]]:
    """One group, and the page's fields without a like."""
    heads = ((head, like),) if head is not None and like is not None else ()
    page = (*(one for one, _ in heads), *unnamed)
    with_behind = (*(one for _, one in heads), *behind)
    if unnamed and behind:
        pairs = tuple(zip(unnamed, behind, strict=True)) if len(unnamed) == len(behind) else ()
        return FieldGroup(page, with_behind, heads + pairs), []
    if _text(page) == _text(with_behind) and heads:
        # One description was taken for two, or two for one.
        return FieldGroup(page, with_behind if _text(behind) else with_behind[:1], heads), []
    return (FieldGroup(page[:1], with_behind[:1], heads) if heads else None), unnamed


def _text(fields: Fields) -> str:
    return squeezed(" ".join(str(one.description) for one in fields if one.description is not UNKNOWN))


@dataclass(frozen=True, slots=True)
class Partition:
    """The fields, type by type.

    Attributes:
        types: Each type that was found, with its fields on the page.
        rest: What belongs to none.
    """

    types: tuple[tuple[str, Fields], ...]
    rest: Fields


def partition(pool: Fields, types: Mapping[str, Fields]) -> Partition:
    """Cut the fields into types: at each place the one of the types not found yet that fits most of what follows."""
    found: list[tuple[str, Fields]] = []
    rest: list[int] = []
    at = 0
    while at < len(pool):
        left = {name: fields for name, fields in types.items() if name not in {one for one, _ in found} and fields}
        name = max(left, key=lambda one: _fit(pool, at, left[one]), default=None)
        if name is None or _fit(pool, at, left[name]) * 2 <= len(left[name]):
            rest.append(at)
            at += 1
        else:
            size = len(left[name])
            found.append((name, pool[at : at + size]))
            at += size
    return Partition(tuple(found), tuple(pool[index] for index in rest))


def _fit(pool: Fields, at: int, fields: Fields) -> int:
    """How many fields stand where the type has them; none if it does not begin here."""
    if pool[at].name is UNKNOWN:
        return 0
    return sum(ours.name == theirs.name for ours, theirs in zip(pool[at : at + len(fields)], fields, strict=False))
